"""A trust and two of its schools: asked, accepted, answered for at once, changed by the site, and shut out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from s11.organisations.models import Organisation, User
from surveys.models import Answer, Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DEVICES, Device, NewPage, SignIn
from tests.conftest import Cast


@pytest.fixture(params=DEVICES[:2], ids=str)
def gear(request: pytest.FixtureRequest) -> Device:
    found: Device = request.param
    return found


@pytest.fixture
def group(cast: Cast) -> Organisation:
    """Tideway, in the same partnership; Beacon Homes has accepted it and has an answer of its own."""
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    factories.make_audit(cycle, cast.organisation)
    factories.make_audit(cycle, cast.other_organisation, scores={"A1.1": 1})
    group = factories.make_organisation("Tideway", slug="tideway", partnership=cast.partnership)
    factories.make_member("lead@tideway.example", organisation=group)
    factories.make_access(cast.other_organisation, group, by=cast.stranger)
    return group


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_asking_to_being_shut_out(
    new_page: NewPage, gear: Device, sign_in: SignIn, cast: Cast, group: Organisation
) -> None:
    trust, school = (new_page(gear.viewport, script=gear.script) for _ in range(2))
    sign_in(trust, User.objects.get(email="lead@tideway.example"))
    sign_in(school, cast.lead)
    ask(trust)
    accept(school)
    answer_for_both(trust)
    audit = Audit.objects.get(invitee__organisation=cast.organisation)
    assert audit.answers.get().score == 2
    own = Answer.objects.get(audit__invitee__organisation=cast.other_organisation)
    assert own.score == 1, "an answer of its own stays"
    change(school)
    read(trust)
    shut_out(school)
    trust.goto("/home/groups/tideway/")
    expect_heading(trust, "Your sites")
    expect(trust.get_by_role("link", name="Anchor Trust")).to_have_count(0)


def ask(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name="Sites of Tideway").click()
    expect_heading(page, "Your sites")
    check_page(page)
    page.get_by_role("link", name="Access", exact=True).click()
    expect_heading(page, "Who has accepted Tideway")
    page.get_by_label("Ask a site").fill("Anchor")
    press(page, "Ask")
    expect(page.get_by_role("alert")).to_contain_text("We find no organisation called ‘Anchor’")
    check_page(page)
    page.get_by_label("Ask a site").fill("Anchor Trust")
    press(page, "Ask")
    expect(page.get_by_text("You have asked Anchor Trust")).to_be_visible()
    check_page(page)


def accept(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name="Tideway asks to see the audits of Anchor Trust").click()
    expect_heading(page, "People of Anchor Trust")
    check_page(page)
    press(page, "Accept")
    expect(page.get_by_text("The leads of Tideway see your audits now.")).to_be_visible()


def answer_for_both(page: Page) -> None:
    page.goto("/home/groups/tideway/")
    page.get_by_role("button", name="Answer for several sites").click()
    expect_heading(page, "What will you answer for several sites?")
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("Select at least one indicator")
    page.get_by_text("A1 Standard A1").click()
    page.get_by_label("A1.1 Statement A1.1").check()
    check_page(page)
    press(page, "Continue")
    expect_heading(page, "Your answers for 2 sites")
    press(page, "See what it changes")
    expect(page.get_by_role("alert")).to_contain_text("A1.1: select the answer for your sites")
    page.get_by_role("radio", name="Achieved (2)").check()
    page.get_by_label("Commentary on A1.1").fill("The trust’s policy, at every school.")
    check_page(page)
    press(page, "See what it changes")
    expect_heading(page, "What this changes in each site")
    boxes = page.get_by_role("checkbox", name="A1.1 becomes Achieved (2)")
    expect(boxes).to_have_count(2)
    expect(boxes.first).to_be_checked()
    expect(boxes.last).not_to_be_checked()
    expect(page.get_by_text("It has its own answer, Working towards (1)")).to_be_visible()
    check_page(page)
    press(page, "Change what you entered")
    expect(page.get_by_label("Commentary on A1.1")).to_have_value("The trust’s policy, at every school.")
    press(page, "See what it changes")
    expect_heading(page, "What this changes in each site")
    press(page, "Save these answers")
    expect(page.get_by_text("You have given 1 answer: Anchor Trust (1).")).to_be_visible()
    check_page(page)


def change(page: Page) -> None:
    """The school sees where it came from, and says something else."""
    page.goto("/p/harbour/o/anchor/audits/2026/standards/A1/")
    expect_heading(page, "A1 Standard A1")
    card = page.get_by_role("region", name="A1.1", exact=True)
    expect(card.get_by_text("for Tideway; you can change it")).to_be_visible()
    check_page(page)
    card.get_by_role("radio", name="Working towards (1)").check()
    press(page, "Save and return")
    expect_heading(page, "Audit 2026")


def read(page: Page) -> None:
    page.get_by_role("link", name="Anchor Trust").first.click()
    expect_heading(page, "Anchor Trust: answers")
    expect(page.get_by_text("Reading the audits of Anchor Trust for Tideway")).to_be_visible()
    expect(page.get_by_text("Working towards (1)").first).to_be_visible()
    check_page(page)


def shut_out(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/people/")
    page.get_by_role("link", name="End it for Tideway").click()
    expect_heading(page, "Shut Tideway out?")
    check_page(page)
    press(page, "End it")
    expect(page.get_by_text("Tideway no longer sees your audits.")).to_be_visible()
