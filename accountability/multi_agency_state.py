"""How far a multi-agency audit has come, from its days: nothing of it is stored. Pure."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The word of its tag."""

    PLANNED = "Planned"
    UNDER_WAY = "Under way"
    REPORTED = "Reported"
    DUE_AGAIN = "Due again"
    CANCELLED = "Cancelled"


@dataclass(frozen=True, slots=True)
class Days:
    """`month` is the first of the month for which it is planned; `again` the day on which it is to be repeated."""

    month: datetime.date
    begins: datetime.date | None = None
    ends: datetime.date | None = None
    reported: datetime.date | None = None
    again: datetime.date | None = None
    is_repeated: bool = False
    is_cancelled: bool = False

    @property
    def planned(self) -> tuple[datetime.date, datetime.date]:
        """From when to when it is planned: its days where they are set, else its month."""
        begins = self.begins or self.month
        return begins, self.ends or max(end_of_month(self.month), begins)


def end_of_month(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def get_state(days: Days, today: datetime.date) -> State:
    if days.is_cancelled:
        return State.CANCELLED
    if days.reported is not None and days.reported <= today:
        is_due = days.again is not None and days.again <= today and not days.is_repeated
        return State.DUE_AGAIN if is_due else State.REPORTED
    return State.UNDER_WAY if days.begins is not None and days.begins <= today else State.PLANNED


def say_late(days: Days, today: datetime.date) -> str:
    """What should have happened by now, in a sentence; empty where nothing is late."""
    match get_state(days, today):
        case State.PLANNED if days.reported is None:
            due = days.begins or end_of_month(days.month)
            if due >= today:
                return ""
            return f"It should have begun in {days.month:%B %Y}."
        case State.UNDER_WAY if days.ends is not None and days.ends < today and days.reported is None:
            return f"The work was to end on {say_day(days.ends)}, and it is not reported."
        case _:
            return ""


def say_day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
