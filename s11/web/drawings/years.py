"""Year on year: a pair of dots for two years, for more a small drawing each. A broken series is a gap with a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from s11.web.drawings.marks import (
    LETTER,
    SIDE_BY_SIDE,
    SMALL,
    SMALLEST,
    Box,
    Dot,
    Drawing,
    Line,
    Mark,
    Words,
    text_height,
    write_lines,
)
from s11.web.drawings.rows import Band, draw_key, lay_rows
from s11.web.drawings.words import measure, shorten, wrap

ROW, NOTE = 22, 16
RING, DOT = 6.5, 4.5


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two percentages of one thing. `note` says why the years are not compared: then they are drawn, and not joined."""

    name: str
    then: int | None
    now: int | None
    note: str = ""


def draw_pairs(rows: Sequence[PairRow], years: tuple[str, str], width: float) -> Drawing:
    """The year before as a ring, this year as a dot in it or away from it; both with their value."""
    marks, top = draw_key([("ring", years[0]), ("dot", years[1])], width)
    heights = [ROW + (NOTE if find_note(row) else 0) for row in rows]
    laid = lay_rows([row.name for row in rows], width, heights, top=top)
    marks += laid.names
    for row, band in zip(rows, laid.bands, strict=True):
        marks += draw_pair(row, Band(band.left, band.right, band.top, ROW))
        if note := find_note(row):
            words = shorten(note, band.width, SMALLEST)
            marks.append(Words(band.left, band.top + ROW + 12, words, SMALLEST, look="quiet"))
    return Drawing(width, laid.height, tuple(marks))


def find_note(row: PairRow) -> str:
    """Why two years are not two dots that are joined."""
    if row.note:
        return row.note
    if row.then is None and row.now is None:
        return "no grades"
    if row.then is None:
        return "none the year before"
    return "none this year" if row.now is None else ""


def draw_pair(row: PairRow, band: Band) -> list[Mark]:
    """On a rail from 0 to 100%; it is dashed where the years are not compared."""
    side = measure("100%", LETTER, is_bold=True) + RING + 6
    left, right, y = band.left + side, band.right - side, band.middle
    is_joined = not find_note(row)
    marks: list[Mark] = [Line(left, y, right, y, "rule" if is_joined else "dashed")]
    known = [(value, is_now) for value, is_now in ((row.then, False), (row.now, True)) if value is not None]
    places = [left + (right - left) * value / 100 for value, _ in known]
    if is_joined:
        marks.append(Line(places[0], y, places[1], y, "joint"))
    for x, (_, is_now) in zip(places, known, strict=True):
        marks.append(Dot(x, y, DOT, "dot") if is_now else Dot(x, y, RING, "ring"))
    return marks + say_values(known, places, y)


def say_values(known: Sequence[tuple[int, bool]], places: Sequence[float], y: float) -> list[Mark]:
    """The lower value left of its mark, the higher one right of it: so they never meet. Equal ones are said once."""
    said = sorted(
        {value: (x, value, is_now) for x, (value, is_now) in zip(places, known, strict=True)}.values()
    )
    marks: list[Mark] = []
    for place, (x, value, is_now) in enumerate(said):
        is_left = place == 0 and len(said) > 1
        at = x - RING - 5 if is_left else x + RING + 5
        words = Words(at, y + 5, f"{value}%", anchor="end" if is_left else "start", is_bold=is_now)
        # The rail stops where a number stands on it.
        marks += [Box(words.edges.left, y - 3, words.width, 6, "paper"), words]
    return marks


@dataclass(frozen=True, slots=True)
class YearsRow:
    """Percentages of one thing, one a year (None where there is none). `broken` names years with a new question set."""

    name: str
    values: tuple[int | None, ...]
    broken: frozenset[int] = frozenset()  # places in `values` that do not go on from the one before


PANEL_GAP, PLOT = 20, 56


def draw_years(rows: Sequence[YearsRow], years: Sequence[str], width: float) -> Drawing:
    """A small drawing for each row, all on the same scale from 0 to 100%, so that they can be compared."""
    across = 4 if width >= SIDE_BY_SIDE else 2
    panel = (width - PANEL_GAP * (across - 1)) / across
    names = [wrap(row.name, panel, SMALL) for row in rows]
    marks: list[Mark] = []
    top = 0.0
    for start in range(0, len(rows), across):
        tall = max(text_height(len(name), SMALL) for name in names[start : start + across])
        for place in range(start, min(start + across, len(rows))):
            left = (place - start) * (panel + PANEL_GAP)
            name = names[place]
            marks += write_lines(name, left, top + tall - text_height(len(name), SMALL), SMALL)
            marks += draw_panel(rows[place], years, Band(left, left + panel, top + tall + 22, PLOT))
        top += tall + 22 + PLOT + 22 + 16
    return Drawing(width, max(top - 12, 1), tuple(marks))


def draw_panel(row: YearsRow, years: Sequence[str], band: Band) -> list[Mark]:
    """Up from 0 to 100%; the first and the last value are said, and the years they are of."""
    foot = band.top + band.height
    inset = 8.0
    step = (band.width - 2 * inset) / max(len(years) - 1, 1)
    places = [
        None if value is None else (band.left + inset + place * step, foot - band.height * value / 100)
        for place, value in enumerate(row.values)
    ]
    marks: list[Mark] = [
        Line(band.left, foot, band.right, foot, "rule"),
        Line(band.left, band.top, band.right, band.top, "dashed"),
    ]
    for place, (before, after) in enumerate(pairwise(places), start=1):
        if place in row.broken:
            x = band.left + inset + (place - 0.5) * step
            marks.append(Line(x, band.top - 4, x, foot + 4, "dashed"))
        elif before and after:
            marks.append(Line(*before, *after, "joint"))
    marks += [Dot(*place, DOT, "dot") for place in places if place]
    marks += say_ends(row.values, places, band)
    marks.append(Words(band.left, foot + 16, years[0], SMALLEST, look="quiet"))
    if len(years) > 1:
        marks.append(Words(band.right, foot + 16, years[-1], SMALLEST, "end", "quiet"))
    return marks


def say_ends(
    values: Sequence[int | None], places: Sequence[tuple[float, float] | None], band: Band
) -> list[Mark]:
    """The last value above its dot, and the first one where there is room beside it."""
    known = [
        (value, place) for value, place in zip(values, places, strict=True) if value is not None and place
    ]
    if not known:
        return [Words(band.left, band.middle + 5, "no grades", SMALL, look="quiet")]
    (first, (x, y)), (last, (end, end_y)) = known[0], known[-1]
    wide = measure(f"{last}%", SMALL, is_bold=True)
    right = min(max(end + 8, band.left + wide), band.right)
    said = Words(right, end_y - 9, f"{last}%", SMALL, "end", is_bold=True)
    before = Words(max(x - 8, band.left), y - 9, f"{first}%", SMALL)
    return [said] if len(known) == 1 or before.edges.overlaps(said.edges) else [before, said]
