"""Curves of several years over each other: the share that had come by each day, counted from the closing day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s11.web.drawings.marks import LETTER, SMALL, SMALLEST, Drawing, Line, Mark, Steps, Words
from s11.web.drawings.words import measure, shorten

TOP, PLOT = 22.0, 160.0
FOOT = TOP + PLOT
APART = 16.0  # the least between two names
LONGEST_NAME = 0.3  # of the width
EDGES = (-56, 28)  # the days that are drawn, where the curves reach that far


@dataclass(frozen=True, slots=True)
class Curve:
    """`points` are (days after the closing day, percentage by then), in order; the last is the last that is known."""

    name: str
    points: tuple[tuple[int, int], ...]


def draw_curves(curves: Sequence[Curve], width: float) -> Drawing:
    """The last one is this year's, drawn strongly; each has its name and its last percentage at its end."""
    days = [day for curve in curves for day, _ in curve.points]
    first, last = max(min([*days, -7]), EDGES[0]), min(max([*days, 0]), EDGES[1])
    names = [shorten(f"{curve.points[-1][1]}% {curve.name}", width * LONGEST_NAME, SMALL) for curve in curves]
    right = width - max((measure(name, SMALL, is_bold=True) for name in names), default=0) - 8

    def place(day: int) -> float:
        return (min(max(day, first), last) - first) / (last - first) * right

    marks: list[Mark] = [
        Line(0, TOP, right, TOP, "dashed"),
        Words(0, TOP - 7, "100% of invited", SMALL, look="quiet"),
        Line(0, FOOT, right, FOOT, "axis"),
        Line(place(0), TOP, place(0), FOOT + 6, "deadline"),
        *name_edges(first, last, place(0), right),
    ]
    for number, curve in enumerate(curves, start=1):
        look = "joint" if number == len(curves) else "past"
        ends = [(place(day), FOOT - PLOT * share / 100) for day, share in curve.points]
        marks.append(Steps(((ends[0][0], FOOT), *ends), look))
    return Drawing(width, FOOT + 28, (*marks, *name_curves(curves, names, right)))


def name_curves(curves: Sequence[Curve], names: Sequence[str], right: float) -> list[Words]:
    """At the height where each ends, or as near to it as the others leave room."""
    order = sorted(range(len(curves)), key=lambda place: -curves[place].points[-1][1])
    heights: list[float] = []
    for place in order:
        wanted = FOOT - PLOT * curves[place].points[-1][1] / 100 + 5
        heights.append(max(wanted, heights[-1] + APART) if heights else wanted)
    limit = FOOT
    for number in reversed(range(len(heights))):
        heights[number] = min(heights[number], limit)
        limit = heights[number] - APART
    return [
        Words(right + 8, height, names[place], SMALL, is_bold=place == len(curves) - 1)
        for place, height in zip(order, heights, strict=True)
    ]


def name_edges(first: int, last: int, closing: float, right: float) -> list[Mark]:
    """Where the closing day is, and how far the days reach on either side, if there is room beside it."""
    text = "closing day"
    wide = measure(text, LETTER)
    left = min(max(closing - wide / 2, 0), right - wide)
    marks: list[Mark] = [Words(left, FOOT + 20, text, LETTER)]
    before, after = f"{-first} days before", f"{last} after"
    if measure(before, SMALLEST) + 8 < left:
        marks.append(Words(0, FOOT + 20, before, SMALLEST, look="quiet"))
    if last > 0 and left + wide + 8 < right - measure(after, SMALLEST):
        marks.append(Words(right, FOOT + 20, after, SMALLEST, "end", "quiet"))
    return marks
