"""A practitioner survey by the people concerned: an officer, a lead, five of staff on their phones, and again both."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from s11.web.anonymous_answers import MEMORY
from surveys.enums import AuditStatus
from surveys.models import Audit, PractitionerSurvey
from surveys.practitioner_questions import read_statements
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

ASKED = ("S2", "S8", "S9")


@pytest.fixture
def audit(cast: Cast) -> Audit:
    """The small bank with the keys of three shipped statements; leaders say 2 throughout."""
    MEMORY.clear()
    bank = factories.make_questionnaire()
    keys = {one.code: one.indicators["standard"] for one in read_statements()}
    for indicator, code in zip(bank.indicators.order_by("position"), ASKED, strict=False):
        bank.indicators.filter(pk=indicator.pk).update(key=keys[code])
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    return factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_switching_it_on_to_what_staff_say(
    new_page: NewPage, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    officer, lead = new_page(DESKTOP), new_page(DESKTOP, script=False)
    sign_in(officer, cast.quality_officer)
    sign_in(lead, cast.lead)
    switch_on(officer)
    link = open_it(lead)
    for number in range(5):
        answer(new_page(PHONE, script=number % 2 == 0), link, number)
    assert PractitionerSurvey.objects.get().responses == 5
    close(lead)
    read(officer)


def switch_on(page: Page) -> None:
    page.goto("/p/harbour/desk/cycles/2026/")
    page.get_by_role("link", name="Practitioner survey: what staff say").click()
    expect_heading(page, "Practitioner survey")
    page.get_by_role("button", name="Choose what is asked").click()
    expect_heading(page, "What staff are asked")
    check_page(page)
    press(page, "Switch the survey on")
    expect(page.get_by_text("Agencies can now ask their staff.")).to_be_visible()
    check_page(page)


def open_it(page: Page) -> str:
    page.goto("/p/harbour/o/anchor/audits/2026/")
    page.get_by_role("link", name="Practitioner survey").click()
    expect_heading(page, "Practitioner survey")
    check_page(page)
    day = timezone.localdate() + datetime.timedelta(days=7)
    for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(name, exact=True).fill(str(value))
    press(page, "Open the survey")
    expect(page.get_by_text("Fewer than five people have answered so far")).to_be_visible()
    check_page(page)
    link = page.locator(".app-card a").inner_text()
    page.get_by_role("link", name="print a poster with a code to scan").click()
    expect_heading(page, "How well are children kept safe here?")
    expect(page.get_by_role("img", name="Code to scan: opens the survey")).to_be_visible()
    check_page(page)
    return link


def answer(page: Page, link: str, number: int) -> None:
    """Three statements on a phone, every second one without scripts; nothing is known of who it is."""
    page.goto(link)
    expect_heading(page, "How well are children kept safe here?")
    if number == 0:
        press(page, "Send my answers")
        expect(page.get_by_role("link", name="Answer at least one statement")).to_be_visible()
        check_page(page)
    assert page.context.cookies() == []
    page.get_by_role("group", name="I know how to take it further").get_by_label("Yes").check()
    page.get_by_role("group", name="I know who I can tell outside").get_by_label("No", exact=True).check()
    page.get_by_role("group", name="I would be supported").get_by_label("I do not know").check()
    press(page, "Send my answers")
    expect_heading(page, "Thank you")
    assert [cookie["name"] for cookie in page.context.cookies()] == ["answered"]
    if number == 0:
        check_page(page)
        page.goto(link)
        expect(page.get_by_text("Somebody has answered in this browser.")).to_be_visible()
        check_page(page)


def close(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/audits/2026/survey/")
    expect(page.get_by_text("At least 5 people have answered so far")).to_be_visible()
    page.get_by_text("Close it now").click()
    press(page, "Close the survey")
    expect(page.get_by_text("5 people answered")).to_be_visible()
    expect(page.get_by_text("Staff say less than leaders on 1 statement.")).to_be_visible()
    check_page(page)
    page.goto("/p/harbour/o/anchor/audits/2026/read/")
    expect(page.get_by_text("0 yes, 0 partly, 5 no, 0 do not know")).to_be_visible()


def read(page: Page) -> None:
    page.goto("/p/harbour/desk/moderation/2026/")
    expect(page.get_by_text("Staff say less than leaders on 1 indicator")).to_be_visible()
    page.goto("/p/harbour/desk/moderation/2026/audits/anchor/standards/A1/")
    expect(page.get_by_text("0 yes, 0 partly, 5 no, 0 do not know")).to_be_visible()
    check_page(page)
    page.goto("/p/harbour/desk/cycles/2026/survey/")
    page.get_by_role("link", name="Anchor Trust").click()
    expect_heading(page, "Anchor Trust: practitioner survey")
    expect(page.get_by_text("Staff say less than leaders on 1 statement.")).to_be_visible()
    check_page(page)
