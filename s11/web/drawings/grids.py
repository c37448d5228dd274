"""The heat map: a grade as text in every cell, standards across. For files: pages and paper have it as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s11.web.drawings.marks import LETTER, SMALL, WIDE, Box, Drawing, Line, Mark, Words
from s11.web.drawings.rows import draw_key
from s11.web.drawings.words import measure, shorten

SHADES = ("light", "middle", "dark")
ROW, HEAD, SPACE = 28, 26, 3
NARROWEST_CELL = 40


@dataclass(frozen=True, slots=True)
class GridCell:
    """A grade, or None where there is none; `is_critical` where a critical indicator under it is scored 0."""

    grade: int | None
    is_critical: bool = False

    @property
    def look(self) -> str:
        return "outline" if self.grade is None else SHADES[self.grade]

    @property
    def text(self) -> str:
        return f"{'–' if self.grade is None else self.grade}{' !' if self.is_critical else ''}"


@dataclass(frozen=True, slots=True)
class GridRow:
    name: str
    cells: tuple[GridCell, ...]


def draw_grid(columns: Sequence[str], rows: Sequence[GridRow], width: float = WIDE) -> Drawing:
    """As wide as its columns need, if that is more than the width asked for."""
    names = min(max((measure(row.name, LETTER) for row in rows), default=0) + 16, width * 0.45)
    cell = max(
        (width - names) / max(len(columns), 1),
        NARROWEST_CELL,
        *(measure(name, SMALL) + 8 for name in columns),
    )
    width = max(width, names + cell * len(columns))
    marks, top = draw_key(
        [("light", "grade 0"), ("middle", "grade 1"), ("dark", "grade 2"), ("outline", "no grade")], width
    )
    marks += [
        Words(names + (place + 0.5) * cell, top + 18, name, SMALL, "middle", "quiet")
        for place, name in enumerate(columns)
    ]
    for place, row in enumerate(rows):
        y = top + HEAD + place * ROW
        marks.append(Words(0, y + 18, shorten(row.name, names - 12, LETTER)))
        for column, one in enumerate(row.cells):
            marks += draw_cell(one, names + column * cell, y, cell)
    foot = top + HEAD + len(rows) * ROW
    if any(one.is_critical for row in rows for one in row.cells):
        marks.append(Words(0, foot + 18, "! a critical indicator there is scored 0", SMALL, look="alarm"))
        foot += 24
    marks.append(Line(0, top + HEAD - 2, width, top + HEAD - 2, "rule"))
    return Drawing(width, foot + 4, tuple(marks))


def draw_cell(one: GridCell, x: float, y: float, width: float) -> list[Mark]:
    box = Box(x + SPACE / 2, y + SPACE / 2, width - SPACE, ROW - SPACE, one.look)
    ink = "reversed" if one.look == "dark" else "ink"
    marks: list[Mark] = [
        box,
        Words(x + width / 2, y + 19, one.text, LETTER, "middle", ink, is_bold=one.is_critical),
    ]
    if one.is_critical:
        marks.insert(1, Box(x + 3, y + 3, width - 6, ROW - 6, "critical"))
    return marks
