"""Steps of what follows a meeting: answered, refused, returned, done with evidence, verified, and shown next year."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.models import Action
from tests.accountability.pack_world import WHY
from tests.browser.checks import check_page, expect_heading
from tests.browser.days_planned import OWN, ROUND, press

ASKED = f"{OWN}2026/recommendations/"


def answer(page: Page) -> None:
    page.goto(ASKED)
    expect_heading(page, "What the panel asks of you")
    expect(page.get_by_text("0 of 3 recommendations answered.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="1: Train everybody, part 1.").click()
    expect_heading(page, "Recommendation 1")
    check_page(page)
    page.get_by_role("button", name="Answer with an action").click()
    expect_heading(page, "Answer with an action")
    check_page(page)
    press(page, "Answer with this action")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("What will be different?").fill("Every volunteer is trained before the first session")
    page.get_by_label("How will you know that it worked?").fill("Somebody says so.")
    page.get_by_label("Who will see to it?").fill("Head of training")
    due = page.get_by_role("group", name="Due date")
    for part, value in (("Day", "30"), ("Month", "6"), ("Year", str(timezone.localdate().year + 1))):
        due.get_by_label(part).fill(value)
    press(page, "Answer with this action")
    save_all_the_same(page)
    expect(page.get_by_text("Recommendation 1 is answered.")).to_be_visible()


def save_all_the_same(page: Page) -> None:
    """Where the plan had advice about what was typed."""
    answered = page.get_by_text("is answered. The action is in your plan.")
    anyway = page.get_by_role("button", name="Save all the same")
    expect(answered.or_(anyway)).to_be_visible()
    if anyway.is_visible():
        anyway.click()


def refuse(page: Page) -> None:
    page.goto(f"{ASKED}2/")
    page.get_by_role("link", name="Say why you will not act on it").click()
    expect_heading(page, "Say why you will not act on it")
    check_page(page)
    page.get_by_label("Why will you not act on it?").fill(
        "The council trains our drivers, and shows us the record."
    )
    press(page, "Answer with this reason")
    expect(page.get_by_text("Recommendation 2 is answered.")).to_be_visible()


def share(page: Page) -> None:
    press(page, "Yes, share it")
    expect(page.get_by_text("It may be shared, with your name.")).to_be_visible()


def return_it(page: Page) -> None:
    page.goto(f"{ROUND}progress/")
    expect_heading(page, "What was agreed")
    page.get_by_role("link", name="Decide on 2 answers").click()
    expect_heading(page, "Answers to decide")
    check_page(page)
    page.get_by_role("link", name="Anchor Trust, 1").click()
    expect_heading(page, "Recommendation 1: Anchor Trust")
    page.get_by_role("radio", name="No: return it").check()
    press(page, "Save the decision")
    expect(page.get_by_role("link", name="Say what is missing")).to_be_visible()
    page.get_by_label("Note to the agency").fill("Who counts it, and how often?")
    check_page(page)
    press(page, "Save the decision")
    expect(page.get_by_text("The answer is returned.")).to_be_visible()


def answer_again(page: Page) -> None:
    page.goto(f"{ASKED}1/")
    expect(page.get_by_text("Your answer was returned: this is missing")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Change the action and answer again").click()
    expect_heading(page, "Answer with an action")
    page.get_by_label("How will you know that it worked?").fill(
        "HR counts each month: 60 of 60 on the register"
    )
    press(page, "Answer with this action")
    save_all_the_same(page)
    expect(page.get_by_text("Recommendation 1 is answered.")).to_be_visible()


def accept(page: Page) -> None:
    page.goto(f"{ROUND}anchor/recommendations/1/")
    page.get_by_role("radio", name="Yes: accept it").check()
    press(page, "Save the decision")
    expect(page.get_by_text("The answer is accepted.")).to_be_visible()


def finish(page: Page) -> None:
    page.goto(f"/p/harbour/o/anchor/actions/{Action.objects.get().pk}/report/")
    expect_heading(page, "Report progress")
    page.get_by_label("What has happened?").fill("All sixty were trained.")
    page.get_by_role("radio", name="Done").check()
    page.get_by_text("Evidence from your library").first.click()
    page.get_by_label("Training register").check()
    press(page, "Save the report")
    expect(page.get_by_text("Your report is in the action’s history.")).to_be_visible()
    expect(page.get_by_text("looks whether it worked")).to_be_visible()
    check_page(page)


def verify(page: Page) -> None:
    page.goto(f"{ROUND}progress/list/?state=verify")
    page.get_by_role("link", name="Anchor Trust, 1").click()
    expect(page.get_by_role("heading", name="Did it work?", level=2)).to_be_visible()
    check_page(page)
    page.get_by_role("radio", name="It worked", exact=True).check()
    page.get_by_label("What shows it?").fill("Ten of ten whom we asked knew whom to tell.")
    press(page, "Record it")
    expect(page.get_by_text("It is recorded whether the action worked.")).to_be_visible()


def read_verified(page: Page) -> None:
    page.goto(f"/p/harbour/o/anchor/actions/{Action.objects.get().pk}/")
    expect(page.get_by_text("Ten of ten whom we asked")).to_be_visible()
    page.goto("/p/harbour/o/anchor/actions/?show=all")
    expect(page.get_by_text("Verified: It worked")).to_be_visible()


def read_numbers(page: Page) -> None:
    page.goto(ROUND)
    page.get_by_role("link", name="What was agreed").click()
    expect_heading(page, "What was agreed")
    expect(page.get_by_role("heading", name="1 of 3 recommendations are verified")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="overdue", exact=True).click()
    expect_heading(page, "Overdue")
    expect(page.get_by_role("link", name="Anchor Trust, 3")).to_be_visible()


def read_next_year(page: Page) -> None:
    """The panel: the next pack, full in each of its parts, and the screen say what came of it."""
    page.goto("/p/harbour/desk/meetings/2027/anchor/pack/")
    expect_heading(page, "Anchor Trust")
    expect(page.get_by_text("Every volunteer is trained before the first session").first).to_be_visible()
    expect(page.get_by_text("It worked").first).to_be_visible()
    expect(page.get_by_text(WHY).first).to_be_visible()
    check_page(page)
    page.goto("/p/harbour/desk/meetings/2027/anchor/meeting/")
    expect_heading(page, "Anchor Trust: the meeting")
    expect(page.get_by_text("It worked").first).to_be_visible()


def read_own_next_year(page: Page) -> None:
    page.goto(f"{OWN}2027/pack/")
    expect_heading(page, "Your pack for the meeting: Audit 2027")
    expect(page.get_by_text("It worked").first).to_be_visible()
    check_page(page)
