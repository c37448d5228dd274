"""Dates and times as people read them, always in Europe/London: ‘4 March 2027’, ‘10:32’."""

import datetime as dt
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def as_london(value: dt.datetime) -> dt.datetime:
    """A naive value is refused: it says an hour without saying whose."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone: use an aware datetime.")
    return value.astimezone(LONDON)


def date(value: dt.date | dt.datetime | None) -> str:
    if value is None:
        return ""
    day = as_london(value).date() if isinstance(value, dt.datetime) else value
    return f"{day.day} {day:%B %Y}"


def time(value: dt.datetime | dt.time | None) -> str:
    if value is None:
        return ""
    return f"{as_london(value) if isinstance(value, dt.datetime) else value:%H:%M}"


def datetime(value: dt.datetime | None) -> str:
    return "" if value is None else f"{date(value)} at {time(value)}"
