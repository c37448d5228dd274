"""What everybody may read without an account: accessible, at any width, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Questionnaire
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast

PAGES = {
    "/": "Safeguarding self-assessments",
    "/p/harbour/": "Harbour",
    "/accessibility/": "Accessibility statement",
    "/p/harbour/accessibility/": "Accessibility statement",
    "/privacy/": "Privacy",
    "/cookies/": "Cookies",
    "/contact/": "Contact",
    "/p/harbour/contact/": "Contact",
}


@pytest.fixture
def bank(cast: Cast) -> Questionnaire:
    return factories.make_questionnaire()


def test_each_is_accessible_and_begins_with_a_way_past_the_header(page: Page, bank: Questionnaire) -> None:
    """On two devices: only the header differs between phones with and without scripts, and the next test holds that."""
    for path, heading in PAGES.items():
        page.goto(path)
        expect_heading(page, heading)
        check_page(page)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to main content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{path}#main-content")


def test_from_the_front_to_a_question_bank(every_page: Page, bank: Questionnaire) -> None:
    every_page.goto("/")
    every_page.get_by_role("link", name="Harbour", exact=True).click()
    every_page.get_by_role("link", name=str(bank)).click()
    expect(every_page.get_by_text("Statement A2.2")).to_be_visible()
    check_page(every_page)


def test_a_blank_to_print(page: Page, bank: Questionnaire) -> None:
    """The first who asks waits for it: the page reloads by itself, with no script, until the file is there."""
    page.goto(f"/p/harbour/question-banks/{bank.pk}/")
    page.get_by_role("link", name="Blank to print (PDF)").click()
    expect_heading(page, "A blank to print")
    check_page(page)
    page.get_by_role("button", name="Make the blank (PDF)").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the blank (PDF)").click()
    expect_heading(page, "The blank to print is ready")
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_a_stranger_gets_the_page_for_what_does_not_exist(page: Page, sign_in: SignIn, cast: Cast) -> None:
    sign_in(page, cast.stranger)
    for path in ("/p/harbour/o/anchor/", "/p/harbour/desk/", "/p/nowhere/"):
        answered = page.goto(path)
        assert answered is not None
        assert answered.status == 404
        expect_heading(page, "Page not found")
        check_page(page)


def test_a_role_that_may_not_is_told_why(page: Page, sign_in: SignIn, cast: Cast) -> None:
    sign_in(page, cast.panel_member)
    answered = page.goto("/p/harbour/desk/settings/")
    assert answered is not None
    assert answered.status == 403
    expect(page.get_by_text("Only an administrator of Harbour can do this.")).to_be_visible()
    check_page(page)
