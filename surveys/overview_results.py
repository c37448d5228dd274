"""Each submitted audit's frozen figures, for whatever compares audits: years, series, kinds of agency, the heat map.

One query, whatever the number of cycles, series and audits. Exact sums and counts leave here, never a mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.db.models import F, Q

from s11.organisations.enums import Variant
from surveys.enums import COUNTED, Series
from surveys.figures import GradeCounts, format_mean
from surveys.models import Cycle, Scorecard
from surveys.overview_banks import WHOLE, Banks, Subject, list_subjects
from surveys.overview_places import InvitedPlaces


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


def get_results(cycles: Sequence[Cycle], series: Series, banks: Banks, places: InvitedPlaces) -> Results:
    """In this series of all the cycles, and in every series of the last of them.

    The exempt, drafts and whatever counts in participation alone are in none, as in every figure.
    """
    audits = {
        one.audit: (cycle.pk, one.organisation, one.variant)
        for cycle in cycles
        for one in places[cycle.pk]
        if one.audit is not None and not one.is_exempt
    }
    subjects = list_subjects(banks.values())
    marks: dict[tuple[int, str], dict[Subject, Mark]] = {}
    rows = (
        Scorecard.objects.filter(
            audit__invitee__cycle__in=[cycle.pk for cycle in cycles],
            audit__invitee__exempt_reason="",
            audit__status__in=COUNTED,
            submission=F("audit__submission"),
        )
        .filter(Q(series=series) | Q(audit__invitee__cycle=cycles[-1].pk))
        .order_by()
        .values_list("audit", "series", "standard", "theme", "n", "sum", "zeros", "not_applicable", "grade")
    )
    for audit, name, standard, theme, n, total, zeros, aside, grade in rows:
        subject = subjects.get((standard, theme))
        if subject is not None:
            marks.setdefault((audit, name), {})[subject] = Mark(n, total, grade, aside, zeros)
    results: dict[tuple[int, Series], dict[int, Result]] = {
        (cycle.pk, one): {} for cycle in cycles for one in (Series if cycle == cycles[-1] else (series,))
    }
    for (audit, name), found in marks.items():
        # Where it is not all read as of one moment, an audit may have been recalled meanwhile.
        if audit in audits and WHOLE in found:
            cycle, organisation, variant = audits[audit]
            results[cycle, Series(name)][organisation] = Result(audit, organisation, variant, found)
    return results


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
