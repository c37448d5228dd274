"""Invitations as they go: a calendar entry with each e-mail, read by two libraries; substitutes, and who comes."""

from __future__ import annotations

import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
import vobject
from django.utils import timezone

from accountability.answer_dates import get_tell_by
from accountability.calling_off import call_off
from accountability.calls import call_agencies
from accountability.models import Meeting, Panel, PanelMember, Place, Release, Representative
from accountability.releases import get_last, read_draft, read_release
from accountability.releasing import release_timetable
from accountability.representing import Named, name_representatives
from accountability.substitutes import list_substitutes
from accountability.substituting import replace_member
from accountability.timetable_changes import make_digest
from s11.web.errors import NotInThisState
from surveys.models import Message
from surveys.outbox import make_mail
from tests import factories
from tests.accountability.factories import make_interest
from tests.accountability.rounds import HALF_PAST_NINE, NINE, TEN, hold, make_round
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def panel(cast: Cast) -> Panel:
    """One agency with a lead and a time in a room; the fourth member, a police officer, sits nowhere."""
    cast.partnership.contact_email = "office@harbour.example"
    cast.partnership.save()
    panel = make_round(cast, agencies=2)
    first, second = panel.meetings.order_by("pk")
    for number, meeting in enumerate((first, second)):
        factories.make_member(f"lead{number}@agency.example", organisation=meeting.organisation)
    hold(first, NINE, *panel.members.order_by("pk")[:3])
    Place.objects.create(
        day=panel.days.get(),
        track=0,
        kind="room",
        name="Committee room 2",
        link="https://meet.example/a?b=1",
        joining="Ring the bell; ask for Ada.\nParking: level 2.",
    )
    return panel


def release(panel: Panel, cast: Cast) -> Release:
    Message.objects.all().delete()
    draft = read_draft(panel, read_release(get_last(panel)))
    return release_timetable(panel=panel, note="", seen=make_digest(draft), by=cast.quality_officer)


def get_meeting(panel: Panel) -> Meeting:
    return panel.meetings.with_place().get(invitee__organisation__name="Agency 0")


def get_members(panel: Panel) -> list[PanelMember]:
    return list(panel.members.with_person().order_by("pk"))


def open_mail(to: str) -> EmailMessage:
    """The newest to this address, as a mail program gets it."""
    message = Message.objects.filter(email=to).latest("pk")
    return message_from_bytes(make_mail(message).message().as_bytes(), policy=policy.default)


def read_entry(to: str) -> tuple[str, Any]:
    """The method and the event of the part that mail programs put buttons to, the same by both libraries."""
    (part,) = [one for one in open_mail(to).walk() if one.get_content_type() == "text/calendar"]
    content = part.get_content()
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    other = vobject.readOne(content)
    assert other.method.value == str(calendar["METHOD"]) == part.get_param("method")
    assert other.vevent.uid.value == str(event["UID"])
    assert other.vevent.dtstart.value.utctimetuple() == event.decoded("DTSTART").utctimetuple()
    return str(calendar["METHOD"]), event


def get_people(event: Any) -> dict[str, str]:
    found = event.get("ATTENDEE", [])
    return {
        str(one).removeprefix("mailto:"): one.params["ROLE"]
        for one in (found if isinstance(found, list) else [found])
    }


# What is sent ---------------------------------------------------------------------------------------------------------


def test_the_parts_are_those_that_outlook_google_and_apple_read(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    mail = open_mail("lead0@agency.example")
    assert mail.get_content_type() == "multipart/mixed"
    inside, file = list(mail.iter_parts())
    assert inside.get_content_type() == "multipart/alternative"
    text, calendar = list(inside.iter_parts())
    assert text.get_content_type() == "text/plain"
    assert (calendar.get_content_type(), calendar.get_param("method"), calendar.get_content_charset()) == (
        "text/calendar",
        "REQUEST",
        "utf-8",
    )
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    raw = file.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert icalendar.Calendar.from_ical(raw) == icalendar.Calendar.from_ical(calendar.get_content())
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert mail["Message-ID"].startswith("<message-")
    assert mail["Auto-Submitted"] == "auto-generated"


def test_an_agency_is_invited_with_its_own_people(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    meeting = get_meeting(panel)
    method, event = read_entry("lead0@agency.example")
    assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", str(meeting.uid), 0)
    assert event["ORGANIZER"] == "mailto:office@harbour.example"
    assert event["SUMMARY"] == "Accountability meeting: Agency 0"
    assert event["LOCATION"] == "Committee room 2, https://meet.example/a?b=1"
    assert "Ring the bell; ask for Ada.\nParking: level 2." in event["DESCRIPTION"]
    assert event["URL"].endswith("/meetings/")
    # Who sits is the panel's to know.
    assert get_people(event) == {"lead0@agency.example": "REQ-PARTICIPANT"}
    assert "Holly" not in event["DESCRIPTION"]


def test_a_member_is_invited_with_everybody(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    method, event = read_entry("holly@dock.example")
    assert method == "REQUEST"
    assert get_people(event) == {
        "lead0@agency.example": "REQ-PARTICIPANT",
        "panel_chair@harbour.example": "CHAIR",
        "panel_member@harbour.example": "REQ-PARTICIPANT",
        "holly@dock.example": "REQ-PARTICIPANT",
    }
    # A contact's page opens by their own link, which is no business of a calendar.
    assert "URL" not in event
    assert "/t/" not in event.to_ical().decode()
    _, own = read_entry("panel_chair@harbour.example")
    assert own["URL"].endswith("/desk/meetings/2026/")


def test_several_meetings_are_listed_and_invited_to_one_by_one(cast: Cast, panel: Panel) -> None:
    other = panel.meetings.get(invitee__organisation__name="Agency 1")
    hold(other, TEN, *get_members(panel)[:3])
    release(panel, cast)
    mails = list(Message.objects.filter(email="holly@dock.example").order_by("pk"))
    # As many e-mails as meetings: the list brings the entry of the first.
    assert [one.attachments.count() for one in mails] == [1, 1]
    assert mails[0].body.count("- New: ") == 2
    assert [one.subject.partition(",")[0] for one in mails[1:]] == ["New: Agency 1"]


def test_a_change_counts_on_under_the_same_uid(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    _, before = read_entry("holly@dock.example")
    Place.objects.update(joining="By the side door.")
    release(panel, cast)
    for to in ("lead0@agency.example", "holly@dock.example"):
        method, event = read_entry(to)
        assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", before["UID"], 1)
        assert "By the side door." in event["DESCRIPTION"]


def test_called_off_everybody_hears_at_once_and_called_again_it_comes_back(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    Message.objects.all().delete()
    meeting = get_meeting(panel)
    made = call_off(meeting=meeting, reason="It merged", by=cast.quality_officer)
    assert made is not None
    assert (made.number, made.note) == (2, "Agency 0 is off: It merged")
    for to in ("lead0@agency.example", "panel_chair@harbour.example", "holly@dock.example"):
        method, event = read_entry(to)
        assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
        assert to in get_people(event)
    assert "The reason: It merged" in Message.objects.get(email="lead0@agency.example").body
    call_agencies(panel=panel, reasons={meeting.invitee: []}, by=cast.quality_officer)
    again = get_meeting(panel)
    hold(again, HALF_PAST_NINE, *get_members(panel)[:3])
    release(panel, cast)
    method, event = read_entry("holly@dock.example")
    assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", str(meeting.uid), 2)


def test_one_that_nobody_knew_of_goes_in_silence(cast: Cast, panel: Panel) -> None:
    assert call_off(meeting=get_meeting(panel), reason="It merged", by=cast.quality_officer) is None
    assert not Message.objects.exists()


@pytest.mark.parametrize("known", ["asked_at", "told_at"])
def test_one_that_knew_it_is_called_hears_that_it_is_not(cast: Cast, panel: Panel, known: str) -> None:
    """Asked when it can come, or told a time that a later timetable took away."""
    Meeting.objects.filter(pk=get_meeting(panel).pk).update(**{known: timezone.now()})
    assert call_off(meeting=get_meeting(panel), reason="It merged", by=cast.quality_officer) is None
    [message] = Message.objects.all()
    assert (message.email, message.invitee) == ("lead0@agency.example", get_meeting(panel).invitee)
    assert message.subject == "You need not come: no accountability meeting about Audit 2026"
    assert "Agency 0 is not called" in message.body
    assert "The reason: It merged" in message.body


@pytest.mark.parametrize(("day", "hour"), [(26, 9), (29, 8)])
def test_local_time_holds_across_the_change_of_the_clock(
    cast: Cast, panel: Panel, day: int, hour: int
) -> None:
    """On 28 March 2027 the clocks go forward: 09:00 in London is 09:00 UTC on the 26th, and 08:00 UTC on the 29th."""
    panel.days.update(date=datetime.date(2027, 3, day))
    release(panel, cast)
    _, event = read_entry("lead0@agency.example")
    start = event.decoded("DTSTART")
    assert (start.hour, str(event["DTSTART"].params["TZID"])) == (9, "Europe/London")
    assert start.astimezone(datetime.UTC) == datetime.datetime(2027, 3, day, hour, tzinfo=datetime.UTC)
    assert event.decoded("DTEND") - start == datetime.timedelta(minutes=30)
    assert f"{day} March 2027 at 09:00" in Message.objects.get(email="lead0@agency.example").body


# Substitutes ----------------------------------------------------------------------------------------------------------


def replace(panel: Panel, gone: PanelMember, comes: PanelMember, cast: Cast, **more: Any) -> None:
    meeting = get_meeting(panel)
    seat = meeting.seats.get(member=gone)
    replace_member(meeting=meeting, seat=seat, member=comes, by=cast.quality_officer, **more)


def test_a_substitute_is_recorded_and_both_are_told(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    Message.objects.all().delete()
    _, member, _, hugh = get_members(panel)
    replace(panel, member, hugh, cast)
    seat = get_meeting(panel).seats.get(member=hugh)
    assert (seat.substitute_for, seat.is_chair) == (member, False)
    assert set(Message.objects.values_list("email", flat=True)) == {member.email, hugh.email}
    method, event = read_entry(member.email)
    assert (method, event["SEQUENCE"], get_people(event)) == ("CANCEL", 1, {member.email: "REQ-PARTICIPANT"})
    # The meeting is held: only for this person it is not.
    assert "STATUS" not in event
    method, event = read_entry(hugh.email)
    assert (method, event["SEQUENCE"]) == ("REQUEST", 1)
    assert hugh.email in get_people(event)
    assert member.email not in get_people(event)
    last = get_last(panel)
    assert last is not None
    assert (last.number, last.note) == (2, f"{hugh} sits for Agency 0 in place of {member}.")
    # And back again: nobody stands for themselves.
    replace(panel, hugh, member, cast)
    assert get_meeting(panel).seats.get(member=member).substitute_for is None


def test_who_may_not_take_a_seat(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    chair, member, _, hugh = get_members(panel)
    make_interest(hugh, get_meeting(panel).organisation)
    meeting = get_meeting(panel)
    [found] = list_substitutes(meeting, meeting.seats.get(member=member))
    assert found.why.startswith("has declared an interest")
    with pytest.raises(NotInThisState, match="has declared an interest"):
        replace(panel, member, hugh, cast, has_confirmed=True)
    hugh.interests.all().delete()
    # The chair's seat goes to one who may not chair: another of the panel takes the chair, if there is one.
    replace(panel, chair, hugh, cast)
    meeting = get_meeting(panel)
    assert meeting.seats.get(is_chair=True).member == get_members(panel)[2]
    PanelMember.objects.update(may_chair=False)
    [found] = list_substitutes(meeting, meeting.seats.get(is_chair=True))
    assert found.why == "may not chair, and nobody else of this panel may"
    PanelMember.objects.update(may_chair=True, sector="health")
    [found] = list_substitutes(meeting, meeting.seats.get(is_chair=True))
    assert "the rules ask for 2" in found.why


def test_who_has_not_said_that_they_are_free_must_have_confirmed(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    _, member, _, hugh = get_members(panel)
    hugh.availabilities.all().delete()
    with pytest.raises(NotInThisState, match="has not said that they are free then"):
        replace(panel, member, hugh, cast)
    replace(panel, member, hugh, cast, has_confirmed=True)


def test_who_sits_elsewhere_then_cannot(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    _, member, _, hugh = get_members(panel)
    panel.tracks = 2
    panel.save()
    hold(panel.meetings.get(invitee__organisation__name="Agency 1"), NINE, hugh, track=1)
    with pytest.raises(NotInThisState, match="sits for Agency 1 then"):
        replace(panel, member, hugh, cast)


def test_what_has_changed_and_not_gone_out_is_released_first(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    _, member, _, hugh = get_members(panel)
    Meeting.objects.filter(pk=get_meeting(panel).pk).update(starts_at=TEN)
    with pytest.raises(NotInThisState, match="Release the timetable first"):
        replace(panel, member, hugh, cast)


# Who comes ------------------------------------------------------------------------------------------------------------

ADA = Named("Ada Lark", "Head", "ada@agency.example")
BEA = Named("Bea Moss", "", "bea@agency.example", substitute_for="Ada Lark")


def test_who_is_named_is_invited_and_who_goes_is_told(cast: Cast, panel: Panel) -> None:
    release(panel, cast)
    Message.objects.all().delete()
    meeting = get_meeting(panel)
    name_representatives(meeting=meeting, people=[ADA], by=cast.lead)
    [mail] = Message.objects.all()
    assert mail.email == ADA.email
    method, event = read_entry(ADA.email)
    assert (method, get_people(event)) == (
        "REQUEST",
        {ADA.email: "REQ-PARTICIPANT", "lead0@agency.example": "OPT-PARTICIPANT"},
    )
    Message.objects.all().delete()
    row = Representative.objects.get()
    name_representatives(meeting=meeting, people=[Named(**{**vars_of(BEA), "pk": row.pk})], by=cast.lead)
    assert Representative.objects.get().substitute_for == "Ada Lark"
    method, event = read_entry(ADA.email)
    assert (method, event["SEQUENCE"], "STATUS" in event) == ("CANCEL", 2, False)
    assert read_entry(BEA.email)[0] == "REQUEST"
    assert Message.objects.count() == 2
    # Who comes after all is invited anew, by a higher number than that by which they were taken off.
    Message.objects.all().delete()
    both = [Named(**{**vars_of(BEA), "pk": row.pk}), ADA]
    name_representatives(meeting=get_meeting(panel), people=both, by=cast.lead)
    method, event = read_entry(ADA.email)
    assert (method, event["SEQUENCE"]) == ("REQUEST", 3)
    # Nobody is told twice: the same list again says nothing new.
    Message.objects.all().delete()
    people = [Named(**vars_of(one), pk=one.pk) for one in Representative.objects.all()]
    name_representatives(meeting=get_meeting(panel), people=people, by=cast.lead)
    assert not Message.objects.exists()
    assert get_meeting(panel).sequence == 3


def vars_of(named: Named | Representative) -> dict[str, Any]:
    return {column: getattr(named, column) for column in ("name", "job_title", "email", "substitute_for")}


def test_before_the_time_is_out_nobody_is_written_to(cast: Cast, panel: Panel) -> None:
    name_representatives(meeting=get_meeting(panel), people=[ADA], by=cast.lead)
    assert not Message.objects.exists()
    release(panel, cast)
    assert Message.objects.filter(email=ADA.email).count() == 1


def test_two_may_change_addresses(cast: Cast, panel: Panel) -> None:
    meeting = get_meeting(panel)
    name_representatives(meeting=meeting, people=[ADA, BEA], by=cast.lead)
    first, second = Representative.objects.order_by("pk")
    swapped = [Named("Ada", email=BEA.email, pk=first.pk), Named("Bea", email=ADA.email, pk=second.pk)]
    name_representatives(meeting=meeting, people=swapped, by=cast.lead)
    assert list(Representative.objects.order_by("pk").values_list("email", flat=True)) == [
        BEA.email,
        ADA.email,
    ]


def test_until_when_to_say_who_comes() -> None:
    """Good Friday and Easter Monday of 2027 are 26 and 29 March."""
    assert get_tell_by(datetime.date(2027, 3, 3)) == datetime.date(2027, 2, 24)
    assert get_tell_by(datetime.date(2027, 3, 30)) == datetime.date(2027, 3, 19)
