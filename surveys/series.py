"""What an answer says in a series: the panel's score over the moderated one over what the agency submitted.

The one place that lays one over the other, for figures (SQL) as for one audit's pages and scorecards (Python).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypedDict, cast

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from surveys.enums import Series
from surveys.models import Answer, Audit, Moderation
from surveys.scoring import NOT_APPLICABLE, Item

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Said(TypedDict):
        outcome: int

    SaidAnswer = WithAnnotations[Answer, _Said]

# Which series' rows count in each, the first that says anything wins; below all of them stands the agency's answer.
LAYERS: Final[Mapping[Series, tuple[Series, ...]]] = {
    Series.SELF: (),
    Series.MODERATED: (Series.MODERATED,),
    Series.PANEL: (Series.PANEL, Series.MODERATED),
}
# In SQL one whole number holds what an answer says.
SET_ASIDE: Final = -1


def with_outcome(answers: QuerySet[Answer], series: Series) -> QuerySet[SaidAnswer]:
    """Submitted answers, each with `outcome`: its score in this series, or SET_ASIDE where it is not applicable."""
    return cast("QuerySet[SaidAnswer]", answers.annotate(outcome=make_outcome(series)))


def make_outcome(series: Series) -> Coalesce:
    """Of submitted answers, for queries that ask about several series at once."""
    layers = [_newest_row(layer) for layer in LAYERS[series]]
    # Of what was submitted, no score means not applicable.
    return Coalesce(*layers, F("submitted_score"), Value(SET_ASIDE), output_field=IntegerField())


def _newest_row(series: Series) -> Subquery:
    """What the newest row of this series says; NULL where there is none, or where it lets the answer stand."""
    rows = Moderation.objects.filter(
        answer=OuterRef("pk"), submission=OuterRef("audit__submission"), series=series
    ).order_by("-version")
    said = Case(
        When(is_not_applicable=True, then=Value(SET_ASIDE)),
        When(Q(score__isnull=False), then=F("score")),
        output_field=IntegerField(),
    )
    return Subquery(rows.annotate(said=said).values("said")[:1], output_field=IntegerField())


def lay_over(own: int, said: Mapping[Series, int | None], series: Series) -> int:
    """The same rule for whole numbers; `said` has what the newest row of each layer says."""
    for layer in LAYERS[series]:
        score = said.get(layer)
        if score is not None:
            return score
    return own


def get_newest(audit: Audit, series: Series) -> dict[int, Moderation]:
    """By the answer's id: the row that holds for the last submission. One query."""
    rows = Moderation.objects.filter(answer__audit=audit, submission=audit.submission, series=series)
    return {row.answer_id: row for row in rows.select_related("by").order_by("version")}


def make_series_item(answer: Answer, newest: Iterable[Mapping[int, Moderation]]) -> Item:
    """The same rule for one answer; `newest` are the rows of its layers, the uppermost first."""
    for rows in newest:
        row = rows.get(answer.pk)
        if row is not None and row.is_not_applicable:
            return NOT_APPLICABLE
        if row is not None and row.score is not None:
            return row.score
    return NOT_APPLICABLE if answer.submitted_not_applicable else answer.submitted_score


def get_series_items(audit: Audit, series: Series) -> list[tuple[Answer, Item]]:
    """All that the audit's last submission answered, with what each says in this series."""
    newest = [get_newest(audit, layer) for layer in LAYERS[series]]
    answers = audit.answers.submitted().select_related("indicator").order_by("indicator__position")
    return [(answer, make_series_item(answer, newest)) for answer in answers]
