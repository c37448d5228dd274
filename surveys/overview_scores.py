"""Several cycles side by side: what each asked, each agency's result, and every score.

Two queries read all that was answered and all that moderators and panels made of it; everything that counts answers
counts these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.db.models import F, Q

from s11.organisations.enums import Variant
from surveys.enums import ASKING, COUNTED, CycleKind, Series
from surveys.models import Answer, Cycle, Moderation
from surveys.overview_banks import Banks
from surveys.overview_breaks import Questions, make_questions
from surveys.overview_results import Result, Results
from surveys.series import LAYERS, SET_ASIDE, lay_over

Scores = Mapping[int, Mapping[int, int]]  # by audit, then by indicator: 0, 1, 2 or SET_ASIDE


@dataclass(frozen=True, slots=True)
class Moved:
    """One answer that a moderator or a panel looked at, and what it says in each series."""

    audit: int
    indicator: int
    said: Mapping[Series, int]


@dataclass(frozen=True, slots=True)
class LowAnswers:
    """Answers that were submitted as 0 or 1: each asks for an action, or for the reason why there is none."""

    by_indicator: Mapping[int, Sequence[int]]
    # Those that give one.
    with_reason: AbstractSet[int]


@dataclass(frozen=True, slots=True)
class Said:
    """`scores` are of the series asked for, of all the cycles; `low` and `moved` of the last one."""

    scores: Scores
    low: LowAnswers
    moved: Sequence[Moved]


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


def get_said(cycles: Sequence[Cycle], series: Series, results: Results) -> Said:
    """Two queries. Of audits that are in no result nothing is used."""
    audits = {result.audit for result in results[cycles[-1].pk, Series.SELF].values()}
    own: dict[int, dict[int, int]] = {}
    low: dict[int, list[int]] = {}
    with_reason: set[int] = set()
    # This runs for each of a hundred thousand answers: what it can do once, it does here.
    asking = frozenset(int(score) for score in ASKING)
    for answer, audit, indicator, score, reason in _read_answers(cycles):
        own.setdefault(audit, {})[indicator] = SET_ASIDE if score is None else score
        if score in asking and audit in audits:
            low.setdefault(indicator, []).append(answer)
            if reason:
                with_reason.add(answer)
    laid = _get_laid(cycles, series)
    return Said(
        scores=own if series == Series.SELF else _lay_over_all(own, laid, series),
        low=LowAnswers(low, with_reason),
        moved=[
            Moved(audit, indicator, {one: lay_over(own[audit][indicator], said, one) for one in Series})
            for audit, by_indicator in laid.items()
            if audit in audits
            for indicator, said in by_indicator.items()
            if indicator in own.get(audit, {})
        ],
    )


def _read_answers(cycles: Sequence[Cycle]) -> Iterable[tuple[int, int, int, int | None, str]]:
    """A row an answer, which is quick beside joining them in the database: see benchmarks.

    Columns alone, of which Django converts none: an expression among them would have each row looked at.
    """
    return (
        Answer.objects.submitted()
        .filter(
            audit__invitee__cycle__in=[cycle.pk for cycle in cycles],
            audit__invitee__exempt_reason="",
            audit__status__in=COUNTED,
        )
        .order_by()
        .values_list("pk", "audit", "indicator", "submitted_score", "no_action_reason")
    )


Laid = Mapping[int, Mapping[int, Mapping[Series, int | None]]]


def _get_laid(cycles: Sequence[Cycle], series: Series) -> Laid:
    """By audit and indicator, what the newest row of each series says of the last submission; of earlier cycles only
    what makes this series."""
    rows = (
        Moderation.objects.filter(
            Q(answer__audit__invitee__cycle=cycles[-1].pk) | Q(series__in=LAYERS[series]),
            answer__audit__invitee__cycle__in=[cycle.pk for cycle in cycles],
            submission=F("answer__audit__submission"),
        )
        .order_by("version")
        .values_list("answer__audit", "answer__indicator", "series", "is_not_applicable", "score")
    )
    found: dict[int, dict[int, dict[Series, int | None]]] = {}
    for audit, indicator, layer, is_set_aside, score in rows:
        by_indicator = found.setdefault(audit, {}).setdefault(indicator, {})
        by_indicator[Series(layer)] = SET_ASIDE if is_set_aside else score
    return found


def _lay_over_all(own: Scores, laid: Laid, series: Series) -> Scores:
    over = {
        audit: {
            **own[audit],
            **{
                indicator: lay_over(own[audit][indicator], said, series)
                for indicator, said in by_indicator.items()
                if indicator in own[audit]
            },
        }
        for audit, by_indicator in laid.items()
        if audit in own
    }
    return {**own, **over}
