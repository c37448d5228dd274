"""Support from a concern to the agency's answer, and two moderators who score the same answers alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from surveys.enums import AuditStatus
from surveys.models import Audit, Moderation, SupportOffer
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DEVICES, Device, NewPage, SignIn
from tests.conftest import Cast


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.other_organisation, scores=0, status=AuditStatus.SUBMITTED)
    audit = factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    audit.answers.update(commentary="All staff are trained each year.")
    return audit


@pytest.fixture(params=DEVICES[:2], ids=str)
def gear(request: pytest.FixtureRequest) -> Device:
    found: Device = request.param
    return found


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_a_concern_to_the_agency_and_back(
    new_page: NewPage, gear: Device, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    officer = new_page(gear.viewport, script=gear.script)
    lead = new_page(gear.viewport, script=gear.script)
    sign_in(officer, cast.quality_officer)
    sign_in(lead, cast.lead)
    offer_support(officer)
    accept(lead)
    follow(officer)
    offer = SupportOffer.objects.get(invitee=audit.invitee)
    assert (offer.status, offer.outcome, offer.answer) == ("closed", "supported", "accepted")
    assert SupportOffer.objects.count() == 2


def offer_support(page: Page) -> None:
    page.goto("/p/harbour/desk/support/")
    expect_heading(page, "Support")
    check_page(page)
    page.get_by_role("link", name="See the concerns of Audit 2026").click()
    expect_heading(page, "Audit 2026: concerns")
    expect(page.get_by_text("Critical indicator at 0: A1.1")).to_be_visible()
    check_page(page)
    page.get_by_label("Choose Anchor Trust").check()
    press(page, "Make an offer to those ticked")
    expect_heading(page, "Offer support to Anchor Trust")
    page.get_by_label("What do you offer?").fill("")
    press(page, "Make the offer")
    expect(page.get_by_text("Enter what you offer").first).to_be_visible()
    check_page(page)
    page.get_by_label("What do you offer?").fill("A morning of training for your staff.")
    press(page, "Make the offer")
    expect(page.get_by_text("1 offer made.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Audit 2026").click()
    expect_heading(page, "Audit 2026: concerns")
    press(page, "Make an offer to all 1 without one")
    expect_heading(page, "Offer support to Beacon Homes")
    press(page, "Make the offer")
    expect(page.get_by_text("1 offer made.")).to_be_visible()


def accept(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/feedback/")
    expect_heading(page, "Feedback")
    check_page(page)
    page.get_by_role("link", name="Offer of support").click()
    expect_heading(page, "Offer of support")
    expect(page.get_by_text("A morning of training for your staff.")).to_be_visible()
    check_page(page)
    press(page, "Accept the offer")
    expect(page.get_by_text("You have accepted the offer.")).to_be_visible()
    check_page(page)


def follow(page: Page) -> None:
    page.goto("/p/harbour/desk/support/?answer=accepted")
    page.get_by_role("link", name="Anchor Trust").click()
    expect_heading(page, "Support for Anchor Trust")
    check_page(page)
    page.get_by_role("radio", name="Training offered").check()
    page.get_by_label("Note").fill("On 4 May, in their own rooms.")
    press(page, "Save")
    expect(page.get_by_text("On 4 May, in their own rooms.")).to_be_visible()
    page.get_by_role("radio", name="Closed").check()
    press(page, "Save")
    expect(page.get_by_text("Select what came of it").first).to_be_visible()
    check_page(page)
    page.get_by_label("What came of it?").select_option("Support was given")
    press(page, "Save")
    expect(page.get_by_text("This offer is closed, so it stays as it is.")).to_be_visible()
    check_page(page)


def test_two_score_alone_and_see_how_far_they_agree(
    new_page: NewPage, gear: Device, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    administrator = new_page(gear.viewport, script=gear.script)
    officer = new_page(gear.viewport, script=gear.script)
    sign_in(administrator, cast.administrator)
    sign_in(officer, cast.quality_officer)
    draw(administrator)
    score(administrator, ["0", "1"])
    expect(administrator.get_by_text("quality_officer@harbour.example has not")).to_be_visible()
    officer.goto("/p/harbour/desk/moderation/2026/calibration/")
    officer.get_by_role("rowheader").get_by_role("link").click()
    expect_heading(officer, "Sample to score")
    score(officer, ["2", "1"])
    expect_heading(officer, "Agreement of moderators")
    expect(officer.get_by_text("agree on 1 of 2 (50%)").first).to_be_visible()
    check_page(officer)
    assert not Moderation.objects.exists()


def draw(page: Page) -> None:
    page.goto("/p/harbour/desk/moderation/2026/")
    page.get_by_role("link", name="Calibration", exact=True).click()
    expect_heading(page, "Calibration")
    page.get_by_role("radio", name="At random", exact=True).check()
    page.get_by_label("How many answers?").fill("2")
    press(page, "Draw the sample")
    expect(page.get_by_text("Select two people or more").first).to_be_visible()
    check_page(page)
    page.get_by_role("checkbox", name="administrator@harbour.example").check()
    page.get_by_role("checkbox", name="quality_officer@harbour.example").check()
    press(page, "Draw the sample")
    expect(page.get_by_text("The sample is drawn.")).to_be_visible()
    check_page(page)
    page.get_by_role("rowheader").get_by_role("link").click()
    expect_heading(page, "Sample to score")
    check_page(page)


def score(page: Page, scores: list[str]) -> None:
    """One answer after the other; each is told apart by its heading."""
    names = {"0": "No progress (0)", "1": "Working towards (1)", "2": "Achieved (2)"}
    page.get_by_role("button", name="Begin to score").click()
    for place, said in enumerate(scores, start=1):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Answer {place} of 2")
        page.get_by_role("radio", name=names[said]).check()
        page.get_by_label("Why?").fill(f"By what is written, {said}.")
        if place == 1:
            check_page(page)
        press(page, "Save and go on")
    expect(page.get_by_text("2 of 2 answers scored by you")).to_be_visible()
    press(page, "Finish")
    expect(page.get_by_text("You have finished.")).to_be_visible()
