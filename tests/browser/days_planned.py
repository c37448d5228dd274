"""Steps of the two days before they come: called, asked, worked out, moved and locked, released."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from accountability.models import Meeting
from tests.browser.checks import check_page, expect_heading

ROUND = "/p/harbour/desk/meetings/2026/"
OWN = "/p/harbour/o/anchor/meetings/"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def call(page: Page) -> None:
    """All but one of those that the rules propose; that one by an officer's reason, and dropped again."""
    page.goto(ROUND)
    page.get_by_role("link", name="Agencies called").click()
    expect_heading(page, "Agencies to call")
    check_page(page)
    for box in page.get_by_role("checkbox", name=re.compile("^Call (?!Ebb)")).all():
        box.check()
    press(page, "Call those ticked")
    expect(page.get_by_text("25 agencies are called.")).to_be_visible()
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


def work_out(page: Page) -> None:
    page.goto(ROUND)
    page.get_by_role("link", name="Timetable").click()
    expect_heading(page, "Timetable")
    press(page, "Work out the timetable")
    expect(page.get_by_text("No better timetable is possible")).to_be_visible()
    expect(page.get_by_text("25 of 25", exact=True)).to_be_visible()
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
    """On a phone without scripts; what is locked stays where it is."""
    page.goto(f"{ROUND}timetable/")
    page.get_by_role("link", name="Cove House").click()
    expect_heading(page, "Cove House in the timetable")
    check_page(page)
    # Those that cost nobody their time come first.
    page.get_by_role("radio").first.check()
    press(page, "Move")
    expect(page.get_by_text("Nobody is told before you release it.")).to_be_visible()
    expect(page.get_by_text("Locked", exact=True)).to_be_visible()
    before = get_slot("Cove House")
    press(page, "Work out again")
    expect(page.get_by_text("No better timetable is possible")).to_be_visible()
    assert get_slot("Cove House") == before
    page.get_by_role("link", name="Cove House").click()
    expect_heading(page, "Cove House in the timetable")
    press(page, "Unlock its time")
    expect(page.get_by_text("Cove House may be moved again.")).to_be_visible()


def get_slot(name: str) -> tuple[object, ...]:
    meeting = Meeting.objects.get(invitee__organisation__name=name)
    return meeting.day_id, meeting.starts_at, meeting.track


def release_again(page: Page) -> None:
    page.get_by_role("button", name="Release").click()
    expect_heading(page, "Release timetable 2")
    expect(page.get_by_role("rowheader", name="Cove House")).to_be_visible()
    press(page, "Release and tell them")
    expect_heading(page, "Timetable 2")
    page.get_by_label("Compare with").select_option(label="Nothing")
    press(page, "Compare")
    expect(page.get_by_text("25 meetings").first).to_be_visible()
    page.goto(f"{ROUND}releases/")
    expect_heading(page, "Timetables that went out")
    check_page(page)


def read_by_link(page: Page, link: str) -> None:
    """Their own meetings and packs; nothing of the agency in which they have an interest."""
    page.goto(link)
    expect_heading(page, "Your panel meetings")
    expect(page.get_by_text("Agency ").first).to_be_visible()
    expect(page.get_by_text("Anchor Trust")).to_have_count(0)
    page.goto(f"{link}packs/")
    expect_heading(page, "Your packs")
    check_page(page)
    expect(page.get_by_text("Anchor Trust")).to_have_count(0)
    page.get_by_role("button", name="Make the PDF").first.click()
    expect(page.get_by_role("link", name="(PDF").first).to_be_visible()
    check_page(page)


def work_on_lines(page: Page) -> None:
    """Of the pack that the rules suggest."""
    page.goto(ROUND)
    page.get_by_role("link", name="Packs").click()
    expect_heading(page, "Packs")
    check_page(page)
    page.get_by_role("link", name="Anchor Trust").click()
    expect_heading(page, "Anchor Trust")
    press(page, "Suggest lines of enquiry")
    expect(page.get_by_text("The rules were asked again")).to_be_visible()
    press(page, "Drop line 2")
    expect(page.get_by_text("The line is dropped")).to_be_visible()
    page.get_by_role("button", name="Add a line of enquiry").click()
    expect_heading(page, "Add a line of enquiry")
    check_page(page)
    page.get_by_label("What should the panel ask?").fill("And the boats?")
    page.get_by_label("Why").fill("They are old.")
    press(page, "Save")
    expect(page.get_by_text("The line of enquiry is added.")).to_be_visible()
    expect(page.get_by_text("They are old.")).to_be_visible()
    check_page(page)


def ask_privately(page: Page) -> None:
    """The chair."""
    page.goto(f"{ROUND}anchor/pack/")
    expect_heading(page, "Anchor Trust")
    page.get_by_role("button", name="Add a question of your own").click()
    expect_heading(page, "Add a question of your own")
    page.get_by_label("Your question").fill("Who told the board?")
    press(page, "Save")
    expect(page.get_by_text("Your question is added. Nobody else sees it.")).to_be_visible()
    check_page(page)


def read_slot_and_pack(page: Page, when: str) -> None:
    """The agency's lead."""
    page.goto(OWN)
    expect_heading(page, "Meetings")
    expect(page.get_by_text(when)).to_be_visible()
    page.get_by_role("link", name="Read Your pack").click()
    expect_heading(page, "Your pack for the meeting: Audit 2026")
    expect(page.get_by_text("A1.1").first).to_be_visible()
    expect(page.get_by_text("And the boats?")).to_be_visible()
    expect(page.get_by_text("They are old.")).to_have_count(0)
    expect(page.get_by_text("Who told the board?")).to_have_count(0)
    check_page(page)
    press(page, "Make a PDF")
    expect_heading(page, "Your pack as a PDF")
    expect(page.get_by_role("button", name="Download the PDF")).to_be_visible()
    check_page(page)
