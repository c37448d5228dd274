"""From an invitation to a meeting: a panel member and an agency's lead on a phone, and an officer who fills a seat."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accountability.feeds import CALENDAR
from accountability.models import Panel, PanelMember, Representative, Seat
from accountability.releases import read_draft
from accountability.releasing import release_timetable
from accountability.timetable_changes import make_digest
from s11.organisations.emails import make_link
from surveys.models import Message
from surveys.outbox import make_mail
from tests import factories
from tests.accountability.rounds import NINE, hold, make_round
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_the_invitation_to_who_comes(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    panel = make_round(cast, agencies=1)
    meeting = panel.meetings.get()
    lead = factories.make_member("lead@agency.example", organisation=meeting.organisation)
    hold(meeting, NINE, *panel.members.order_by("pk")[:3])
    release_timetable(panel=panel, note="", seen=make_digest(read_draft(panel, {})), by=cast.quality_officer)
    read_own_page(new_page(PHONE, script=False))
    agency = new_page(PHONE)
    sign_in(agency, lead)
    say_who_comes(agency, meeting.organisation.slug)
    make_own_calendar(agency)
    officer = new_page(DESKTOP)
    sign_in(officer, cast.quality_officer)
    fill_a_seat(officer, panel, meeting.organisation.slug)


def read_own_page(page: Page) -> None:
    """Out of the e-mail, as it goes: a contact has no login."""
    message = Message.objects.get(email="holly@dock.example")
    (link,) = [word for word in str(make_mail(message).body).split() if "/t/" in word]
    page.goto(link)
    expect_heading(page, "Your panel meetings")
    expect(page.get_by_text("Agency 0")).to_be_visible()
    expect(page.get_by_label("Your calendar address")).to_have_value(get_address())
    check_page(page)
    page.get_by_role("link", name="Read your answer").click()
    expect_heading(page, "When can you come?")


def get_address() -> str:
    """The contact's own."""
    member = PanelMember.objects.get(contact__email="holly@dock.example")
    return make_link("accountability:calendar_feed", member.get_link_token(CALENDAR))


def say_who_comes(page: Page, organisation: str) -> None:
    page.goto(f"/p/harbour/o/{organisation}/meetings/")
    expect_heading(page, "Meetings")
    expect(page.get_by_text("Nobody is named yet")).to_be_visible()
    expect(page.get_by_role("link", name="Add to your calendar")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Say who comes").click()
    expect_heading(page, "Who comes?")
    press(page, "Save who comes")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check_page(page)
    first = page.get_by_role("group", name="Person 1")
    first.get_by_label("Name", exact=True).fill("Ada Lark")
    first.get_by_label("E-mail address (optional)").fill("ada@agency.example")
    press(page, "Save who comes")
    expect(page.get_by_text("Ada Lark")).to_be_visible()
    check_page(page)
    assert Representative.objects.get().email == "ada@agency.example"


def make_own_calendar(page: Page) -> None:
    page.goto("/home/calendar/")
    expect_heading(page, "Your calendar")
    press(page, "Make my calendar address")
    expect(page.get_by_text("1 meeting is in it now.")).to_be_visible()
    check_page(page)


def fill_a_seat(page: Page, panel: Panel, organisation: str) -> None:
    page.goto(f"/p/harbour/desk/meetings/2026/timetable/agencies/{organisation}/")
    page.get_by_role("link", name="Replace panel_member@harbour.example").click()
    expect_heading(page, "Somebody else for panel_member@harbour.example")
    check_page(page)
    page.get_by_role("radio", name="Hugh").check()
    press(page, "Give them the seat")
    expect(page.get_by_text("Hugh sits in place of panel_member@harbour.example.")).to_be_visible()
    check_page(page)
    assert Seat.objects.get(meeting__panel=panel, member__contact__email="hugh@dock.example").substitute_for
