"""A day's meetings in their order, for whoever stands at the door: the time, where, who sits, and how far each is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import Http404

from accountability.conflicts import get_own_conflicts
from accountability.enums import MeetingStatus
from accountability.models import Meeting, MeetingDay, Place
from accountability.queries import Round
from s11.organisations.models import User
from surveys.models.audits import READERS


@dataclass(frozen=True, slots=True)
class DayMeeting:
    """One of them; with `conflict` the person sees that it is, and nothing of it."""

    meeting: Meeting
    place: Place | None
    conflict: str

    @property
    def state(self) -> str:
        """The tag's word: it is derived, not stored, that one is going on."""
        if self.meeting.status == MeetingStatus.CALLED and self.meeting.started_at is not None:
            return "In progress"
        return str(self.meeting.get_status_display())

    @property
    def panel(self) -> list[str]:
        return [
            f"{seat.member.name} (chair)" if seat.is_chair else seat.member.name
            for seat in self.meeting.seats.all()
        ]


@dataclass(frozen=True, slots=True)
class DayList:
    day: MeetingDay
    meetings: tuple[DayMeeting, ...]
    before: MeetingDay | None
    after: MeetingDay | None

    @property
    def held(self) -> int:
        return sum(one.meeting.status == MeetingStatus.HELD for one in self.meetings)


def get_day_list_or_404(user: User, here: Round, date: str) -> DayList:
    """By its date as the address has it. A panel member sees those in which they sit, once they were told."""
    days = list(here.panel.days.prefetch_related("places").order_by("date"))
    place = next((at for at, one in enumerate(days) if one.date.isoformat() == date), None)
    if place is None:
        raise Http404
    day = days[place]
    found = (
        here.panel.meetings.filter(day=day)
        .exclude(status=MeetingStatus.CANCELLED)
        .select_related("invitee__organisation")
        .prefetch_related("seats__member__officer__user", "seats__member__contact")
        .order_by("starts_at", "track", "pk")
    )
    if not here.desk.roles & frozenset(READERS):
        found = found.sat_in_by(here.own) if here.own else found.none()
    meetings = list(found)
    conflicts = get_own_conflicts(user, here.panel, [one.invitee.organisation_id for one in meetings])
    places = {one.track: one for one in day.places.all()}
    return DayList(
        day=day,
        meetings=tuple(
            DayMeeting(
                one,
                places.get(one.track) if one.track is not None else None,
                conflicts.get(one.invitee.organisation_id, ""),
            )
            for one in meetings
        ),
        before=days[place - 1] if place else None,
        after=days[place + 1] if place + 1 < len(days) else None,
    )


def get_next_day(here: Round, today: datetime.date) -> MeetingDay | None:
    """Today, else the next one, else the last: where a link to ‘the day’ leads."""
    days = here.panel.days.order_by("date")
    return days.filter(date__gte=today).first() or days.last()
