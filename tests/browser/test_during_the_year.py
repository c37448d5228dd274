"""Between two yearly audits: a topic whose facts decide what is asked, and what is due for another look."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.enums import AuditStatus, CycleKind, CycleStatus
from surveys.models import Audit, CycleQuestionnaire, Recheck
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast

NOTE = "The head and I read the single central record; nothing was missing."


@pytest.fixture
def topic(cast: Cast) -> CycleQuestionnaire:
    """On A2, of which A2.2 is asked only of those with twelve staff; open, and nobody has begun."""
    bank = factories.make_questionnaire()
    bank.indicators.filter(code="A2.2").update(applies_if={"P1": "12"})
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), kind=CycleKind.TOPIC)
    pin = cycle.cycle_questionnaires.get()
    pin.standards.set(bank.standards.filter(code="A2"))
    factories.make_invitee(cycle, cast.organisation)
    return pin


@pytest.fixture
def sent(cast: Cast) -> Audit:
    """Submitted thirteen months ago: one answer is due again, a duty is new, and evidence has expired."""
    today = timezone.localdate()
    then = today - datetime.timedelta(days=400)
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(
        cast.partnership,
        questionnaires=(bank,),
        status=CycleStatus.CLOSED,
        opens_on=then - datetime.timedelta(days=30),
        closes_on=then,
    )
    audit = factories.make_audit(
        cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED, submitted_at=timezone.now()
    )
    audit.answers.update(updated_at=timezone.now() - datetime.timedelta(days=400))
    bank.indicators.filter(code="A1.1").update(refresh_months=12)
    bank.indicators.filter(code="A2.2").update(is_prepare=True, in_force=today)
    evidence = factories.make_evidence(cast.organisation, "Training record")
    evidence.expires_on = today - datetime.timedelta(days=3)
    evidence.save()
    audit.answers.get(indicator__code="A1.2").evidence_links.create(evidence=evidence)
    return audit


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, code: str, label: str) -> None:
    page.locator(f"#{code.replace('.', chr(92) + '.')}").get_by_label(label).check()


def test_a_topic_from_its_start_to_its_receipt(
    page: Page, sign_in: SignIn, cast: Cast, topic: CycleQuestionnaire
) -> None:
    sign_in(page, cast.lead)
    start(page)
    expect(page.get_by_text("Answer these first: P1 decides what you are asked")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Begin with your organisation").or_(
        page.get_by_role("link", name="Begin with your organisation")
    ).first.click()
    expect_heading(page, "Your organisation")
    expect(page.get_by_text("Your answer decides whether A2.2 is asked.")).to_be_visible()
    give_fact(page, "12", "1 indicator is asked now that was not: A2.2 Statement A2.2.")
    page.get_by_role("link", name="A2 Standard A2", exact=True).click()
    expect_heading(page, "A2 Standard A2")
    expect(page.get_by_text("Standard 1 of 1 (topic)")).to_be_visible()
    choose(page, "A2.1", "Achieved (2)")
    choose(page, "A2.2", "Achieved (2)")
    press(page, "Save and continue")
    expect_heading(page, "Check your answers")
    change_the_fact(page)
    press(page, "Submit the audit")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Audit submitted")
    expect(page.get_by_text("A topic: 1 of 4 indicators")).to_be_visible()
    check_page(page)
    audit = Audit.objects.get()
    submitted = audit.answers.filter(submitted_score=2).values_list("indicator__code", flat=True)
    assert list(submitted) == ["A2.1"]
    assert audit.answers.get(indicator__code="A2.2").score == 2, "kept, and not counted"


def start(page: Page) -> None:
    page.goto("/home/")
    expect(page.get_by_text("Topic, due by")).to_be_visible()
    page.get_by_role("link", name="Audit 2026", exact=True).click()
    expect_heading(page, "Audit 2026")
    expect(page.get_by_text("A topic: 2 of 4 indicators, in A2 Standard A2")).to_be_visible()
    check_page(page)
    press(page, "Start the audit")


def give_fact(page: Page, value: str, said: str) -> None:
    """With scripts the fact is saved as it is left, and says beside it what it did; without, on the next page."""
    page.get_by_label("P1 How many staff?").fill(value)
    if page.evaluate("document.body.classList.contains('js-enabled')"):
        page.get_by_label("P1 How many staff?").press("Tab")
        expect(page.get_by_text(said)).to_be_visible()
        press(page, "Save and return")
    else:
        press(page, "Save and return")
        expect(page.get_by_text(said)).to_be_visible()
    expect_heading(page, "Audit 2026")


def change_the_fact(page: Page) -> None:
    """After answering: what goes is said at once, and its answer is kept."""
    page.get_by_role("link", name="Change P1").first.click()
    expect_heading(page, "Your organisation")
    give_fact(page, "11", "1 indicator is no longer asked: A2.2 Statement A2.2.")
    expect(page.get_by_text("Not asked of you, because P1 is ‘11’: A2.2 Statement A2.2.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Check and submit").first.click()
    expect_heading(page, "Check your answers")


def test_everybody_reads_what_the_topic_asks(every_page: Page, topic: CycleQuestionnaire) -> None:
    every_page.goto(f"/p/harbour/question-banks/{topic.questionnaire_id}/?cycle=2026")
    expect(every_page.get_by_text("A topic: 2 of 4 indicators")).to_be_visible()
    expect(every_page.get_by_role("heading", name="A1.1")).to_have_count(0)
    check_page(every_page)


def test_another_look_between_two_audits(page: Page, sign_in: SignIn, cast: Cast, sent: Audit) -> None:
    sign_in(page, cast.lead)
    page.goto("/home/")
    page.get_by_role("link", name="Due for another look at Anchor Trust").click()
    expect_heading(page, "Due for another look")
    expect(page.get_by_text("1 answer, 1 item of evidence and 1 new duty")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="It still holds (A1.1)").click()
    expect_heading(page, "A1.1: does it still hold?")
    press(page, "It still holds")
    expect(page.get_by_text("Enter what you checked and what you saw").first).to_be_visible()
    check_page(page)
    page.get_by_label("What did you check?").fill(NOTE)
    press(page, "It still holds")
    expect(page.get_by_text("A1.1 is checked. Your note is kept.")).to_be_visible()
    expect(page.get_by_text("1 item of evidence and 1 new duty")).to_be_visible()
    page.get_by_role("link", name="Replace it (Training record)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Training record")
    assert Recheck.objects.get().by == cast.lead
