"""A newcomer asks to take part on the public page, an officer accepts, and the newcomer begins."""

from __future__ import annotations

import re

from django.core import mail
from playwright.sync_api import Page, expect

from s11.organisations.models import Organisation, User
from surveys.models import Invitee
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import NewPage, SignIn
from tests.browser.mail import find_link
from tests.conftest import Cast
from tests.organisations.taking_part import make_application


def test_a_newcomer_takes_part(page: Page, new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    bank = factories.make_questionnaire()
    factories.make_cycle(cast.partnership, slug="autumn", questionnaires=(bank,))
    page.goto("/p/harbour/")
    page.get_by_role("link", name="ask to take part").click()
    expect_heading(page, "Ask to take part")
    check_page(page)
    page.get_by_role("button", name="Start now").click()
    find(page)
    describe(page)
    enter_lead(page, "nora@kelp.example")
    expect_heading(page, "Check before you send")
    expect(page.get_by_text("The standard questions")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Send").click()
    expect_heading(page, "Check your e-mail")
    check_page(page)
    verify(page)
    accept(new_page(), sign_in, cast)
    begin(page)


def find(page: Page) -> None:
    """Something is found by the second word, but it is another organisation."""
    expect_heading(page, "Find your organisation")
    check_page(page)
    page.get_by_label("What is your organisation called?").fill("Kelp Beacon")
    page.get_by_role("button", name="Continue").click()
    expect_heading(page, "Your organisation")
    page.get_by_role("link", name="Back").click()
    expect_heading(page, "Find your organisation")
    page.get_by_label("What is your organisation called?").fill("Beacon")
    page.get_by_role("button", name="Continue").click()
    expect_heading(page, "Choose your organisation")
    expect(page.get_by_label("Beacon Homes")).to_be_visible()
    check_page(page)
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Continue").click()
    expect_heading(page, "Your organisation")
    check_page(page)
    page.get_by_label("Name of your organisation").fill("Kelp House")
    page.get_by_role("button", name="Continue").click()


def describe(page: Page) -> None:
    """With an answer forgotten at first."""
    expect_heading(page, "What kind of organisation is it?")
    for question in ("Is it a school or a college?", "Is it an NHS body or another provider of health care?"):
        page.get_by_role("group", name=question).get_by_label("No").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)
    page.get_by_role("group", name="Is it a children’s home?").get_by_label("No").check()
    page.get_by_role("button", name="Continue").click()


def enter_lead(page: Page, email: str) -> None:
    expect_heading(page, "About you")
    check_page(page)
    page.get_by_label("Your name").fill("Nora Quay")
    page.get_by_label("Your job title").fill("Head of care")
    page.get_by_label("Your work e-mail address").fill(email)
    page.get_by_role("button", name="Continue").click()


def verify(page: Page) -> None:
    """By the link in the mail, once."""
    link = find_link()
    page.goto(link)
    expect_heading(page, "Confirm your e-mail address")
    check_page(page)
    page.get_by_role("button", name="Confirm and send my request").click()
    expect_heading(page, "Your request is sent")
    check_page(page)
    page.goto(link)
    expect_heading(page, "Your address is confirmed already")
    check_page(page)
    mail.outbox.clear()


def accept(page: Page, sign_in: SignIn, cast: Cast) -> None:
    """The officer's part."""
    sign_in(page, cast.administrator)
    page.goto("/p/harbour/desk/")
    page.get_by_role("link", name="1 request to take part").click()
    expect_heading(page, "Requests to take part")
    check_page(page)
    page.get_by_role("link", name="Kelp House").click()
    expect_heading(page, "Kelp House asks to take part")
    check_page(page)
    page.get_by_label("A new organisation: Kelp House").check()
    page.get_by_role("group", name="Is it statutory?").get_by_label("No").check()
    page.get_by_label("Audit autumn").check()
    page.get_by_role("button", name="Accept the request").click()
    expect_heading(page, "Kelp House")
    expect(page.get_by_text("It is invited to Audit autumn.")).to_be_visible()
    check_page(page)
    assert Invitee.objects.get().organisation == Organisation.objects.get(name="Kelp House")


def begin(page: Page) -> None:
    """The newcomer's first password, by the link in the mail."""
    assert "Set your password" in mail.outbox[0].subject
    (link,) = re.findall(r"https?://\S+", str(mail.outbox[0].body))
    page.goto(link)
    page.get_by_label("New Password", exact=True).fill("a lantern over the slipway")
    page.get_by_label("New Password (again)").fill("a lantern over the slipway")
    page.get_by_role("button", name="Save password").click()
    expect(page).to_have_url(re.compile(r"/home/$"))
    expect(page.get_by_role("link", name="Kelp House").first).to_be_visible()
    assert User.objects.get(email="nora@kelp.example").name == "Nora Quay"


def test_an_officer_declines_and_confirms_a_domain(page: Page, sign_in: SignIn, cast: Cast) -> None:
    make_application(cast.partnership)
    sign_in(page, cast.quality_officer)
    page.goto("/p/harbour/desk/requests/")
    page.get_by_role("link", name="Kelp House").click()
    expect_heading(page, "Kelp House asks to take part")
    page.get_by_role("link", name="Decline the request").click()
    expect_heading(page, "Decline the request of Nora Quay")
    check_page(page)
    page.get_by_label("Why do you decline?").fill("You are in Moorland’s area.")
    page.get_by_role("button", name="Decline and write to them").click()
    expect(page.get_by_text("Nobody waits.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Decided requests").click()
    expect_heading(page, "Decided requests to take part")
    expect(page.get_by_text("Declined", exact=True)).to_be_visible()
    check_page(page)
    page.goto("/p/harbour/desk/organisations/anchor/")
    page.get_by_role("link", name="Mail domains that are its alone").click()
    expect_heading(page, "Mail domains of Anchor Trust")
    check_page(page)
    page.get_by_label("Mail domain", exact=True).fill("nhs.net")
    page.get_by_role("button", name="Confirm this domain").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)
    page.get_by_label("Mail domain", exact=True).fill("anchor.example")
    page.get_by_role("button", name="Confirm this domain").click()
    expect(page.get_by_role("button", name="Withdraw")).to_be_visible()
    check_page(page)
