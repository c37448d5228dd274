"""A quality officer chases a return: own words, a reminder in the outbox, a call, a letter, a contact."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from surveys.enums import EscalationStep, MessageStatus
from surveys.models import CycleText, Document, Escalation, Invitee, Message
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast

CYCLE = "/p/harbour/desk/cycles/2026/"


@pytest.fixture(autouse=True)
def invitee(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Invitee:
    # How a letter looks on paper is tested elsewhere.
    monkeypatch.setattr("surveys.tasks.build_file", lambda document: ContentFile(b"%PDF-1.7"))
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_invitee(cycle, cast.organisation)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_an_officer_chases_a_return(page: Page, sign_in: SignIn, cast: Cast) -> None:
    sign_in(page, cast.quality_officer)
    write_text(page)
    remind(page)
    work_outbox(page)
    add_contact(page)
    climb(page)
    assert [one.step for one in Escalation.objects.all()] == [
        EscalationStep.CALL,
        EscalationStep.CHIEF_EXECUTIVE,
    ]
    assert Document.objects.get().is_built


def write_text(page: Page) -> None:
    """A slip in a placeholder is said; what is right is shown before it is saved."""
    page.goto(f"{CYCLE}texts/")
    expect_heading(page, "Texts of the e-mails")
    check_page(page)
    page.get_by_role("link", name="Change the words of ‘Reminder from an officer’").click()
    expect_heading(page, "Reminder from an officer")
    check_page(page)
    page.get_by_label("Text").fill("Send it, {organization}: {link}")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("{organization} is not a placeholder")
    check_page(page)
    page.get_by_label("Text").fill("Send it, {organisation}: {link}")
    press(page, "Show a preview")
    expect(page.get_by_text("Send it, Anchor Trust: http")).to_be_visible()
    press(page, "Save")
    expect(page.get_by_text("goes out in your words from now on")).to_be_visible()
    assert CycleText.objects.get().body == "Send it, {organisation}: {link}"


def remind(page: Page) -> None:
    page.goto(f"{CYCLE}remind/")
    expect_heading(page, "Remind agencies")
    check_page(page)
    press(page, "Remind those ticked")
    expect(page.get_by_text("Reminders to 1 organisation are in the outbox.")).to_be_visible()


def work_outbox(page: Page) -> None:
    """Held, found among those held, changed, let go."""
    expect_heading(page, "Outbox")
    check_page(page)
    page.get_by_role("checkbox").first.check()
    press(page, "Hold those chosen")
    expect(page.get_by_text("1 e-mail held")).to_be_visible()
    page.get_by_label("Show").select_option("held")
    press(page, "Show")
    page.get_by_role("link", name="Audit 2026 is due").click()
    expect_heading(page, re.compile("Audit 2026 is due by"))
    check_page(page)
    page.get_by_role("button", name="Change the words").click()
    expect_heading(page, "Change the e-mail")
    check_page(page)
    page.get_by_label("Subject").fill("Another subject")
    press(page, "Save")
    expect_heading(page, re.compile("Another subject"))
    press(page, "Let go")
    expect(page.get_by_text("1 e-mail let go")).to_be_visible()
    assert Message.objects.get().status == MessageStatus.WAITING


def add_contact(page: Page) -> None:
    page.goto("/p/harbour/desk/organisations/anchor/")
    page.get_by_role("button", name="Add a contact").click()
    expect_heading(page, "Add a contact of Anchor Trust")
    check_page(page)
    page.get_by_label("Name").fill("Carla Chief")
    page.get_by_role("radio", name="Chief executive or headteacher").check()
    page.get_by_label("E-mail address").fill("chief@anchor.example")
    press(page, "Save")
    expect(page.get_by_text("Carla Chief is a contact of Anchor Trust now.")).to_be_visible()
    check_page(page)


def climb(page: Page) -> None:
    page.goto(f"{CYCLE}escalations/anchor/")
    expect_heading(page, re.compile("Escalation: Anchor Trust"))
    check_page(page)
    page.get_by_role("button", name="Record a call to the lead").click()
    expect_heading(page, "Call to the lead")
    check_page(page)
    page.get_by_label("Whom did you speak to").fill("Spoke to Lee: next week.")
    press(page, "Record it")
    expect(page.get_by_text("Spoke to Lee: next week.")).to_be_visible()
    page.get_by_role("button", name="Write to the chief executive").click()
    expect_heading(page, "Letter to the chief executive")
    check_page(page)
    expect(page.get_by_role("textbox", name="The letter")).to_have_value(re.compile("Dear Carla Chief"))
    press(page, "Keep the letter")
    expect(page.get_by_role("link", name="The letter (PDF)")).to_be_visible()
    check_page(page)
