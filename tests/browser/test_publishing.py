"""From an officer's draft to what a member of the public reads on a phone, past two more pairs of eyes."""

from __future__ import annotations

import datetime

from django.utils import timezone
from playwright.sync_api import Page, expect

from accountability.models import Report
from s11.organisations.models import Organisation
from tests import factories
from tests.accountability.reports import make_full_cycle
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

DESK = "/p/harbour/desk/publication/"
TITLE = "Audit 2026: what we found"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_a_draft_to_a_phone(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    make_full_cycle(cast)
    author, approver, publisher = new_page(DESKTOP), new_page(DESKTOP, script=False), new_page(PHONE)
    people = (cast.quality_officer, cast.administrator, cast.publisher)
    for page, person in zip((author, approver, publisher), people, strict=True):
        sign_in(page, person)
    write(author)
    approve(approver)
    publish(publisher)
    read(new_page(PHONE))
    ask_the_executive(author, cast)
    inform_the_board(author)
    correct(author)


def write(page: Page) -> None:
    page.goto(DESK)
    expect_heading(page, "Publication")
    check_page(page)
    press(page, "Begin a report")
    expect_heading(page, "Begin a report")
    check_page(page)
    press(page, "Begin the report")
    expect_heading(page, TITLE)
    check_page(page)
    page.get_by_role("link", name="What happens next", exact=True).click()
    expect_heading(page, "What happens next")
    page.get_by_label("What the report says").fill("Every school is offered a course.")
    press(page, "Save")
    expect(page.get_by_text("‘What happens next’ is saved.")).to_be_visible()
    press(page, "Send to review")
    expect(page.get_by_text("Those who may approve it have been written to.")).to_be_visible()
    check_page(page)


def approve(page: Page) -> None:
    page.goto(DESK)
    page.get_by_role("link", name=TITLE).click()
    expect_heading(page, TITLE)
    page.get_by_role("button", name="Read and approve").click()
    expect_heading(page, "What the public will see")
    check_page(page)
    press(page, "Approve it")
    expect(page.get_by_text("Those who publish have been written to.")).to_be_visible()


def publish(page: Page) -> None:
    page.goto(f"{DESK}{Report.objects.get().pk}/")
    expect_heading(page, TITLE)
    check_page(page)
    page.get_by_role("button", name="Look at it and publish").click()
    expect_heading(page, "Publish the report")
    check_page(page)
    press(page, "Publish it")
    expect(page.get_by_text("The public reads it.")).to_be_visible()
    check_page(page)


def read(page: Page) -> None:
    """No account, no cookie."""
    page.goto("/")
    page.get_by_role("link", name=TITLE).click()
    expect_heading(page, TITLE)
    expect(page.get_by_text("Every school is offered a course.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Reports", exact=True).click()
    expect_heading(page, "Reports")
    check_page(page)
    address = page.get_by_role("link", name=TITLE).get_attribute("href")
    file = page.request.get(f"{address}versions/1/harbour-report-1.pdf")
    assert file.body().startswith(b"%PDF-1.7")
    assert "immutable" in file.headers["cache-control"]
    assert page.context.cookies() == []


def ask_the_executive(page: Page, cast: Cast) -> None:
    """Whom to ask about and why, a course for what is low, and the paper that says both."""
    agency = Organisation.objects.get(slug="agency-0")
    late = timezone.localdate() - datetime.timedelta(days=1)
    factories.make_action(agency, cast.partnership, origin="panel", due_on=late)
    page.get_by_role("link", name="Risk and training").click()
    expect_heading(page, "Risk and training")
    page.get_by_role("button", name="Add a course").click()
    expect_heading(page, "Add a course")
    check_page(page)
    page.get_by_label("Name of the course").fill("Listening to children")
    page.get_by_label("What it is").fill("A day with young people.")
    page.get_by_label("Who it is for").fill("Everybody who works with children")
    page.get_by_text("Standard question bank").click()
    page.get_by_label("A1 Standard A1").check()
    press(page, "Save the course")
    expect(page.get_by_text("Listening to children is in the register.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Training needs of Audit 2026").click()
    expect_heading(page, "Training needs")
    expect(page.get_by_role("heading", name="Listening to children: 4 agencies")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="go to the risk list").click()
    expect_heading(page, "Risk list")
    expect(page.get_by_text("1 thing that a panel asked for is overdue")).to_be_visible()
    check_page(page)
    press(page, "Make the paper for the executive (PDF)")
    expect_heading(page, "Paper for the executive")
    expect(page.get_by_role("button", name="Download the paper (PDF)")).to_be_visible()
    check_page(page)


def inform_the_board(page: Page) -> None:
    """Both papers drafted, training entered, a PDF made."""
    page.goto(f"{DESK}{Report.objects.get().pk}/")
    page.get_by_role("link", name="The annual report’s chapter, and a cover paper for the board").click()
    expect_heading(page, "For the board and the annual report")
    press(page, "Draft both papers")
    check_page(page)
    page.get_by_role("link", name="Annual report chapter", exact=True).click()
    expect_heading(page, "Annual report chapter")
    check_page(page)
    page.get_by_role("link", name="Change the text").click()
    expect_heading(page, "Change the annual report chapter")
    check_page(page)
    page.get_by_label("Which training has been commissioned?").fill("A course on listening to children.")
    press(page, "Save")
    expect(page.get_by_text("A course on listening to children.")).to_be_visible()
    press(page, "Make the PDF")
    expect(page.get_by_role("link", name="harbour-report-1-annual-chapter.pdf")).to_be_visible()
    check_page(page)
    address = page.get_by_role("link", name="harbour-report-1-annual-chapter.docx").get_attribute("href")
    assert page.request.get(str(address)).body().startswith(b"PK")
    year = page.get_by_label("Year of the annual report")
    before = year.locator("option").nth(1).inner_text()
    year.select_option(label=before)
    press(page, "Draft anew for this year")
    expect(page.get_by_text(f"It draws on the year from {before}")).to_be_visible()


def correct(page: Page) -> None:
    page.goto(f"{DESK}{Report.objects.get().pk}/")
    page.get_by_role("button", name="Correct it").click()
    expect_heading(page, "Correct the report")
    check_page(page)
    page.get_by_label("What is wrong, and what is right?").fill("The course is for care homes too.")
    press(page, "Begin the correction")
    expect(page.get_by_text("Version 2 is begun.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Add something else that was wrong").click()
    expect_heading(page, "What was corrected")
    check_page(page)
    page.get_by_label("What is wrong, and what is right?").fill("It takes two days, not one.")
    press(page, "Save")
    expect(page.get_by_text("Version 2: It takes two days, not one.")).to_be_visible()
