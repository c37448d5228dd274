"""What is known of a kind of record: how it is found, named, gathered and known again."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from s11.organisations.models import Partnership
from s11.retention.walk import Reach
from surveys.freshness import add_months


@dataclass(frozen=True, slots=True)
class Due:
    """A record that has come due. `reference` holds no name."""

    record: int
    reference: str
    counts_from: datetime.date


@dataclass(frozen=True, slots=True)
class Record:
    """How a kind is found, named for officers, gathered and known again."""

    list_due: Callable[[Partnership, datetime.date], Iterator[Due]]
    name: Callable[[Collection[int]], Mapping[int, str]]
    gather: Callable[[Partnership, int], Reach]
    # The moment at which the row began, which tells it from another that later got its number.
    began_at: Callable[[int], datetime.datetime | None] = lambda _: None
    # Whose figures are not whole any more.
    cycle_of: Callable[[int], int | None] = lambda _: None


def get_limit(today: datetime.date, months: int) -> datetime.date:
    """What counts from this day or an earlier one has come due."""
    return add_months(today, -months)
