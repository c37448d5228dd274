"""Where a person is at a meeting: their seat, if they have one, and what keeps them out.

The lookup finds meetings of a round that the person is in already; a conflict of interest refuses in permissions.py.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Value
from django.http import Http404

from accountability.conflicts import find_conflict
from accountability.enums import MeetingStatus, MinutesStatus
from accountability.models import Meeting, PanelMember, Seat
from accountability.queries import Round
from s11.organisations.enums import ORGANISERS
from s11.organisations.models import Organisation, User
from s11.web.dates import LONDON
from surveys.models.audits import READERS

# Of a meeting that has no slot.
USUAL_MINUTES: Final = 30


@dataclass(frozen=True, slots=True)
class AtMeeting:
    """A meeting, and what the person is to it."""

    here: Round
    meeting: Meeting
    seats: tuple[Seat, ...]
    own: Seat | None
    # As the person was told; before that only officers know the plan.
    is_seated: bool = False
    conflict: str = ""

    @property
    def organisation(self) -> Organisation:
        return self.meeting.organisation

    @property
    def slugs(self) -> dict[str, str]:
        """What the addresses of its pages are made of."""
        return {**self.here.slugs, "organisation": self.organisation.slug}

    @property
    def is_reader(self) -> bool:
        return bool(self.here.desk.roles & frozenset(READERS))

    @property
    def is_organiser(self) -> bool:
        return bool(self.here.desk.roles & ORGANISERS)

    @property
    def is_chair(self) -> bool:
        return self.is_seated and self.own is not None and self.own.is_chair

    @property
    def chair(self) -> PanelMember | None:
        return next((seat.member for seat in self.seats if seat.is_chair), None)

    @property
    def minutes_status(self) -> MinutesStatus | None:
        """None while nobody has begun them."""
        minutes = getattr(self.meeting, "minutes", None)
        return MinutesStatus(minutes.status) if minutes is not None else None

    @property
    def is_in_progress(self) -> bool:
        return self.meeting.status == MeetingStatus.CALLED and self.meeting.started_at is not None

    @property
    def planned_at(self) -> datetime.datetime | None:
        day, starts_at = self.meeting.day, self.meeting.starts_at
        if day is None or starts_at is None:
            return None
        return datetime.datetime.combine(day.date, starts_at, tzinfo=LONDON)

    @property
    def minutes_long(self) -> int:
        return self.meeting.day.minutes if self.meeting.day is not None else USUAL_MINUTES


def get_at_meeting_or_404(user: User, here: Round, organisation: str) -> AtMeeting:
    """One of the round's, by its agency's slug. At most seven queries."""
    found = (
        here.panel.meetings.filter(invitee__organisation__slug=organisation)
        .select_related(
            "invitee__organisation", "invitee__cycle_questionnaire__questionnaire", "day", "minutes"
        )
        .annotate(is_seated=_make_is_seated(here.own))
        .first()
    )
    if found is None:
        raise Http404
    found.panel, found.invitee.cycle = here.panel, here.cycle
    seats = tuple(
        found.seats.select_related(
            "member__officer__user",
            "member__contact",
            "member__organisation",
            "substitute_for__officer__user",
            "substitute_for__contact",
        )
    )
    own = next((seat for seat in seats if here.own is not None and seat.member_id == here.own.pk), None)
    conflict = find_conflict(user, here.panel, found.invitee.organisation_id)
    return AtMeeting(here, found, seats, own, bool(vars(found)["is_seated"]), conflict)


def _make_is_seated(member: PanelMember | None) -> Exists | Value:
    if member is None:
        return Value(value=False)
    return Exists(Meeting.objects.sat_in_by(member).filter(pk=OuterRef("pk")))
