"""Calendars to subscribe to, a member’s page and an agency’s room: who sees which meeting, and how it is asked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import icalendar
import pytest
import vobject
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accountability.availability import replace_link
from accountability.calling_off import call_off
from accountability.feeds import CALENDAR, get_user_feed
from accountability.models import (
    CalendarFeed,
    Meeting,
    Panel,
    PanelMember,
    Place,
    ReleasedMeeting,
    ReleasedSeat,
    Representative,
)
from accountability.releases import get_last, read_draft, read_release
from accountability.releasing import release_timetable
from accountability.substituting import replace_member
from accountability.timetable_changes import make_digest
from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from surveys.models import Message
from tests import factories
from tests.accountability.factories import make_interest
from tests.accountability.rounds import HALF_PAST_NINE, NINE, TEN, hold, make_round
from tests.conftest import Cast
from tests.ground import grounded
from tests.trails import lifted

SignIn = Callable[[User], Client]
ROOM = "/p/harbour/o/agency-0/meetings/"


@grounded
def panel(cast: Cast) -> Panel:
    """Two agencies, released; the fourth member of the panel sits in neither, and a third agency is planned alone."""
    panel = make_round(cast, agencies=3)
    members = list(panel.members.order_by("pk"))
    first, second, third = panel.meetings.order_by("pk")
    for number, meeting in enumerate((first, second, third)):
        place = meeting.organisation
        place.slug = f"agency-{number}"
        place.save()
        factories.make_member(f"lead{number}@agency.example", organisation=place)
    Place.objects.create(day=panel.days.get(), track=0, kind="room", name="Room 2", joining="Ring the bell.")
    hold(first, NINE, *members[:3])
    hold(second, HALF_PAST_NINE, *members[:3])
    release(panel, cast)
    hold(third, TEN, *members[:3])
    return panel


def release(panel: Panel, cast: Cast) -> None:
    draft = read_draft(panel, read_release(get_last(panel)))
    release_timetable(panel=panel, note="", seen=make_digest(draft), by=cast.quality_officer)


def get_members(panel: Panel) -> list[PanelMember]:
    return list(panel.members.with_person().order_by("pk"))


def get_meeting(panel: Panel, number: int = 0) -> Meeting:
    return panel.meetings.with_place().get(invitee__organisation__slug=f"agency-{number}")


def get_address(row: PanelMember | CalendarFeed) -> str:
    purpose = CALENDAR if isinstance(row, PanelMember) else ""
    return f"/t/{row.get_link_token(purpose)}/calendar.ics"


def make_feed_of(user: User) -> str:
    return get_address(CalendarFeed.objects.get_or_create(user=user)[0])


def read(client: Client, address: str) -> dict[str, Any]:
    """By what it is called: its status. Read by both libraries."""
    response = client.get(address)
    assert response.status_code == 200, address
    calendar = icalendar.Calendar.from_ical(response.content)
    assert calendar["METHOD"] == "PUBLISH"
    other = next(iter(vobject.readComponents(response.content.decode())))
    events = calendar.walk("VEVENT")
    assert [one.uid.value for one in other.contents.get("vevent", [])] == [str(one["UID"]) for one in events]
    assert not any("ATTENDEE" in one for one in events)
    return {
        str(one["SUMMARY"]).removeprefix("Accountability meeting: "): str(one["STATUS"]) for one in events
    }


MEMBER_FEED, OWN_FEED, MEMBER_PAGE = 10, 12, 13
BOTH_ON = {"Agency 0": "CONFIRMED", "Agency 1": "CONFIRMED"}


# Who sees what --------------------------------------------------------------------------------------------------------


def test_who_sees_which_meeting(cast: Cast, panel: Panel, client: Client) -> None:
    """What is planned and has not gone out is in nobody's calendar."""
    _, _, holly, hugh = get_members(panel)
    assert read(client, get_address(holly)) == BOTH_ON
    assert read(client, get_address(hugh)) == {}
    table = {
        "panel_chair@harbour.example": BOTH_ON,
        "panel_member@harbour.example": BOTH_ON,
        "lead0@agency.example": {"Agency 0": "CONFIRMED"},
        "lead1@agency.example": {"Agency 1": "CONFIRMED"},
        "lead2@agency.example": {},
        cast.lead.email: {},
        cast.quality_officer.email: {},
        cast.scrutineer.email: {},
    }
    for email, expected in table.items():
        assert read(client, make_feed_of(User.objects.get(email=email))) == expected, email


@pytest.mark.parametrize(
    ("role", "is_in"),
    [
        (MembershipRole.LEAD, True),
        (MembershipRole.SIGNATORY, True),
        (MembershipRole.CONTRIBUTOR, False),
        (MembershipRole.VIEWER, False),
    ],
)
def test_an_agencys_meeting_is_for_those_who_speak_for_it(
    panel: Panel, client: Client, role: MembershipRole, is_in: bool
) -> None:
    user = factories.make_member(
        "new@agency.example", organisation=get_meeting(panel).organisation, role=role
    )
    assert bool(read(client, make_feed_of(user))) == is_in


def test_a_meeting_one_came_into_conflict_with_disappears(panel: Panel, client: Client) -> None:
    chair, _, holly, _ = get_members(panel)
    make_interest(holly, get_meeting(panel).organisation)
    assert read(client, get_address(holly)) == {"Agency 1": "CONFIRMED"}
    page = client.get(f"/t/{holly.get_link_token()}/").content.decode()
    assert "Agency 0" not in page
    assert "Agency 1" in page
    # An officer who joins the agency: theirs is the agency's, and no longer the panel's.
    assert chair.user is not None
    factories.make_member(
        chair.user.email, organisation=get_meeting(panel).organisation, role=MembershipRole.VIEWER
    )
    assert read(client, make_feed_of(chair.user)) == {"Agency 1": "CONFIRMED"}


def test_what_is_off_stays_as_cancelled(cast: Cast, panel: Panel, client: Client) -> None:
    _, member, holly, hugh = get_members(panel)
    call_off(meeting=get_meeting(panel), reason="It merged", by=cast.quality_officer)
    off = {"Agency 0": "CANCELLED", "Agency 1": "CONFIRMED"}
    assert read(client, get_address(holly)) == off
    assert read(client, make_feed_of(User.objects.get(email="lead0@agency.example"))) == {
        "Agency 0": "CANCELLED"
    }
    seat = get_meeting(panel, 1).seats.get(member=member)
    replace_member(meeting=get_meeting(panel, 1), seat=seat, member=hugh, by=cast.quality_officer)
    assert member.user is not None
    assert read(client, make_feed_of(member.user)) == {"Agency 0": "CANCELLED", "Agency 1": "CANCELLED"}
    assert read(client, get_address(hugh)) == {"Agency 1": "CONFIRMED"}
    assert read(client, get_address(holly)) == off


def test_one_feed_holds_both_sides_of_a_person(cast: Cast, panel: Panel) -> None:
    """On a panel here and the lead of an agency elsewhere."""
    chair = get_members(panel)[0].user
    assert chair is not None
    place = get_meeting(panel, 1).organisation
    factories.make_member(chair.email, organisation=place)
    found = get_user_feed(chair).meetings
    assert [(one.told.name, one.sits) for one in found] == [("Agency 0", True), ("Agency 1", False)]


# How it is asked ------------------------------------------------------------------------------------------------------


def test_nothing_keeps_it_and_the_tag_says_whether_it_changed(
    cast: Cast, panel: Panel, client: Client
) -> None:
    address = get_address(get_members(panel)[2])
    first = client.get(address)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-store"
    assert first["Referrer-Policy"] == "no-referrer"
    assert "sessionid" not in first.cookies
    same = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    Place.objects.update(joining="By the side door.")
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    release(panel, cast)
    changed = client.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert b"By the side door." in changed.content


def test_revoked_or_made_up_it_is_not_found(cast: Cast, panel: Panel, client: Client) -> None:
    holly = get_members(panel)[2]
    user = User.objects.get(email="lead0@agency.example")
    feed = CalendarFeed.objects.create(user=user)
    old = [get_address(holly), get_address(feed)]
    assert [client.get(one).status_code for one in old] == [200, 200]
    holly.revoke_link()
    feed.revoke_link()
    assert [client.get(one).status_code for one in old] == [404, 404]
    now = get_address(feed)
    assert client.get(now).status_code == 200
    user.is_active = False
    user.save()
    for address in (now, "/t/x/calendar.ics", f"/t/{'a' * 22}~{'b' * 43}/calendar.ics"):
        assert client.get(address).status_code == 404, address
    PanelMember.objects.filter(pk=holly.pk).update(is_active=False)
    holly.refresh_from_db()
    assert client.get(get_address(holly)).status_code == 404


def test_an_invitation_that_waits_goes_with_the_new_link(cast: Cast, panel: Panel) -> None:
    holly = get_members(panel)[2]
    replace_link(member=holly, is_told=False, by=cast.quality_officer)
    links = set(Message.objects.filter(email="holly@dock.example").values_list("personal_link", flat=True))
    assert [one.partition("/t/")[2] for one in links] == [f"{holly.get_link_token()}/"]


def test_a_calendars_address_opens_the_calendar_alone(panel: Panel, client: Client) -> None:
    holly = get_members(panel)[2]
    token = holly.get_link_token(CALENDAR)
    for page in ("", "availability/", "packs/"):
        assert client.get(f"/t/{token}/{page}").status_code == 404, page
        assert client.get(f"/t/{holly.get_link_token()}/{page}").status_code == 200, page


def test_too_many_asks_wait(panel: Panel, client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"calendar_feed": "2/m/ip"}
    address = get_address(get_members(panel)[2])
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(
    cast: Cast,
    panel: Panel,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    """A feed, the member's page and the agency's room, with one meeting and with three."""
    if rows == 3:
        release(panel, cast)
    else:
        with lifted(ReleasedMeeting, ReleasedSeat):
            ReleasedMeeting.objects.filter(meeting=get_meeting(panel, 1)).delete()
    holly = get_members(panel)[2]
    chair = get_members(panel)[0].user
    assert chair is not None
    assert len(read(client, get_address(holly))) == rows  # and the rate limit's first look
    with django_assert_num_queries(MEMBER_FEED):
        client.get(get_address(holly))
    own = make_feed_of(chair)
    with django_assert_num_queries(OWN_FEED):
        client.get(own)
    page = f"/t/{holly.get_link_token()}/"
    client.get(page)
    with django_assert_num_queries(MEMBER_PAGE):
        client.get(page)


# One's own page -------------------------------------------------------------------------------------------------------


def test_a_person_makes_replaces_and_closes_their_address(
    panel: Panel, sign_in: SignIn, client: Client
) -> None:
    user = User.objects.get(email="lead0@agency.example")
    own = sign_in(user)
    page = "/home/calendar/"
    assert "Make my calendar address" in own.get(page).content.decode()
    own.post(page, {"act": "make"})
    own.post(page, {"act": "make"})
    first = get_address(CalendarFeed.objects.get(user=user))
    assert first in own.get(page).content.decode()
    assert "1 meeting is in it now" in own.get(page).content.decode()
    own.post(page, {"act": "replace"})
    second = get_address(CalendarFeed.objects.get(user=user))
    assert [client.get(one).status_code for one in (first, second)] == [404, 200]
    own.post(page, {"act": "close"})
    assert client.get(second).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_a_members_page_says_what_they_were_told(panel: Panel, client: Client) -> None:
    chair, _, holly, hugh = get_members(panel)
    response = client.get(f"/t/{holly.get_link_token()}/")
    page = response.content.decode()
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("strict-origin", "noindex, nofollow")
    assert "no-store" in response["Cache-Control"]
    for said in ("Agency 0", "Agency 1", "at 09:00", "Room 2", "Ring the bell.", get_address(holly)):
        assert said in page, said
    assert "Agency 2" not in page
    assert "you chair" not in page
    assert "once the timetable has gone out" in client.get(f"/t/{hugh.get_link_token()}/").content.decode()
    own = client.get(f"/t/{chair.get_link_token()}/").content.decode()
    assert "you chair" in own
    # Who has a login has one calendar, which their link does not give away.
    assert "/calendar.ics" not in own


# An agency's room -----------------------------------------------------------------------------------------------------


def test_an_agency_reads_when_and_where_and_takes_it_into_a_calendar(
    cast: Cast, panel: Panel, sign_in: SignIn
) -> None:
    own = sign_in(User.objects.get(email="lead0@agency.example"))
    page = own.get(ROOM).content.decode()
    for said in ("at 09:00", "Room 2", "Ring the bell.", "Nobody is named yet", "Say who comes"):
        assert said in page, said
    assert "Holly" not in page
    file = own.get(f"{ROOM}2026/meeting.ics")
    [event] = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert (event["SUMMARY"], event["STATUS"]) == ("Accountability meeting: Agency 0", "CONFIRMED")
    # Moved in the plan, it is what it was told until that goes out.
    Meeting.objects.filter(pk=get_meeting(panel).pk).update(starts_at=datetime.time(10, 10))
    assert "at 09:00" in own.get(ROOM).content.decode()
    for other in (cast.stranger, cast.lead, User.objects.get(email="lead1@agency.example")):
        for part in ("", "2026/meeting.ics", "2026/representatives/"):
            assert sign_in(other).get(f"{ROOM}{part}").status_code == 404, (other, part)
    assert own.get("/p/harbour/o/agency-2/meetings/").status_code == 404
    planned = sign_in(User.objects.get(email="lead2@agency.example"))
    assert planned.get("/p/harbour/o/agency-2/meetings/2026/meeting.ics").status_code == 404


def test_an_agency_says_who_comes(panel: Panel, sign_in: SignIn) -> None:
    own = sign_in(User.objects.get(email="lead0@agency.example"))
    page = f"{ROOM}2026/representatives/"
    assert "Enter the name of somebody who comes" in own.post(page, {}).content.decode()
    bad = {"email-1": "ada@agency.example", "name-2": "Bea", "email-2": "ADA@agency.example"}
    said = own.post(page, bad).content.decode()
    assert "Enter the name of person 1" in said
    assert "Person 1 has this address" in said
    Message.objects.all().delete()
    ada = {"name-1": "Ada Lark", "job_title-1": "Head", "email-1": "ada@agency.example"}
    assert own.post(page, ada).status_code == 302
    assert [one.email for one in Message.objects.all()] == ["ada@agency.example"]
    own.post(page, {"name-1": "Bea Moss", "substitute_for-1": "Ada Lark"})
    assert Representative.objects.get().substitute_for == "Ada Lark"
    assert "Bea Moss (in place of Ada Lark)" in own.get(ROOM).content.decode()
    viewer = factories.make_member(
        "viewer@agency.example", organisation=get_meeting(panel).organisation, role=MembershipRole.VIEWER
    )
    reader = sign_in(viewer)
    assert reader.get(page).status_code == 403
    assert "Only a lead or signatory of Agency 0 can say who comes" in reader.get(ROOM).content.decode()


def test_of_two_who_say_who_comes_the_second_learns_of_the_first(panel: Panel, sign_in: SignIn) -> None:
    """Both had the page open: nobody is taken off by somebody who did not know of them."""
    own = sign_in(User.objects.get(email="lead0@agency.example"))
    page = f"{ROOM}2026/representatives/"
    shown = read_seen(own.get(page).content.decode())
    own.post(page, {"name-1": "Ada Lark", "seen": shown})
    late = own.post(page, {"name-1": "Bea Moss", "seen": shown}).content.decode()
    assert "Who comes was changed while this page was open: Ada Lark. Nothing was saved." in late
    assert 'value="Bea Moss"' in late
    assert [one.name for one in Representative.objects.all()] == ["Ada Lark"]
    # Saved again in knowledge of it, it holds.
    assert own.post(page, {"name-1": "Bea Moss", "seen": read_seen(late)}).status_code == 302
    assert [one.name for one in Representative.objects.all()] == ["Bea Moss"]


def read_seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_an_officer_gives_a_seat_to_another(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    desk = sign_in(cast.quality_officer)
    _, member, _, hugh = get_members(panel)
    meeting = get_meeting(panel)
    seat = meeting.seats.get(member=member)
    page = f"/p/harbour/desk/meetings/2026/timetable/agencies/agency-0/seats/{seat.pk}/"
    assert page in desk.get("/p/harbour/desk/meetings/2026/timetable/agencies/agency-0/").content.decode()
    assert "Said that they are free then" in desk.get(page).content.decode()
    assert "Select who sits instead" in desk.post(page, {}).content.decode()
    desk.post(page, {"member": str(hugh.pk)})
    seat.refresh_from_db()
    assert (seat.member, seat.substitute_for) == (hugh, member)
    assert sign_in(cast.scrutineer).get(page).status_code == 403
    assert sign_in(cast.panel_member).get(page).status_code == 403
    assert sign_in(cast.outsider).get(page).status_code == 404
    make_interest(member, meeting.organisation)
    assert "has declared an interest" in sign_in(cast.quality_officer).get(page).content.decode()
