"""Where one stands among others: its own mean as a dot, over the middle half of the others and their median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s11.web.drawings.marks import LETTER, Box, Dot, Drawing, Line, Mark, Words
from s11.web.drawings.rows import Band, draw_key, lay_rows
from s11.web.drawings.series import HIGHEST, draw_scale
from s11.web.drawings.words import measure

ROW = 22
INSET = 10
# The least that the middle half is drawn with, where all of it lies in one place.
LEAST = 4


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """Means as they are printed (‘1.75’). `quartiles` are lower, median and upper; None where they are not told."""

    name: str
    own: str | None
    quartiles: tuple[str, str, str] | None = None


def draw_quarters(rows: Sequence[QuarterRow], width: float, *, own: str, others: str) -> Drawing:
    """On a line from 0 to 2. At the end of each row its own mean, then the others' median. Both columns have names."""
    key = [("dot", own), ("light", f"middle half of {others}"), ("tick", "their median")]
    marks, top = draw_key(key, width)
    column = measure("0.00", LETTER) + 14
    taken = column * 2
    laid = lay_rows([row.name for row in rows], width, [ROW] * len(rows), top=top + 20)
    marks += laid.names
    right = width - taken - INSET
    if laid.bands:
        marks += draw_scale(laid.bands[0].left, right, top)
        middle = width - taken + column - measure("0.00", LETTER) / 2
        marks += [Dot(middle, top + 9, 4, "dot"), Box(middle + column - 2, top, 4, 18, "tick")]
    for row, band in zip(rows, laid.bands, strict=True):
        marks += draw_row(row, Band(band.left, right, band.top, band.height))
        values = (row.own, row.quartiles[1] if row.quartiles else None)
        for place, value in enumerate(values, start=1):
            x = width - taken + column * place
            look = "ink" if value else "quiet"
            marks.append(Words(x, band.middle + 5, value or "–", anchor="end", look=look))
    return Drawing(width, laid.height, tuple(marks))


def draw_row(row: QuarterRow, band: Band) -> list[Mark]:
    left, right, y = band.left + INSET, band.right - INSET, band.middle

    def place(mean: str) -> float:
        return left + (right - left) * float(mean) / HIGHEST

    marks: list[Mark] = [Line(left, y, right, y, "rule")]
    marks += [Line(x, y - 4, x, y + 4, "rule") for x in (left, (left + right) / 2, right)]
    if row.quartiles is not None:
        lower, median, upper = (place(mean) for mean in row.quartiles)
        start = min(lower, upper - LEAST)
        marks.append(Box(start, y - 7, upper - start, 14, "light"))
        marks.append(Box(median - 2, y - 10, 4, 20, "tick"))
    if row.own is not None:
        marks.append(Dot(place(row.own), y, 5, "dot"))
    return marks
