"""Steps of one meeting: started and closed by an officer, noted and minuted by its chair, and the letter after it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accountability.models import Letter
from tests.browser.checks import check_page, expect_heading
from tests.browser.days_planned import OWN, ROUND, press

MEETING = f"{ROUND}anchor/meeting/"
MINUTES = f"{ROUND}anchor/minutes/"
PRESENTATION = "Your notes on Presentation: strengths, weaknesses, priorities"


def start(page: Page) -> None:
    page.goto(MEETING)
    expect_heading(page, "Anchor Trust: the meeting")
    press(page, "Start the meeting")
    expect_heading(page, "Start the meeting today?")
    press(page, "Start it today")
    expect(page.get_by_text("Item 1 of 4")).to_be_visible()


def lead_through(page: Page) -> None:
    """The chair: a note, and what the panel recommends."""
    page.goto(MEETING)
    page.get_by_label(PRESENTATION).fill("They train everybody but drivers.")
    press(page, "Save all notes")
    expect(page.get_by_text("Your notes are saved.")).to_be_visible()
    page.get_by_role("link", name="Recommendations", exact=True).click()
    expect_heading(page, "Recommendations and good practice")
    for part in range(1, 4):
        page.get_by_label("What does the panel recommend?").fill(f"Train everybody, part {part}.")
        page.get_by_label("Indicator").first.select_option(label="A2.1 Statement A2.1")
        press(page, "Add the recommendation")
        expect(page.get_by_text(f"Train everybody, part {part}.").first).to_be_visible()
    page.get_by_label("What may others learn from?").fill("A log of every visit.")
    press(page, "Add good practice")
    expect(page.get_by_text("The agency has not said yet")).to_be_visible()


def close(page: Page) -> None:
    page.goto(MEETING)
    press(page, "Close the meeting")
    expect(page.get_by_role("button", name="Open the meeting again")).to_be_visible()


def agree_minutes(page: Page) -> None:
    """The chair, of the draft that the notes make."""
    page.goto(MINUTES)
    press(page, "Make the draft from the notes")
    expect(page.get_by_text("The draft is made from the notes.")).to_be_visible()
    press(page, "Agree the minutes")
    expect(page.get_by_text("The minutes are agreed.")).to_be_visible()


def finalise(page: Page) -> None:
    page.goto(MINUTES)
    page.get_by_role("button", name="Make them final").click()
    expect_heading(page, "Make the minutes final")
    check_page(page)
    press(page, "Make the minutes final")
    expect(page.get_by_text("The minutes are final. Next: the letter.")).to_be_visible()


def write_letter(page: Page) -> None:
    page.get_by_role("link", name="the letter to Anchor Trust").click()
    expect_heading(page, "Letter")
    press(page, "Draft the letter")
    expect(page.get_by_text("The letter is drafted from what was agreed.")).to_be_visible()
    page.get_by_role("button", name="Edit the letter").click()
    expect_heading(page, "Edit the letter")
    check_page(page)
    page.get_by_label("Subject").fill("What we agreed at your meeting")
    press(page, "Save the letter")
    expect(page.get_by_text("The letter is saved.")).to_be_visible()
    page.get_by_label("Name and office under the letter").fill("Ada Byron, Independent Chair")
    press(page, "Sign the letter")
    expect(page.get_by_text("The letter is signed, and its PDF is being made.")).to_be_visible()
    expect(page.get_by_role("link", name="The letter (PDF")).to_be_visible()
    press(page, "Send the letter")
    expect(page.get_by_text("is in the outbox and goes out at once.")).to_be_visible()
    check_page(page)
    assert Letter.objects.get().status == "sent"


def read_letter(page: Page) -> None:
    page.goto(OWN)
    page.get_by_role("link", name="Read What came of it").click()
    expect_heading(page, "Accountability meeting: Audit 2026")
    page.get_by_role("link", name="Read Letter").click()
    expect_heading(page, "What we agreed at your meeting")
    check_page(page)
