"""Dates as registers write them."""

from __future__ import annotations

import datetime
import re
from typing import Final

from s11.organisations.registers.refusals import Wrong, shown

DAY_FIRST: Final = re.compile(
    r"(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})", re.ASCII
)
YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-/]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})", re.ASCII
)
# A spreadsheet adds it to every date.
TIME: Final = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?\Z", re.ASCII)
EARLIEST: Final = 1500
LATEST: Final = 2200


def read_date(text: str) -> datetime.date | None:
    """‘31-08-2026’, ‘31/08/2026’, ‘2026-08-31’ or ‘20260831’; None where the cell is empty."""
    if not text:
        return None
    day = TIME.sub("", text)
    found = DAY_FIRST.fullmatch(day) or YEAR_FIRST.fullmatch(day)
    if found is not None:
        try:
            date = datetime.date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            date = None
        if date is not None and EARLIEST <= date.year <= LATEST:
            return date
    raise Wrong(f"{shown(text)} is not a date", "it would be such as 31-08-2026, 31/08/2026 or 2026-08-31")


def say_date(date: datetime.date) -> str:
    """‘31 August 2026’."""
    return f"{date.day} {date:%B} {date.year}"
