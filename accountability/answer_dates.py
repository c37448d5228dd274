"""By when those who are asked about a meeting answer: when they can come, and who comes. Pure: the days come in."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final

from surveys.working_days import add_working_days, is_working_day

A_DAY: Final = datetime.timedelta(days=1)
# Long enough to look into a diary; later answers are taken in until the timetable has gone out.
WORKING_DAYS_TO_ANSWER: Final = 5
# Long enough for packs and badges to be made.
WORKING_DAYS_BEFORE: Final = 5


def get_answer_by(today: datetime.date, days: Iterable[datetime.date]) -> datetime.date:
    """Until when to say when one can come: five working days, and no later than the day before the first meeting."""
    usual = add_working_days(today, WORKING_DAYS_TO_ANSWER)
    return max(today, min([usual, *(day - A_DAY for day in days)]))


def get_tell_by(date: datetime.date) -> datetime.date:
    """Until when an agency says who comes: five working days before; later is better than never, and taken in."""
    left = WORKING_DAYS_BEFORE
    while left:
        date -= A_DAY
        left -= is_working_day(date)
    return date
