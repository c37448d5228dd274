"""Working days in England: Monday to Friday, except bank holidays.

Pure: no Django, no clock. Which days are bank holidays, substitute days included, is the `holidays` package's to know.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

import holidays

A_DAY = datetime.timedelta(days=1)
SATURDAY = 5


@lru_cache(maxsize=32)
def get_bank_holidays(year: int) -> frozenset[datetime.date]:
    """Of one year, in England."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=[year]))


def is_working_day(day: datetime.date) -> bool:
    return day.weekday() < SATURDAY and day not in get_bank_holidays(day.year)


def get_working_day_from(day: datetime.date) -> datetime.date:
    """This day if it is a working day, else the next one."""
    while not is_working_day(day):
        day += A_DAY
    return day


def get_working_day_until(day: datetime.date) -> datetime.date:
    """This day if it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= A_DAY
    return day


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    """The day so many working days after this one, which itself is not counted. `count` is 0 or more."""
    if count < 0:
        raise ValueError(f"Working days are counted forwards, so {count} is too few: give 0 or more.")
    for _ in range(count):
        day = get_working_day_from(day + A_DAY)
    return day


def count_working_days(first: datetime.date, last: datetime.date) -> int:
    """Both days included; 0 where the last is before the first."""
    return sum(is_working_day(first + A_DAY * days) for days in range((last - first).days + 1))
