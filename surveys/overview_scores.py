"""Several cycles side by side: what each asked, each agency's result, and every score. For year on year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from s11.organisations.enums import Variant
from surveys.enums import CycleKind, Series
from surveys.models import Answer, Cycle
from surveys.overview_banks import Banks
from surveys.overview_breaks import Questions, make_questions
from surveys.overview_results import Result, Results
from surveys.overview_rows import get_audits
from surveys.series import SET_ASIDE, with_outcome

__all__ = ("SET_ASIDE", "Scores", "Year", "get_scores", "list_present", "make_years")

Scores = Mapping[int, Mapping[int, int]]  # by audit, then by indicator: 0, 1, 2 or SET_ASIDE


@dataclass(frozen=True, slots=True)
class Year:
    """A cycle with what it asked and each agency's result, by organisation."""

    cycle: Cycle
    questions: Questions
    results: Mapping[int, Result]


def make_years(cycles: Sequence[Cycle], series: Series, banks: Banks, results: Results) -> list[Year]:
    """In the order given."""
    return [
        Year(
            cycle,
            make_questions(
                {variant: banks.get((cycle.pk, variant), ()) for variant in Variant}, CycleKind(cycle.kind)
            ),
            results[cycle.pk, series],
        )
        for cycle in cycles
    ]


def list_present(now: Year, then: Year) -> Iterable[tuple[Result, Result]]:
    """Agencies with an audit of the same variant in both: (this cycle's, the earlier one's)."""
    for organisation, result in now.results.items():
        past = then.results.get(organisation)
        if past is not None and past.variant == result.variant:
            yield result, past


def get_scores(cycles: Collection[Cycle], series: Series) -> Scores:
    """One query. A row an answer, which is quick beside joining them in the database: see benchmarks."""
    answers = Answer.objects.submitted().filter(audit__in=get_audits(cycles, series)).order_by()
    found: dict[int, dict[int, int]] = {}
    if series == Series.SELF:
        # A column as it is: an expression would be converted row by row, a third of the time of a large cycle.
        for audit, indicator, score in answers.values_list("audit", "indicator", "submitted_score"):
            found.setdefault(audit, {})[indicator] = SET_ASIDE if score is None else score
        return found
    for audit, indicator, outcome in with_outcome(answers, series).values_list(
        "audit", "indicator", "outcome"
    ):
        found.setdefault(audit, {})[indicator] = outcome
    return found
