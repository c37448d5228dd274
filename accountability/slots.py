"""From a day's hours and breaks to the times at which a meeting can begin.

Pure: no Django, no clock. Times are local, on one day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# The words of Half, which a pure module does not import; a test holds the two together.
MORNING: Final = "morning"
AFTERNOON: Final = "afternoon"
AFTERNOON_BEGINS: Final = datetime.time(13)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """When a meeting can begin, and how long it lasts."""

    start: datetime.time
    minutes: int

    @property
    def end(self) -> datetime.time:
        return to_time(to_minutes(self.start) + self.minutes)

    @property
    def half(self) -> str:
        return get_half(self.start)


def make_slots(
    starts_at: datetime.time,
    ends_at: datetime.time,
    minutes: int,
    breaks: Iterable[tuple[datetime.time, datetime.time]] = (),
) -> list[Slot]:
    """One after the other from the day's start; one that would run into a break begins after it instead.

    Touching is not overlapping: a meeting may end as a break begins. `minutes` is 1 or more.
    """
    if minutes < 1:
        raise ValueError(f"A meeting of {minutes} minutes cannot be planned: give 1 or more.")
    taken = sorted((to_minutes(start), to_minutes(end)) for start, end in breaks)
    slots, moment, last = [], to_minutes(starts_at), to_minutes(ends_at)
    while moment + minutes <= last:
        in_the_way = [end for start, end in taken if start < moment + minutes and moment < end]
        if in_the_way:
            moment = max(in_the_way)
        else:
            slots.append(Slot(to_time(moment), minutes))
            moment += minutes
    return slots


def get_half(start: datetime.time) -> str:
    """A meeting that starts before 13:00 is in the morning."""
    return MORNING if start < AFTERNOON_BEGINS else AFTERNOON


def list_halves(slots: Iterable[Slot]) -> list[str]:
    """Those halves of the day in which a meeting can begin, the morning first."""
    found = {slot.half for slot in slots}
    return [half for half in (MORNING, AFTERNOON) if half in found]


def to_minutes(moment: datetime.time) -> int:
    """Since midnight. Seconds are nobody's on a timetable."""
    return moment.hour * 60 + moment.minute


def to_time(minutes: int) -> datetime.time:
    return datetime.time(minutes // 60 % 24, minutes % 60)
