"""When each item of an agenda begins and ends, and where a meeting is now.

Pure: minutes and moments in, moments and words out; no Django, no clock.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise


@dataclass(frozen=True, slots=True)
class Turn:
    """One item's time. `is_now` is true of at most one."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    is_now: bool = False


def make_turns(
    minutes: Sequence[int], began: datetime.datetime, now: datetime.datetime | None = None
) -> list[Turn]:
    """One after the other from the beginning; without a `now` the meeting is not going on.

    The last one lasts until the meeting is closed, whatever the clock says.
    """
    marks = [began + datetime.timedelta(minutes=one) for one in accumulate(minutes, initial=0)]
    last = len(minutes) - 1
    return [
        Turn(start, end, is_now=now is not None and start <= now and (now < end or place == last))
        for place, (start, end) in enumerate(pairwise(marks))
    ]


def say_where(turns: Sequence[Turn], now: datetime.datetime) -> str:
    """‘Item 2 of 4, 6 minutes left of it and 21 of the meeting’."""
    if not turns:
        return ""
    if now < turns[0].starts_at:
        return "Not begun yet"
    place = next((place for place, turn in enumerate(turns) if turn.is_now), None)
    if place is None:
        return ""
    left = _minutes(turns[-1].ends_at - now)
    where = f"Item {place + 1} of {len(turns)}"
    if left <= 0:
        return f"{where}: the time is up" if left == 0 else f"{where}: {_count(-left)} over time"
    left_of_item = _minutes(turns[place].ends_at - now)
    if place == len(turns) - 1:
        return f"{where}, {_count(left)} left"
    return f"{where}, {_count(left_of_item)} left of it and {left} of the meeting"


def _minutes(span: datetime.timedelta) -> int:
    """Up to the end a begun minute counts as left; after it only a whole one is over."""
    seconds = span.total_seconds()
    return math.ceil(seconds / 60) if seconds > 0 else -math.floor(-seconds / 60)


def _count(minutes: int) -> str:
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
