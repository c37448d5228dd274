"""An officer's year: plan a cycle in steps, open it, watch it, read its overview, take the report away, close it."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.enums import AuditStatus, CycleStatus
from surveys.models import Cycle
from tests import factories
from tests.browser.checks import NARROWEST, check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast

TITLE = "Section 11 audit of the spring"


@pytest.fixture(autouse=True)
def _bank(cast: Cast) -> None:
    factories.make_questionnaire()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def enter_date(page: Page, group: str, day: datetime.date) -> None:
    fields = page.get_by_role("group", name=group)
    for part in ("day", "month", "year"):
        fields.get_by_label(part.title()).fill(str(getattr(day, part)))


def test_an_officer_runs_a_cycle(page: Page, sign_in: SignIn, cast: Cast) -> None:
    sign_in(page, cast.administrator)
    plan(page)
    open_it(page)
    cycle = Cycle.objects.get()
    assert (cycle.status, cycle.invitees.count()) == (CycleStatus.OPEN, 2)
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    factories.make_audit(cycle, cast.other_organisation, scores={"A1.1": 0})
    watch(page)
    read_overview(page)
    take_report(page)
    close(page)
    cycle.refresh_from_db()
    assert cycle.status == CycleStatus.CLOSED


def plan(page: Page) -> None:
    """In short steps; nothing is made before the last."""
    page.goto("/p/harbour/desk/cycles/")
    expect_heading(page, "Cycles")
    check_page(page)
    page.get_by_role("button", name="Plan a cycle").first.click()
    expect_heading(page, "Plan a cycle")
    check_page(page)
    page.get_by_label("Title").fill(TITLE)
    press(page, "Continue")
    enter_dates(page)
    expect_heading(page, "Which variants take part?")
    check_page(page)
    press(page, "Continue")
    expect_heading(page, "Who is invited?")
    check_page(page)
    press(page, "Continue")
    expect_heading(page, "Check before you plan the cycle")
    check_page(page)
    press(page, "Plan the cycle")
    expect_heading(page, re.compile(f"{TITLE}.*Planned"))
    check_page(page)


def enter_dates(page: Page) -> None:
    """An impossible date is said at its field; going back from the next step, both stand there."""
    expect_heading(page, "When does it open and close?")
    today = timezone.localdate()
    enter_date(page, "Opening day", today)
    enter_date(page, "Closing day", today - datetime.timedelta(days=1))
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("Closing day must be")
    check_page(page)
    enter_date(page, "Closing day", today + datetime.timedelta(days=42))
    press(page, "Continue")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("group", name="Opening day").get_by_label("Day")).to_have_value(str(today.day))
    expect(page.get_by_role("group", name="Closing day").get_by_label("Day")).not_to_be_empty()
    press(page, "Continue")


def open_it(page: Page) -> None:
    page.get_by_role("button", name="Open the cycle").click()
    expect_heading(page, f"Open {TITLE}")
    check_page(page)
    press(page, "Open the cycle")
    expect_heading(page, re.compile(f"{TITLE}.*Open"))


def watch(page: Page) -> None:
    page.reload()
    expect(page.get_by_text("1 of 2 (50%)").first).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Anchor Trust"))).to_contain_text("Submitted")
    expect(page.get_by_role("row", name=re.compile("Beacon Homes"))).to_contain_text("Started")
    check_page(page)
    page.get_by_role("link", name="Read the audit of Anchor Trust").click()
    expect(page.get_by_text("Statement A1.1").first).to_be_visible()
    check_page(page)


def read_overview(page: Page) -> None:
    page.goto("/p/harbour/desk/reports/")
    check_page(page)
    page.get_by_role("link", name=TITLE).click()
    expect_heading(page, re.compile(f"{TITLE}: overview"))
    expect(page.get_by_text("1 of 1 (100%)").first).to_be_visible()
    page.get_by_text("Every rule and denominator").first.click()
    expect(page.get_by_role("row", name=re.compile("Critical indicators A critical"))).to_be_visible()
    check_page(page)
    look_at_charts(page)
    page.get_by_role("link", name="See the weakest and strongest indicators").click()
    expect_heading(page, "Standard: standards and indicators")
    expect(page.get_by_role("row", name=re.compile("^A1.1 Statement A1.1"))).to_be_visible()
    check_page(page)
    page.go_back()
    expect_heading(page, re.compile(f"{TITLE}: overview"))
    page.get_by_role("link", name="See organisations by standard").click()
    expect_heading(page, "Organisations by standard")
    expect(page.get_by_role("link", name="Anchor Trust, A1: 2")).to_be_visible()
    check_page(page)
    page.go_back()
    expect_heading(page, re.compile(f"{TITLE}: overview"))


def look_at_charts(page: Page) -> None:
    """Contents lead to each section; a chart has a drawing for each width, its numbers, and goes out as a file."""
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Overall grades").click()
    expect(page).to_have_url(re.compile("#grades$"))
    chart = page.locator("#chart-grades")
    chart.get_by_text("The numbers as a table").click()
    expect(chart.get_by_role("row", name="Standard 1 0 0 1")).to_be_visible()
    with page.expect_download() as download:
        chart.get_by_role("link", name=re.compile("picture")).click()
    assert download.value.path().read_bytes().startswith(b"<?xml")
    size = page.viewport_size
    assert size is not None
    drawn = chart.locator(".app-drawing--wide"), chart.locator(".app-drawing--narrow")
    for (shown, hidden), width in ((drawn, 1024), (drawn[::-1], NARROWEST["width"])):
        page.set_viewport_size({"width": width, "height": 900})
        expect(shown).to_be_visible()
        expect(hidden).to_be_hidden()
        # Letters keep their size instead of shrinking with the picture.
        assert shown.locator("text").first.evaluate("one => one.getBoundingClientRect().height") >= 12
    page.set_viewport_size(size)


def take_report(page: Page) -> None:
    press(page, "Make the PDF")
    expect_heading(page, "Overview report (PDF)")
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the report (PDF)").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def close(page: Page) -> None:
    page.goto("/p/harbour/desk/cycles/")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Close the cycle").click()
    expect_heading(page, f"Close {TITLE}")
    expect(page.get_by_text("1 of 2 (50%)")).to_be_visible()
    check_page(page)
    press(page, "Close the cycle")
    expect_heading(page, re.compile(f"{TITLE}.*Closed"))
    expect(page.get_by_role("button", name="Close the cycle")).to_have_count(0)
    check_page(page)
