"""The same thing in several series: a ring, a dot and a tick on one line, told apart even where they coincide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s11.web.drawings.marks import LETTER, SMALL, Box, Dot, Drawing, Line, Mark, Words
from s11.web.drawings.rows import Band, draw_key, lay_rows
from s11.web.drawings.words import measure

LOOKS_OF_SERIES = ("ring", "dot", "tick")
ROW = 22
HIGHEST = 2.0


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """Means as they are printed (‘1.75’), one a series; None where it has none."""

    name: str
    means: tuple[str | None, ...]


def draw_series(rows: Sequence[SeriesRow], names: Sequence[str], width: float) -> Drawing:
    """On a line from 0 to 2, with the numbers in columns beside it, under the name and the mark of their series."""
    used = LOOKS_OF_SERIES[: len(names)]
    marks, top = draw_key([*zip(used, names, strict=True)], width)
    column = measure("0.00", LETTER) + 14
    taken = column * len(names)
    laid = lay_rows([row.name for row in rows], width, [ROW] * len(rows), top=top + 20)
    marks += laid.names
    if laid.bands:
        marks += draw_scale(laid.bands[0].left, width - taken - 10, top)
        marks += [
            mark
            for place, look in enumerate(used)
            for mark in draw_mark(
                look, width - taken + column * (place + 1) - measure("0.00", LETTER) / 2, top + 9
            )
        ]
    for row, band in zip(rows, laid.bands, strict=True):
        marks += draw_row(row, Band(band.left, width - taken - 10, band.top, band.height))
        for place, mean in enumerate(row.means):
            x = width - taken + column * (place + 1)
            marks.append(
                Words(x, band.middle + 5, mean or "–", anchor="end", look="ink" if mean else "quiet")
            )
    return Drawing(width, laid.height, tuple(marks))


def draw_scale(left: float, right: float, top: float) -> list[Mark]:
    """0, 1 and 2 above the first line; they are the scores that everybody knows."""
    inset = 10
    places = [left + inset + (right - left - 2 * inset) * value / HIGHEST for value in range(3)]
    return [Words(x, top + 14, str(value), SMALL, "middle", "quiet") for value, x in enumerate(places)]


def draw_row(row: SeriesRow, band: Band) -> list[Mark]:
    inset = 10
    left, right, y = band.left + inset, band.right - inset, band.middle
    marks: list[Mark] = [Line(left, y, right, y, "rule")]
    marks += [Line(x, y - 4, x, y + 4, "rule") for x in (left, (left + right) / 2, right)]
    places = [None if mean is None else left + (right - left) * float(mean) / HIGHEST for mean in row.means]
    known = [x for x in places if x is not None]
    if len(known) > 1:
        marks.append(Line(min(known), y, max(known), y, "joint"))
    for look, x in zip(LOOKS_OF_SERIES, places, strict=False):
        if x is not None:
            marks += draw_mark(look, x, y)
    return marks


def draw_mark(look: str, x: float, y: float) -> list[Mark]:
    match look:
        case "ring":
            return [Dot(x, y, 7, "ring")]
        case "dot":
            return [Dot(x, y, 4, "dot")]
        case _:
            return [Box(x - 2, y - 10, 4, 20, "tick")]
