"""The lead's whole audit: start, answer, see what is missing, complete, submit, keep a copy, recall."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from surveys.enums import AuditStatus
from surveys.models import Audit, Cycle
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    """An open cycle that asks two standards of two indicators each, and one fact."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_invitee(cycle, cast.organisation)
    return cycle


def choose(page: Page, code: str, answer: str) -> None:
    page.get_by_role("region", name=code, exact=True).get_by_role("radio", name=answer).check()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_lead_audits_their_organisation(page: Page, sign_in: SignIn, cast: Cast, cycle: Cycle) -> None:
    sign_in(page, cast.lead)
    start(page, cycle)
    answer_most(page)
    complete(page)
    submit(page)
    audit = Audit.objects.get()
    assert audit.status == AuditStatus.SUBMITTED
    assert audit.scorecards.get(scope="whole").n == 3
    keep_a_copy(page)
    recall(page)
    audit.refresh_from_db()
    assert audit.status == AuditStatus.DRAFT


def start(page: Page, cycle: Cycle) -> None:
    page.goto("/home/")
    page.get_by_role("link", name=cycle.title).click()
    expect_heading(page, cycle.title)
    check_page(page)
    press(page, "Start the audit")
    expect(page.get_by_text("0 of 4 answered")).to_be_visible()
    check_page(page)


def answer_most(page: Page) -> None:
    """All but one; the fact about the organisation stays open too."""
    page.get_by_role("link", name="A1 Standard A1").click()
    expect_heading(page, "A1 Standard A1")
    check_page(page)
    choose(page, "A1.1", "Achieved (2)")
    page.get_by_label("Commentary on A1.1").fill("The board reads a report each term.")
    choose(page, "A1.2", "Working towards (1)")
    press(page, "Save and continue")
    expect_heading(page, "A2 Standard A2")
    # Not applicable asks for its reason, and keeps what was chosen until it is given.
    choose(page, "A2.1", "Not applicable")
    press(page, "Save and return")
    expect(page.get_by_role("alert").get_by_role("link", name=re.compile("A2.1: select why"))).to_be_visible()
    check_page(page)
    choose(page, "A2.1", "It does not do this")
    press(page, "Save and return")
    expect(page.get_by_text("3 of 4 answered")).to_be_visible()


def complete(page: Page) -> None:
    """Each line of what is missing leads to the very field."""
    page.get_by_role("link", name="Check and submit").click()
    expect_heading(page, "Check your answers")
    expect(page.get_by_text(re.compile("3 of 4 answered"))).to_be_visible()
    expect(page.get_by_role("button", name="Submit the audit")).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="A2.2 (answer it)").click()
    expect_heading(page, "A2 Standard A2")
    field = page.get_by_role("region", name="A2.2", exact=True).get_by_role("radio").first
    expect(field).to_be_in_viewport()
    # A key press goes to the field that the link led to: no pointer is needed.
    page.keyboard.press("Space")
    expect(field).to_be_checked()
    choose(page, "A2.2", "No progress (0)")
    press(page, "Save and continue")
    page.get_by_role("link", name="P1 (answer it)").click()
    expect_heading(page, "Your organisation")
    check_page(page)
    page.get_by_label("P1 How many staff?").fill("lots")
    press(page, "Save and return")
    expect(page.get_by_role("alert")).to_contain_text("whole number")
    expect(page.get_by_label("P1 How many staff?")).to_have_value("lots")
    check_page(page)
    page.get_by_label("P1 How many staff?").fill("1,200")
    press(page, "Save and return")
    expect(page.get_by_text("4 of 4 answered")).to_be_visible()


def submit(page: Page) -> None:
    page.get_by_role("link", name="Check and submit").first.click()
    expect(page.get_by_text("nothing is missing")).to_be_visible()
    expect(page.get_by_text("The board reads a report each term.")).to_be_visible()
    check_page(page)
    press(page, "Submit the audit")
    expect_heading(page, "Audit submitted")
    expect(page.get_by_role("heading", name="Overall: grade 1")).to_be_visible()
    check_page(page)


def keep_a_copy(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download your copy (PDF)").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="Copies", exact=True).last.click()
    expect_heading(page, "Copies")
    expect(page.get_by_role("link", name=re.compile(r"submission 1 \(PDF\)"))).to_be_visible()
    check_page(page)
    page.go_back()


def recall(page: Page) -> None:
    page.get_by_role("link", name="recall the audit").click()
    expect_heading(page, "Recall the audit")
    check_page(page)
    press(page, "Recall the audit")
    expect(page.get_by_text("The audit is a draft again.")).to_be_visible()
    expect(page.get_by_text("4 of 4 answered")).to_be_visible()


def test_the_keyboard_alone_answers_an_indicator(
    desktop: Page, sign_in: SignIn, cast: Cast, cycle: Cycle
) -> None:
    audit = factories.make_audit(cycle, cast.organisation)
    sign_in(desktop, cast.lead)
    desktop.goto(f"/p/harbour/o/anchor/audits/{cycle.slug}/standards/A1/")
    card = desktop.get_by_role("region", name="A1.1", exact=True)
    tab_to(desktop, card.get_by_role("radio").first)
    desktop.keyboard.press("Space")
    desktop.keyboard.press("ArrowDown")
    expect(card.get_by_role("radio", name="Working towards (1)")).to_be_checked()
    tab_to(desktop, card.get_by_label("Commentary on A1.1"))
    desktop.keyboard.type("Written without a mouse.")
    tab_to(desktop, desktop.get_by_role("button", name="Save and return"))
    desktop.keyboard.press("Enter")
    expect_heading(desktop, cycle.title)
    answer = audit.answers.get()
    assert (answer.score, answer.commentary) == (1, "Written without a mouse.")


def tab_to(page: Page, target: object) -> None:
    """Forward with the Tab key until the target has the focus, which can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError(f"The Tab key never came to {target}.")
