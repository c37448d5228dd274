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
from surveys.figures import GradeCounts, Share
from surveys.overview import IndicatorFigures, Overview
from surveys.overview_sentences import Findings, VariantFindings

STATEMENT = 6  # lines: a whole statement is read, where a standard has a title
GRADE_HEAD = ("Grade 0", "Grade 1", "Grade 2", "At grade 2")
Charts = Mapping[str, Chart]


def make_charts(overview: Overview, findings: Findings) -> Charts:
    """In the order of the report. What there is nothing to draw of has no chart."""
    return {chart.key: chart for chart in list_charts(overview, findings)}


def list_charts(overview: Overview, findings: Findings) -> Iterator[Chart]:
    if overview.returns:
        yield make_returns_chart(overview, findings)
    if not overview.variants:
        return
    yield make_grades_chart(overview, findings)
    for found in findings.variants:
        yield make_standards_chart(found)
        if found.weakest_indicators.indicators:
            yield make_weakest_chart(found)
    yield make_themes_chart(overview, findings)


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
        head=("Variant", "Audits", *GRADE_HEAD, "Mean score"),
        lines=tuple(lines),
    )


def count_grades(grades: GradeCounts) -> tuple[int, int, int]:
    return grades.grade_0, grades.grade_1, grades.grade_2


def grade_cells(grades: GradeCounts) -> tuple[int, int, int, Share | None]:
    return (*count_grades(grades), grades.at_grade_2 if grades.total else None)


def make_standards_chart(found: VariantFindings) -> Chart:
    """In the questionnaire's order: the title says which is weakest."""
    variant = found.figures
    return make_shares_chart(
        key=f"{variant.variant.value}-standards",
        about=f"{variant.variant.label}: share of audits at grade 2, by standard",
        title=found.weakest,
        summary=found.strongest,
        rows=[(str(standard), standard.grades.at_grade_2) for standard in variant.standards],
        head=("Standard", *GRADE_HEAD, "Mean score"),
        lines=[(str(one), *grade_cells(one.grades), one.mean) for one in variant.standards],
    )


def make_weakest_chart(found: VariantFindings) -> Chart:
    """Only of indicators that are below 2."""
    shown = found.weakest_indicators.indicators
    drawn = [PartsRow(f"{one.code} {one.text}", count_scores(one)) for one in shown]
    return Chart(
        key=f"{found.figures.variant.value}-weakest",
        about=f"{found.figures.variant.label}: scores of the indicators with the lowest mean",
        title=found.look_first.removesuffix("."),
        summary=found.indicators,
        wide=draw_parts(drawn, SCORES, WIDE, most=STATEMENT),
        narrow=draw_parts(drawn, SCORES, NARROW, most=STATEMENT),
        head=("Code", "Indicator", "0", "1", "2", "Not applicable", "Mean"),
        words=2,
        lines=tuple((one.code, name_indicator(one), *count_scores(one), one.mean) for one in shown),
        note=found.weakest_indicators.note,
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
        rows=[(str(theme), theme.at_grade_2) for theme in overview.themes],
        head=("Theme", *(str(variant.label) for variant in variants), "All"),
        lines=lines,
    )


def make_shares_chart(
    *,
    key: str,
    about: str,
    title: str,
    summary: str,
    rows: Sequence[tuple[str, Share]],
    head: tuple[str, ...],
    lines: Sequence[tuple[object, ...]],
) -> Chart:
    """In the order given."""
    drawn = [ShareRow(name, share.count, share.of, share.percent) for name, share in rows]
    return Chart(
        key=key,
        about=about,
        title=title,
        summary=summary,
        wide=draw_shares(drawn, WIDE),
        narrow=draw_shares(drawn, NARROW),
        head=head,
        lines=tuple(lines),
    )
