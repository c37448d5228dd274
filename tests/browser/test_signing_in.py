"""Signing in and out, a wrong password, the first password by a mailed link, and an officer's second step."""

from __future__ import annotations

import re

from django.conf import LazySettings
from playwright.sync_api import Page, expect

from tests.browser.checks import check_page, expect_heading
from tests.browser.mail import find_link
from tests.conftest import Cast
from tests.factories import PASSWORD, make_user
from tests.organisations.second_factors import make_code

NEW_PASSWORD = "a lantern over the slipway"


def fill_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_sign_in_and_out(page: Page, cast: Cast) -> None:
    page.goto("/home/")
    expect_heading(page, "Sign in")
    check_page(page)
    # What only a script can do is offered only where one runs.
    has_script = page.evaluate("document.body.classList.contains('js-enabled')")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible(visible=has_script)
    expect(page.get_by_text("this page needs JavaScript")).to_be_visible(visible=not has_script)
    fill_in(page, cast.lead.email, PASSWORD)
    expect(page).to_have_url(re.compile(r"/home/$"))
    check_page(page)
    page.goto("/home/details/signed-in/")
    expect(page.get_by_role("heading", name="Chrome on Linux, this one")).to_be_visible()
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


def plug_in_passkeys(page: Page) -> None:
    """A device of Chromium's own that unlocks for whoever asks."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def set_up_an_app(page: Page) -> None:
    page.get_by_role("button", name="Set up an app").click()
    expect_heading(page, "Set up an app on your phone")
    page.get_by_text("You cannot scan it?").click()
    secret = page.locator(".app-secret").inner_text().replace(" ", "")
    check_page(page)
    page.get_by_label("The six digits that the app shows").fill(make_code(secret))
    page.get_by_role("button", name="Finish").click()
    expect_heading(page, "Keep your recovery codes")
    expect(page.locator(".app-codes li")).to_have_count(10)
    check_page(page)


def add_a_passkey(page: Page) -> None:
    plug_in_passkeys(page)
    page.goto("/accounts/second-step/")
    expect_heading(page, "Your second step")
    page.get_by_role("button", name="Add a passkey").click()
    expect_heading(page, "Add a passkey")
    check_page(page)
    page.get_by_label("What to call it").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect_heading(page, "Your second step")
    expect(page.get_by_text("Work laptop").first).to_be_visible()
    check_page(page)


def sign_out_and_come_back(page: Page, asked_for: str) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.goto(asked_for)
    expect_heading(page, "Sign in")


def test_an_officer_s_second_step(desktop: Page, cast: Cast, settings: LazySettings) -> None:
    """From the first sign-in, by an app and its recovery codes, to a passkey: in place of a password, and after one."""
    settings.SECOND_FACTOR_FOR_OFFICERS = True
    page, desk = desktop, f"/p/{cast.partnership.slug}/desk/"
    at_desk = re.compile(f"{desk}$")
    page.goto(desk)
    fill_in(page, cast.administrator.email, PASSWORD)
    expect_heading(page, "Set up a second step")
    check_page(page)
    set_up_an_app(page)
    page.get_by_role("button", name="I have kept them: go on").click()
    expect(page).to_have_url(at_desk)
    add_a_passkey(page)
    sign_out_and_come_back(page, desk)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(at_desk)
    sign_out_and_come_back(page, desk)
    fill_in(page, cast.administrator.email, PASSWORD)
    expect_heading(page, "One more step")
    check_page(page)
    page.get_by_role("button", name="Use my passkey").click()
    expect(page).to_have_url(at_desk)
