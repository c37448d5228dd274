"""One cycle grouped and counted by the database: a fixed number of queries, pivoted by pandas.

Whole numbers only: sums and counts leave here, never a mean or a percentage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from s11.organisations.models import Participation
from surveys.enums import COUNTED, Scope, Score, Series
from surveys.figures import GradeCounts
from surveys.models import Answer, Audit, Cycle, Scorecard
from surveys.overview_banks import Subject
from surveys.overview_basis import NOT_APPLICABLE, CardFigures, CardKey, Cards, Counts
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


def get_cards(
    cycle: Cycle, series: Series, subjects: Mapping[tuple[int | None, int | None], Subject]
) -> Cards:
    """One query: scorecards of each audit's last submission, by variant and subject.

    `subjects` names each by its standard and theme.
    """
    rows = (
        Scorecard.objects.of_last_submission()
        .filter(
            series=series,
            audit__status__in=COUNTED,
            audit__invitee__cycle=cycle,
            audit__invitee__exempt_reason="",
        )
        .order_by()
        .values("standard", "theme", "grade", variant=F("audit__invitee__cycle_questionnaire__variant"))
        .annotate(audits=Count("pk"), scored=Sum("n"), total=Sum("sum"))
    )
    named = []
    for row in rows:
        subject = subjects.get((row["standard"], row["theme"]))
        if subject is not None:
            named.append({**row, "scope": subject[0], "code": subject[1]})
    return make_cards(named)


def make_cards(rows: Sequence[Mapping[str, Any]]) -> Cards:
    """A row without a grade (all not applicable) is an audit, but in none of the grades."""
    if not rows:
        return {}
    # Here, because pandas takes a third of a second to import and few pages and commands need it.
    import pandas as pd  # noqa: PLC0415

    # Nullable whole numbers: the usual ones would become floats as soon as one grade is missing.
    frame = pd.DataFrame(rows).convert_dtypes()
    subject = ["variant", "scope", "code"]
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


def get_counts(cycle: Cycle, series: Series) -> Mapping[int, Counts]:
    """One query: for each indicator's id, how many answers are 0, 1, 2 and not applicable."""
    rows = (
        get_series_answers(cycle, series).values_list("indicator_id", "outcome").annotate(answers=Count("pk"))
    )
    return make_counts(rows)


def make_counts(rows: Iterable[tuple[int, int, int]]) -> Mapping[int, Counts]:
    named = [
        (indicator, NOT_APPLICABLE if score == SET_ASIDE else score, answers)
        for indicator, score, answers in rows
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


def name_here(cycle: Cycle, organisation: str) -> Combinable:
    """What the cycle's partnership calls an organisation; `organisation` is the lookup that leads to it."""
    local_names = Participation.objects.filter(
        partnership=cycle.partnership_id, organisation=OuterRef(organisation)
    ).values("local_name")[:1]
    return Coalesce(
        NullIf(Subquery(local_names), Value("")), F(f"{organisation}__name"), output_field=CharField()
    )


def get_critical_zeros(cycle: Cycle, series: Series) -> list[tuple[str, str, str, str, str]]:
    """One query: (organisation's name, indicator's code, its text, the variant, the slug), by name and then code.

    Sorted here, because databases disagree about the order of names.
    """
    rows = (
        get_series_answers(cycle, series)
        .filter(outcome=Score.NO_PROGRESS, indicator__is_critical=True)
        .values_list(
            name_here(cycle, "audit__invitee__organisation"),
            "indicator__code",
            "indicator__text",
            "audit__invitee__cycle_questionnaire__variant",
            "audit__invitee__organisation__slug",
        )
    )
    return sorted(rows)


def get_below_grade_2(cycle: Cycle, series: Series) -> list[tuple[int, str, str, str, int, int]]:
    """One query: (grade, organisation's name, the slug, the variant, scores, their sum) of audits at 0 or 1 overall.

    The lowest grade first, then by name.
    """
    rows = Scorecard.objects.of_last_submission().filter(
        audit__in=get_audits(cycle, series), series=series, scope=Scope.WHOLE, grade__lt=Score.ACHIEVED
    )
    return sorted(
        rows.values_list(
            "grade",
            name_here(cycle, "audit__invitee__organisation"),
            "audit__invitee__organisation__slug",
            "audit__invitee__cycle_questionnaire__variant",
            "n",
            "sum",
        )
    )
