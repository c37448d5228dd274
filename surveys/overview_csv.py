"""The overview as rows of one tidy table: a row a figure, so that tables of several cycles can be put under each other.

The table with all that stands beside it is made in full_csv.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from surveys.figures import GradeCounts, Share
from surveys.overview import IndicatorFigures, Overview, StandardFigures, VariantFigures
from surveys.sheets import FORMULA_STARTS

COLUMNS = (
    "partnership",
    "cycle",
    "series",
    "as_at",
    "section",
    "variant",
    "code",
    "title",
    "organisation",
    "figure",
    "value",
    "of",
    "percent",
    # The earlier cycle that a figure of the same agencies is held against; empty of all other figures.
    "compared_with",
)
Cell = str | int | None
Row = dict[str, Cell]


def write_rows(file: io.StringIO, rows: Iterable[Row]) -> None:
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: neutralise(cell) for name, cell in row.items()})


def write_csv(heads: Iterable[Cell], rows: Iterable[Iterable[Cell]]) -> bytes:
    """UTF-8 with a byte-order mark: without it a spreadsheet reads names with accents wrongly. No cell is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerows([neutralise(cell) for cell in row] for row in (heads, *rows))
    return file.getvalue().encode("utf-8-sig")


def neutralise(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def make_rows(overview: Overview) -> Iterator[Row]:
    yield from make_participation_rows(overview)
    yield from make_grade_rows({"section": "all"}, overview.grades, overview.submitted)
    for variant in overview.variants:
        yield from make_variant_rows(variant)
    for theme in overview.themes:
        about: Row = {"section": "theme", "code": theme.code, "title": theme.title}
        yield from make_grade_rows(about, theme.grades)
        for name, grades in theme.variants.items():
            yield from make_grade_rows(about | {"variant": name.value}, grades)
    for zero in overview.critical_zeros:
        yield {
            "section": "critical_zero",
            "variant": zero.variant.value,
            "code": zero.indicator,
            "title": zero.text,
            "organisation": zero.organisation,
            "figure": "score",
            "value": 0,
        }
    for below in overview.below_grade_2:
        about = {
            "section": "below_grade_2",
            "variant": below.variant.value,
            "organisation": below.organisation,
        }
        yield about | {"figure": "grade", "value": below.grade}
        yield about | {"figure": "mean", "value": below.mean}


def make_participation_rows(overview: Overview) -> Iterator[Row]:
    participation = overview.participation
    for name, figure in {**participation.as_json(), **participation.parts_as_json()}.items():
        row: Row = {"section": "participation", "figure": name}
        yield row | (
            {"value": figure}
            if isinstance(figure, int)
            else {"value": figure["count"], "of": figure["of"], "percent": figure["percent"]}
        )
    for variant, share in overview.submitted_of_invited.items():
        about: Row = {"section": "participation", "variant": variant.value, "figure": "submitted_of_invited"}
        yield about | make_share_cells(share)
    for day, count in overview.returns.items():
        yield {
            "section": "returns",
            "figure": "submitted_on_day",
            "title": day.isoformat(),
            "value": count,
        }


def make_variant_rows(variant: VariantFigures) -> Iterator[Row]:
    about: Row = {"section": "variant", "variant": variant.variant.value}
    yield from make_grade_rows(about, variant.grades, variant.submitted)
    yield about | {"figure": "mean", "value": variant.mean}
    for standard in variant.standards:
        yield from make_standard_rows(about["variant"], standard)


def make_standard_rows(variant: Cell, standard: StandardFigures) -> Iterator[Row]:
    about: Row = {
        "section": "standard",
        "variant": variant,
        "code": standard.code,
        "title": standard.title,
    }
    yield from make_grade_rows(about, standard.grades)
    yield about | {"figure": "mean", "value": standard.mean}
    for indicator in standard.indicators:
        yield from make_indicator_rows(variant, indicator)


def make_indicator_rows(variant: Cell, indicator: IndicatorFigures) -> Iterator[Row]:
    about: Row = {
        "section": "indicator",
        "variant": variant,
        "code": indicator.code,
        "title": indicator.text,
    }
    for score, count in enumerate((indicator.zeros, indicator.ones, indicator.twos)):
        yield about | {"figure": f"scored_{score}"} | make_share_cells(Share(count, indicator.n))
    yield about | {"figure": "not_applicable", "value": indicator.not_applicable}
    yield about | {"figure": "mean", "value": indicator.mean}


def make_grade_rows(about: Row, grades: GradeCounts, submitted: int | None = None) -> Iterator[Row]:
    if submitted is not None:
        yield about | {"figure": "submitted", "value": submitted}
    for grade, count in grades.as_json().items():
        yield about | {"figure": f"grade_{grade}"} | make_share_cells(Share(count, grades.total))


def make_share_cells(share: Share) -> Row:
    return {"value": share.count, "of": share.of, "percent": share.percent}
