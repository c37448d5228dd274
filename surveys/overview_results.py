"""Each submitted audit's frozen figures, for whatever compares audits: years, series, kinds of agency, the heat map.

Two queries, whatever the number of cycles, series and audits. Exact sums and counts leave here, never a mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.db.models import F, Q

from s11.organisations.enums import Variant
from surveys.enums import COUNTED, Scope, Series
from surveys.figures import GradeCounts, format_mean
from surveys.models import Audit, Cycle, Scorecard
from surveys.overview_banks import WHOLE, Banks, Subject


class Mark(NamedTuple):
    """One scorecard: how many scores, their sum, the grade (None where nothing was scored), how many set aside."""

    n: int
    total: int
    grade: int | None
    not_applicable: int = 0
    zeros: int = 0


NO_MARK: Final = Mark(0, 0, None)


@dataclass(frozen=True, slots=True)
class Result:
    """One audit in one series, as last submitted. A subject of which it was asked nothing has no mark."""

    audit: int
    organisation: int
    variant: Variant
    marks: Mapping[Subject, Mark]

    def grade(self, subject: Subject) -> int | None:
        return self.marks.get(subject, NO_MARK).grade


# By cycle and series, then by organisation: a cycle invites each once.
Results = Mapping[tuple[int, Series], Mapping[int, Result]]


def get_results(cycles: Sequence[Cycle], series: Series, banks: Banks) -> Results:
    """In this series of all the cycles, and in every series of the last of them.

    The exempt, drafts and whatever counts in participation alone are in none, as in every figure.
    """
    places = {
        pk: (cycle, organisation, Variant(variant))
        for pk, cycle, organisation, variant in Audit.objects.counted()
        .filter(invitee__cycle__in=cycles, invitee__exempt_reason="")
        .order_by()
        .values_list("pk", "invitee__cycle", "invitee__organisation", "invitee__cycle_questionnaire__variant")
    }
    subjects = _list_subjects(banks)
    marks: dict[tuple[int, str], dict[Subject, Mark]] = {}
    for audit, name, standard, theme, n, total, zeros, aside, grade in (
        Scorecard.objects.filter(
            audit__invitee__cycle__in=cycles,
            audit__invitee__exempt_reason="",
            audit__status__in=COUNTED,
            submission=F("audit__submission"),
        )
        .filter(Q(series=series) | Q(audit__invitee__cycle=cycles[-1]))
        .order_by()
        .values_list("audit", "series", "standard", "theme", "n", "sum", "zeros", "not_applicable", "grade")
    ):
        subject = subjects.get((standard, theme))
        if subject is not None:
            marks.setdefault((audit, name), {})[subject] = Mark(n, total, grade, aside, zeros)
    results: dict[tuple[int, Series], dict[int, Result]] = {
        (cycle.pk, one): {} for cycle in cycles for one in (Series if cycle == cycles[-1] else (series,))
    }
    for (audit, name), found in marks.items():
        # Between the two queries an audit may have been recalled.
        if audit in places and WHOLE in found:
            cycle, organisation, variant = places[audit]
            results[cycle, Series(name)][organisation] = Result(audit, organisation, variant, found)
    return results


def _list_subjects(banks: Banks) -> dict[tuple[int | None, int | None], Subject]:
    """By a scorecard's standard and theme."""
    found: dict[tuple[int | None, int | None], Subject] = {(None, None): WHOLE}
    for bank in banks.values():
        for held in bank:
            found[held.standard_pk, None] = Scope.STANDARD.value, held.standard
            found[None, held.theme_pk] = Scope.THEME.value, held.theme
    return found


@dataclass(frozen=True, slots=True)
class Marks:
    """What a group of audits adds up to under one subject. `grades` leaves out those that have none there."""

    grades: GradeCounts = field(default_factory=GradeCounts)
    n: int = 0
    total: int = 0

    @property
    def mean(self) -> str | None:
        return format_mean(self.total, self.n)

    def as_json(self) -> dict[str, object]:
        return {
            "grades": self.grades.as_json(),
            "at_grade_2": self.grades.at_grade_2.as_json(),
            "mean": self.mean,
            "scored": self.n,
        }


def add_up(marks: Iterable[Mark]) -> Marks:
    n = total = 0
    counts = [0, 0, 0]
    for mark in marks:
        n += mark.n
        total += mark.total
        if mark.grade is not None:
            counts[mark.grade] += 1
    return Marks(GradeCounts(*counts), n, total)
