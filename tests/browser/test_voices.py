"""What children and families said: a lead records it, is warned of a name, records consent; an officer chooses it."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accountability.models import Voice
from accountability.reporting_years import ReportingYear
from accountability.voice_chapter import get_chapter_part
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

ROOM = "/p/harbour/o/anchor/voice/"
QUOTATION = "They asked me first, and then they did it."


@pytest.fixture
def year(cast: Cast) -> ReportingYear:
    factories.make_questionnaire()
    return ReportingYear.of(timezone.localdate())


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_what_was_heard_to_the_annual_report(
    new_page: NewPage, sign_in: SignIn, cast: Cast, year: ReportingYear
) -> None:
    lead, officer = new_page(PHONE, script=False), new_page(DESKTOP)
    sign_in(lead, cast.lead)
    sign_in(officer, cast.quality_officer)
    record(lead)
    agree(lead)
    choose(officer, year)
    part = get_chapter_part(cast.partnership, year)
    assert part is not None
    assert f"> {QUOTATION}\n>\n> — A young person" in part.text
    withdraw(new_page(DESKTOP), sign_in, cast)
    part = get_chapter_part(cast.partnership, year)
    assert part is not None
    assert QUOTATION not in part.text


def record(page: Page) -> None:
    page.goto(ROOM)
    expect_heading(page, "What children and families say")
    check_page(page)
    page.get_by_role("link", name="Record what you heard").click()
    expect_heading(page, "Record what you heard")
    page.get_by_label("Young people", exact=True).check()
    page.get_by_label("A group or forum").check()
    page.get_by_label("What did they tell you?").fill("Meetings were held without them. We told Jamie so.")
    page.get_by_label("Something changed").check()
    page.get_by_label("What changed", exact=True).fill("Meetings are held after school. Ring 07700 900123.")
    page.get_by_label("In their own words").fill(QUOTATION)
    press(page, "Save")
    expect(page.get_by_role("link", name="‘07700 900123’ looks like a telephone number")).to_be_visible()
    check_page(page)
    page.get_by_label("What changed", exact=True).fill("Meetings are held after school.")
    page.get_by_label("nobody can be recognised by them").check()
    press(page, "Save")
    expect(page.get_by_text("quoted nowhere until you record that they agreed")).to_be_visible()
    assert Voice.objects.get().cleared_by is not None


def agree(page: Page) -> None:
    page.get_by_role("link", name="Record consent").click()
    expect_heading(page, "Record consent")
    check_page(page)
    page.get_by_label("The person themself").check()
    today = timezone.localdate()
    for name, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(name, exact=True).fill(str(value))
    page.get_by_label("They know that the words may be published").check()
    press(page, "Record consent")
    expect(page.get_by_text("as the words of a young person")).to_be_visible()
    check_page(page)


def choose(page: Page, year: ReportingYear) -> None:
    page.goto(f"/p/harbour/desk/annual-report/voice/{year.slug}/")
    expect_heading(page, "What children and families said")
    check_page(page)
    page.get_by_role("button", name="Choose for the annual report").click()
    expect(page.get_by_text("It is chosen for the annual report.")).to_be_visible()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    check_page(page)


def withdraw(page: Page, sign_in: SignIn, cast: Cast) -> None:
    sign_in(page, cast.contributor)
    page.goto(ROOM)
    page.get_by_role("link", name="Withdraw consent").click()
    expect_heading(page, "Withdraw consent")
    check_page(page)
    press(page, "Withdraw consent")
    expect(page.get_by_text("No consent is recorded any more")).to_be_visible()
