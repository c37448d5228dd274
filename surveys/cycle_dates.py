"""When a cycle that repeats another opens and closes: the same days a year on, or two for section 175, as working days.

Pure: dates in, dates out; no Django, no clock.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Final

from surveys.working_days import A_DAY, get_working_day_from, get_working_day_until

YEARLY: Final = 1
# Section 175 is asked every other year.
BIENNIAL: Final = 2
LEAP_DAY: Final = (2, 29)
# ‘2026’, and ‘2026-27’ whose second half moves along
YEAR: Final = re.compile(r"(?<![0-9])(20[0-9]{2})(?:([-–/])([0-9]{2}))?(?![0-9])")


@dataclass(frozen=True, slots=True)
class CycleDates:
    """`years` is how far they were moved."""

    opens_on: datetime.date
    closes_on: datetime.date
    years: int


def add_years(day: datetime.date, years: int) -> datetime.date:
    """The same day of that year; of 29 February, where there is none, the day before it."""
    if (day.month, day.day) == LEAP_DAY:
        return (day + A_DAY).replace(year=day.year + years) - A_DAY
    return day.replace(year=day.year + years)


def move_title(title: str, years: int) -> str:
    """With every year in it moved on."""

    def move(found: re.Match[str]) -> str:
        first = str(int(found[1]) + years)
        return first if found[3] is None else f"{first}{found[2]}{(int(found[3]) + years) % 100:02}"

    return YEAR.sub(move, title)


def move_dates(
    opens_on: datetime.date, closes_on: datetime.date, *, every: int, today: datetime.date
) -> CycleDates:
    """So many years on, and so many again until it has not closed; opening not before its day, closing not after."""
    years = every
    while get_closing_day(opens_on, closes_on, years) < today:
        years += every
    opening = get_working_day_from(add_years(opens_on, years))
    return CycleDates(opening, get_closing_day(opens_on, closes_on, years), years)


def get_closing_day(opens_on: datetime.date, closes_on: datetime.date, years: int) -> datetime.date:
    """The last working day until then; in a cycle of a few days, the first after it has opened."""
    opening = get_working_day_from(add_years(opens_on, years))
    closing = get_working_day_until(add_years(closes_on, years))
    return closing if closing > opening else get_working_day_from(opening + A_DAY)
