"""Signing in and out, a wrong password, and the first password by a mailed link."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.checks import check_page, expect_heading
from tests.browser.mail import find_link
from tests.conftest import Cast
from tests.factories import PASSWORD, make_user

NEW_PASSWORD = "a lantern over the slipway"


def fill_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_sign_in_and_out(page: Page, cast: Cast) -> None:
    page.goto("/home/")
    expect_heading(page, "Sign in")
    check_page(page)
    fill_in(page, cast.lead.email, PASSWORD)
    expect(page).to_have_url(re.compile(r"/home/$"))
    check_page(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.goto("/home/")
    expect_heading(page, "Sign in")


def test_a_wrong_password_says_so_and_keeps_the_address(page: Page, cast: Cast) -> None:
    page.goto("/accounts/login/")
    fill_in(page, cast.lead.email, "not this one at all")
    expect_heading(page, "Sign in")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(cast.lead.email)
    check_page(page)


def test_a_stranger_to_a_page_signs_in_and_comes_back_to_it(page: Page, cast: Cast) -> None:
    asked_for = f"/p/{cast.partnership.slug}/o/{cast.organisation.slug}/"
    page.goto(asked_for)
    expect_heading(page, "Sign in")
    fill_in(page, cast.lead.email, PASSWORD)
    expect(page).to_have_url(re.compile(f"{asked_for}$"))


def test_the_first_password_comes_by_a_mailed_link(page: Page, cast: Cast) -> None:
    person = make_user("new@anchor.example")
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Get a link to set a password").click()
    expect(page.get_by_role("button", name="Send me the link")).to_be_visible()
    check_page(page)
    page.get_by_label("Email").fill(person.email)
    page.get_by_role("button", name="Send me the link").click()
    expect_heading(page, "Check your e-mail")
    check_page(page)
    page.goto(find_link())
    expect_heading(page, "Choose a password")
    check_page(page)
    page.get_by_label("New Password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("New Password (again)").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
