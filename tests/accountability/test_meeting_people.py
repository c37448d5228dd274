"""Who came to a meeting and who sat instead, and the list of a day's meetings."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from accountability.holding import start_meeting
from accountability.models import Meeting
from s11.organisations.models import User
from tests import factories
from tests.accountability.factories import make_contact_member, make_meeting, seat
from tests.accountability.meetings import make_cycle_panel, make_seated_meeting, to, to_day
from tests.conftest import Cast
from tests.ground import grounded

AsPerson = Callable[[User], Client]


@grounded
def meeting(cast: Cast) -> Meeting:
    return make_seated_meeting(cast, make_cycle_panel(cast))


def test_who_came_is_recorded(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    client = sign_in(cast.administrator)
    chair = meeting.seats.all()[0]
    assert "Start it first" in client.get(to("meeting_attendance")).content.decode()
    assert client.post(to("meeting_attendance"), {f"seat-{chair.pk}": "yes"}).status_code == 403
    start_meeting(meeting=meeting, by=cast.administrator)
    assert "at least one person" in client.post(to("meeting_attendance")).content.decode()
    client.post(
        to("meeting_representative"), {"name": "Ada Fell", "job_title": "Head", "substitute_for": "Bea"}
    )
    chair, member, contact = meeting.seats.all()
    client.post(to("meeting_attendance"), {f"seat-{chair.pk}": "yes", f"seat-{member.pk}": "no"})
    assert list(meeting.seats.values_list("attended", flat=True)) == [True, False, None]
    page = client.get(to("meeting_attendance")).content.decode()
    assert "Ada Fell, Head (for Bea)" in page
    # A panel member reads it.
    client = sign_in(cast.panel_member)
    assert "Did not come" in client.get(to("meeting_attendance")).content.decode()
    assert client.post(to("meeting_attendance"), {f"seat-{contact.pk}": "yes"}).status_code == 403


def test_somebody_else_sits_without_a_conflict(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    panel = meeting.panel
    free = make_contact_member(panel, cast.other_organisation, email="free@example.org")
    make_contact_member(panel, cast.organisation, email="own@example.org")
    busy = make_contact_member(panel, cast.other_organisation, email="busy@example.org")
    other = factories.make_organisation("Cove", slug="cove", partnership=cast.partnership)
    seat(make_meeting(panel, other, day=meeting.day, track=1), busy)
    client = sign_in(cast.quality_officer)
    page = client.get(to("meeting_stand_in")).content.decode()
    assert "Own belongs to it" in page
    assert "Busy sits for Cove then" in page
    chair, member, _ = meeting.seats.all()
    refused = client.post(to("meeting_stand_in"), {"seat": chair.pk, "member": free.pk}).content.decode()
    assert "may not chair" in refused
    client.post(to("meeting_stand_in"), {"seat": member.pk, "member": free.pk})
    taken = meeting.seats.get(pk=member.pk)
    assert (taken.member, taken.substitute_for, taken.attended) == (free, member.member, True)
    # They came after all.
    client.post(to("meeting_stand_in"), {"seat": member.pk, "member": member.member_id})
    back = meeting.seats.get(pk=member.pk)
    assert (back.member, back.substitute_for) == (member.member, None)


def test_nobody_slips_in_past_the_list(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    own = make_contact_member(meeting.panel, cast.organisation, email="own@example.org")
    client = sign_in(cast.quality_officer)
    member = meeting.seats.all()[1]
    page = client.post(to("meeting_stand_in"), {"seat": member.pk, "member": own.pk}).content.decode()
    assert "Select a valid choice" in page or "Error" in page
    assert not meeting.seats.filter(member=own).exists()


def test_the_days_meetings_in_their_order(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    other = factories.make_organisation("Cove", slug="cove", partnership=cast.partnership)
    make_meeting(meeting.panel, other, day=meeting.day, starts_at=datetime.time(9), told_at=timezone.now())
    day = to_day("2027-03-03")
    page = sign_in(cast.scrutineer).get(day).content.decode()
    assert page.index("Cove") < page.index("Anchor Trust")
    own = sign_in(cast.panel_member).get(day).content.decode()
    assert "Anchor Trust" in own
    assert "Cove" not in own
    assert sign_in(cast.scrutineer).get(day.replace("2027-03-03", "2027-03-04")).status_code == 404
    assert sign_in(cast.outsider).get(day).status_code == 404
