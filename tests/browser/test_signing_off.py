"""An audit that needs a signature: shared, asked for, sent back, signed, submitted; then returned and corrected."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from surveys.enums import AuditStatus
from surveys.models import Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DEVICES, Device, NewPage, SignIn
from tests.conftest import Cast


@pytest.fixture
def audit(cast: Cast) -> Audit:
    """Complete but for A2.2, in a cycle that asks for sign-off."""
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), asks_sign_off=True)
    audit = factories.make_audit(cycle, cast.organisation, scores={"A1.1": 2, "A1.2": 2, "A2.1": 1})
    audit.profile_answers.create(question=bank.profile_questions.get(), value="12")
    return audit


@pytest.fixture(params=DEVICES[:2], ids=str)
def gear(request: pytest.FixtureRequest) -> Device:
    found: Device = request.param
    return found


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_sharing_to_the_correction(
    new_page: NewPage, gear: Device, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    people = {"lead": cast.lead, "contributor": cast.contributor, "signatory": cast.signatory}
    pages = {name: new_page(gear.viewport, script=gear.script) for name in (*people, "officer")}
    for name, person in {**people, "officer": cast.quality_officer}.items():
        sign_in(pages[name], person)
    share(pages["lead"], cast)
    answer_own_part(pages["contributor"])
    ask(pages["lead"])
    send_back(pages["signatory"])
    ask(pages["lead"], note="Say what the board saw.")
    sign(pages["signatory"])
    submit(pages["lead"])
    audit.refresh_from_db()
    assert (audit.status, audit.sign_offs.get(submission=1).decided_by) == ("submitted", cast.signatory)
    return_for_correction(pages["officer"], audit)
    correct(pages["lead"])
    audit.refresh_from_db()
    assert (audit.status, audit.submission) == (AuditStatus.SUBMITTED, 2)
    assert audit.answers.get(indicator__code="A1.2").submitted_score == 1


def open_audit(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name="Audit 2026", exact=True).click()
    expect_heading(page, "Audit 2026")


def share(page: Page, cast: Cast) -> None:
    open_audit(page)
    page.get_by_role("link", name="Share the work with colleagues").click()
    expect_heading(page, "Sharing the work")
    check_page(page)
    page.get_by_role("link", name=f"Choose what {cast.contributor} answers").click()
    expect_heading(page, f"What {cast.contributor} answers")
    page.get_by_role("group", name="Whole standards").get_by_label("A2 Standard A2").check()
    check_page(page)
    press(page, "Save")
    expect(page.get_by_text("1 of 2 answered").first).to_be_visible()


def answer_own_part(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name="Answer A2 of Audit 2026").click()
    expect(page.get_by_text("You have 2 indicators to answer: 1 answered.")).to_be_visible()
    expect(page.get_by_role("link", name="A1 Standard A1")).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="A2 Standard A2").click()
    card = page.get_by_role("region", name="A2.2", exact=True)
    card.get_by_role("radio", name="Achieved (2)").check()
    press(page, "Save and return")
    expect(page.get_by_text("4 of 4 answered").first).to_be_visible()


def ask(page: Page, note: str = "") -> None:
    open_audit(page)
    if note:
        expect(page.get_by_text(note)).to_be_visible()
    page.get_by_role("link", name="Check and sign off").click()
    expect_heading(page, "Check your answers")
    expect(page.get_by_role("heading", name="Scored 2 without evidence (3)")).to_be_visible()
    check_page(page)
    press(page, "Ask for sign-off")
    expect(page.get_by_text("Waiting for signatory@anchor.example")).to_be_visible()
    check_page(page)


def send_back(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name="Sign off Audit 2026 of Anchor Trust").click()
    expect_heading(page, "Sign off the audit")
    page.get_by_role("link", name="Send it back with a note").click()
    press(page, "Send it back")
    expect(page.get_by_role("alert")).to_contain_text("Enter what must change")
    check_page(page)
    page.get_by_label("What must change first?").fill("Say what the board saw.")
    press(page, "Send it back")
    expect(page.get_by_text("You have sent the audit back.")).to_be_visible()


def sign(page: Page) -> None:
    open_audit(page)
    page.get_by_role("button", name="Read and sign off").click()
    expect_heading(page, "Sign off the audit")
    check_page(page)
    press(page, "Sign off")
    expect(page.get_by_role("alert")).to_contain_text("Select that you have read the answers")
    page.get_by_label("I have read the answers").check()
    press(page, "Sign off")
    expect(page.get_by_text("You have signed off the audit.")).to_be_visible()
    check_page(page)


def submit(page: Page) -> None:
    open_audit(page)
    page.get_by_role("button", name="Submit the audit").click()
    expect(page.get_by_text("a true account of how Anchor Trust keeps children safe")).to_be_visible()
    check_page(page)
    press(page, "Submit the audit")
    expect_heading(page, "Audit submitted")


def return_for_correction(page: Page, audit: Audit) -> None:
    page.goto(f"/p/harbour/o/anchor/audits/{audit.cycle.slug}/read/")
    page.get_by_role("button", name="Return for correction").click()
    expect_heading(page, "Return for correction")
    page.get_by_label("A1.2 Statement A1.2").check()
    page.get_by_label("What is to be corrected?").fill("Which policy is it?")
    check_page(page)
    press(page, "Return for correction")
    expect(page.get_by_text("The audit is returned.")).to_be_visible()


def correct(page: Page) -> None:
    open_audit(page)
    expect(page.get_by_text("Which policy is it?")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="A1.2", exact=True).click()
    expect_heading(page, "A1 Standard A1")
    locked = page.get_by_role("region", name="A1.1", exact=True)
    expect(locked.get_by_text("stays as it was submitted")).to_be_visible()
    expect(locked.get_by_role("radio")).to_have_count(0)
    check_page(page)
    card = page.get_by_role("region", name="A1.2", exact=True)
    card.get_by_role("radio", name="Working towards (1)").check()
    press(page, "Save and return")
    page.get_by_role("link", name="Check and submit").last.click()
    press(page, "Submit the audit")
    expect_heading(page, "Audit submitted")
