"""The risk list and training needs as tables to work with: CSV and Excel. No cell is ever a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from django.utils import timezone

from accountability.risk_list import RiskRow
from accountability.training_facts import Training
from s11.organisations.enums import Variant
from surveys.models import Cycle
from surveys.overview_csv import write_csv
from surveys.sheets import Book, Cell, Column, Row

# What stands on every one: a file goes further than a page.
NOT_FOR_PUBLICATION: Final = "Not for publication: names organisations"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES: Final = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}

RISK_COLUMNS: Final = (
    Column("Place", 7),
    Column("Organisation", 40, "text", names=True),
    Column("Variant", 14, "text"),
    Column("Sector", 16, "text"),
    Column("Serious reasons", 10),
    Column("Further reasons", 10),
    Column("Why", 90, "text"),
    Column("Scores", 20, "text"),
    Column("Scored", 8),
    Column("Sum of scores", 8),
    Column("Mean", 8, "text"),
    Column("Grade", 8),
    Column("The year before", 30, "text"),
)
NEED_COLUMNS: Final = (
    Column("Course", 40, "text", names=True),
    Column("Organisation", 40, "text", names=True),
    Column("Variant", 14, "text"),
    Column("Sector", 16, "text"),
    Column("Scores of 0", 9),
    Column("Scores of 1", 9),
    Column("Scored", 9),
    Column("Grade", 8),
)
GAP_COLUMNS: Final = (
    Column("Indicator", 14, "text", names=True),
    Column("Statement", 70, "text"),
    Column("Standard", 34, "text"),
    Column("Agencies at 0", 10),
    Column("Agencies at 1", 10),
    Column("Organisations at 0", 60, "text"),
    Column("Organisations at 1", 60, "text"),
)


def list_risk(rows: Iterable[RiskRow]) -> list[Row]:
    return [
        (
            row.place,
            row.name,
            row.known.variant.label,
            row.known.sector_words,
            row.serious,
            row.further,
            "\n".join(reason.words for reason in row.reasons),
            row.whose,
            row.known.facts.whole.n,
            row.known.facts.whole.total,
            row.mean or "",
            row.known.facts.whole.grade,
            row.before,
        )
        for row in rows
    ]


def list_needs(training: Training) -> list[Row]:
    return [
        (
            need.course.name,
            one.agency.name,
            Variant(one.agency.variant).label,
            one.agency.sector,
            one.zeros,
            one.ones,
            one.tally.n,
            one.tally.grade,
        )
        for need in training.needs.needed
        for one in need.agencies
    ]


def list_gaps(training: Training) -> list[Row]:
    return [
        (
            gap.asked.code,
            gap.asked.text,
            gap.asked.standard,
            len(gap.at_0),
            len(gap.at_1),
            "\n".join(one.name for one in gap.at_0),
            "\n".join(one.name for one in gap.at_1),
        )
        for gap in training.needs.gaps
    ]


def make_risk_csv(cycle: Cycle, rows: Iterable[RiskRow]) -> bytes:
    return _write(RISK_COLUMNS, list_risk(rows))


def make_risk_workbook(cycle: Cycle, rows: Iterable[RiskRow]) -> bytes:
    book = _begin(cycle, f"Risk list: {cycle}")
    book.add_list("Risk list", RISK_COLUMNS, list_risk(rows), none="No agency fits.")
    return book.read()


def make_training_csv(training: Training) -> bytes:
    """One table: needs that a course answers, then gaps under an empty course."""
    columns = (*NEED_COLUMNS[:1], Column("Indicator", 14, "text"), *NEED_COLUMNS[1:])
    needs: list[Row] = [(row[0], "", *row[1:]) for row in list_needs(training)]
    gaps: list[Row] = [
        (
            "",
            gap.asked.code,
            one.name,
            Variant(one.variant).label,
            one.sector,
            int(score == 0),
            int(score == 1),
            1,
            score,
        )
        for gap in training.needs.gaps
        for score, agencies in ((0, gap.at_0), (1, gap.at_1))
        for one in agencies
    ]
    return _write(columns, [*needs, *gaps])


def make_training_workbook(training: Training) -> bytes:
    book = _begin(training.cycle, f"Training needs: {training.cycle}, {training.series.label.lower()} scores")
    book.add_list("Needs", NEED_COLUMNS, list_needs(training), none="No course is needed.")
    book.add_list("No course yet", GAP_COLUMNS, list_gaps(training), none="Every need has a course.")
    return book.read()


RISK_FILES: Final[Mapping[str, Callable[[Cycle, Iterable[RiskRow]], bytes]]] = {
    "csv": make_risk_csv,
    "xlsx": make_risk_workbook,
}
TRAINING_FILES: Final[Mapping[str, Callable[[Training], bytes]]] = {
    "csv": make_training_csv,
    "xlsx": make_training_workbook,
}


def _begin(cycle: Cycle, title: str) -> Book:
    return Book(
        title=title,
        partnership=str(cycle.partnership),
        version=NOT_FOR_PUBLICATION,
        place=title,
        made_at=timezone.now(),
    )


def _write(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    return write_csv([column.title for column in columns], (map(_as_text, row) for row in rows))


def _as_text(cell: Cell) -> str | int | None:
    """One line: some programs that read CSV end a row where a cell has a line break."""
    return cell.replace("\n", "; ") if isinstance(cell, str) else cell if isinstance(cell, int) else None
