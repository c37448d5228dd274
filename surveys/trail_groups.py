"""Saves that a page makes by itself, put together: one line for what a person wrote in one sitting.

A page saves at each pause, and each save is a row that stays. In a list of what happened, rows of one answer by one
person that follow each other within PAUSE are one change, from before the first to after the last.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField

from surveys.models import AnswerChange, AuditEvent

# Between one save and the next. Longer, and it is another sitting.
PAUSE = datetime.timedelta(minutes=10)
# What no page saves by itself stands alone: why there is no action, what a passport brought in, what a group answered.
PLAIN = Q(no_action_before=F("no_action_after"), is_brought_in=False, group=None)
# And, in a list that says so, what was sent from an audit elsewhere. In any other it must not be told apart: who reads
# that list would learn from it that there is such an audit.
TELLS_SENT = "tells_sent"


@dataclass(frozen=True, slots=True)
class Sitting:
    """By the id of its last row: its first, and how many rows there are."""

    first: int
    saves: int


def mark_ends(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With `is_end`: whether none of these rows goes on with the same change.

    Nor does one after something has happened to the audit as a whole: what was submitted in between must stand there.
    """
    plain = PLAIN if rows.model is AnswerChange else Q()
    if TELLS_SENT in rows.query.annotations:
        plain &= Q(sent_from=None)
    audit = OuterRef("answer__audit")
    between = AuditEvent.objects.filter(audit=audit, at__gt=OuterRef(OuterRef("at")), at__lte=OuterRef("at"))
    goes_on = (
        rows.select_related(None)
        .order_by()
        .filter(
            plain,
            ~Exists(between),
            answer=OuterRef("answer"),
            by=OuterRef("by"),
            version=OuterRef("version") + 1,
            at__lte=OuterRef("at") + PAUSE,
        )
    )
    is_end = Case(
        When(~plain | ~Exists(goes_on) if plain else ~Exists(goes_on), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    marked: QuerySet[Any] = rows.annotate(is_end=is_end)
    return marked


def keep_ends(rows: QuerySet[Any]) -> QuerySet[Any]:
    """One row a sitting, its last."""
    return mark_ends(rows).filter(is_end=True)


def get_sittings(rows: QuerySet[Any], ends: Iterable[Any]) -> dict[int, Sitting]:
    """Of these last rows. One query, of ids alone."""
    answers = {end.answer_id for end in ends}
    if not answers:
        return {}
    listed = (
        mark_ends(rows)
        .filter(answer__in=answers)
        .select_related(None)
        .order_by("answer", "version")
        .values_list("pk", "answer_id", "is_end")
    )
    return find_sittings(listed)


def find_sittings(rows: Iterable[tuple[int, int, bool]]) -> dict[int, Sitting]:
    """Of (row, answer, whether it is an end), each answer's in the order of its versions."""
    found: dict[int, Sitting] = {}
    begun: list[int] = []
    of = 0
    for row, answer, is_end in rows:
        if answer != of:
            begun, of = [], answer
        begun.append(row)
        if is_end:
            found[row] = Sitting(begun[0], len(begun))
            begun = []
    return found
