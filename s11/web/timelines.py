"""Where returns stand in the drawing of a cycle's days, and what is expected. Pure, as charts.py, whose rules hold."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from s11.web.charts import across


@dataclass(frozen=True, slots=True)
class Step:
    """From one day to the next with returns: so many by then."""

    day: dt.date
    total: int
    x: str
    width: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A day named under the chart; `anchor` keeps its words inside the drawing."""

    x: str
    anchor: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Timeline:
    steps: tuple[Step, ...]
    opens: Mark
    closes: Mark
    last: Mark | None  # the newest step's end, where its total is written
    total: int
    of: int
    top: float
    floor: float
    height: float
    spoken: str


TOP, FLOOR, HEIGHT = 28.0, 168.0, 200.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The days across and the returns up of one drawing."""

    start: dt.date
    end: dt.date
    most: int

    @classmethod
    def make(cls, opens: dt.date, closes: dt.date, returns: Mapping[dt.date, int], of: int) -> "Frame":
        days = [day for day, count in returns.items() if count]
        return cls(min([opens, *days]), max([closes, *days]), max(of, sum(returns.values()), 1))

    @property
    def length(self) -> int:
        return (self.end - self.start).days + 1

    def place(self, day: dt.date) -> float:
        return (day - self.start).days / self.length

    def place_after(self, day: dt.date) -> float:
        """A day lasts until the next one starts."""
        return self.place(day) + 1 / self.length

    def height(self, total: int) -> float:
        return total * (FLOOR - TOP) / self.most


def return_timeline(
    opens: dt.date, closes: dt.date, returns: Mapping[dt.date, int], of: int, until: dt.date
) -> Timeline:
    """How many returns had come by each day. `returns` counts them by day, `of` is how many were invited.

    `until` is the last day that is drawn as known: today while it runs. Late returns stretch the chart past the
    closing day. The closing mark stands at the closing day's end.
    """
    frame = Frame.make(opens, closes, returns, of)
    days = sorted(day for day, count in returns.items() if count)
    known = min(max([until, *days]), frame.end)
    total = sum(returns.values())
    place, place_after = frame.place, frame.place_after
    steps, so_far = [], 0
    for day, edge in zip(days, [*map(place, days[1:]), place_after(known)], strict=False):
        so_far += returns[day]
        height = frame.height(so_far)
        steps.append(Step(day, so_far, across(place(day)), across(edge - place(day)), FLOOR - height, height))
    return Timeline(
        steps=tuple(steps),
        opens=Mark(across(place(opens)), "start", opens),
        closes=make_mark(closes, place_after(closes)),
        last=make_mark(known, place_after(known), is_centred=False) if steps else None,
        total=total,
        of=of,
        top=TOP,
        floor=FLOOR,
        height=HEIGHT,
        spoken=f"{total:,} of {of:,} returned by {known.day} {known:%B %Y}",
    )


def make_mark(day: dt.date, part: float, *, is_centred: bool = True) -> Mark:
    """The words stand towards the middle of the drawing or, if centred, on the mark where there is room."""
    if is_centred and 0.3 <= part <= 0.6:
        return Mark(across(part), "middle", day)
    return Mark(across(part), "end" if part > 0.5 else "start", day)


class Expected(Protocol):
    """How many are expected to be in at the end of a day."""

    @property
    def day(self) -> dt.date: ...
    @property
    def expected(self) -> int: ...
    @property
    def low(self) -> int: ...
    @property
    def high(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """A straight piece of a line."""

    x1: str
    x2: str
    y1: float
    y2: float


@dataclass(frozen=True, slots=True)
class ForecastLines:
    """From what is in to what is expected: one line, and the two that bound it."""

    expected: tuple[Stretch, ...]
    bounds: tuple[Stretch, ...]
    end: Mark
    end_y: float
    text: str  # empty where it would run into the words about what is in
    rows: tuple[Expected, ...]  # for the table: about one a week, and the last


PIECES = 5
ROOM_FOR_TEXT = 0.35


def forecast_lines(
    opens: dt.date, closes: dt.date, returns: Mapping[dt.date, int], of: int, days: Sequence[Expected]
) -> ForecastLines:
    """In the drawing of return_timeline with the same numbers."""
    frame = Frame.make(opens, closes, returns, of)
    points = thin(days, max(len(days) // PIECES, 1))

    def draw(name: str) -> tuple[Stretch, ...]:
        places = [
            (across(frame.place_after(one.day)), FLOOR - frame.height(getattr(one, name))) for one in points
        ]
        return tuple(Stretch(x1, x2, y1, y2) for (x1, y1), (x2, y2) in pairwise(places))

    first, last = days[0], days[-1]
    has_room = frame.place(last.day) - frame.place(first.day) >= ROOM_FOR_TEXT
    return ForecastLines(
        expected=draw("expected"),
        bounds=draw("low") + draw("high"),
        end=make_mark(last.day, frame.place_after(last.day), is_centred=False),
        end_y=FLOOR - frame.height(last.expected),
        text=f"about {last.expected:,} ({last.low:,}–{last.high:,})" if has_room else "",
        rows=thin(days, 7)[1:],
    )


def thin(days: Sequence[Expected], step: int) -> tuple[Expected, ...]:
    """Every so manieth, and the last."""
    return (*days[:-1:step], days[-1])
