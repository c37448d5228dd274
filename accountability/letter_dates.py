"""By when a letter goes out, and how late it is, in words. Pure: the days come in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from s11.web.text import plural
from surveys.working_days import add_working_days, count_working_days

# Domain: a letter goes out within ten working days of the meeting.
SENT_WITHIN_WORKING_DAYS: Final = 10
# How long an agency has for its answers, from the day of the letter.
ANSWERED_WITHIN_WORKING_DAYS: Final = 20
# So many working days before it is due, pages say that it is due soon.
SOON: Final = 2
A_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """The day by which a letter goes out, as seen from another."""

    on: datetime.date
    today: datetime.date

    @property
    def is_overdue(self) -> bool:
        return self.today > self.on

    @property
    def is_soon(self) -> bool:
        return not self.is_overdue and self.left <= SOON

    @property
    def left(self) -> int:
        """Working days from tomorrow to the day itself."""
        return count_working_days(self.today + A_DAY, self.on)

    @property
    def words(self) -> str:
        """‘due in 3 working days’, ‘due today’, ‘overdue by 2 working days’."""
        if not self.is_overdue:
            return f"due in {plural(self.left, 'working day')}" if self.left else "due today"
        late = count_working_days(self.on + A_DAY, self.today)
        # Over the weekend no working day has passed.
        return f"overdue by {plural(late, 'working day')}" if late else "overdue"

    @property
    def tag(self) -> str:
        """The status tag's word; empty while there is time."""
        return "Overdue" if self.is_overdue else "Due soon" if self.is_soon else ""


def get_due(held_on: datetime.date, today: datetime.date) -> Due:
    return Due(add_working_days(held_on, SENT_WITHIN_WORKING_DAYS), today)
