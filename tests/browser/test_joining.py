"""Somebody who was invited follows the link in the mail, chooses a password and can begin."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.organisations.workflow import invite
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import NewPage, SignIn
from tests.browser.mail import find_link
from tests.conftest import Cast


def test_an_invited_person_joins_by_the_link(page: Page, cast: Cast) -> None:
    invite(
        email="new@anchor.example",
        role=MembershipRole.CONTRIBUTOR,
        organisation=cast.organisation,
        by=cast.lead,
    )
    link = find_link()
    page.goto(link)
    expect_heading(page, f"Act for {cast.organisation}")
    check_page(page)
    # Too short: said at the field, and what was typed elsewhere is still there.
    page.get_by_label("Your name").fill("Nora Quay")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Nora Quay")
    check_page(page)
    page.get_by_label("Password", exact=True).fill("a lantern over the slipway")
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page).to_have_url(re.compile(r"/home/$"))
    expect(page.get_by_role("link", name=cast.organisation.name)).to_be_visible()
    check_page(page)
    assert User.objects.get(email="new@anchor.example").name == "Nora Quay"
    page.goto(link)
    expect_heading(page, "This invitation has been accepted")
    check_page(page)


def test_a_lead_invites_a_colleague(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    page = new_page()
    sign_in(page, cast.lead)
    page.goto(f"/p/{cast.partnership.slug}/o/{cast.organisation.slug}/people/")
    check_page(page)
    page.get_by_role("button", name="Invite a colleague").click()
    expect_heading(page, f"Invite a colleague to {cast.organisation}")
    check_page(page)
    page.get_by_label("E-mail address").fill("second@anchor.example")
    page.get_by_label("Viewer").check()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("second@anchor.example").first).to_be_visible()
    check_page(page)
    guest = new_page()
    guest.goto(find_link())
    expect_heading(guest, f"Act for {cast.organisation}")
