"""What apps above this one add to an overview: each registers a maker as it starts, and is asked for its part.

A part is figures for the JSON, and tables that the page, the document, the workbook and the CSV show alike; its charts
stand on the page and in the document, and bring their own tables.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from s11.web.drawings.chart import Chart
from surveys.figures import Share
from surveys.models import Cycle

PartCell = str | int | Share | None


@dataclass(frozen=True, slots=True)
class PartTable:
    """`head` names the columns, the first of which names the row. `names` says that rows are organisations."""

    key: str
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[PartCell]]
    names: bool = False


@dataclass(frozen=True, slots=True)
class OverviewPart:
    """One section. `finding` is its title's sentence, `sentences` what stands below it."""

    key: str
    title: str
    finding: str
    figures: Mapping[str, Any]
    sentences: Sequence[str] = ()
    tables: Sequence[PartTable] = field(default_factory=tuple)
    # None of them names an organisation.
    charts: Sequence[Chart] = field(default_factory=tuple)
    # Where on the desk the figures come from: a URL's name, with the partnership's and the cycle's slugs.
    url_name: str = ""

    def without_names(self) -> OverviewPart:
        """Nor with the way to where they stand."""
        tables = tuple(table for table in self.tables if not table.names)
        return replace(self, tables=tables, url_name="")


PartMaker = Callable[[Cycle, datetime.date], OverviewPart | None]
_MAKERS: dict[str, PartMaker] = {}


def register_overview_part(key: str, make: PartMaker) -> None:
    """Called once, as the app above starts. It is asked with a cycle and the day, and may have nothing to say."""
    _MAKERS[key] = make


def make_parts(cycle: Cycle, today: datetime.date) -> tuple[OverviewPart, ...]:
    found = (make(cycle, today) for make in _MAKERS.values())
    return tuple(part for part in found if part is not None)
