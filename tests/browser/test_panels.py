"""A panel from its rules to the grid: an officer at a desk, a member on a phone without login or scripts, an agency."""

from __future__ import annotations

import datetime

from django.utils import timezone
from playwright.sync_api import Page, expect

from accountability.models import MeetingDay, Panel, PanelMember
from surveys.models import Message
from surveys.outbox import make_mail
from tests import factories
from tests.accountability.factories import make_meeting
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

ROUND = "/p/harbour/desk/meetings/2026/"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_the_rules_of_a_panel_to_who_can_come(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    today = timezone.localdate()
    cycle = factories.make_cycle(
        cast.partnership,
        questionnaires=(factories.make_questionnaire(),),
        opens_on=today - datetime.timedelta(days=90),
        closes_on=today - datetime.timedelta(days=30),
    )
    officer = new_page(DESKTOP)
    sign_in(officer, cast.quality_officer)
    set_up(officer)
    add_members(officer, cast)
    plan_a_day(officer)
    ask(officer)
    member = PanelMember.objects.get(contact__isnull=False)
    answer(new_page(PHONE, script=False), read_link(member), cast)
    make_meeting(Panel.objects.get(cycle=cycle), cast.organisation, asked_at=timezone.now())
    lead = new_page(PHONE)
    sign_in(lead, cast.lead)
    say_half_days(lead)
    read_grids(officer)
    # Taken back, the link opens nothing.
    member.revoke_link()
    gone = new_page(PHONE, script=False)
    gone.goto(read_link(member))
    expect_heading(gone, "Page not found")


def set_up(page: Page) -> None:
    page.goto("/p/harbour/desk/meetings/")
    expect_heading(page, "Meetings")
    check_page(page)
    page.get_by_role("link", name="Set up meetings for Audit 2026").click()
    expect_heading(page, "Set up meetings for Audit 2026")
    page.get_by_label("Panels at a time").fill("2")
    check_page(page)
    press(page, "Set up")
    expect_heading(page, "Audit 2026: meetings")
    check_page(page)


def add_members(page: Page, cast: Cast) -> None:
    page.get_by_role("link", name="Panel members").click()
    expect_heading(page, "Panel members")
    page.get_by_role("button", name="Add an officer").click()
    expect_heading(page, "Add an officer to the panel")
    page.get_by_label("Officer", exact=True).select_option(label=f"{cast.panel_chair}, panel chair")
    page.get_by_role("radio", name="Local authority").check()
    page.get_by_label("May chair").check()
    check_page(page)
    press(page, "Add to the panel")
    expect(page.get_by_text("is on the panel.")).to_be_visible()
    page.get_by_role("button", name="Add somebody new").click()
    expect_heading(page, "Add somebody new to the panel")
    page.get_by_label("Organisation they work for").select_option(label="Beacon Homes")
    page.get_by_label("Name", exact=True).fill("Noor Haddad")
    page.get_by_label("E-mail address").fill("noor@beacon.example")
    page.get_by_role("radio", name="Health").check()
    press(page, "Add to the panel")
    expect(page.get_by_text("Noor Haddad is on the panel.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Noor Haddad").click()
    expect_heading(page, "Noor Haddad")
    check_page(page)


def plan_a_day(page: Page) -> None:
    page.goto(f"{ROUND}days/add/")
    expect_heading(page, "Add a day of meetings")
    for part, value in (("Day", "3"), ("Month", "3"), ("Year", "2032")):
        page.get_by_label(part, exact=True).fill(value)
    press(page, "Show the slots first")
    expect(page.get_by_role("heading", name="Wednesday 3 March 2032: 11 slots")).to_be_visible()
    check_page(page)
    press(page, "Save the day")
    expect_heading(page, "Rooms and links on 3 March 2032")
    first = page.get_by_role("group", name="Panel 1")
    first.get_by_role("radio", name="Room").check()
    first.get_by_label("Name").fill("Committee room 2")
    check_page(page)
    press(page, "Save")
    expect_heading(page, "Days and places")
    expect(page.get_by_text("Panel 1: Committee room 2 (room)")).to_be_visible()
    expect(page.get_by_text("Panel 2: no room or link yet")).to_be_visible()
    check_page(page)


def ask(page: Page) -> None:
    page.goto(ROUND)
    page.get_by_role("link", name="Availability").click()
    expect_heading(page, "Availability of the panel")
    press(page, "Ask the 2 not asked yet")
    expect(page.get_by_text("2 e-mails are in the outbox.")).to_be_visible()
    check_page(page)


def read_link(member: PanelMember) -> str:
    """Out of the e-mail, as it goes."""
    message = Message.objects.get(email=member.email)
    (link,) = [word for word in str(make_mail(message).body).split() if "/t/" in word]
    return link


def answer(page: Page, link: str, cast: Cast) -> None:
    page.goto(link)
    expect_heading(page, "When can you come?")
    check_page(page)
    press(page, "Save your answer")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check_page(page)
    page.get_by_role("group", name="Morning, 09:30 to 12:30").get_by_role("radio", name="Yes, and").check()
    page.get_by_role("group", name="Afternoon, 13:15 to 15:45").get_by_role("radio", name="No").check()
    page.get_by_label("Anything the organisers should know").fill("From 10:00 only.")
    page.get_by_role("radio", name="I have an interest in those below").check()
    page.get_by_label("Agency 1", exact=True).select_option(label="Anchor Trust")
    page.get_by_label("Your interest in agency 1").select_option(label="A relative or partner works there")
    press(page, "Save your answer")
    expect(page.get_by_role("heading", name="Your answer is saved")).to_be_visible()
    check_page(page)
    assert not [one for one in page.context.cookies() if one.get("name") == "sessionid"]


def say_half_days(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/meetings/")
    expect_heading(page, "Meetings")
    check_page(page)
    page.get_by_role("link", name="Answer").click()
    expect_heading(page, "When can you come?")
    for half in ("Morning", "Afternoon"):
        page.get_by_role("group", name=half).get_by_role("radio", name="Yes", exact=True).check()
    check_page(page)
    press(page, "Save")
    expect(page.get_by_text("You can change it until you are told a time.")).to_be_visible()


def read_grids(page: Page) -> None:
    page.goto(f"{ROUND}availability/")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    row = page.get_by_role("row", name="Noor Haddad")
    expect(row).to_contain_text("Best")
    expect(row).to_contain_text("From 10:00 only.")
    expect(page.get_by_role("list").filter(has_text="panel_chair@harbour.example, asked")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Availability of the 1 agency that is called").click()
    expect_heading(page, "Availability of the agencies")
    expect(page.get_by_role("row", name="Anchor Trust")).to_contain_text("Yes")
    check_page(page)
    assert MeetingDay.objects.get().availabilities.count() == 4
