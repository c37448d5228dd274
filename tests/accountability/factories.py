"""Panels, days and meetings for tests, with what is not said filled in."""

from __future__ import annotations

import datetime

from accountability.enums import InterestKind, Sector
from accountability.models import (
    Interest,
    MeetingDay,
    Panel,
    PanelMember,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
)
from accountability.models.meetings import Meeting, Seat
from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Officer, Organisation, User
from surveys.models import Cycle, Invitee
from tests import factories
from tests.factories import untold
from tests.trails import lifted

FIRST_DAY = datetime.date(2027, 3, 3)


@untold
def make_panel(cycle: Cycle, **rules: int) -> Panel:
    return Panel.objects.create(cycle=cycle, **rules)


@untold
def make_officer_member(
    panel: Panel, user: User, *, sector: Sector = Sector.LOCAL_AUTHORITY, may_chair: bool = False
) -> PanelMember:
    """An officer of the panel's partnership who may sit."""
    office = Officer.objects.filter(user=user, partnership=panel.cycle.partnership).get()
    return PanelMember.objects.create(panel=panel, officer=office, sector=sector, may_chair=may_chair)


@untold
def make_contact_member(
    panel: Panel,
    organisation: Organisation,
    *,
    email: str = "panel@example.org",
    sector: Sector = Sector.HEALTH,
    may_chair: bool = False,
) -> PanelMember:
    """A contact without a login, of an organisation in the panel's partnership."""
    place = organisation.participations.get(partnership=panel.cycle.partnership)
    contact = Contact.objects.create(
        participation=place, kind=ContactKind.OTHER, name=email.partition("@")[0].title(), email=email
    )
    return PanelMember.objects.create(
        panel=panel, contact=contact, organisation=organisation, sector=sector, may_chair=may_chair
    )


@untold
def make_interest(member: PanelMember, organisation: Organisation) -> Interest:
    return Interest.objects.create(
        member=member, organisation=organisation, kind=InterestKind.GOVERNS, note="A trustee."
    )


@untold
def make_day(panel: Panel, date: datetime.date = FIRST_DAY, *, minutes: int = 30) -> MeetingDay:
    """From 09:30 to 16:00."""
    return MeetingDay.objects.create(
        panel=panel, date=date, starts_at=datetime.time(9, 30), ends_at=datetime.time(16), minutes=minutes
    )


@untold
def make_meeting(
    panel: Panel,
    organisation: Organisation,
    *,
    day: MeetingDay | None = None,
    starts_at: datetime.time = datetime.time(9, 30),
    track: int = 0,
    told_at: datetime.datetime | None = None,
    asked_at: datetime.datetime | None = None,
) -> Meeting:
    """Called; with a day it has that slot."""
    invitee = Invitee.objects.filter(cycle=panel.cycle, organisation=organisation).first()
    slot = {"day": day, "starts_at": starts_at, "track": track} if day is not None else {}
    return Meeting.objects.create(
        panel=panel,
        invitee=invitee or factories.make_invitee(panel.cycle, organisation),
        told_at=told_at,
        asked_at=asked_at,
        **slot,
    )


def seat(meeting: Meeting, *members: PanelMember) -> None:
    """The first is the chair. Where the meeting was told, the last timetable says so."""
    Seat.objects.bulk_create(
        Seat(meeting=meeting, member=member, is_chair=position == 0)
        for position, member in enumerate(members)
    )
    if meeting.told_at is not None:
        put_in_timetable(meeting)


def unseat(meeting: Meeting, member: PanelMember) -> None:
    """By plan and as told."""
    meeting.seats.filter(member=member).delete()
    put_in_timetable(meeting)


def put_in_timetable(meeting: Meeting) -> None:
    """With who sits now, in the last timetable that went out; in the first one where none has."""
    release = meeting.panel.releases.first() or Release.objects.create(panel=meeting.panel, number=1)
    if (earlier := release.meetings.filter(meeting=meeting)).exists():
        with lifted(ReleasedMeeting, ReleasedSeat):
            earlier.delete()
    told = ReleasedMeeting.objects.create(
        release=release,
        meeting=meeting,
        date=meeting.day.date if meeting.day else FIRST_DAY,
        starts_at=meeting.starts_at or datetime.time(9, 30),
        minutes=30,
        # One without a slot stands beside the others.
        track=release.meetings.count() + 10 if meeting.track is None else meeting.track,
    )
    ReleasedSeat.objects.bulk_create(
        ReleasedSeat(released=told, member_id=one.member_id, is_chair=one.is_chair)
        for one in meeting.seats.all()
    )
