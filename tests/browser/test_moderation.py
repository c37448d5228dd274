"""Moderation from the queue to the agency's own room: two sides, a question with its reply, the close."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from surveys.enums import AuditStatus, Series
from surveys.models import Audit, Clarification, Moderation
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DEVICES, Device, NewPage, SignIn
from tests.conftest import Cast


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.other_organisation, scores=1, status=AuditStatus.SUBMITTED)
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    audit.answers.update(commentary="All staff are trained each year.")
    return audit


@pytest.fixture(params=DEVICES[:2], ids=str)
def gear(request: pytest.FixtureRequest) -> Device:
    found: Device = request.param
    return found


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_the_queue_to_the_agency(
    new_page: NewPage, gear: Device, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    officer = new_page(gear.viewport, script=gear.script)
    lead = new_page(gear.viewport, script=gear.script)
    sign_in(officer, cast.quality_officer)
    sign_in(lead, cast.lead)
    draw_a_sample(officer)
    moderate(officer)
    reply(lead)
    settle_and_close(officer)
    read(lead)
    assert audit.series_closes.get(series=Series.MODERATED).by == cast.quality_officer
    assert Moderation.objects.count() == 2
    assert Clarification.objects.get().accepted


def draw_a_sample(page: Page) -> None:
    page.goto("/p/harbour/desk/moderation/")
    expect_heading(page, "Moderation")
    check_page(page)
    page.get_by_role("link", name="Audit 2026", exact=True).click()
    expect_heading(page, "Audit 2026: moderation")
    expect(page.get_by_text("4 indicators are scored 2 without evidence")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Draw a sample").click()
    expect_heading(page, "Sample to moderate")
    page.get_by_role("radio", name="The riskiest").check()
    page.get_by_label("How many audits?").fill("1")
    check_page(page)
    press(page, "Draw the sample")
    expect(page.get_by_text("The sample is drawn.")).to_be_visible()
    page.get_by_role("link", name="Show the sample").click()
    expect(page.get_by_role("link", name="Anchor Trust")).to_be_visible()
    expect(page.get_by_role("link", name="Beacon Homes")).to_have_count(0)


def moderate(page: Page) -> None:
    page.get_by_role("link", name="Anchor Trust").click()
    expect_heading(page, "Anchor Trust: moderation")
    check_page(page)
    page.get_by_role("link", name="A1 Standard A1").click()
    expect_heading(page, "A1 Standard A1")
    first = page.get_by_role("region", name="A1.1")
    first.get_by_role("radio", name="Working towards (1)").check()
    press(page, "Save and go on")
    expect(page.get_by_text("Enter why you differ from the agency on A1.1").first).to_be_visible()
    check_page(page)
    first.get_by_label("Reason for A1.1").fill("No training record is newer than 2023.")
    page.get_by_role("region", name="A1.2").get_by_role("radio", name="Agree with the agency").check()
    press(page, "Ask the agency about A1.1 (saves this page first)")
    expect_heading(page, "Ask about A1.1")
    check_page(page)
    page.get_by_label("What do you want to know?").fill("Who keeps the record?")
    press(page, "Send the question")
    expect(page.get_by_text("Who keeps the record?")).to_be_visible()
    check_page(page)


def reply(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/feedback/")
    expect_heading(page, "Feedback")
    expect(page.get_by_text("No training record")).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="A1.1 in Audit 2026").click()
    expect_heading(page, "Question on A1.1")
    page.get_by_label("Your reply").fill("The deputy lead, in the training log.")
    check_page(page)
    press(page, "Send the reply")
    expect(page.get_by_text("Your reply is sent.")).to_be_visible()


def settle_and_close(page: Page) -> None:
    page.goto("/p/harbour/desk/moderation/2026/audits/anchor/standards/A1/")
    expect(page.get_by_text("The deputy lead, in the training log.")).to_be_visible()
    press(page, "Accept the reply on A1.1 (saves this page first)")
    expect(page.get_by_text("The reply is accepted.")).to_be_visible()
    check_page(page)
    page.goto("/p/harbour/desk/moderation/2026/audits/anchor/")
    page.get_by_role("button", name="Close the moderation").click()
    expect_heading(page, "Close the moderation")
    check_page(page)
    press(page, "Close the moderation")
    expect(page.get_by_text("The moderation is closed:")).to_be_visible()
    page.goto("/p/harbour/desk/reports/2026/?series=moderated")
    expect(page.get_by_text("1 of 2 (50%) submitted audits have them", exact=False)).to_be_visible()
    check_page(page)


def read(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/feedback/")
    expect_heading(page, "Feedback")
    page.get_by_role("link", name="Audit 2026", exact=True).click()
    expect_heading(page, "Moderated scores")
    expect(page.get_by_text("No training record is newer than 2023.")).to_be_visible()
    check_page(page)
