"""Charts of an overview that list: kinds of agency, what several lack, what they plan, and organisation × standard.

Names by which addresses know them: `by-sector`, `by-size`, `by-duty`, `lacking`, `actions`, `actions-themes`, and for a
variant `school-heat`, which names organisations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from s11.web.drawings.bars import Part, PartsRow, ShareRow, draw_parts, draw_shares
from s11.web.drawings.chart import Chart
from s11.web.drawings.grids import GridCell, GridRow, draw_grid
from s11.web.drawings.marks import NARROW, WIDE
from s11.web.drawings.rows import STATEMENTS, TITLES
from surveys.overview import Overview
from surveys.overview_actions import ActionCounts, ActionsUnder, PlannedActions
from surveys.overview_groups import Breakdown
from surveys.overview_heat import HeatMap, HeatRow, VariantHeat
from surveys.overview_indicators import SharedIndicator
from surveys.overview_titles import say_actions, say_breakdown, say_lacking

# So many rows are drawn; the JSON has all.
MOST_ROWS = 10
STATES = (
    Part("not started", "empty"),
    Part("in progress", "light"),
    Part("to verify", "middle"),
    Part("verified", "dark"),
)


def list_breakdown_charts(breakdowns: Sequence[Breakdown]) -> Iterator[Chart]:
    """Of those in which audits are told apart at all."""
    for breakdown in breakdowns:
        if sum(bool(group.audits) for group in breakdown.groups) < 2:
            continue
        groups = [group for group in breakdown.groups if group.audits]
        shares = [group.marks.grades.at_grade_2 for group in groups]
        rows = [
            ShareRow(group.label, share.count, share.of, share.percent)
            for group, share in zip(groups, shares, strict=True)
        ]
        yield Chart(
            key=f"by-{breakdown.key}",
            about=f"{breakdown.title}: share of audits at grade 2 overall",
            title=say_breakdown(breakdown),
            summary="",
            wide=draw_shares(rows, WIDE),
            narrow=draw_shares(rows, NARROW),
            head=(
                breakdown.title.removeprefix("By ").capitalize(),
                "Submitted of invited",
                "Audits",
                "At grade 2",
                "Mean",
            ),
            lines=tuple(
                (
                    group.label,
                    group.submitted_of_invited,
                    group.audits,
                    group.marks.grades.at_grade_2,
                    group.marks.mean,
                )
                for group in breakdown.groups
            ),
            note=breakdown.note,
        )


def make_lacking_chart(lacking: Sequence[SharedIndicator]) -> Chart | None:
    """The first few; one statement over all variants that ask it."""
    if not lacking:
        return None
    shown = lacking[:MOST_ROWS]
    rows = [
        ShareRow(
            f"{next(iter(one.codes.values()))} {one.text}", one.lack.count, one.lack.of, one.lack.percent
        )
        for one in shown
    ]
    more = len(lacking) - len(shown)
    return Chart(
        key="lacking",
        about="Indicators that several audits score 0 or 1: share of the audits that scored them",
        title=say_lacking(lacking),
        summary="One indicator over all variants that ask it, the most audits first.",
        wide=draw_shares(rows, WIDE, naming=STATEMENTS),
        narrow=draw_shares(rows, NARROW, naming=STATEMENTS),
        head=("Indicator", "Codes", "Scored 0", "Scored 1", "Scored 2", "Below 2"),
        words=2,
        lines=tuple((one.text, one.name, one.zeros, one.ones, one.twos, one.lack) for one in shown),
        note=f"{more} more are below 2 in at least 3 audits." if more else "",
    )


def list_action_charts(actions: PlannedActions) -> Iterator[Chart]:
    """By theme, and those that most agencies plan."""
    themes = [one for one in actions.themes if one.counts.actions]
    if themes:
        about = "Actions planned for scores of 0 and 1, by theme and state"
        yield make_actions_chart("actions-themes", about, say_actions(actions), themes)
    if actions.common:
        first = actions.common[0]
        codes = next(iter(first.codes.values()))
        yield make_actions_chart(
            "actions",
            "Actions that several agencies plan, by indicator and state",
            f"Most agencies plan for {codes}: {first.counts.agencies} of them",
            actions.common[:MOST_ROWS],
        )


def make_actions_chart(key: str, about: str, title: str, listed: Sequence[ActionsUnder]) -> Chart:
    rows = [PartsRow(name_actions(one), count_states(one.counts)) for one in listed]
    naming = STATEMENTS if listed[0].codes else TITLES
    return Chart(
        key=key,
        about=about,
        title=title,
        summary="To verify: done, and no officer has seen yet what came of it. Dropped actions are left out.",
        wide=draw_parts(rows, STATES, WIDE, naming=naming),
        narrow=draw_parts(rows, STATES, NARROW, naming=naming),
        head=(
            "Indicator" if listed[0].codes else "Theme",
            "Agencies",
            "Not started",
            "In progress",
            "Done, to verify",
            "Verified",
            "Overdue",
        ),
        lines=tuple(
            (name_actions(one), one.counts.agencies, *count_states(one.counts), one.counts.overdue)
            for one in listed
        ),
    )


def name_actions(one: ActionsUnder) -> str:
    """A theme by its code and title; an indicator by its statement, under the first code that it has."""
    return f"{next(iter(one.codes.values()), one.code)} {one.title}"


def count_states(counts: ActionCounts) -> tuple[int, int, int, int]:
    """A done action that is verified is in the last alone, so that the four are all actions."""
    return counts.not_started, counts.in_progress, counts.done - counts.verified, counts.verified


def list_heat_charts(heat_map: HeatMap, overview: Overview) -> Iterator[Chart]:
    critical = find_critical(overview)
    for variant in heat_map.variants:
        if variant.graded:
            yield make_heat_chart(variant, critical)


def find_critical(overview: Overview) -> frozenset[tuple[str, str]]:
    """(organisation's slug, standard's code) where a critical indicator is scored 0."""
    standards = {
        (variant.variant, one.code): standard.code
        for variant in overview.variants
        for standard in variant.standards
        for one in standard.indicators
    }
    return frozenset(
        (zero.slug, standards[zero.variant, zero.indicator])
        for zero in overview.critical_zeros
        if (zero.variant, zero.indicator) in standards
    )


def make_heat_chart(variant: VariantHeat, critical: Collection[tuple[str, str]]) -> Chart:
    codes = [code for code, _ in variant.columns]
    rows = [GridRow(row.organisation, make_grid_cells(row, codes, critical)) for row in variant.graded]
    drawing = draw_grid(codes, rows)
    first = variant.graded[0]
    below = sum(row.below_grade_2 > 0 for row in variant.graded)
    return Chart(
        key=f"{variant.variant.value}-heat",
        about=f"{variant.variant.label}: grades of each organisation, by standard",
        title=f"{below} of {len(variant.graded)} organisations are below grade 2 in some standard"
        if below
        else "No organisation is below grade 2 in any standard",
        summary=f"Rows stand by concern, {first.organisation} first." if below else "",
        wide=drawing,
        narrow=drawing,
        head=("Organisation", *codes, "Below grade 2", "Critical zeros"),
        lines=tuple(
            (
                row.organisation,
                *(cell.grade if cell is not None else None for cell in row.cells),
                row.below_grade_2,
                row.critical_zeros,
            )
            for row in variant.graded
        ),
    )


def make_grid_cells(
    row: HeatRow, codes: Sequence[str], critical: Collection[tuple[str, str]]
) -> tuple[GridCell, ...]:
    return tuple(
        GridCell(cell.grade if cell is not None else None, (row.slug, code) in critical)
        for code, cell in zip(codes, row.cells, strict=True)
    )
