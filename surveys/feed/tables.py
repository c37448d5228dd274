"""Which tables the feed has, in the order in which it lists them."""

from __future__ import annotations

from typing import Final

from surveys.feed.base import FeedTable, list_registered
from surveys.feed.desk_tables import DESK_TABLES
from surveys.feed.figures import FIGURES, OVERVIEW
from surveys.feed.places import CYCLES, PIPELINE

OWN: Final = (CYCLES, OVERVIEW, FIGURES, PIPELINE, *DESK_TABLES)


def list_tables() -> list[FeedTable]:
    """Those of the whole partnership first."""
    return sorted((*OWN, *list_registered()), key=lambda table: table.of_cycle)


def find_table(name: str, *, of_cycle: bool) -> FeedTable | None:
    return next((one for one in list_tables() if (one.name, one.of_cycle) == (name, of_cycle)), None)
