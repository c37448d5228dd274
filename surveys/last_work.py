"""When anybody last worked on an audit: whatever they did, said once for every list that shows or judges it."""

from __future__ import annotations

import datetime
from typing import Final

from django.db.models import DateTimeField, Func, Max, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, NullIf

from surveys.models import Action, ActionUpdate, Answer, Assignment, EvidenceChange, ProfileAnswer

# The two databases differ on the greatest of nothing and something, so nothing is a day before all others.
NEVER: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def make_last_work(audit: str = "audit") -> Func:
    """The newest moment of an answer, a fact, evidence, an action or a part given to somebody; none where all lack.

    To annotate with; `audit` is the path to it. What was brought forward and left alone is nobody's doing.
    """
    of = OuterRef(audit)
    moments = (
        _newest(Answer.objects.filter(audit=of, confirmed=True), "audit", "updated_at"),
        _newest(ProfileAnswer.objects.filter(audit=of), "audit", "updated_at"),
        _newest(
            EvidenceChange.objects.filter(answer__audit=of, answer__confirmed=True), "answer__audit", "at"
        ),
        _newest(Action.objects.filter(answer__audit=of), "answer__audit", "created_at"),
        _newest(ActionUpdate.objects.filter(action__answer__audit=of), "action__answer__audit", "at"),
        _newest(Assignment.objects.filter(audit=of), "audit", "at"),
    )
    never = Value(NEVER, output_field=DateTimeField())
    return NullIf(Greatest(*(Coalesce(moment, never) for moment in moments)), never)


def _newest(rows: QuerySet[Model], audit: str, moment: str) -> Subquery:
    return Subquery(rows.order_by().values(audit).annotate(newest=Max(moment)).values("newest"))
