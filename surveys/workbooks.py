"""The overview’s own sheets of its workbook: one a section, percentages beside their counts, and every rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from s11.organisations.enums import Variant
from s11.web import dates
from surveys.figures import GradeCounts, Share
from surveys.overview import Overview
from surveys.overview_rules import make_rules
from surveys.sheets import STEPS, Book, Column, Row

CODE, VARIANT = Column("Code", 8, "text"), Column("Variant", 13, "text")
ORGANISATION = Column("Organisation", 44, "text")
SHARE = (Column("At grade 2", 10), Column("With a grade", 10), Column("% at grade 2", 10, "percent"))
GRADES = (Column("Grade 0", 9), Column("Grade 1", 9), Column("Grade 2", 9))
MEAN = Column("Mean", 8, "mean")


def begin_workbook(overview: Overview, compared: str = "") -> Book:
    """With the overview's own sheets; `full_workbook` adds the others. `compared` names the cycles beside it."""
    cycle = overview.cycle
    book = Book(
        title=f"Overview report: {cycle}",
        partnership=str(cycle.partnership),
        version=f"Version {overview.fingerprint}",
        place=f"{cycle.partnership}: {cycle}",
        made_at=overview.made_at,
    )
    add_summary(book, overview, compared)
    book.add_sheet("Standards", STANDARD_COLUMNS, make_standard_rows(overview))
    book.add_sheet("Indicators", INDICATOR_COLUMNS, make_indicator_rows(overview))
    book.add_sheet("Themes", THEME_COLUMNS, make_theme_rows(overview))
    book.add_sheet(
        "Critical zeros",
        (ORGANISATION, VARIANT, CODE, Column("Indicator", 90, "text")),
        [
            (zero.organisation, zero.variant.label, zero.indicator, zero.text)
            for zero in overview.critical_zeros
        ],
    )
    book.add_sheet(
        "Below grade 2",
        (ORGANISATION, VARIANT, Column("Grade", 8), MEAN),
        [(one.organisation, one.variant.label, one.grade, one.mean) for one in overview.below_grade_2],
    )
    return book


def add_rules(book: Book, overview: Overview) -> None:
    book.add_sheet("Rules", (Column("About", 24, "text"), Column("Rule", 110, "text")), make_rules(overview))


def add_summary(book: Book, overview: Overview, compared: str) -> None:
    """What the report is, who took part, and the grades with their chart."""
    sheet = book.add_page("Summary")
    cycle = overview.cycle
    sheet.write_string(0, 0, f"Overview report: {cycle}", book.formats["title"])
    about = (
        ("Partnership", str(cycle.partnership)),
        ("Series", f"{overview.series.label}: {overview.in_series} submitted audits"),
        ("Figures as at", dates.datetime(overview.made_at)),
        ("Version", overview.fingerprint),
        ("Status", "For officers: organisations are named. Not for publication."),
        *((("Compared with", compared),) if compared else ()),
    )
    for y, (label, text) in enumerate(about, start=1):
        sheet.write_string(y, 0, label, book.formats["label"])
        sheet.write_string(y, 1, text, book.formats["fact"])
    top = len(about) + 2
    participation = list(make_participation_rows(overview))
    book.write_table(sheet, top, PARTICIPATION_COLUMNS, participation)
    top += len(participation) + 2
    grades = list(make_grade_rows(overview))
    book.write_table(sheet, top, GRADE_COLUMNS, grades)
    if overview.variants:
        add_grades_chart(book, sheet, top, len(grades))


def add_grades_chart(book: Book, sheet: Any, top: int, rows: int) -> None:
    chart = book.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for grade, colour in enumerate(STEPS):
        x = 2 + grade
        chart.add_series(
            {
                "name": ["Summary", top, x],
                "categories": ["Summary", top + 1, 0, top + rows, 0],
                "values": ["Summary", top + 1, x, top + rows, x],
                "fill": {"color": colour},
                "gap": 40,
            }
        )
    chart.set_title({"name": "Overall grades", "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 120 + 40 * rows})
    described = {
        "description": "Bars: the share of audits at grades 0, 1 and 2, by variant. The table has the numbers."
    }
    sheet.insert_chart(top + rows + 2, 0, chart, described)


PARTICIPATION_COLUMNS = (
    Column("Participation", 32, "text"),
    Column("Count", 12),
    Column("Of", 12),
    Column("%", 10, "percent"),
)


def make_participation_rows(overview: Overview) -> Iterable[Row]:
    figures = overview.participation
    yield ("Invited", figures.invited, None, None)
    yield ("Registered", figures.registered, None, None)
    yield ("Users", figures.users, None, None)
    yield ("Started", figures.started, None, None)
    yield ("Submitted of invited", *make_share_cells(figures.submitted_of_invited))
    yield ("Submitted of registered", *make_share_cells(figures.submitted_of_registered))
    yield ("On time of submitted", *make_share_cells(figures.on_time_of_submitted))
    for variant, share in overview.submitted_of_invited.items():
        yield (f"{variant.label}: submitted of invited", *make_share_cells(share))


GRADE_COLUMNS = (
    Column("Variant", 32, "text"),
    Column("Audits", 12),
    *GRADES,
    *SHARE,
    MEAN,
)


def make_grade_rows(overview: Overview) -> Iterable[Row]:
    for variant in overview.variants:
        grades = make_grade_cells(variant.grades)
        yield (variant.variant.label, variant.submitted, *grades, variant.mean)
    yield ("All", overview.submitted, *make_grade_cells(overview.grades), None)


STANDARD_COLUMNS = (
    VARIANT,
    CODE,
    Column("Standard", 48, "text"),
    Column("Theme", 8, "text"),
    *GRADES,
    *SHARE,
    MEAN,
)


def make_standard_rows(overview: Overview) -> Iterable[Row]:
    for variant in overview.variants:
        for standard in variant.standards:
            yield (
                variant.variant.label,
                standard.code,
                standard.title,
                standard.theme,
                *make_grade_cells(standard.grades),
                standard.mean,
            )


INDICATOR_COLUMNS = (
    VARIANT,
    Column("Standard", 10, "text"),
    CODE,
    Column("Indicator", 90, "text"),
    Column("Critical", 9, "text"),
    Column("0", 7),
    Column("1", 7),
    Column("2", 7),
    Column("Scored", 9),
    Column("Not applicable", 11),
    MEAN,
)


def make_indicator_rows(overview: Overview) -> Iterable[Row]:
    for variant in overview.variants:
        for standard in variant.standards:
            for one in standard.indicators:
                yield (
                    variant.variant.label,
                    standard.code,
                    one.code,
                    one.text,
                    "Critical" if one.is_critical else None,
                    one.zeros,
                    one.ones,
                    one.twos,
                    one.n,
                    one.not_applicable,
                    one.mean,
                )


THEME_COLUMNS = (CODE, Column("Theme", 48, "text"), VARIANT, *GRADES, *SHARE)


def make_theme_rows(overview: Overview) -> Iterable[Row]:
    """All variants together, then each of them."""
    for theme in overview.themes:
        yield (theme.code, theme.title, "All", *make_grade_cells(theme.grades))
        for variant in Variant:
            if variant in theme.variants:
                grades = theme.variants[variant]
                yield (theme.code, theme.title, variant.label, *make_grade_cells(grades))


def make_grade_cells(grades: GradeCounts) -> Row:
    counts = (grades.grade_0, grades.grade_1, grades.grade_2)
    return (*counts, *make_share_cells(grades.at_grade_2))


def make_share_cells(share: Share) -> Row:
    return (share.count, share.of, share.percent)
