"""An organisation in two partnerships: one audit starts from the other, they part, and answers are sent across."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from s11.organisations.models import User
from surveys.models import Audit
from surveys.workflow import submit_audit
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DEVICES, Device, NewPage, SignIn
from tests.conftest import Cast
from tests.surveys.elsewheres import SECRETS, make_audit_there, make_place_here, values
from tests.surveys.last_years import make_last_audit


@pytest.fixture(params=DEVICES[:2], ids=str)
def gear(request: pytest.FixtureRequest) -> Device:
    found: Device = request.param
    return found


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_one_answer_for_two_partnerships(
    new_page: NewPage, gear: Device, sign_in: SignIn, cast: Cast
) -> None:
    make_last_audit(cast)
    there = make_audit_there(cast, scores={"A1.1": 2, "A1.2": 0, "A2.1": 2})
    make_place_here(cast)
    page = new_page(gear.viewport, script=gear.script)
    sign_in(page, cast.lead)
    start(page)
    here = Audit.objects.get(invitee__cycle__slug="2026", invitee__cycle__partnership=cast.partnership)
    confirm(page)
    compare_and_send(page)
    assert values(there)["A2.2"] == (1, "Last year’s words on A2.2", True)
    assert values(there)["A1.2"] == (1, "Agreed with the board since", True)
    officer_learns_nothing(new_page(gear.viewport, script=gear.script), sign_in, cast, here)


def start(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name="Audit 2026", exact=True).click()
    expect_heading(page, "Audit 2026")
    page.get_by_role("radio", name="Upland check, Moorland (draft, 3 answered)").check()
    check_page(page)
    press(page, "Start the audit")
    expect(page.get_by_text("0 of 4 answered, 4 to confirm")).to_be_visible()
    expect(page.get_by_role("heading", name="The same audit elsewhere")).to_be_visible()
    check_page(page)


def confirm(page: Page) -> None:
    """A1 as it came but for A1.2; then A2 together, of which one answer came from last year's audit here."""
    page.get_by_role("link", name="A1 Standard A1").click()
    card = page.get_by_role("region", name="A1.2", exact=True)
    expect(card.get_by_text("Upland check, Moorland")).to_be_visible()
    card.get_by_role("radio", name="Working towards (1)").check()
    card.get_by_label("Commentary").fill("Agreed with the board since")
    press(page, "Save and return")
    expect_heading(page, "Audit 2026")
    page.get_by_role("link", name="A2 Standard A2").click()
    page.get_by_role("link", name="confirm them together").click()
    expect(page.get_by_text("brought forward from Upland check, Moorland and Audit 2025.")).to_be_visible()
    page.get_by_label("Your reason").fill("I read both of them with the head of service today.")
    check_page(page)
    press(page, "Confirm 2 answers")
    expect(page.get_by_text("2 answers to A2 confirmed.")).to_be_visible()


def compare_and_send(page: Page) -> None:
    page.get_by_role("link", name="See where the two differ, and send answers across").click()
    expect_heading(page, "The same audit elsewhere")
    expect(page.get_by_text("Beside Upland check, Moorland")).to_be_visible()
    check_page(page)
    press(page, "Send the chosen answers")
    expect(page.get_by_role("link", name="Choose at least one answer to send")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Choose the 1 answer that the other audit does not have").click()
    box = page.get_by_role("checkbox", name="Send the answer to A2.2 there")
    expect(box).to_be_checked()
    page.get_by_role("checkbox", name="Send the answer to A1.2 there").check()
    press(page, "Send the chosen answers")
    expect(page.get_by_text("2 answers sent to Upland check, Moorland.")).to_be_visible()
    expect(box).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="Send answers from Upland check, Moorland to this one").click()
    expect(page.get_by_text("Beside Audit 2026, Harbour")).to_be_visible()
    check_page(page)


def officer_learns_nothing(page: Page, sign_in: SignIn, cast: Cast, audit: Audit) -> None:
    confirmed_by: User = cast.lead
    audit.answers.update(confirmed=True)
    audit.profile_answers.create(question=audit.questionnaire.profile_questions.get(), value="12")
    submit_audit(audit=audit, by=confirmed_by)
    sign_in(page, cast.quality_officer)
    page.goto("/p/harbour/o/anchor/audits/2026/history/")
    expect_heading(page, "Anchor Trust: history")
    expect(page.get_by_text("Submitted")).to_be_visible()
    text = page.content()
    assert not [secret for secret in (*SECRETS, "elsewhere", "Words there on A1.2") if secret in text]
