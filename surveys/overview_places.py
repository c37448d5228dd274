"""Everybody who was invited to some cycles of a partnership, and what came back: an audit, an own tool, nothing.

One query, whatever the number of cycles and organisations. Figures of who took part in several cycles, and rows that
name organisations, are made from these.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat

from s11.organisations.enums import Variant
from surveys.figures import LONDON, is_on_time
from surveys.models import Answer, Cycle, Invitee, ProfileAnswer, ProfileChange


@dataclass(frozen=True, slots=True)
class InvitedPlace:
    """One invited organisation. The exempt are here too, and in no figure."""

    organisation: int
    name: str
    slug: str
    variant: Variant
    is_exempt: bool
    is_statutory: bool
    # Which national registers know it: schools', the NHS's, Ofsted's.
    registers: tuple[bool, bool, bool]
    # The title of its own national audit, where it returned that in place of answers.
    own_tool: str
    # First submission, of an audit that counts or of its own tool.
    returned_at: datetime.datetime | None
    extended_to: datetime.date | None
    # Its audit, where that counts.
    audit: int | None = None
    # Somebody has answered something, or returned something else.
    is_started: bool = False
    # What its profile counts, and how many there were when it was last submitted.
    size: tuple[str, int] | None = None

    @property
    def is_submitted(self) -> bool:
        return self.returned_at is not None

    @property
    def is_own_tool(self) -> bool:
        return self.is_submitted and self.audit is None

    @property
    def returned_on(self) -> datetime.date | None:
        """The day in England."""
        return self.returned_at.astimezone(LONDON).date() if self.returned_at is not None else None

    def is_on_time(self, closes_on: datetime.date) -> bool:
        return self.returned_at is not None and is_on_time(self.returned_at, closes_on, self.extended_to)


InvitedPlaces = Mapping[int, tuple[InvitedPlace, ...]]  # by cycle
COLUMNS: Final = (
    "cycle",
    "organisation",
    "organisation__name",
    "organisation__slug",
    "organisation__urn",
    "organisation__ods_code",
    "organisation__ofsted_number",
    "cycle_questionnaire__variant",
    "exempt_reason",
    "extended_to",
    "own_tool_return__title",
    "own_tool_return__submitted_at",
    "audit",
    "audit__first_submitted_at",
    "here__local_name",
    "here__is_statutory",
    "is_answered",
    "size",
)
# Profile questions have no key: the same words are the same question. What each counts.
UNITS: Final = {
    "How many paid staff work in regulated activity with children?": "staff",
    "How many staff work in regulated activity with children?": "staff",
    "How many places is the home registered for?": "places",
    "How many pupils are on roll today?": "pupils",
}


def get_invited_places(cycles: Collection[Cycle], *, has_sizes: bool = False) -> InvitedPlaces:
    """Of cycles of one partnership; each in the order of the names used here. Only who shows sizes asks for them."""
    rows = (
        Invitee.objects.filter(cycle__in=[cycle.pk for cycle in cycles])
        .annotate(
            here=FilteredRelation(
                "organisation__participations",
                condition=Q(organisation__participations__partnership=next(iter(cycles)).partnership_id),
            ),
            # Of what was submitted nobody has to ask.
            is_answered=Case(
                When(audit__first_submitted_at__isnull=False, then=Value(1)),
                When(Exists(Answer.objects.answered().filter(audit=OuterRef("audit"))), then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            ),
            size=_make_size() if has_sizes else Value("", output_field=TextField()),
        )
        .order_by()
    )
    found: dict[int, list[InvitedPlace]] = {cycle.pk: [] for cycle in cycles}
    for row in rows.values(*COLUMNS):
        found[row["cycle"]].append(_make_place(row))
    # Sorted here, because databases disagree about the order of names.
    return {
        cycle: tuple(sorted(places, key=lambda one: (one.name, one.slug))) for cycle, places in found.items()
    }


def _make_size() -> Subquery:
    """The words of the question, a line break, and what it said when it was last submitted."""
    since = ProfileChange.objects.filter(
        answer=OuterRef("pk"), at__gt=OuterRef("audit__submitted_at")
    ).order_by("version")
    said = (
        ProfileAnswer.objects.filter(audit=OuterRef("audit"), question__text__in=UNITS)
        .order_by("question__position")
        .annotate(then=Coalesce(Subquery(since.values("value_before")[:1]), F("value")))
        .annotate(size=Concat("question__text", Value("\n"), "then", output_field=TextField()))
    )
    return Subquery(said.values("size")[:1])


def _make_place(row: Mapping[str, Any]) -> InvitedPlace:
    submitted_at = row["audit__first_submitted_at"]
    returned_at = submitted_at or row["own_tool_return__submitted_at"]
    question, _, said = (row["size"] or "").partition("\n")
    registers = (row["organisation__urn"], row["organisation__ods_code"], row["organisation__ofsted_number"])
    return InvitedPlace(
        organisation=row["organisation"],
        name=row["here__local_name"] or row["organisation__name"],
        slug=row["organisation__slug"],
        variant=Variant(row["cycle_questionnaire__variant"]),
        is_exempt=bool(row["exempt_reason"]),
        is_statutory=bool(row["here__is_statutory"]),
        registers=(bool(registers[0]), bool(registers[1]), bool(registers[2])),
        own_tool="" if submitted_at is not None else row["own_tool_return__title"] or "",
        returned_at=returned_at,
        extended_to=row["extended_to"],
        # A check constraint promises that only one that counts has a moment of its first submission.
        audit=row["audit"] if submitted_at is not None else None,
        is_started=bool(row["is_answered"]) or returned_at is not None,
        size=(UNITS[question], int(said)) if said.isdecimal() else None,
    )
