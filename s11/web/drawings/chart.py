"""A chart: what it shows, said, drawn and as a table; and the drawing with its words, for a file of its own."""

from __future__ import annotations

from dataclasses import dataclass

from s11.web.drawings.marks import LETTER, SMALL, WIDE, Box, Drawing, Mark, Words, text_height, write_lines
from s11.web.drawings.words import wrap

# Text, a number, none, or what the page writes by itself, such as a share: ‘10 of 11 (91%)’.
Cell = object

MARGIN = 24
TITLE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`key` is its name in addresses and files. `title` says the finding, `about` what is drawn, `summary` more of it.

    `wide` is for a desk, paper and files, `narrow` for a phone. `lines` hold the numbers of the drawing under `head`;
    the first cell of a line names it, and so many cells are words.
    """

    key: str
    about: str
    title: str
    summary: str
    wide: Drawing
    narrow: Drawing
    head: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]
    words: int = 1
    note: str = ""

    @property
    def spoken(self) -> str:
        """What the picture is to who cannot see it; the numbers follow in the table."""
        return f"{self.about}. {self.title}. {self.summary}".strip()


def frame_chart(chart: Chart, source: str) -> Drawing:
    """The drawing on a sheet of its own, with its title, its sentence, its note and where it comes from."""
    width = max(chart.wide.width, WIDE)
    title = wrap(chart.title, width, TITLE, most=3, is_bold=True)
    summary = wrap(chart.summary, width, LETTER, most=4)
    feet = [
        *(wrap(chart.note, width, SMALL, most=3) if chart.note else ()),
        *wrap(source, width, SMALL, most=2),
    ]
    about = wrap(chart.about, width, SMALL, most=2)
    marks: list[Mark] = [*write_lines(about, MARGIN, MARGIN, SMALL, look="quiet")]
    top = MARGIN + text_height(len(about), SMALL) + 4
    marks += write_lines(title, MARGIN, top, TITLE, is_bold=True)
    top += text_height(len(title), TITLE) + 4
    marks += write_lines(summary, MARGIN, top, LETTER, look="quiet")
    top += text_height(len(summary), LETTER) + 14
    marks += [mark.moved(MARGIN, top) for mark in chart.wide.marks]
    top += chart.wide.height + 12
    marks += [
        Words(line.x, line.y, line.text, line.size, look="quiet")
        for line in write_lines(feet, MARGIN, top, SMALL)
    ]
    height = top + text_height(len(feet), SMALL) + MARGIN
    sheet = Box(0, 0, width + 2 * MARGIN, height, "paper")
    return Drawing(sheet.width, height, (sheet, *marks))
