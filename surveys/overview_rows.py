"""One cycle grouped and counted by the database: a fixed number of queries, pivoted by pandas.

Whole numbers only: sums and counts leave here, never a mean or a percentage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, When

from surveys.enums import COUNTED, Scope, Score, Series
from surveys.figures import GradeCounts
from surveys.models import Answer, Audit, Cycle, Scorecard
from surveys.overview_banks import Subject, Subjects, get_banks, keep_asked_in, list_subjects
from surveys.overview_basis import (
    NOT_APPLICABLE,
    Basis,
    CardFigures,
    CardKey,
    Cards,
    Counts,
    list_taking_part,
    make_below_grade_2,
    make_critical_zero,
)
from surveys.overview_places import get_invited_places
from surveys.participation import get_members, make_participation
from surveys.series import SET_ASIDE, with_outcome

if TYPE_CHECKING:
    from surveys.series import SaidAnswer

OUTCOMES = (*Score.values, NOT_APPLICABLE)


def get_audits(cycles: Cycle | Collection[Cycle], series: Series) -> QuerySet[Audit]:
    """The audits that figures of this series are about: as last submitted, and with a scorecard of the series.

    Left out are the exempt, as everywhere, and whatever counts in participation alone and so has no scorecard.
    """
    return Audit.objects.counted().filter(
        invitee__cycle__in=[cycles] if isinstance(cycles, Cycle) else cycles,
        invitee__exempt_reason="",
        scorecards__series=series,
        scorecards__scope=Scope.WHOLE,
        scorecards__submission=F("submission"),
    )


def get_series_answers(cycle: Cycle, series: Series) -> QuerySet[SaidAnswer]:
    """What those audits answered, as last submitted; what they were not asked is left out.

    Each has `outcome`: its score in this series, or SET_ASIDE.
    """
    answers = Answer.objects.submitted().filter(audit__in=get_audits(cycle, series)).order_by()
    return with_outcome(answers, series)


def count_basis(cycle: Cycle, series: Series) -> Basis:
    """Eight queries, whatever the number of organisations, audits and answers, of which there are most: they are gone
    through once."""
    banks = get_banks([cycle])
    places = get_invited_places([cycle])[cycle.pk]
    by_audit = {one.audit: one for one in places if one.audit is not None}
    critical = {held.pk: held for bank in banks.values() for held in bank if held.is_critical}
    answers = get_answer_groups(cycle, series, critical)
    cards = get_card_groups(cycle, series, list_subjects(banks.values()))
    counts = make_counts(answers)
    return Basis(
        participation=make_participation(cycle, list_taking_part(places), get_members(cycle)),
        indicators=keep_asked_in(cycle, banks, counts),
        cards=make_cards(cards),
        counts=counts,
        critical_zeros=sorted(
            make_critical_zero(by_audit[one.audit], critical[one.indicator])
            for one in answers
            if one.audit in by_audit
        ),
        below_grade_2=sorted(
            make_below_grade_2(by_audit[audit], grade, n, total)
            for audit, grade, n, total in get_low_audits(cycle, series)
            if audit in by_audit and grade is not None
        ),
    )


class AnswerGroup(NamedTuple):
    """How many answers to an indicator say this; a critical 0 stands alone, with its audit."""

    indicator: int
    outcome: int
    audit: int | None
    answers: int


class CardGroup(NamedTuple):
    """Scorecards of one subject with this grade, and the sums of their scores."""

    variant: str
    subject: Subject
    grade: int | None
    audits: int
    n: int
    total: int


def get_answer_groups(cycle: Cycle, series: Series, critical: Iterable[int]) -> list[AnswerGroup]:
    """One query."""
    # The score first: of most answers it decides by itself.
    is_zero = Q(outcome=Score.NO_PROGRESS) & Q(indicator__in=list(critical))
    is_named = When(is_zero, then=F("audit_id"))
    rows = (
        get_series_answers(cycle, series)
        .annotate(named=Case(is_named, default=None, output_field=IntegerField()))
        .values_list("indicator_id", "outcome", "named")
        .annotate(answers=Count("pk"))
    )
    return [AnswerGroup(*row) for row in rows]


def get_card_groups(cycle: Cycle, series: Series, subjects: Subjects) -> list[CardGroup]:
    """Two queries. `subjects` names each by its standard and theme."""
    variants = dict(cycle.cycle_questionnaires.values_list("pk", "variant"))
    rows = (
        get_last_cards(cycle, series)
        # By the pin's number, for the database sorts texts more slowly.
        .values_list("audit__invitee__cycle_questionnaire", "standard", "theme", "grade")
        .annotate(audits=Count("pk"), scored=Sum("n"), total=Sum("sum"))
    )
    return [
        CardGroup(variants[pin], subjects[standard, theme], *rest)
        for pin, standard, theme, *rest in rows
        if (standard, theme) in subjects
    ]


def get_low_audits(cycle: Cycle, series: Series) -> Iterable[tuple[int, int | None, int, int]]:
    """Those below grade 2: (audit, grade, scores, their sum). One query, by the index of whole audits."""
    low = get_last_cards(cycle, series).filter(scope=Scope.WHOLE, grade__lt=Score.ACHIEVED)
    return low.values_list("audit", "grade", "n", "sum")


def get_last_cards(cycle: Cycle, series: Series) -> QuerySet[Scorecard]:
    """Of each audit's last submission."""
    cards = Scorecard.objects.of_last_submission().filter(
        series=series,
        audit__status__in=COUNTED,
        audit__invitee__cycle=cycle.pk,
        audit__invitee__exempt_reason="",
    )
    return cards.order_by()


def make_cards(groups: Sequence[CardGroup]) -> Cards:
    """A group without a grade (all not applicable) is of audits, but in none of the grades."""
    if not groups:
        return {}
    # Here, because pandas takes a third of a second to import and few pages and commands need it.
    import pandas as pd  # noqa: PLC0415

    rows = [(one.variant, *one.subject, one.grade, one.audits, one.n, one.total) for one in groups]
    subject = ["variant", "scope", "code"]
    # Nullable whole numbers: the usual ones would become floats as soon as one grade is missing.
    frame = pd.DataFrame(rows, columns=[*subject, "grade", "audits", "scored", "total"]).convert_dtypes()
    sums = frame.groupby(subject)[["audits", "scored", "total"]].sum()
    grades = frame.pivot_table(index=subject, columns="grade", values="audits", aggfunc="sum", fill_value=0)
    table = sums.join(grades.reindex(columns=list(Score.values), fill_value=0)).fillna(0)
    # Where one subject has no grade at all, the join made floats of every count after all.
    table = table.astype("int64")
    return {
        cast("CardKey", key): CardFigures(
            row["audits"],
            GradeCounts(*(row[score] for score in Score.values)),
            n=row["scored"],
            total=row["total"],
        )
        for key, row in table.to_dict("index").items()
    }


def make_counts(groups: Iterable[AnswerGroup]) -> Mapping[int, Counts]:
    """For each indicator's id, how many answers are 0, 1, 2 and not applicable."""
    named = [
        (one.indicator, NOT_APPLICABLE if one.outcome == SET_ASIDE else one.outcome, one.answers)
        for one in groups
    ]
    if not named:
        return {}
    import pandas as pd  # noqa: PLC0415 (as above)

    frame = pd.DataFrame(named, columns=["indicator", "outcome", "answers"])
    table = frame.pivot_table(
        index="indicator", columns="outcome", values="answers", aggfunc="sum", fill_value=0
    )
    table = table.reindex(columns=list(OUTCOMES), fill_value=0)
    return cast("dict[int, Counts]", table.to_dict("index"))
