"""Steps of one meeting by its screen: started and closed by an officer, noted and judged by its chair."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from accountability.models import Note
from tests.browser.checks import check_page, expect_heading
from tests.browser.days_planned import ROUND, press
from tests.conftest import Cast

MEETING = f"{ROUND}anchor/meeting/"
PRESENTATION = "Your notes on Presentation: strengths, weaknesses, priorities"
ENQUIRY = "Your notes on Lines of enquiry"
SAVED = re.compile(r"Saved \d\d:\d\d")


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def start(page: Page) -> None:
    page.goto(f"{ROUND}days/next/")
    expect_heading(page, re.compile("^Meetings on "))
    check_page(page)
    page.goto(MEETING)
    expect_heading(page, "Anchor Trust: the meeting")
    check_page(page)
    press(page, "Start the meeting")
    expect_heading(page, "Start the meeting today?")
    check_page(page)
    press(page, "Start it today")
    expect(page.get_by_text("Item 1 of 4, 9 minutes left of it and 30 of the meeting")).to_be_visible()
    check_page(page)


def note_through_a_cut(officer: Page, chair: Page, cast: Cast) -> None:
    """What is typed while the connection is gone is kept, and sent when it is back; the others' words come too."""
    officer.get_by_label(PRESENTATION).fill("Training is at 94%.")
    expect(part(officer, "1. Presentation")).to_contain_text(SAVED)
    officer.context.set_offline(True)
    officer.get_by_label(ENQUIRY).press_sequentially("They named the two files.")
    expect(part(officer, "3. Lines of enquiry")).to_contain_text("Not saved. You seem to be offline")
    expect(officer.get_by_text("Not saved: Lines of enquiry")).to_be_visible()
    # Meanwhile somebody without scripts writes, and reads what was saved.
    chair.goto(MEETING)
    expect(part(chair, "1. Presentation")).to_contain_text("Training is at 94%.")
    chair.get_by_label(ENQUIRY).fill("Who checks the files?")
    check_page(chair)
    press(chair, "Save all notes")
    expect(chair.get_by_text("Your notes are saved.")).to_be_visible()
    officer.context.set_offline(False)
    expect(part(officer, "3. Lines of enquiry")).to_contain_text(SAVED)
    expect(part(officer, "3. Lines of enquiry")).to_contain_text("Who checks the files?")
    expect(officer.get_by_label(ENQUIRY)).to_have_value("They named the two files.")
    expect(officer.get_by_label(ENQUIRY)).to_be_focused()
    expect(officer.get_by_text("Not saved: Lines of enquiry")).to_be_hidden()
    assert set(Note.objects.filter(item__kind="enquiry").values_list("by", "text")) == {
        (cast.quality_officer.pk, "They named the two files."),
        (cast.panel_chair.pk, "Who checks the files?"),
    }
    check_page(officer)


def judge(page: Page) -> None:
    page.goto(MEETING)
    expect_heading(page, "Anchor Trust: the meeting")
    page.get_by_role("link", name="Scores").click()
    expect_heading(page, "Scores")
    expect(page.get_by_role("table", name="To look at first: 3 indicators")).to_contain_text(
        "Critical, scored 0"
    )
    check_page(page)
    page.get_by_role("link", name="Propose another score for A2.1").click()
    expect_heading(page, "Propose another score for A2.1")
    expect(page.get_by_text("A2 from grade 2 (mean 1.50) to grade 1 (mean 0.50)")).to_be_visible()
    check_page(page)
    press(page, "Propose")
    expect(page.get_by_role("link", name="Enter what shows it")).to_be_visible()
    check_page(page)
    page.get_by_role("radio", name="(0)").check()
    page.get_by_label("What shows it?").fill("No file could be shown.")
    press(page, "Propose")
    expect(page.get_by_text("Another score for A2.1 is proposed.")).to_be_visible()
    press(page, "Agree")
    expect(page.get_by_text("The panel’s score for A2.1 is agreed.")).to_be_visible()
    check_page(page)


def recommend(page: Page) -> None:
    page.get_by_role("link", name="Recommendations", exact=True).click()
    expect_heading(page, "Recommendations and good practice")
    for number in range(1, 4):
        page.get_by_label("What does the panel recommend?").fill(f"Train everybody, part {number}.")
        page.get_by_label("Indicator").first.select_option(label="A2.1 Statement A2.1")
        press(page, "Add the recommendation")
        expect(page.get_by_text(f"Train everybody, part {number}.").first).to_be_visible()
    page.get_by_label("What may others learn from?").fill("A log of every visit.")
    press(page, "Add good practice")
    expect(page.get_by_text("The agency has not said yet")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Change recommendation 1").click()
    expect_heading(page, "Recommendation 1")
    check_page(page)


def say_who_came(page: Page) -> None:
    page.goto(MEETING)
    page.get_by_role("link", name="Who came").click()
    expect_heading(page, "Who came")
    check_page(page)
    page.get_by_role("link", name="Somebody else sat on the panel").click()
    expect_heading(page, "Somebody else sat on the panel")
    # The first two are nobody and the chair.
    page.get_by_label("Who could not come?").select_option(index=2)
    page.get_by_label("Who sat instead?").select_option(index=1)
    check_page(page)
    press(page, "Save")
    expect(page.get_by_text(re.compile(r"^\S+ sits instead of "))).to_be_visible()
    page.get_by_role("link", name="Add somebody of the agency").click()
    expect_heading(page, "Add somebody of the agency")
    page.get_by_label("Name").fill("Ada Fell")
    check_page(page)
    press(page, "Add")
    expect(
        page.get_by_role("group", name="Ada Fell").get_by_role("radio", name="Came", exact=True)
    ).to_be_checked()


def close(page: Page) -> None:
    page.goto(MEETING)
    press(page, "Close the meeting")
    expect(page.get_by_role("button", name="Open the meeting again")).to_be_visible()
    check_page(page)
