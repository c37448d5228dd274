"""What is unwise about a day of meetings: said while it is planned, and nobody's hands are tied by it.

Pure: no Django, no clock.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from accountability.slots import Slot, to_minutes, to_time
from surveys.date_warnings import say_day
from surveys.working_days import get_working_day_from, is_working_day

Hours = tuple[str, datetime.time, datetime.time]  # a break: its name, from, until

# People want to get up after this long.
LONGEST_SITTING: Final = 3 * 60
WASTED: Final = 20


def get_day_warnings(
    date: datetime.date,
    hours: tuple[datetime.time, datetime.time],
    breaks: Sequence[Hours],
    slots: Sequence[Slot],
    closes_on: datetime.date,
) -> list[str]:
    """A sentence for each: what is so, and what would be better."""
    return [
        *_warn_of_date(date, closes_on),
        *_warn_of_breaks(hours, breaks),
        *_warn_of_sitting(slots),
        *_warn_of_end(hours[1], slots),
    ]


def _warn_of_date(date: datetime.date, closes_on: datetime.date) -> list[str]:
    warnings = []
    if not is_working_day(date):
        better = say_day(get_working_day_from(date))
        warnings.append(f"{say_day(date)} is no working day. The next one is {better}.")
    if date <= closes_on:
        warnings.append(
            f"Audits can be returned until {say_day(closes_on)}, so packs for this day may lack what comes last."
        )
    return warnings


def _warn_of_breaks(hours: tuple[datetime.time, datetime.time], breaks: Sequence[Hours]) -> list[str]:
    return [
        f"{name}, {start:%H:%M} to {end:%H:%M}, lies outside the day."
        for name, start, end in breaks
        if end <= hours[0] or start >= hours[1]
    ]


def _warn_of_sitting(slots: Sequence[Slot]) -> list[str]:
    """Meetings that touch are one sitting."""
    warnings = []
    for first, last in _list_sittings(slots):
        if to_minutes(last) - to_minutes(first) > LONGEST_SITTING:
            warnings.append(f"There is no break between {first:%H:%M} and {last:%H:%M}. Panels tire.")
    return warnings


def _list_sittings(slots: Sequence[Slot]) -> list[tuple[datetime.time, datetime.time]]:
    if not slots:
        return []
    ends = [one.end for one, after in pairwise(slots) if one.end != after.start]
    starts = [after.start for one, after in pairwise(slots) if one.end != after.start]
    return list(zip([slots[0].start, *starts], [*ends, slots[-1].end], strict=True))


def _warn_of_end(end: datetime.time, slots: Sequence[Slot]) -> list[str]:
    if not slots or (left := to_minutes(end) - to_minutes(slots[-1].end)) < WASTED:
        return []
    last = to_time(to_minutes(end) - left)
    return [f"{left} minutes at the end are too short for a meeting: the last one ends at {last:%H:%M}."]
