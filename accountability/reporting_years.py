"""The year that an annual report tells of: from 1 April to 31 March. Pure: no clock, no database.

Working Together to Safeguard Children has partnerships publish a report at least once in twelve months; councils,
police and the NHS count their years from April, so their annual reports do too.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Final, Self

BEGINS_IN_MONTH: Final = 4
SLUG: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class ReportingYear:
    """`begins` is the calendar year of its 1 April."""

    begins: int

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        """The year in which a day lies."""
        return cls(day.year if day.month >= BEGINS_IN_MONTH else day.year - 1)

    @classmethod
    def from_slug(cls, slug: str) -> Self | None:
        """‘2025-26’ is the year from 1 April 2025; None where it is no such year."""
        found = SLUG.fullmatch(slug)
        if found is None or not datetime.MINYEAR < int(found[1]) < datetime.MAXYEAR:
            return None
        year = cls(int(found[1]))
        return year if year.slug == slug else None

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.begins, BEGINS_IN_MONTH, 1)

    @property
    def last_day(self) -> datetime.date:
        return self.next.first_day - datetime.timedelta(days=1)

    @property
    def slug(self) -> str:
        """As in addresses: ‘2025-26’."""
        return f"{self.begins:04}-{(self.begins + 1) % 100:02}"

    @property
    def title(self) -> str:
        return f"{self.begins} to {self.begins + 1}"

    @property
    def before(self) -> ReportingYear:
        return ReportingYear(self.begins - 1)

    @property
    def next(self) -> ReportingYear:
        return ReportingYear(self.begins + 1)

    def __contains__(self, day: datetime.date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return self.title
