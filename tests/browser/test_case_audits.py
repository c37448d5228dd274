"""A case audit and what practitioners say after it: an officer, a practitioner, the officer again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accountability.models import MultiAgencyAudit, Reflection
from accountability.multi_agency_enums import ReflectiveQuestion
from accountability.multi_agency_reflecting import answer_reflection, give_themes
from s11.web.anonymous_answers import MEMORY
from tests import factories
from tests.accountability.multi_agency import days
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

ROOM = "/p/harbour/desk/annual-report/audits/"


@pytest.fixture(autouse=True)
def _nobody_before(cast: Cast) -> None:
    MEMORY.clear()
    factories.make_theme("T1")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill_day(page: Page, label: str, number: int) -> None:
    day, group = days(number), page.get_by_role("group", name=label)
    for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(name, exact=True).fill(str(value))


def test_from_the_plan_to_what_practitioners_say(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    officer = new_page(DESKTOP)
    sign_in(officer, cast.quality_officer)
    plan_it(officer)
    link = ask(officer)
    answer(new_page(PHONE, script=False), link)
    reflection = Reflection.objects.get()
    for number in range(4):
        answer_reflection(reflection=reflection, given={ReflectiveQuestion.BARRIERS: f"Time {number}"})
    read(officer)
    report(officer)


def plan_it(page: Page) -> None:
    page.goto(ROOM)
    expect_heading(page, "Multi-agency audits")
    check_page(page)
    press(page, "Plan an audit")
    expect_heading(page, "Plan an audit")
    page.get_by_label("Title").fill("Neglect: how early is it seen?")
    page.get_by_label("Case audit").check()
    page.get_by_label("Responsible group").fill("Quality group")
    page.get_by_label("Planned for").select_option(str(days(0).replace(day=1)))
    page.get_by_label("Anchor Trust").check()
    check_page(page)
    press(page, "Save the plan")
    expect_heading(page, "Neglect: how early is it seen?")
    check_page(page)


def ask(page: Page) -> str:
    page.get_by_role("link", name="Seven questions for practitioners").click()
    expect_heading(page, "Seven questions for practitioners")
    fill_day(page, "Last day to answer", 7)
    press(page, "Open the questions")
    expect(page.get_by_text("Fewer than five people have answered so far")).to_be_visible()
    check_page(page)
    return page.locator(".app-card a").inner_text()


def answer(page: Page, link: str) -> None:
    page.goto(link)
    expect_heading(page, "What helped, and what stood in the way?")
    page.get_by_label("What stood in the way?").fill("Nobody told Chidi’s worker.")
    press(page, "Send my answers")
    expect(page.get_by_role("link", name="‘Chidi’ may be a name")).to_be_visible()
    check_page(page)
    page.get_by_label("These words point to nobody").check()
    press(page, "Send my answers")
    expect_heading(page, "Thank you")
    assert [cookie["name"] for cookie in page.context.cookies()] == ["answered"]


def read(page: Page) -> None:
    page.reload()
    page.get_by_text("Close them now").click()
    press(page, "Close the questions")
    page.get_by_role("link", name="5 answers").click()
    expect_heading(page, "What stood in the way?")
    for number in range(1, 6):
        page.get_by_label(f"Themes of answer {number}").fill("Time")
    press(page, "Save the themes")
    expect(page.get_by_role("row", name="Time 5")).to_be_visible()
    somebody_else_changes(page)
    page.get_by_label("Summary").fill("Time, above all.")
    press(page, "Save the summary")
    check_page(page)


def somebody_else_changes(page: Page) -> None:
    """The same answer on the same page, and first."""
    reflection = Reflection.objects.get()
    pk = (
        reflection.answers.filter(question=ReflectiveQuestion.BARRIERS)
        .order_by("pk")
        .values_list("pk", flat=True)[0]
    )
    given = {"themes": {pk: ["Rota"]}, "seen": {pk: ["Time"]}}
    by = reflection.opened_by
    assert not give_themes(reflection=reflection, question=ReflectiveQuestion.BARRIERS, by=by, **given)
    page.get_by_label("Themes of answer 1").fill("Time, Handovers")
    press(page, "Save the themes")
    expect(page.get_by_text("Not saved: somebody has given this answer ‘Rota’ meanwhile.")).to_be_visible()
    expect(page.get_by_label("Themes of answer 1")).to_have_value("Time, Handovers")
    check_page(page)
    press(page, "Save the themes")
    expect(page.get_by_role("row", name="Handovers 1")).to_be_visible()


def report(page: Page) -> None:
    page.goto(f"{ROOM}{MultiAgencyAudit.objects.get().pk}/findings/")
    page.get_by_label("Key messages").fill("Ask early.")
    fill_day(page, "Reported on", 0)
    press(page, "Save what it found")
    expect(page.get_by_text("Time, above all.")).to_be_visible()
    page.goto(ROOM)
    page.get_by_role("link", name="Audit plan of").click()
    expect(page.get_by_role("img", name="Multi-agency audits from April")).to_be_visible()
    check_page(page)
