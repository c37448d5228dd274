"""From the notes to minutes that all who came have corrected: an officer, the chair, a member by a link, the lead.

How they become final, and the letter after them, is walked in test_two_days.py.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accountability.models import Minutes
from tests.accountability.outcomes import get_members, hold_meeting, make_held_round
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

ROUND = "/p/harbour/desk/meetings/2026/"
MINUTES = f"{ROUND}anchor/minutes/"
FIRST = "What the minutes say of Presentation: strengths, weaknesses, priorities"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_notes_to_corrections_that_are_decided(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    panel = make_held_round(cast)
    hold_meeting(panel, cast.organisation, cast.quality_officer)
    officer, chair, lead = new_page(DESKTOP), new_page(PHONE, script=False), new_page(PHONE)
    for page, person in ((officer, cast.quality_officer), (chair, cast.panel_chair), (lead, cast.lead)):
        sign_in(page, person)
    write_out(officer)
    agree(chair)
    ask_by_link(new_page(PHONE, script=False), f"/t/{get_members(panel)[2].get_link_token()}/minutes/")
    ask(lead)
    decide(officer)


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
    page.goto("/p/harbour/o/anchor/meetings/2026/")
    expect_heading(page, "Accountability meeting: Audit 2026")
    check_page(page)
    page.get_by_role("link", name="Read Minutes").click()
    expect_heading(page, "Minutes of your meeting")
    check_page(page)
    page.get_by_label("Which part is wrong?").select_option(index=2)
    page.get_by_label("What is wrong, and what is right?").fill("All three actions are done.")
    press(page, "Ask for the correction")
    expect(page.get_by_text("Your correction is asked for.")).to_be_visible()


def decide(page: Page) -> None:
    page.goto(MINUTES)
    expect(page.get_by_text("2 corrections to decide.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Decide on the correction of Holly").click()
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
