"""A round of meetings that can be planned: a panel whose members have all said when they can come, a day, agencies."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from accountability.enums import AvailabilityAnswer, Half, Sector
from accountability.models import Availability, Meeting, MeetingDay, Panel, PanelMember
from accountability.moves import find_moves, make_seen
from tests import factories
from tests.accountability.factories import (
    make_contact_member,
    make_meeting,
    make_officer_member,
    make_panel,
    seat,
)
from tests.conftest import Cast

NINE, HALF_PAST_NINE, TEN = datetime.time(9), datetime.time(9, 30), datetime.time(10)


def get_day(number: int = 0) -> datetime.date:
    """Still to come, whenever the tests run."""
    return timezone.localdate() + datetime.timedelta(days=100 + number)


def make_round(cast: Cast, *, tracks: int = 1, agencies: int = 0) -> Panel:
    """Four who may sit, two of whom may chair, free on the one day from 09:00 to 10:30: three slots."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    panel = make_panel(cycle, tracks=tracks)
    add_day(panel)
    outside = factories.make_organisation("Dock Health", partnership=cast.partnership)
    members = [
        make_officer_member(panel, cast.panel_chair, may_chair=True),
        make_officer_member(panel, cast.panel_member),
        make_contact_member(panel, outside, email="holly@dock.example", may_chair=True),
        make_contact_member(panel, outside, email="hugh@dock.example", sector=Sector.POLICE),
    ]
    for member in members:
        say_when(member)
    for number in range(agencies):
        add_agency(cast, panel, f"Agency {number}")
    return panel


def add_day(panel: Panel, number: int = 0, *, ends_at: datetime.time = datetime.time(10, 30)) -> MeetingDay:
    return MeetingDay.objects.create(
        panel=panel, date=get_day(number), starts_at=NINE, ends_at=ends_at, minutes=30
    )


def add_agency(cast: Cast, panel: Panel, name: str, *, priority: int = 1) -> Meeting:
    place = factories.make_organisation(name, partnership=cast.partnership)
    meeting = make_meeting(panel, place)
    meeting.priority = priority
    meeting.save()
    return meeting


def say_when(
    who: PanelMember | Meeting,
    *halves: Half,
    day: MeetingDay | None = None,
    answer: AvailabilityAnswer = AvailabilityAnswer.FREE,
) -> None:
    """On one day, or on all of them, in these halves or in both."""
    member, meeting = (who, None) if isinstance(who, PanelMember) else (None, who)
    for one in [day] if day is not None else who.panel.days.all():
        for half in halves or tuple(Half):
            Availability.objects.update_or_create(
                day=one, half=half, member=member, meeting=meeting, defaults={"answer": answer}
            )


def hold(
    meeting: Meeting,
    starts_at: datetime.time,
    *members: PanelMember,
    day: MeetingDay | None = None,
    track: int = 0,
) -> None:
    """Give it this time, with these people, the chair first."""
    meeting.day = day or meeting.panel.days.first()
    meeting.starts_at, meeting.track = starts_at, track
    meeting.save()
    seat(meeting, *members)


def see(meeting: Meeting, starts_at: datetime.time, track: int = 0) -> dict[str, Any]:
    """What a page shows of a meeting, and promises of one slot of the first day with it."""
    found = find_moves(meeting.panel, meeting)
    move = next(one for one in found if (one.starts_at, one.track) == (starts_at, track))
    return {"seen": see_now(meeting), "promised": move.digest}


def see_now(meeting: Meeting) -> str:
    """As a page that is opened now sends it back."""
    return make_seen(Meeting.objects.get(pk=meeting.pk))
