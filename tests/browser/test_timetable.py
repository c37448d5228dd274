"""From agencies that are called to a timetable that goes out: begun at a desk, moved and released again on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accountability.models import Meeting, Panel
from surveys.enums import MessageKind
from surveys.models import Message
from tests import factories
from tests.accountability.rounds import add_day, make_round, say_when
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

ROUND = "/p/harbour/desk/meetings/2026/"


@pytest.fixture
def panel(cast: Cast) -> Panel:
    """Four members, free on two days; three agencies are invited, one of which the law does not name."""
    panel = make_round(cast)
    add_day(panel, 1)
    for member in panel.members.all():
        say_when(member)
    for name, is_statutory in (("Cove House", True), ("Delta School", True), ("Ebb Club", False)):
        place = factories.make_organisation(name, partnership=cast.partnership, is_statutory=is_statutory)
        factories.make_member(f"lead@{name.split()[0].lower()}.example", organisation=place)
        factories.make_invitee(panel.cycle, place)
    return panel


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_called_worked_out_moved_and_released(
    new_page: NewPage, sign_in: SignIn, cast: Cast, panel: Panel
) -> None:
    desk, phone = new_page(DESKTOP), new_page(PHONE, script=False)
    for page in (desk, phone):
        sign_in(page, cast.quality_officer)
    call(desk)
    work_out(desk)
    release_first(desk)
    move(phone)
    release_again(phone)
    told = Message.objects.filter(kind=MessageKind.MEETING)
    assert told.filter(email="lead@cove.example").count() == 2
    assert told.filter(email="lead@delta.example").count() == 1


def call(page: Page) -> None:
    page.goto(ROUND)
    page.get_by_role("link", name="Agencies called").click()
    expect_heading(page, "Agencies to call")
    check_page(page)
    page.get_by_role("checkbox", name="Call Cove House").check()
    page.get_by_role("checkbox", name="Call Delta School").check()
    press(page, "Call those ticked")
    expect(page.get_by_text("2 agencies are called.")).to_be_visible()
    page.get_by_role("link", name="Call Ebb Club with a reason").click()
    expect_heading(page, "Call Ebb Club")
    check_page(page)
    page.get_by_label("Your reason").fill("It has a new committee.")
    press(page, "Call this agency")
    expect(page.get_by_text("Chosen: It has a new committee.")).to_be_visible()
    page.get_by_role("link", name="Drop Ebb Club").click()
    expect_heading(page, "Drop Ebb Club")
    check_page(page)
    page.get_by_label("Why is it dropped?").fill("It closes in the summer.")
    press(page, "Drop this agency")
    expect(page.get_by_text("Ebb Club is dropped.")).to_be_visible()
    check_page(page)


def work_out(page: Page) -> None:
    page.goto(ROUND)
    page.get_by_role("link", name="Timetable").click()
    expect_heading(page, "Timetable")
    check_page(page)
    press(page, "Work out the timetable")
    expect(page.get_by_text("Proved best")).to_be_visible()
    expect(page.get_by_text("2 of 2", exact=True)).to_be_visible()
    check_page(page)


def release_first(page: Page) -> None:
    page.get_by_role("button", name="Release").click()
    expect_heading(page, "Release timetable 1")
    check_page(page)
    press(page, "Release and tell them")
    expect_heading(page, "Timetable 1")
    expect(page.get_by_text("Timetable 1 is out.")).to_be_visible()
    check_page(page)


def move(page: Page) -> None:
    page.goto(f"{ROUND}timetable/")
    page.get_by_role("link", name="Cove House").click()
    expect_heading(page, "Cove House in the timetable")
    check_page(page)
    # Those that cost nobody their time come first.
    page.get_by_role("radio").first.check()
    press(page, "Move")
    expect(page.get_by_text("Nobody is told before you release it.")).to_be_visible()
    expect(page.get_by_text("Locked", exact=True)).to_be_visible()
    check_page(page)
    before = Meeting.objects.get(invitee__organisation__name="Cove House").starts_at
    press(page, "Work out again")
    expect(page.get_by_text("Proved best")).to_be_visible()
    assert Meeting.objects.get(invitee__organisation__name="Cove House").starts_at == before
    page.get_by_role("link", name="Cove House").click()
    expect_heading(page, "Cove House in the timetable")
    press(page, "Unlock its time")
    expect(page.get_by_text("Cove House may be moved again.")).to_be_visible()


def release_again(page: Page) -> None:
    page.get_by_role("button", name="Release").click()
    expect_heading(page, "Release timetable 2")
    expect(page.get_by_role("rowheader", name="Cove House")).to_be_visible()
    check_page(page)
    press(page, "Release and tell them")
    expect_heading(page, "Timetable 2")
    page.get_by_label("Compare with").select_option(label="Nothing")
    press(page, "Compare")
    expect(page.get_by_text("2 meetings").first).to_be_visible()
    page.goto(f"{ROUND}releases/")
    expect_heading(page, "Timetables that went out")
    check_page(page)
