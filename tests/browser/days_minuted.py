"""Steps after a meeting: its minutes are written, corrected by who came and made final, and the letter goes out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accountability.models import Letter, Minutes
from tests.browser.checks import check_page, expect_heading
from tests.browser.days_planned import OWN, ROUND, press

MINUTES = f"{ROUND}anchor/minutes/"
FIRST = "What the minutes say of Presentation: strengths, weaknesses, priorities"


def write_out(page: Page) -> None:
    page.goto(ROUND)
    page.get_by_role("link", name="Minutes and letters").click()
    expect_heading(page, "Minutes and letters")
    check_page(page)
    page.get_by_role("link", name="Not started minutes of Anchor Trust").click()
    expect_heading(page, "Minutes")
    check_page(page)
    press(page, "Make the draft from the notes")
    expect(page.get_by_text("The draft is made from the notes.")).to_be_visible()
    check_page(page)
    page.get_by_label(FIRST).fill("The trust made a good start with its training.")
    press(page, "Save the minutes")
    expect(page.get_by_text("The minutes are saved.")).to_be_visible()
    expect(page.get_by_label(FIRST)).to_have_value("The trust made a good start with its training.")


def agree(page: Page) -> None:
    page.goto(MINUTES)
    expect_heading(page, "Minutes")
    check_page(page)
    press(page, "Agree the minutes")
    expect(page.get_by_text("The minutes are agreed.")).to_be_visible()
    check_page(page)
    assert Minutes.objects.get().status == "agreed"


def ask_by_link(page: Page, address: str) -> None:
    page.goto(address)
    expect_heading(page, "Minutes of your meetings")
    check_page(page)
    page.get_by_role("link", name="Read the minutes of Anchor Trust").click()
    expect_heading(page, "Minutes: Anchor Trust")
    page.get_by_label("Which part is wrong?").select_option(index=1)
    page.get_by_label("What is wrong, and what is right?").fill("It was the second start.")
    press(page, "Ask for the correction")
    expect(page.get_by_text("Your correction is asked for")).to_be_visible()
    check_page(page)


def ask(page: Page) -> None:
    page.goto(f"{OWN}2026/")
    expect_heading(page, "Accountability meeting: Audit 2026")
    check_page(page)
    page.get_by_role("link", name="Read Minutes").click()
    expect_heading(page, "Minutes of your meeting")
    check_page(page)
    page.get_by_label("Which part is wrong?").select_option(index=2)
    page.get_by_label("What is wrong, and what is right?").fill("All three actions are done.")
    press(page, "Ask for the correction")
    expect(page.get_by_text("Your correction is asked for.")).to_be_visible()


def decide(page: Page, name: str) -> None:
    page.goto(MINUTES)
    expect(page.get_by_text("2 corrections to decide.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name=f"Decide on the correction of {name}").click()
    expect_heading(page, "Correction to ‘Presentation: strengths, weaknesses, priorities’")
    page.get_by_label("Yes, as the text below says").check()
    page.get_by_label("What the minutes say then").fill("The trust made a second good start.")
    check_page(page)
    press(page, "Decide")
    expect(page.get_by_text("1 correction to decide.")).to_be_visible()
    page.get_by_role("link", name="Decide on the correction of").click()
    expect_heading(page, "Correction to ‘Last year’s actions’")
    page.get_by_label("No, for the reason below").check()
    page.get_by_label("Your reply").fill("The third was not shown on the day.")
    press(page, "Decide")
    expect(page.get_by_text("The correction is decided.")).to_be_visible()


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
