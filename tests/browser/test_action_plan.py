"""The action plan: a 0 asks for an action, advice, a report, a revised date, why there is none, the files."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from s11.web import dates
from surveys.models import Action, Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import PHONE, NewPage, SignIn
from tests.conftest import Cast

TODAY = timezone.localdate
OUTCOME = "Every child who goes missing is spoken to within 72 hours"
PLAN = "/p/harbour/o/anchor/actions/"


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def card(page: Page, code: str) -> Locator:
    return page.get_by_role("region", name=code, exact=True)


def enter_date(page: Page, label: str, day: datetime.date) -> None:
    group = page.get_by_role("group", name=label)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part).fill(str(value))


def test_from_a_zero_to_an_action_that_is_done(page: Page, sign_in: SignIn, cast: Cast, audit: Audit) -> None:
    sign_in(page, cast.lead)
    score_zero(page)
    plan_it_vaguely(page)
    plan_it_well(page)
    report(page)
    revise_the_date(page)
    finish(page)
    take_it_away(page)
    action = Action.objects.get()
    assert (action.status, action.percent, action.answer.indicator.code) == ("done", 100, "A1.1")  # type: ignore[union-attr]
    assert action.due_on - action.first_due_on == datetime.timedelta(days=30)


def score_zero(page: Page) -> None:
    """With scripts the card asks for the action at once, without them when the page is saved."""
    page.goto("/p/harbour/o/anchor/audits/2026/standards/A1/")
    card(page, "A1.1").get_by_role("radio", name="No progress (0)").check()
    if not page.evaluate("document.body.classList.contains('js-enabled')"):
        press(page, "Save now")
    asks = "A 0 or 1 asks for an action, or a reason why there is none"
    expect(card(page, "A1.1")).to_contain_text(asks)
    expect(card(page, "A1.2")).not_to_contain_text(asks)
    check_page(page)
    page.get_by_role("button", name="Add an action for A1.1").click()
    expect_heading(page, "Add an action for A1.1")


def plan_it_vaguely(page: Page) -> None:
    """What plans fail on stands beside its field; nothing is saved and nothing is lost."""
    check_page(page)
    press(page, "Add to the plan")
    expect(page.get_by_role("alert")).to_contain_text("Enter the date by which it will be done")
    check_page(page)
    page.get_by_label("What will be different?").fill("Review the policy")
    page.get_by_label("How will you know that it worked?").fill("Policy reviewed")
    page.get_by_label("Who will see to it?").fill("Everybody")
    enter_date(page, "Due date", TODAY() + datetime.timedelta(days=60))
    press(page, "Add to the plan")
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    for advice in (
        "‘Review’ is a task.",
        "This shows that a task was done.",
        "An action that belongs to everybody",
    ):
        expect(page.get_by_text(advice)).to_be_visible()
    expect(page.get_by_role("button", name="Save all the same")).to_be_visible()
    expect(page.get_by_label("What will be different?")).to_have_value("Review the policy")
    check_page(page)
    assert not Action.objects.exists()


def plan_it_well(page: Page) -> None:
    page.get_by_label("What will be different?").fill(OUTCOME)
    page.get_by_label("How will you know that it worked?").fill("Nine of ten records show it")
    page.get_by_label("Who will see to it?").fill("Deputy lead")
    press(page, "Add to the plan")
    expect(page.get_by_text("The action for A1.1 is in your plan.")).to_be_visible()
    expect(card(page, "A1.1").get_by_role("link", name=OUTCOME)).to_be_visible()
    check_page(page)
    card(page, "A1.1").get_by_role("link", name=OUTCOME).click()
    expect_heading(page, OUTCOME)
    check_page(page)


def report(page: Page) -> None:
    page.get_by_role("button", name="Report progress").click()
    expect_heading(page, "Report progress")
    check_page(page)
    press(page, "Save the report")
    expect(page.get_by_role("alert")).to_contain_text("Say what has happened, or change the status")
    page.get_by_label("What has happened?").fill("All staff know the new form.")
    page.get_by_role("radio", name="In progress").check()
    page.get_by_label("Percent done").fill("40")
    press(page, "Save the report")
    expect(page.get_by_text("Your report is in the action’s history.")).to_be_visible()
    expect(page.get_by_text("All staff know the new form.")).to_be_visible()
    check_page(page)


def revise_the_date(page: Page) -> None:
    """It needs a reason, and the first date stays in sight."""
    first, later = (TODAY() + datetime.timedelta(days=days) for days in (60, 90))
    page.get_by_role("link", name="Change the action").click()
    expect_heading(page, "Change the action")
    enter_date(page, "Due date", later)
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("Say why the due date changes")
    check_page(page)
    page.get_by_label("Why does it change?").fill("The form was late.")
    press(page, "Save")
    expect(page.get_by_text("The action is changed.")).to_be_visible()
    expect(page.get_by_text(f"first {dates.date(first)}")).to_be_visible()
    expect(page.get_by_text("The form was late.")).to_be_visible()


def finish(page: Page) -> None:
    """Done needs what has changed for children, or evidence."""
    page.get_by_role("button", name="Report progress").click()
    page.get_by_role("radio", name="Done").check()
    press(page, "Save the report")
    expect(page.get_by_role("alert")).to_contain_text("Say what has changed for children")
    check_page(page)
    page.get_by_label("What has changed for children?").fill("Children say that somebody asked them.")
    press(page, "Save the report")
    expect(page.get_by_text("100% done")).to_be_visible()


def take_it_away(page: Page) -> None:
    page.goto(PLAN)
    expect(page.get_by_text("Nothing is left to do")).to_be_visible()
    page.get_by_label("Status").select_option("All")
    press(page, "Search")
    expect(page.get_by_role("link", name=OUTCOME)).to_be_visible()
    check_page(page)
    for link, ending, start in (("workbook", ".xlsx", b"PK"), ("calendar", ".ics", b"BEGIN:VCALENDAR")):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(link)).click()
        assert download.value.suggested_filename.endswith(ending)
        assert download.value.path().read_bytes().startswith(start)
    press(page, "Make a PDF of the plan")
    expect_heading(page, "Action plan (PDF)")
    expect(page.get_by_text("as the plan was then")).to_be_visible()
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the plan (PDF)").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_why_there_is_no_action(page: Page, sign_in: SignIn, cast: Cast, audit: Audit) -> None:
    audit.answers.create(indicator=audit.questionnaire.indicators.get(code="A1.1"), score=1)
    sign_in(page, cast.lead)
    page.goto("/p/harbour/o/anchor/audits/2026/standards/A1/")
    page.get_by_role("button", name=re.compile("No action, because… for A1.1")).click()
    expect_heading(page, "No action for A1.1")
    check_page(page)
    page.get_by_label("There is no action because").fill("The school nurse service does it.")
    press(page, "Save")
    expect(card(page, "A1.1")).to_contain_text("The school nurse service does it.")
    check_page(page)
    page.get_by_role("button", name=re.compile("Change the reason")).click()
    expect_heading(page, "No action for A1.1")
    page.get_by_label("There is no action because").fill("")
    press(page, "Save")
    expect(card(page, "A1.1")).to_contain_text("A 0 or 1 asks for an action")


def test_a_weak_action_may_be_saved_all_the_same(page: Page, sign_in: SignIn, cast: Cast) -> None:
    sign_in(page, cast.lead)
    page.goto(PLAN)
    expect(page.get_by_text("What you will do stands here")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Add an action").click()
    expect_heading(page, "Add an action")
    page.get_by_label("What will be different?").fill("Review the policy")
    page.get_by_label("How will you know that it worked?").fill("Nine of ten records show it")
    page.get_by_label("Who will see to it?").fill("Deputy lead")
    enter_date(page, "Due date", TODAY() - datetime.timedelta(days=3))
    press(page, "Add to the plan")
    expect(page.get_by_text("This date has passed")).to_be_visible()
    press(page, "Save all the same")
    expect_heading(page, "Review the policy")
    expect(page.get_by_text("Overdue")).to_be_visible()


def test_two_change_one_action(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    """The second sees what is saved, and chooses."""
    action = factories.make_action(cast.organisation, cast.partnership)
    first, second = new_page(), new_page(PHONE, script=False)
    for page in (first, second):
        sign_in(page, cast.lead)
        page.goto(f"{PLAN}{action.pk}/change/")
    for page, words in ((first, "Head teacher"), (second, "School nurse")):
        page.get_by_label("Who will see to it?").fill(words)
        press(page, "Save")
        if page is first:
            expect(page.get_by_text("The action is changed.")).to_be_visible()
    expect(second.get_by_role("alert")).to_contain_text(f"{cast.lead} changed this action")
    expect(second.get_by_text("Head teacher")).to_be_visible()
    expect(second.get_by_label("Who will see to it?")).to_have_value("School nurse")
    check_page(second)
    press(second, "Save")
    expect(second.get_by_text("The action is changed.")).to_be_visible()
    action.refresh_from_db()
    assert action.owner == "School nurse"
