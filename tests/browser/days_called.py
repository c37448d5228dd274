"""Steps of a panel before it plans: set up, its members and a day, and who says when they can come."""

from __future__ import annotations

import datetime
import re

from playwright.sync_api import Page, expect

from accountability.models import PanelMember
from surveys.models import Message
from surveys.outbox import make_mail
from tests.browser.checks import check_page, expect_heading
from tests.browser.days_planned import OWN, ROUND, press
from tests.conftest import Cast


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
    page.get_by_label("Organisation they work for").select_option(label="Dock Health")
    page.get_by_label("Name", exact=True).fill("Noor Haddad")
    page.get_by_label("E-mail address").fill("noor@dock.example")
    page.get_by_role("radio", name="Health").check()
    page.get_by_label("May chair").check()
    press(page, "Add to the panel")
    expect(page.get_by_text("Noor Haddad is on the panel.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Noor Haddad").click()
    expect_heading(page, "Noor Haddad")
    check_page(page)


def plan_a_day(page: Page, day: datetime.date) -> None:
    page.goto(f"{ROUND}days/add/")
    expect_heading(page, "Add a day of meetings")
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(part, exact=True).fill(str(value))
    press(page, "Show the slots first")
    expect(
        page.get_by_role("heading", name=f"{day:%A} {day.day} {day:%B} {day.year}: 11 slots")
    ).to_be_visible()
    check_page(page)
    press(page, "Save the day")
    expect_heading(page, re.compile("^Rooms and links on "))
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


def say_when_by_link(page: Page, link: str) -> None:
    """Both days; and an interest, with which the plan keeps them away from that agency."""
    page.goto(link)
    expect_heading(page, "When can you come?")
    check_page(page)
    press(page, "Save your answer")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check_page(page)
    halves = page.get_by_role("radio", name="Yes", exact=True)
    assert halves.count() == 4
    for half in halves.all():
        half.check()
    page.get_by_role("radio", name="Yes, and").first.check()
    page.get_by_label("Anything the organisers should know").fill("From 10:00 only.")
    page.get_by_role("radio", name="I have an interest in those below").check()
    page.get_by_label("Agency 1", exact=True).select_option(label="Anchor Trust")
    page.get_by_label("Your interest in agency 1").select_option(label="A relative or partner works there")
    press(page, "Save your answer")
    expect(page.get_by_role("heading", name="Your answer is saved")).to_be_visible()
    check_page(page)
    assert not [one for one in page.context.cookies() if one.get("name") == "sessionid"]


def read_grid(page: Page) -> None:
    page.goto(f"{ROUND}availability/")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    row = page.get_by_role("row", name="Noor Haddad")
    expect(row).to_contain_text("Best")
    expect(row).to_contain_text("From 10:00 only.")
    expect(page.get_by_role("list").filter(has_text="panel_chair@harbour.example, asked")).to_be_visible()
    check_page(page)


def say_half_days(page: Page) -> None:
    """The agency's lead."""
    page.goto(OWN)
    expect_heading(page, "Meetings")
    check_page(page)
    page.get_by_role("link", name="Answer").click()
    expect_heading(page, "When can you come?")
    for half in page.get_by_role("radio", name="Yes", exact=True).all():
        half.check()
    check_page(page)
    press(page, "Save")
    expect(page.get_by_text("You can change it until you are told a time.")).to_be_visible()


def read_agencies_grid(page: Page) -> None:
    page.goto(f"{ROUND}availability/")
    page.get_by_role("link", name="Availability of the 25 agencies that are called").click()
    expect_heading(page, "Availability of the agencies")
    expect(page.get_by_role("row", name="Anchor Trust")).to_contain_text("Yes")
    check_page(page)
