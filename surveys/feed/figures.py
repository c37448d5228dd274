"""A cycle's figures for the feed: the overview whole, as its command writes it, and as a tidy table.

Whoever reads figures and no names gets them without, as on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import Http404

from s11.web.errors import reason_why_not
from surveys.enums import CycleStatus
from surveys.feed.base import Asked, Cell, FeedColumn, FeedTable, Format, Json, Kind
from surveys.full_csv import list_rows
from surveys.full_overview import FullOverview, full_as_json, get_full_overview
from surveys.overview_csv import COLUMNS
from surveys.permissions import check_can_export_overview, check_can_read_overview

MEANINGS: Final = {
    "partnership": "its name in addresses",
    "cycle": "the cycle that the figure is of: an earlier one’s stands under that one",
    "series": "`self`, `moderated` or `panel`: whose scores",
    "as_at": "when it was made",
    "section": "what it is about, such as `variant`, `standard` or `participation`",
    "variant": "",
    "code": "of the standard, indicator or theme",
    "title": "its words",
    "organisation": "only where the row is of one; empty for those who read no names",
    "figure": "its name, such as `at_grade_2` or `mean`",
    "value": "the number; a mean has two decimals",
    "of": "out of how many",
    "percent": "whole, rounded half up",
    "compared_with": "the earlier cycle, of a figure of the same agencies",
}
NUMBERS: Final = frozenset({"value", "of", "percent"})


def get_overview_of(asked: Asked) -> FullOverview:
    """A plan has nothing to show yet, so nothing is there."""
    if asked.cycle.status == CycleStatus.PLANNED:
        raise Http404
    full = get_full_overview(asked.cycle, asked.series, asked.compared)
    return full.without_names() if reason_why_not(check_can_export_overview, asked.desk) else full


def make_overview(asked: Asked) -> Json:
    return full_as_json(get_overview_of(asked))


def list_figures(asked: Asked) -> Iterator[list[Cell]]:
    for row in list_rows(get_overview_of(asked)):
        yield [row.get(name) for name in COLUMNS]


OVERVIEW: Final = FeedTable(
    name="overview",
    holds="All figures of a cycle as one document; docs/overview.md says what each key holds.",
    check=check_can_read_overview,
    make=make_overview,
    formats=(Format.JSON,),
)
FIGURES: Final = FeedTable(
    name="figures",
    holds="The same figures as one tidy table, a row a figure.",
    check=check_can_read_overview,
    columns=tuple(
        FeedColumn(name, MEANINGS[name], Kind.NUMBER if name in NUMBERS else Kind.TEXT) for name in COLUMNS
    ),
    list_rows=list_figures,
    # Its values are counts and means, which JSON would have as two types in one column.
    formats=(Format.CSV,),
)
