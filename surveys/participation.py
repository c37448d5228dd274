"""How far a cycle has come: who was invited, is registered, has started, has submitted, and when.

Exempt organisations are in none of it, nor in any other figure of the cycle, so that all of them reconcile.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from s11.organisations.enums import Variant
from s11.organisations.models import Membership
from surveys.figures import LONDON, ParticipationFigures, Returns, Share, is_on_time
from surveys.models import Answer, Cycle


@dataclass(frozen=True, slots=True)
class TookPart(Returns):
    """The organisations of one variant."""

    invited: int
    submitted: int
    own_tool: int


@dataclass(frozen=True, slots=True)
class ParticipationByDay:
    """The figures; how many audits were first submitted on each day in England; who took part by variant, in the order
    of every report and without variants of which nobody is invited."""

    figures: ParticipationFigures
    returns: Mapping[datetime.date, int]
    took_part: Mapping[Variant, TookPart]

    @property
    def variants(self) -> dict[Variant, Share]:
        """Submitted of invited."""
        return {variant: Share(one.submitted, one.invited) for variant, one in self.took_part.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """One invited organisation's place in the cycle.

    `first_submitted_at` is empty unless the audit counts: a check constraint promises it, and a recall empties it. Of
    an organisation's own national audit, returned in place of answers, it is the moment of that.
    """

    organisation: int
    variant: str
    is_started: bool
    first_submitted_at: datetime.datetime | None
    extended_to: datetime.date | None
    is_own_tool: bool = False

    @property
    def is_submitted(self) -> bool:
        return self.first_submitted_at is not None

    def is_on_time(self, closes_on: datetime.date) -> bool:
        return self.first_submitted_at is not None and is_on_time(
            self.first_submitted_at, closes_on, self.extended_to
        )


def get_participation(cycle: Cycle) -> ParticipationFigures:
    return get_participation_by_day(cycle).figures


def get_participation_by_day(cycle: Cycle) -> ParticipationByDay:
    """Two queries, whatever the number of organisations."""
    return make_participation(cycle, get_places(cycle), get_members(cycle))


def make_participation(
    cycle: Cycle, places: Sequence[Place], members: Collection[tuple[int, int]]
) -> ParticipationByDay:
    """Pure. `members` are (organisation, user)."""
    registered = {organisation for organisation, _ in members}
    submitted = [place for place in places if place.is_submitted]
    figures = ParticipationFigures(
        invited=len(places),
        registered=len(registered),
        users=len({user for _, user in members}),
        started=sum(place.is_started for place in places),
        submitted=len(submitted),
        submitted_and_registered=sum(place.organisation in registered for place in submitted),
        on_time=sum(place.is_on_time(cycle.closes_on) for place in submitted),
        own_tool=sum(place.is_own_tool for place in submitted),
    )
    moments = [place.first_submitted_at for place in submitted if place.first_submitted_at]
    days = Counter(moment.astimezone(LONDON).date() for moment in moments)
    return ParticipationByDay(figures, dict(sorted(days.items())), count_by_variant(places))


def count_by_variant(places: Sequence[Place]) -> dict[Variant, TookPart]:
    by_variant = {variant: [one for one in places if one.variant == variant] for variant in Variant}
    return {
        variant: TookPart(
            invited=len(of),
            submitted=sum(one.is_submitted for one in of),
            own_tool=sum(one.is_own_tool for one in of),
        )
        for variant, of in by_variant.items()
        if of
    }


def get_places(cycle: Cycle) -> list[Place]:
    """One query. A carried-over answer that nobody has confirmed is no start; a return of one’s own tool is one."""
    answered = Answer.objects.answered().filter(audit=OuterRef("audit"))
    rows = (
        cycle.invitees.not_exempt()
        .order_by()
        .annotate(
            is_answered=Exists(answered),
            returned_at=Coalesce("audit__first_submitted_at", "own_tool_return__submitted_at"),
        )
    )
    return [
        Place(
            organisation=organisation,
            variant=variant,
            is_started=is_answered or returned_at is not None,
            first_submitted_at=returned_at,
            extended_to=extended_to,
            is_own_tool=returned_at is not None and submitted_at is None,
        )
        for organisation, variant, extended_to, returned_at, is_answered, submitted_at in rows.values_list(
            "organisation",
            "cycle_questionnaire__variant",
            "extended_to",
            "returned_at",
            "is_answered",
            "audit__first_submitted_at",
        )
    ]


def get_members(cycle: Cycle) -> set[tuple[int, int]]:
    """One query: (organisation, user) of active members, as at now or as at the moment the cycle was closed."""
    moment = cycle.closed_at
    members = (
        Membership.objects.active() if moment is None else Membership.objects.active_at(moment)
    ).filter(organisation__in=cycle.invitees.not_exempt().values("organisation"))
    return set(members.order_by().values_list("organisation", "user"))
