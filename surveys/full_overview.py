"""All that an overview shows of a cycle, also over several: the overview itself, and what compares and lists beside it.

`get_full_overview` makes it with a fixed number of queries, whatever the number of organisations, cycles and standards.
Each part says in its module's docstring what there is to draw. Apps above this one add parts of their own
(`overview_parts`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from s11.web.one_moment import one_moment
from surveys.destroyed import check_is_whole
from surveys.enums import CycleKind, Series
from surveys.models import Cycle
from surveys.overview import Overview, as_json, make_overview
from surveys.overview_actions import PlannedActions, get_actions, make_planned_actions
from surveys.overview_banks import get_offered, keep_asked, read_banks
from surveys.overview_basis import Read, make_basis
from surveys.overview_groups import Breakdown, make_breakdowns
from surveys.overview_heat import HeatMap, make_heat_map
from surveys.overview_indicators import Highlights, make_highlights
from surveys.overview_parts import OverviewPart, make_parts
from surveys.overview_places import get_invited_places
from surveys.overview_results import Results, get_results
from surveys.overview_returns import Returns, make_returns
from surveys.overview_scores import Scores, get_said, make_years
from surveys.overview_series import SeriesComparison, make_series_comparison
from surveys.overview_years import YearOnYear, make_year_on_year
from surveys.participation import get_members

Json = dict[str, Any]
# This one and the four before it are looked at together, unless somebody chooses others.
MOST_CYCLES: Final = 5


@dataclass(frozen=True, slots=True)
class FullOverview:
    """`offered` are the earlier cycles that can be compared, the newest first; `years.earlier` those that are."""

    overview: Overview
    years: YearOnYear
    returns: Returns
    groups: tuple[Breakdown, ...]
    series: SeriesComparison
    # None for those who read figures and no names.
    heat_map: HeatMap | None
    highlights: Highlights
    actions: PlannedActions
    parts: tuple[OverviewPart, ...]
    offered: tuple[Cycle, ...]

    def without_names(self) -> FullOverview:
        """For those who read figures and not audits: which organisation is behind one is left out."""
        return dataclasses.replace(
            self,
            overview=self.overview.without_names(),
            returns=self.returns.without_names(),
            heat_map=None,
            parts=tuple(part.without_names() for part in self.parts),
        )


def get_full_overview(
    cycle: Cycle, series: Series = Series.SELF, compared: Collection[str] | None = None
) -> FullOverview:
    """`compared` are slugs of earlier cycles; the last few of the same kind where none are named.

    All of one moment: organisations submit while it is read, and 49 of 48 would be no share.
    """
    with one_moment():
        return _gather(cycle, series, compared)


def _gather(cycle: Cycle, series: Series, compared: Collection[str] | None) -> FullOverview:
    check_is_whole(cycle)
    offered, pins = get_offered(cycle)
    cycles = [*reversed(choose_cycles(cycle, offered, compared)), cycle]
    banks = read_banks(cycles, pins)
    places = get_invited_places(cycles, has_sizes=True)
    results = get_results(cycles, series, banks, places)
    said = get_said(cycles, series, results)
    banks = keep_asked(banks, list_counted(results, series, said.scores))
    years = make_years(cycles, series, banks, results)
    now = years[-1]
    asked = {variant: bank for (pk, variant), bank in banks.items() if pk == cycle.pk}
    read = Read(places[cycle.pk], get_members(cycle), asked, now.results, said.scores)
    overview = make_overview(cycle, series, make_basis(cycle, read))
    counted = {result.audit for result in results[cycle.pk, Series.SELF].values()}
    zeros = Counter(zero.slug for zero in overview.critical_zeros)
    full = FullOverview(
        overview=overview,
        years=make_year_on_year(years, said.scores),
        returns=make_returns(cycles, places, overview.today),
        groups=make_breakdowns(places[cycle.pk], now.results, [theme.code for theme in overview.themes]),
        series=make_series_comparison(
            cycle, now.questions, results, said.moved, overview.participation.submitted
        ),
        heat_map=make_heat_map(places[cycle.pk], now.questions, now.results, zeros),
        highlights=make_highlights(overview),
        actions=make_planned_actions(get_actions(cycle, counted), said.low, now.questions, overview.today),
        parts=make_parts(cycle, overview.today),
        offered=tuple(offered),
    )
    # Only files say their version: pages are spared the making of it.
    versioned = dataclasses.replace(overview, digest_beside=partial(_digest, full))
    return dataclasses.replace(full, overview=versioned)


def _digest(full: FullOverview) -> str:
    return hashlib.sha256(json.dumps(beside_as_json(full)).encode()).hexdigest()


def list_offered(cycle: Cycle) -> list[Cycle]:
    """Earlier cycles of the partnership that asked a variant of this one's, the newest first. One query."""
    return get_offered(cycle)[0]


def choose_cycles(cycle: Cycle, offered: Sequence[Cycle], compared: Collection[str] | None) -> list[Cycle]:
    """Those named; else the newest of the same kind, and full ones, which asked all that this one asks."""
    if compared is not None:
        return [one for one in offered if one.slug in compared][: MOST_CYCLES - 1]
    alike = [one for one in offered if one.kind in (cycle.kind, CycleKind.FULL)]
    return alike[: MOST_CYCLES - 1]


def list_counted(results: Results, series: Series, scores: Scores) -> set[tuple[int, int]]:
    """(cycle, indicator) that some audit of the series has answered."""
    return {
        (cycle, indicator)
        for (cycle, found), by_organisation in results.items()
        if found == series
        for result in by_organisation.values()
        for indicator in scores.get(result.audit, ())
    }


def full_as_json(full: FullOverview) -> Json:
    """The contract that other programs read, and after it, under keys of their own, what stands beside it."""
    return {**as_json(full.overview), **beside_as_json(full)}


def beside_as_json(full: FullOverview) -> Json:
    return {
        "years": full.years.as_json(),
        "returns": full.returns.as_json(),
        "groups": [breakdown.as_json() for breakdown in full.groups],
        "series_compared": full.series.as_json(),
        "heat_map": full.heat_map.as_json() if full.heat_map is not None else None,
        "highlights": full.highlights.as_json(),
        "actions": full.actions.as_json(),
        **{part.key: part.figures for part in full.parts},
    }
