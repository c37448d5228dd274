"""A second year starts from the first: answers are confirmed, changed, or confirmed together with a reason."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from surveys.models import Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast
from tests.surveys.last_years import make_last_audit, make_new_place

REASON = "The governors went through each of them with the records in May."


@pytest.fixture
def last(cast: Cast) -> Audit:
    """Last year's audit, with an action that goes on, and an invitation to this year's."""
    last = make_last_audit(cast)
    answer = last.answers.get(indicator__code="A1.2")
    factories.make_action(
        cast.organisation, cast.partnership, answer=answer, what="Each visit is written down"
    )
    make_new_place(cast)
    return last


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def card(page: Page, code: str) -> Locator:
    return page.get_by_role("region", name=code, exact=True)


def test_a_second_year(page: Page, sign_in: SignIn, cast: Cast, last: Audit) -> None:
    sign_in(page, cast.lead)
    start(page)
    refuse_before_confirmed(page)
    confirm_one(page)
    change_one(page)
    confirm_a_standard(page)
    submit(page)
    audit = Audit.objects.get(invitee__cycle__slug="2026")
    scores = {one.indicator.code: one.submitted_score for one in audit.answers.select_related("indicator")}
    assert scores == {"A1.1": 2, "A1.2": 1, "A2.1": None, "A2.2": 1}
    assert not audit.answers.filter(confirmed=False).exists()


def start(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/audits/2026/")
    press(page, "Start the audit")
    expect(page.get_by_text("0 of 4 answered").first).to_be_visible()
    check_page(page)


def refuse_before_confirmed(page: Page) -> None:
    """Nothing that was brought forward counts as answered."""
    page.get_by_role("link", name="Check and submit").click()
    expect_heading(page, "Check your answers")
    expect(page.get_by_role("heading", name="Carried over, to confirm (4)")).to_be_visible()
    expect(page.get_by_text("brought forward and not confirmed").first).to_be_visible()
    expect(page.get_by_role("button", name="Submit the audit")).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="A1.1 (answer it)").click()
    expect_heading(page, "A1 Standard A1")


def confirm_one(page: Page) -> None:
    expect(page.get_by_text("2 answers brought forward, to confirm.")).to_be_visible()
    expect(card(page, "A1.1")).to_contain_text("To confirm")
    expect(card(page, "A1.1")).to_contain_text("Last year’s words on A1.1")
    expect(card(page, "A1.2").get_by_role("link", name="Each visit is written down")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Confirm the answer to A1.1").click()
    expect(page.get_by_text("1 answer brought forward, to confirm.")).to_be_visible()
    expect(card(page, "A1.1")).not_to_contain_text("To confirm")
    expect(card(page, "A1.1")).to_contain_text("Audit 2025")
    expect(card(page, "A1.2")).to_contain_text("To confirm")


def change_one(page: Page) -> None:
    """A change confirms too; the action from last year answers for the new 1."""
    card(page, "A1.2").get_by_role("radio", name="Working towards (1)").check()
    press(page, "Save and continue")
    expect_heading(page, "A2 Standard A2")
    expect(page.get_by_text("2 answers brought forward, to confirm.")).to_be_visible()


def confirm_a_standard(page: Page) -> None:
    page.get_by_role("link", name="confirm them together").click()
    expect_heading(page, "Confirm 2 answers to A2 Standard A2")
    check_page(page)
    press(page, "Confirm 2 answers")
    expect(page.get_by_role("alert")).to_contain_text("Enter how you know that these answers still hold")
    check_page(page)
    page.get_by_label("Your reason").fill("Trust me.")
    press(page, "Confirm 2 answers")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Your reason").fill(REASON)
    press(page, "Confirm 2 answers")
    expect(page.get_by_text("4 of 4 answered").first).to_be_visible()
    check_page(page)


def submit(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/audits/2026/profile/")
    page.get_by_label("P1 How many staff?").fill("12")
    press(page, "Save and return")
    page.get_by_role("link", name=re.compile("Check and submit")).first.click()
    expect(page.get_by_text("nothing is missing")).to_be_visible()
    press(page, "Submit the audit")
    expect_heading(page, "Audit submitted")
    page.goto("/p/harbour/o/anchor/audits/2026/history/")
    expect(page.get_by_text(REASON).first).to_be_visible()
    check_page(page)
