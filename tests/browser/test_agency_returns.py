"""A return for the annual report: asked for, written on a phone without scripts, approved by name, accepted."""

from __future__ import annotations

import datetime

from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from accountability.models import AgencyReturn
from accountability.reporting_years import ReportingYear
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import PHONE, NewPage, SignIn
from tests.conftest import Cast
from tests.surveys.evidence_samples import JPEG

TEXTS = {
    "About us and what we do": "We teach children to swim.",
    "What we did this year and want to celebrate": "Children redrew the rules of the changing room.",
    "Priorities for next year": "- Ask again in spring\n- Tell parents what came of it",
}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_asking_to_the_annual_report(
    desktop: Page, new_page: NewPage, sign_in: SignIn, cast: Cast
) -> None:
    sign_in(desktop, cast.quality_officer)
    ask(desktop)
    phone = new_page(PHONE, script=False)
    sign_in(phone, cast.lead)
    write(phone)
    add_picture(phone)
    hand_in(phone)
    signatory = new_page(PHONE)
    sign_in(signatory, cast.signatory)
    approve(signatory)
    accept(desktop)
    assert AgencyReturn.objects.accepted().get().approved_by == cast.signatory


def ask(page: Page) -> None:
    year = ReportingYear.of(timezone.localdate()).before
    page.goto("/p/harbour/desk/")
    page.get_by_role("link", name="Annual report").click()
    expect_heading(page, "Annual report")
    check_page(page)
    page.get_by_role("link", name="Agencies’ returns").click()
    expect(page.get_by_text(f"Annual report {year}")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Ask agencies for their returns").click()
    due_on = timezone.localdate() + datetime.timedelta(days=40)
    for part in ("day", "month", "year"):
        page.get_by_label(part.capitalize(), exact=True).fill(str(getattr(due_on, part)))
    check_page(page)
    press(page, "Ask them")
    expect(page.get_by_role("row").filter(has_text="Anchor Trust")).to_contain_text("Not started")
    check_page(page)


def write(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name="Write the return of Anchor Trust").click()
    expect_heading(page, "Your return for the annual report")
    check_page(page)
    for label, text in TEXTS.items():
        page.get_by_label(label).fill(text)
    press(page, "Save and add a picture")


def add_picture(page: Page) -> None:
    expect_heading(page, "Add a picture")
    press(page, "Add the picture")
    expect(page.get_by_role("alert")).to_contain_text("Enter what the picture shows")
    check_page(page)
    page.get_by_label("What does the picture show?").fill("Boats on a wall")
    page.get_by_label("Everyone who can be seen has agreed").check()
    page.get_by_label("No child can be recognised").check()
    chosen = FilePayload(name="wall.jpg", mimeType="image/jpeg", buffer=JPEG)
    page.locator("input[type=file]").set_input_files(chosen)
    press(page, "Add the picture")
    expect(page.get_by_role("img", name="Boats on a wall")).to_be_visible()
    expect(page.get_by_label("About us and what we do")).to_have_value("We teach children to swim.")
    expect(page.get_by_text("5 words saved.")).to_be_visible()
    check_page(page)


def hand_in(page: Page) -> None:
    press(page, "Save, check and hand in")
    expect_heading(page, "Check and hand in")
    check_page(page)
    press(page, "Hand it in")
    expect(page.get_by_text("The return is handed in")).to_be_visible()
    expect(page.get_by_text("Tell parents what came of it")).to_be_visible()
    check_page(page)


def approve(page: Page) -> None:
    page.goto("/home/")
    page.get_by_role("link", name="Approve the return of Anchor Trust").click()
    expect_heading(page, "Approve the return for the public")
    press(page, "Approve for the public")
    expect(page.get_by_role("alert")).to_contain_text("Enter your role")
    page.get_by_label("Your role").fill("Chair of trustees")
    page.get_by_label("No child, family or practitioner can be recognised").check()
    page.get_by_label("I approve this return for the public").check()
    check_page(page)
    press(page, "Approve for the public")
    expect(page.get_by_text("Chair of trustees, approved it for the public")).to_be_visible()


def accept(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="Anchor Trust", exact=True).click()
    expect_heading(page, "Anchor Trust")
    expect(page.get_by_role("img", name="Boats on a wall")).to_be_visible()
    check_page(page)
    press(page, "Accept it for the annual report")
    expect(page.get_by_role("row").filter(has_text="Anchor Trust")).to_contain_text("Accepted")
