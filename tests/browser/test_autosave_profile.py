"""The facts about an organisation save themselves as answers do: kept when cut off, never over a colleague's."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from s11.organisations.models import Session
from surveys.models import Audit, ProfileQuestion
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import PHONE, NewPage, SignIn
from tests.conftest import Cast

PROFILE = "/p/harbour/o/anchor/audits/2026/profile/"
SAVES = "**/profile/*/"
SAVED = re.compile(r"Saved \d\d:\d\d")
OFFLINE = "Not saved. You seem to be offline; trying again."
WORDS = "Two schools and a nursery."


@pytest.fixture
def audit(cast: Cast) -> Audit:
    """P1 is a number, P2 a text, P3 a date, P4 yes or no."""
    bank = factories.make_questionnaire()
    for position, kind in enumerate(("text", "date", "yes_no"), 2):
        ProfileQuestion.objects.create(
            questionnaire=bank,
            code=f"P{position}",
            kind=kind,
            text=f"Question {position}?",
            position=position,
            is_required=False,
        )
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    return factories.make_audit(cycle, cast.organisation)


@pytest.fixture
def answering(desktop: Page, sign_in: SignIn, cast: Cast, audit: Audit) -> Page:
    """The lead, on the page of facts."""
    sign_in(desktop, cast.lead)
    desktop.goto(PROFILE)
    expect_heading(desktop, "Your organisation")
    return desktop


def card(page: Page, code: str) -> Locator:
    return page.locator(f"[data-code={code}]")


def number(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^P1 "))


def text(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^P2 "))


def facts(audit: Audit) -> dict[str, str]:
    return dict(audit.profile_answers.values_list("question__code", "value"))


def test_each_fact_is_saved_as_it_is_changed(answering: Page, audit: Audit) -> None:
    check_page(answering)
    number(answering).fill("1,200")
    number(answering).blur()
    expect(card(answering, "P1")).to_contain_text(SAVED)
    expect(answering.get_by_text(re.compile(r"1 of 4 answered, saved \d\d:\d\d"))).to_be_visible()
    card(answering, "P4").get_by_role("radio", name="Yes").check()
    expect(card(answering, "P4")).to_contain_text(SAVED)
    with answering.expect_response(SAVES):
        text(answering).press_sequentially(WORDS)  # a short pause is enough
    expect(card(answering, "P2")).to_contain_text(SAVED)
    expect(text(answering)).to_be_focused()
    assert facts(audit) == {"P1": "1200", "P2": WORDS, "P4": "yes"}
    check_page(answering)
    answering.reload()
    expect(text(answering)).to_have_value(WORDS)
    expect(number(answering)).to_have_value("1200")


def test_a_date_is_saved_once_it_is_whole(answering: Page, audit: Audit) -> None:
    date = card(answering, "P3")
    date.get_by_label("Day").fill("4")
    expect(date).to_contain_text("Complete the date to save it.")
    expect(answering.get_by_text("Not saved:")).to_be_hidden()
    date.get_by_label("Month").fill("march")
    date.get_by_label("Year").fill("2026")
    date.get_by_label("Year").blur()
    expect(date).to_contain_text(SAVED)
    assert facts(audit) == {"P3": "2026-03-04"}


def test_what_is_wrong_is_said_beside_it_and_the_rest_is_saved(answering: Page, audit: Audit) -> None:
    number(answering).fill("twelve")
    number(answering).blur()
    expect(card(answering, "P1")).to_contain_text("enter a whole number in digits")
    expect(answering.get_by_text("Not saved: P1")).to_be_visible()
    text(answering).fill(WORDS)
    text(answering).blur()
    expect(card(answering, "P2")).to_contain_text(SAVED)
    check_page(answering)
    number(answering).fill("12")
    number(answering).blur()
    expect(card(answering, "P1")).to_contain_text(SAVED)
    assert facts(audit) == {"P1": "12", "P2": WORDS}


def test_what_cannot_be_sent_is_kept_and_sent_later(answering: Page, audit: Audit) -> None:
    answering.context.set_offline(True)
    text(answering).fill(WORDS)
    text(answering).blur()
    expect(card(answering, "P2")).to_contain_text(OFFLINE)
    expect(answering.get_by_text("Not saved: P2")).to_be_visible()
    answering.context.set_offline(False)
    expect(card(answering, "P2")).to_contain_text(SAVED, timeout=30_000)
    assert facts(audit) == {"P2": WORDS}
    assert answering.evaluate("Object.keys(localStorage).filter(key => key.startsWith('s11:')).length") == 0


def test_what_was_never_saved_is_offered_on_return(answering: Page, audit: Audit) -> None:
    answering.context.set_offline(True)
    card(answering, "P3").get_by_label("Day").fill("4")
    text(answering).fill(WORDS)
    text(answering).blur()
    expect(card(answering, "P2")).to_contain_text(OFFLINE)
    # Chromium ends its offline emulation a moment before the page: what that moment sends would be a save after all.
    answering.evaluate("XMLHttpRequest.prototype.send = () => {}")
    back = answering.context.new_page()
    answering.close()
    back.context.set_offline(False)
    back.goto(PROFILE)
    expect(card(back, "P2")).to_contain_text("and it was not saved")
    expect(card(back, "P2")).to_contain_text(WORDS)
    check_page(back)
    back.get_by_role("button", name="Use it for P2").click()
    expect(card(back, "P2")).to_contain_text(SAVED)
    assert facts(audit) == {"P2": WORDS}


def test_a_session_that_ends_loses_nothing(answering: Page, audit: Audit, cast: Cast) -> None:
    Session.objects.all().delete()
    text(answering).fill(WORDS)
    text(answering).blur()
    expect(card(answering, "P2")).to_contain_text("You have been signed out. Your text is kept here")
    with answering.context.expect_page() as opened:
        card(answering, "P2").get_by_role("link", name="sign in in a new tab").click()
    tab = opened.value
    tab.get_by_label("Email").fill(cast.lead.email)
    tab.get_by_role("textbox", name="Password").fill(factories.PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect_heading(tab, "Home")
    tab.close()
    answering.bring_to_front()
    expect(card(answering, "P2")).to_contain_text(SAVED, timeout=30_000)
    assert facts(audit) == {"P2": WORDS}


@pytest.fixture
def second(new_page: NewPage, answering: Page, sign_in: SignIn, cast: Cast) -> Page:
    """On a phone, the contributor has saved a number and typed another; the lead's was saved in between."""
    second = new_page(PHONE)
    sign_in(second, cast.contributor)
    second.goto(PROFILE)
    number(second).fill("7")
    number(second).blur()
    expect(card(second, "P1")).to_contain_text(SAVED)
    answering.reload()
    number(answering).fill("5")
    number(answering).blur()
    expect(card(answering, "P1")).to_contain_text(SAVED)
    number(second).fill("8")
    number(second).blur()
    expect(card(second, "P1")).to_contain_text(f"{cast.lead} changed this on")
    return second


def test_a_stale_fact_overwrites_nothing_and_mine_can_be_kept(second: Page, audit: Audit) -> None:
    check_page(second)
    assert facts(audit) == {"P1": "5"}
    second.get_by_role("button", name="Keep mine for P1").click()
    expect(card(second, "P1")).to_contain_text(SAVED)
    expect(second.get_by_role("button", name="Keep mine for P1")).to_have_count(0)
    assert facts(audit) == {"P1": "8"}


def test_a_stale_fact_overwrites_nothing_and_theirs_can_be_kept(second: Page, audit: Audit) -> None:
    second.get_by_role("button", name="Keep theirs for P1").click()
    expect(number(second)).to_have_value("5")
    expect(second.get_by_text("Not saved: P1")).to_be_hidden()
    assert facts(audit) == {"P1": "5"}


def test_without_scripts_the_buttons_save(
    new_page: NewPage, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    page = new_page(PHONE, script=False)
    sign_in(page, cast.lead)
    page.goto(PROFILE)
    number(page).fill("12")
    text(page).fill(WORDS)
    page.get_by_role("button", name="Save and return").click()
    expect_heading(page, audit.cycle.title)
    assert facts(audit) == {"P1": "12", "P2": WORDS}
