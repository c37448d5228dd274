"""When something is due for another look: an answer after its months, evidence that expires, a duty come into force.

Pure: days and moments in, days and words out. Days are those of Europe/London.
"""

from __future__ import annotations

import calendar
import datetime
from typing import Literal

from surveys.figures import LONDON

# How long before evidence expires it is shown as due.
MONTHS_AHEAD = 1

Expiry = Literal["expired", "expiring", "valid"]


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months on; where that month is shorter, its last day: 31 January and one is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def find_due_day(looked_at: datetime.datetime, refresh_months: int) -> datetime.date:
    """The first day on which an answer that was last looked at then is due again."""
    return add_months(looked_at.astimezone(LONDON).date(), refresh_months)


def find_expiry(expires_on: datetime.date | None, today: datetime.date) -> Expiry:
    """Evidence is good until the end of its last day."""
    if expires_on is None or expires_on > add_months(today, MONTHS_AHEAD):
        return "valid"
    return "expired" if expires_on < today else "expiring"


def has_come_into_force(
    in_force: datetime.date | None, *, since: datetime.date, today: datetime.date
) -> bool:
    """Whether the law began to apply after the opening day `since`, by whose law that audit asked, and does today."""
    return in_force is not None and since < in_force <= today
