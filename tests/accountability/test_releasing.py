"""A timetable goes out under a number, frozen; those whom a change concerns are told, and nobody else."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from accountability.calls import cancel_meeting
from accountability.enums import MeetingStatus
from accountability.models import Meeting, Panel, PanelMember, Place, Release, ReleasedMeeting
from accountability.releases import get_last, read_draft, read_release
from accountability.releasing import release_timetable
from accountability.timetable_changes import compare, make_digest
from s11.organisations.enums import MembershipRole
from s11.web.dates import LONDON
from s11.web.errors import NotInThisState
from surveys.enums import MessageKind
from surveys.models import Message
from surveys.models.messages import PERSONAL_LINK
from tests import factories
from tests.accountability.factories import make_interest
from tests.accountability.rounds import HALF_PAST_NINE, NINE, TEN, add_agency, get_day, hold, make_round
from tests.conftest import Cast


@pytest.fixture
def panel(cast: Cast) -> Panel:
    """Two agencies with a lead each and a time; the fourth member sits in neither."""
    panel = make_round(cast, agencies=2)
    members = list(panel.members.order_by("pk"))
    for number, meeting in enumerate(panel.meetings.order_by("pk")):
        factories.make_member(f"lead{number}@agency.example", organisation=meeting.organisation)
        hold(meeting, (NINE, HALF_PAST_NINE)[number], *members[:3])
    return panel


def get_members(panel: Panel) -> list[PanelMember]:
    return list(panel.members.order_by("pk"))


def get_meeting(panel: Panel, number: int) -> Meeting:
    return panel.meetings.get(invitee__organisation__name=f"Agency {number}")


def release(panel: Panel, cast: Cast, note: str = "") -> Release:
    draft = read_draft(panel, read_release(get_last(panel)))
    return release_timetable(panel=panel, note=note, seen=make_digest(draft), by=cast.quality_officer)


def read_mails() -> dict[str, Message]:
    """By address: of an agency's lead the one, of a member that with all that concerns them; none comes twice."""
    found: dict[str, Message] = {}
    rows = list(Message.objects.order_by("pk"))
    assert len({(one.email, one.subject) for one in rows}) == len(rows)
    for one in rows:
        if one.email not in found or "panel meetings" in one.subject:
            found[one.email] = one
    Message.objects.all().delete()
    return found


def test_the_first_is_frozen_and_told(cast: Cast, panel: Panel) -> None:
    Place.objects.create(
        day=panel.days.get(),
        track=0,
        kind="room",
        name="Committee room 2",
        link="https://meet.example/a",
        joining="Ring the bell.",
    )
    made = release(panel, cast, note="As agreed")
    assert (made.number, made.note, made.by) == (1, "As agreed", cast.quality_officer)
    row = made.meetings.get(meeting=get_meeting(panel, 0))
    assert (row.starts_at, row.track, row.place, row.joining) == (
        NINE,
        0,
        "Committee room 2",
        "Ring the bell.",
    )
    assert [(seat.member, seat.is_chair) for seat in row.seats.all()] == [
        (member, index == 0) for index, member in enumerate(get_members(panel)[:3])
    ]
    for meeting in panel.meetings.all():
        assert meeting.told_at is not None
        assert meeting.sequence == 0

    mails = read_mails()
    assert set(mails) == {
        "lead0@agency.example",
        "lead1@agency.example",
        "panel_chair@harbour.example",
        "panel_member@harbour.example",
        "holly@dock.example",
    }
    lead, holly = mails["lead0@agency.example"], mails["holly@dock.example"]
    assert lead.kind == MessageKind.MEETING
    assert lead.invitee == get_meeting(panel, 0).invitee
    assert "at 09:00" in lead.subject
    assert "Committee room 2" in lead.body
    assert "Join here:\nhttps://meet.example/a" in lead.body
    assert "Ring the bell." in lead.body
    assert "Agency 1" not in lead.body
    # Who sits is the partnership's matter.
    assert "Holly" not in lead.body
    assert holly.body.count("- New: Agency") == 2
    assert PERSONAL_LINK in holly.body
    assert "/t/" in holly.personal_link
    assert "/t/" not in holly.body
    assert "(you chair)" in mails["panel_chair@harbour.example"].body


def test_nothing_new_goes_to_nobody(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    read_mails()
    with pytest.raises(NotInThisState, match="Nothing has changed"):
        release(panel, cast)
    assert not Message.objects.exists()
    assert panel.releases.count() == 1


def test_what_the_page_did_not_show_does_not_go_out(cast: Cast, panel: Panel) -> None:
    seen = make_digest(read_draft(panel, {}))
    Meeting.objects.filter(pk=get_meeting(panel, 0).pk).update(starts_at=TEN)
    with pytest.raises(NotInThisState, match="changed meanwhile"):
        release_timetable(panel=panel, note="", seen=seen, by=cast.quality_officer)
    assert not panel.releases.exists()


def test_a_move_is_told_to_those_it_moves(cast: Cast, panel: Panel) -> None:
    first = release(panel, cast)
    read_mails()
    Meeting.objects.filter(pk=get_meeting(panel, 0).pk).update(starts_at=TEN)
    second = release(panel, cast)
    moved, stayed = get_meeting(panel, 0), get_meeting(panel, 1)
    assert (second.number, moved.sequence, stayed.sequence) == (2, 1, 0)
    mails = read_mails()
    assert set(mails) == {
        "lead0@agency.example",
        "panel_chair@harbour.example",
        "panel_member@harbour.example",
        "holly@dock.example",
    }
    assert "New time for your meeting" in mails["lead0@agency.example"].subject
    assert "at 09:00, which no longer holds." in mails["lead0@agency.example"].body
    assert "- Changed: Agency 0" in mails["holly@dock.example"].body
    assert "Agency 1" not in mails["holly@dock.example"].body
    # The first stays as it was told.
    assert ReleasedMeeting.objects.get(release=first, meeting=moved).starts_at == NINE
    [change] = compare(read_release(first), read_release(second))
    assert change.has_other_time


def test_what_has_changed_is_said(cast: Cast, panel: Panel) -> None:
    """Of both meetings in one e-mail, and of the second again beside its calendar entry."""
    Place.objects.create(day=panel.days.get(), track=0, kind="room", name="Committee room 2")
    release(panel, cast)
    read_mails()
    _, second, _, hugh = get_members(panel)
    get_meeting(panel, 1).seats.filter(member=second).update(member=hugh)
    Place.objects.update(name="Video call A")
    release(panel, cast)
    to_holly = list(Message.objects.filter(email="holly@dock.example").order_by("pk"))
    assert len(to_holly) == 2
    was = "was Committee room 2, now Video call A"
    assert to_holly[0].body.count(f"; {was}") == 2
    people = "new on the panel: Hugh; no longer on it: panel_member@harbour.example"
    assert f"; {was}; {people}" in to_holly[0].body
    assert f"What has changed: {was}; {people}." in to_holly[1].body
    assert f"The place: {was}." in read_mails()["lead0@agency.example"].body


def test_another_person_is_told_to_who_comes_and_who_goes(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    read_mails()
    _, second, _, hugh = get_members(panel)
    get_meeting(panel, 1).seats.filter(member=second).update(member=hugh)
    release(panel, cast)
    mails = read_mails()
    assert set(mails) == {"panel_member@harbour.example", "hugh@dock.example"}
    assert "- You no longer sit: Agency 1" in mails["panel_member@harbour.example"].body
    assert "- New: Agency 1" in mails["hugh@dock.example"].body


def test_one_that_is_dropped_is_off(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    read_mails()
    meeting = get_meeting(panel, 1)
    cancel_meeting(meeting=meeting, reason="It merged", by=cast.quality_officer)
    add_agency(cast, panel, "Agency 2")
    release(panel, cast)
    mails = read_mails()
    assert "is off" in mails["lead1@agency.example"].subject
    assert "The reason: It merged" in mails["lead1@agency.example"].body
    assert "- Off: Agency 1" in mails["holly@dock.example"].body
    assert "lead0@agency.example" not in mails
    meeting.refresh_from_db()
    assert meeting.sequence == 1


def test_one_never_told_is_dropped_in_silence(cast: Cast, panel: Panel) -> None:
    cancel_meeting(meeting=get_meeting(panel, 1), reason="It merged", by=cast.quality_officer)
    release(panel, cast)
    assert "lead1@agency.example" not in read_mails()


def test_a_meeting_that_was_held_stays_as_it_was_told(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    read_mails()
    meeting = get_meeting(panel, 0)
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD)
    meeting.seats.filter(is_chair=False).delete()
    with pytest.raises(NotInThisState, match="Nothing has changed"):
        release(panel, cast)


def test_one_that_was_held_elsewhere_than_told_takes_nobodys_slot(cast: Cast, panel: Panel) -> None:
    """Moved, held there without a release, and its old time given to another: both stand, and it is told no more."""
    release(panel, cast)
    read_mails()
    first, second = get_meeting(panel, 0), get_meeting(panel, 1)
    Meeting.objects.filter(pk=first.pk).update(starts_at=TEN, status=MeetingStatus.HELD)
    Meeting.objects.filter(pk=second.pk).update(starts_at=NINE)
    made = release(panel, cast)
    assert dict(made.meetings.values_list("meeting", "starts_at")) == {first.pk: TEN, second.pk: NINE}
    assert "lead0@agency.example" not in read_mails()


def test_of_what_is_over_nobody_is_written_to(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    read_mails()
    Place.objects.create(day=panel.days.get(), track=0, kind="room", name="Another room")
    with time_machine.travel(datetime.datetime.combine(get_day(), HALF_PAST_NINE, LONDON), tick=False):
        release(panel, cast)
    mails = read_mails()
    assert "lead0@agency.example" not in mails
    assert "lead1@agency.example" in mails
    assert "Agency 0" not in mails["holly@dock.example"].body


def test_nobody_is_invited_into_a_conflict(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    read_mails()
    holly = get_members(panel)[2]
    make_interest(holly, get_meeting(panel, 1).organisation)
    Place.objects.create(day=panel.days.get(), track=0, kind="room", name="Another room")
    with pytest.raises(
        NotInThisState, match=r"Holly cannot sit for Agency 1: Holly has declared an interest"
    ):
        release(panel, cast)
    assert panel.releases.count() == 1
    assert read_mails() == {}
    # Of one that was held it is too late to say so.
    Meeting.objects.filter(pk=get_meeting(panel, 1).pk).update(status=MeetingStatus.HELD)
    release(panel, cast)


def test_all_leads_of_an_agency_are_told_and_no_other_role(cast: Cast, panel: Panel) -> None:
    organisation = get_meeting(panel, 0).organisation
    factories.make_member("second@agency.example", organisation=organisation)
    factories.make_member("viewer@agency.example", organisation=organisation, role=MembershipRole.VIEWER)
    release(panel, cast)
    assert {"lead0@agency.example", "second@agency.example"} <= set(mails := read_mails())
    assert "viewer@agency.example" not in mails
