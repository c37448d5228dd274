"""The charts of an overview: each finding with its drawing and its table, for the page, the report and files.

Figures in, charts out; what they say is written in overview_sentences. The names by which addresses know charts are
made here: `returns`, `grades`, `themes` and, for a variant, `school-standards` and `school-weakest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from s11.web import dates
from s11.web.drawings.bars import GRADES, SCORES, PartsRow, ShareRow, draw_parts, draw_shares
from s11.web.drawings.chart import Chart
from s11.web.drawings.days import Returns, draw_returns
from s11.web.drawings.marks import NARROW, WIDE
from s11.web.drawings.rows import STATEMENTS
from surveys.figures import GradeCounts, Share
from surveys.full_overview import FullOverview
from surveys.overview import IndicatorFigures, Overview
from surveys.overview_indicators import Ranking
from surveys.overview_list_charts import (
    list_action_charts,
    list_breakdown_charts,
    list_heat_charts,
    make_lacking_chart,
)
from surveys.overview_sentences import Findings, VariantFindings, say_weak_indicator
from surveys.overview_series_charts import list_series_charts, list_variant_series_charts
from surveys.overview_year_charts import list_variant_year_charts, list_year_charts, make_curves_chart
from surveys.overview_years import Line, Point

GRADE_HEAD = ("Grade 0", "Grade 1", "Grade 2", "At grade 2")
Charts = Mapping[str, Chart]


def make_charts(full: FullOverview, findings: Findings, *, has_heat: bool = True) -> Charts:
    """In the order of the report. What there is nothing to draw of has no chart.

    The heat maps, by far the largest, only for whoever shows them.
    """
    return {chart.key: chart for chart in list_charts(full, findings, has_heat=has_heat)}


def list_charts(full: FullOverview, findings: Findings, *, has_heat: bool) -> Iterator[Chart]:
    overview = full.overview
    if overview.returns:
        yield make_returns_chart(overview, findings)
    if curves := make_curves_chart(full.returns):
        yield curves
    if overview.variants:
        yield make_grades_chart(overview, findings)
        yield from list_year_charts(full.years)
        yield from list_series_charts(full.series)
        yield from list_variant_charts(full, findings)
        yield make_themes_chart(overview, findings)
        yield from list_breakdown_charts(full.groups)
        yield from filter(None, [make_lacking_chart(full.highlights.lacking)])
    yield from list_action_charts(full.actions)
    for part in full.parts:
        yield from part.charts
    if has_heat and full.heat_map is not None:
        yield from list_heat_charts(full.heat_map, overview)


def list_variant_charts(full: FullOverview, findings: Findings) -> Iterator[Chart]:
    """Of a variant together, what is known of it now and then what it is compared with."""
    compared = [*list_variant_year_charts(full.years), *list_variant_series_charts(full.series)]
    lines = {variant.variant: variant.standards for variant in full.years.variants}
    for found, ranking in zip(findings.variants, full.highlights.rankings, strict=True):
        variant = found.figures.variant
        yield make_standards_chart(found, list_last(lines.get(variant, ())))
        if ranking.weakest.indicators:
            yield make_weakest_chart(found, ranking)
        yield from (chart for chart in compared if chart.key.startswith(f"{variant.value}-"))


def list_last(lines: Sequence[Line]) -> dict[str, Point]:
    """By standard, the cycle before this one, where both asked the same."""
    pairs = ((line.code, line.points[-2:]) for line in lines)
    return {code: points[0] for code, points in pairs if len(points) == 2 and not points[1].is_broken}


def make_returns_chart(overview: Overview, findings: Findings) -> Chart:
    cycle = overview.cycle
    returns = Returns(
        cycle.opens_on, cycle.closes_on, overview.returns, overview.participation.invited, overview.until
    )
    lines, so_far = [], 0
    for day, count in overview.returns.items():
        so_far += count
        lines.append((dates.date(day), count, so_far))
    return Chart(
        key="returns",
        about="First submissions, added up day by day",
        title=findings.returns,
        summary="The upright line is the end of the closing day.",
        wide=draw_returns(returns, WIDE),
        narrow=draw_returns(returns, NARROW),
        head=("Day", "Submitted that day", "Submitted by then"),
        lines=tuple(lines),
    )


def make_grades_chart(overview: Overview, findings: Findings) -> Chart:
    rows = [
        (variant.variant.label, variant.submitted, variant.grades, variant.mean)
        for variant in overview.variants
    ]
    lines = [(name, audits, *grade_cells(grades), mean) for name, audits, grades, mean in rows]
    if len(rows) > 1:
        lines.append(("All", overview.submitted, *grade_cells(overview.grades), None))
    drawn = [PartsRow(str(name), count_grades(grades)) for name, _, grades, _ in rows]
    return Chart(
        key="grades",
        about="Audits by their overall grade, for each variant",
        title=findings.grades,
        summary="",
        wide=draw_parts(drawn, GRADES, WIDE, none="no grades"),
        narrow=draw_parts(drawn, GRADES, NARROW, none="no grades"),
        head=("Variant", "Audits", *GRADE_HEAD, "Mean"),
        lines=tuple(lines),
    )


def count_grades(grades: GradeCounts) -> tuple[int, int, int]:
    return grades.grade_0, grades.grade_1, grades.grade_2


def grade_cells(grades: GradeCounts) -> tuple[int, int, int, Share | None]:
    return (*count_grades(grades), grades.at_grade_2 if grades.total else None)


def make_standards_chart(found: VariantFindings, last: Mapping[str, Point]) -> Chart:
    """In the questionnaire's order: the title says which is weakest."""
    variant = found.figures
    shares = {code: point.marks.grades.at_grade_2 for code, point in last.items() if point.marks.grades.total}
    before = next(iter(last.values())).cycle if shares else ""
    return make_shares_chart(
        key=f"{variant.variant.value}-standards",
        about=f"{variant.variant.label}: share of audits at grade 2, by standard",
        title=found.weakest,
        summary=found.strongest,
        rows=[
            (str(one), one.grades.at_grade_2, shares[one.code].percent if one.code in shares else None)
            for one in variant.standards
        ],
        head=("Standard", *GRADE_HEAD, "Mean", *((f"In {before}",) if shares else ())),
        lines=[
            (str(one), *grade_cells(one.grades), one.mean, *((shares.get(one.code),) if shares else ()))
            for one in variant.standards
        ],
        last=before,
    )


def make_weakest_chart(found: VariantFindings, ranking: Ranking) -> Chart:
    """Only of indicators that are below 2, and that at least half of the audits scored."""
    weakest = ranking.weakest
    drawn = [PartsRow(f"{one.code} {one.text}", count_scores(one)) for one in weakest.indicators]
    return Chart(
        key=f"{found.figures.variant.value}-weakest",
        about=f"{found.figures.variant.label}: scores of the indicators with the lowest mean",
        title=say_weak_indicator(weakest).removesuffix("."),
        summary=found.indicators,
        wide=draw_parts(drawn, SCORES, WIDE, naming=STATEMENTS),
        narrow=draw_parts(drawn, SCORES, NARROW, naming=STATEMENTS),
        head=("Code", "Indicator", "0", "1", "2", "Not applicable", "Mean"),
        words=2,
        lines=tuple(
            (one.code, name_indicator(one), *count_scores(one), one.mean) for one in weakest.indicators
        ),
        note=weakest.note,
    )


def count_scores(one: IndicatorFigures) -> tuple[int, int, int, int]:
    return one.zeros, one.ones, one.twos, one.not_applicable


def name_indicator(one: IndicatorFigures) -> str:
    return f"{one.text}{' (critical)' if one.is_critical else ''}"


def make_themes_chart(overview: Overview, findings: Findings) -> Chart:
    variants = [variant.variant for variant in overview.variants]
    lines = []
    for theme in overview.themes:
        shares = [theme.variants[one].at_grade_2 if one in theme.variants else None for one in variants]
        lines.append(
            (str(theme), *(share if share and share.of else None for share in shares), theme.at_grade_2)
        )
    return make_shares_chart(
        key="themes",
        about="Share of audits at grade 2, by theme, all variants",
        title=findings.themes,
        summary=findings.strongest_themes,
        rows=[(str(theme), theme.at_grade_2, None) for theme in overview.themes],
        head=("Theme", *(str(variant.label) for variant in variants), "All"),
        lines=lines,
    )


def make_shares_chart(
    *,
    key: str,
    about: str,
    title: str,
    summary: str,
    rows: Sequence[tuple[str, Share, int | None]],
    head: tuple[str, ...],
    lines: Sequence[tuple[object, ...]],
    last: str = "",
) -> Chart:
    """In the order given; a row's third is the percentage of the cycle called `last`."""
    drawn = [ShareRow(name, share.count, share.of, share.percent, before) for name, share, before in rows]
    return Chart(
        key=key,
        about=about,
        title=title,
        summary=summary,
        wide=draw_shares(drawn, WIDE, last=last),
        narrow=draw_shares(drawn, NARROW, last=last),
        head=head,
        lines=tuple(lines),
    )
