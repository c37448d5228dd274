"""What a table of the data feed is. Apps above this one register their own as they start.

Names of tables and columns are a contract with reports that other people have built: they may be added, and none is
renamed or taken away. docs/feed.md lists them, and a test holds it to what stands here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from s11.organisations.models import User
from s11.organisations.queries import Desk
from surveys.enums import Series
from surveys.models import Cycle

Cell = str | int | datetime.date | None
Json = Mapping[str, Any]


class Kind(StrEnum):
    """What a column's cells are; in JSON a number is one, all else is a text, and a cell without a value is null."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class FeedColumn:
    name: str
    meaning: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Asked:
    """What is read, and for whom. `compared` are slugs of earlier cycles, as in get_full_overview."""

    desk: Desk
    user: User
    own_cycle: Cycle | None = None
    series: Series = Series.SELF
    compared: Sequence[str] | None = None

    @property
    def cycle(self) -> Cycle:
        assert self.own_cycle is not None  # asked of a cycle's tables alone
        return self.own_cycle


@dataclass(frozen=True, slots=True)
class FeedTable:
    """`check` raises NotAllowed by the role alone; `list_rows`, or `make` of one that is no table, by the cycle too."""

    name: str
    # A sentence, for the feed's own list and the documentation.
    holds: str
    check: Callable[[Desk], None]
    columns: Sequence[FeedColumn] = ()
    list_rows: Callable[[Asked], Iterable[Sequence[Cell]]] | None = None
    make: Callable[[Asked], Json] | None = None
    of_cycle: bool = True
    formats: Sequence[Format] = field(default=tuple(Format))


_REGISTERED: Final[dict[str, FeedTable]] = {}


def register_feed_table(table: FeedTable) -> None:
    """Once, as the app above starts."""
    _REGISTERED[table.name] = table


def list_registered() -> Sequence[FeedTable]:
    return tuple(_REGISTERED.values())
