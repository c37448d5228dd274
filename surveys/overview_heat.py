"""The heat map, organisation × standard: for officers alone, because every row is a name.

For drawing: `HeatMap.variants` are tables of their own, because each variant has standards of its own. A table's
`columns` are (code, title); a `HeatRow` has `cells` in that order, each a `HeatCell` or None where the organisation
was asked nothing there. A cell holds the grade (None: all set aside), `n` and `total` of its exact mean, and how many
of its scores are 0. `row.state` says why there are no cells; `row.slug` leads to the audit. Rows stand by concern: see
`HeatRow.concern`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.db.models import TextChoices

from s11.organisations.enums import Variant
from surveys.enums import Scope
from surveys.figures import GradeCounts, format_mean
from surveys.overview_banks import WHOLE
from surveys.overview_breaks import Questions
from surveys.overview_places import InvitedPlace
from surveys.overview_results import Mark, Result

Json = dict[str, Any]
UNGRADED: Final = 3  # sorts after every grade


class HeatState(TextChoices):
    """What a row has to show, in the order in which rows stand."""

    GRADED = "graded", "Graded"
    NOT_IN_SERIES = "not_in_series", "Submitted, without figures of this series"
    NOT_SUBMITTED = "not_submitted", "Not submitted"
    OWN_TOOL = "own_tool", "Own national audit"
    EXEMPT = "exempt", "Exempt"


STATES: Final = list(HeatState)


@dataclass(frozen=True, slots=True)
class HeatCell:
    grade: int | None
    n: int
    total: int
    zeros: int

    @property
    def mean(self) -> str | None:
        return format_mean(self.total, self.n)


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One organisation. Without an audit of this series it has no cells, and `state` says why."""

    organisation: str
    slug: str
    variant: Variant
    state: HeatState
    whole: HeatCell | None = None
    critical_zeros: int = 0
    cells: tuple[HeatCell | None, ...] = ()

    @property
    def below_grade_2(self) -> int:
        """Standards at grade 0 or 1."""
        return sum(cell is not None and cell.grade in (0, 1) for cell in self.cells)

    @property
    def concern(self) -> tuple[int, int, int, int, Fraction, str]:
        """The lowest grade first, then most standards below grade 2, most critical zeros, the lowest mean, the name."""
        whole = self.whole
        grade = whole.grade if whole is not None else None
        return (
            STATES.index(self.state),
            UNGRADED if grade is None else grade,
            -self.below_grade_2,
            -self.critical_zeros,
            Fraction(whole.total, whole.n) if whole is not None and whole.n else Fraction(UNGRADED),
            self.organisation,
        )

    def as_json(self, codes: Collection[str]) -> Json:
        cells = zip(codes, self.cells, strict=False)
        return {
            "organisation": self.organisation,
            "state": self.state.value,
            "grade": self.whole.grade if self.whole is not None else None,
            "mean": self.whole.mean if self.whole is not None else None,
            "critical_zeros": self.critical_zeros,
            "standards": {code: cell.grade for code, cell in cells if cell is not None},
        }


@dataclass(frozen=True, slots=True)
class VariantHeat:
    variant: Variant
    columns: tuple[tuple[str, str], ...]
    rows: tuple[HeatRow, ...]

    @property
    def graded(self) -> tuple[HeatRow, ...]:
        return tuple(row for row in self.rows if row.state == HeatState.GRADED)

    @property
    def feet(self) -> tuple[GradeCounts, ...]:
        """Under each column, how many have each grade: the same as the standard’s figures."""
        cells = [[row.cells[place] for row in self.graded] for place, _ in enumerate(self.columns)]
        return tuple(
            GradeCounts.of_grades(one.grade for one in column if one is not None) for column in cells
        )

    def as_json(self) -> Json:
        codes = [code for code, _ in self.columns]
        return {"variant": self.variant.value, "organisations": [row.as_json(codes) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class HeatMap:
    variants: tuple[VariantHeat, ...]

    @property
    def own_tools(self) -> tuple[HeatRow, ...]:
        return self._list(HeatState.OWN_TOOL)

    @property
    def exempt(self) -> tuple[HeatRow, ...]:
        return self._list(HeatState.EXEMPT)

    def _list(self, state: HeatState) -> tuple[HeatRow, ...]:
        return tuple(row for variant in self.variants for row in variant.rows if row.state == state)

    def as_json(self) -> list[Json]:
        return [variant.as_json() for variant in self.variants]


def make_heat_map(
    places: Iterable[InvitedPlace],
    questions: Questions,
    results: Mapping[int, Result],
    critical_zeros: Mapping[str, int],
) -> HeatMap:
    """Pure. `results` are by organisation, of one series; `critical_zeros` count by slug."""
    by_variant: dict[Variant, list[InvitedPlace]] = {}
    for place in places:
        by_variant.setdefault(place.variant, []).append(place)
    found = []
    for variant in Variant:
        columns = tuple(questions.list_standards(variant).items())
        codes = [code for code, _ in columns]
        rows = [
            make_row(place, codes, results.get(place.organisation), critical_zeros.get(place.slug, 0))
            for place in by_variant.get(variant, ())
        ]
        if rows:
            found.append(VariantHeat(variant, columns, tuple(sorted(rows, key=lambda row: row.concern))))
    return HeatMap(tuple(found))


def make_row(
    place: InvitedPlace, codes: Collection[str], result: Result | None, critical_zeros: int
) -> HeatRow:
    state = find_state(place, has_result=result is not None)
    if result is None or state != HeatState.GRADED:
        return HeatRow(place.name, place.slug, place.variant, state)
    marks = result.marks
    return HeatRow(
        place.name,
        place.slug,
        place.variant,
        state,
        make_cell(marks[WHOLE]),
        critical_zeros,
        tuple(
            make_cell(marks[subject]) if subject in marks else None
            for subject in ((Scope.STANDARD.value, code) for code in codes)
        ),
    )


def find_state(place: InvitedPlace, *, has_result: bool) -> HeatState:
    if place.is_exempt:
        return HeatState.EXEMPT
    if has_result:
        return HeatState.GRADED
    if place.own_tool:
        return HeatState.OWN_TOOL
    return HeatState.NOT_IN_SERIES if place.is_submitted else HeatState.NOT_SUBMITTED


def make_cell(mark: Mark) -> HeatCell:
    return HeatCell(mark.grade, mark.n, mark.total, mark.zeros)
