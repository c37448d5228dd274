"""An organisation returns its own national audit in place of answers, and withdraws it."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page, expect

from surveys.models import Evidence, OwnToolReturn
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import PHONE, NewPage, SignIn
from tests.conftest import Cast
from tests.surveys.evidence_samples import PDF, PROGRAM

NAME = "National ambulance self-assessment 2026"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, content: bytes) -> None:
    chosen = FilePayload(name="assessment.pdf", mimeType="application/pdf", buffer=content)
    page.locator("input[type=file]").set_input_files(chosen)


def test_returned_read_and_withdrawn(page: Page, new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_invitee(cycle, cast.organisation)
    sign_in(page, cast.lead)
    return_own(page)
    officer = new_page(PHONE)
    sign_in(officer, cast.quality_officer)
    read_as_officer(officer)
    withdraw(page)
    assert not OwnToolReturn.objects.exists()
    assert Evidence.objects.of(cast.organisation).exists(), "the file stays in the library"


def return_own(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/audits/2026/")
    page.get_by_role("link", name="Return that one in place of answers").click()
    expect_heading(page, "Return your own audit")
    check_page(page)
    press(page, "Return it")
    expect(page.get_by_role("alert")).to_contain_text("Enter what your audit is called")
    check_page(page)
    page.get_by_label("What is it called?").fill(NAME)
    choose(page, PROGRAM)
    press(page, "Return it")
    expect(page.get_by_role("alert")).to_contain_text("‘assessment.pdf’")
    expect(page.get_by_label("What is it called?")).to_have_value(NAME)
    choose(page, PDF)
    press(page, "Return it")
    expect_heading(page, "Audit 2026 Own tool")
    expect(page.get_by_text(NAME)).to_be_visible()
    expect(page.get_by_text("on time")).to_be_visible()
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="assessment.pdf (download)").click()
    assert download.value.path().read_bytes() == PDF


def read_as_officer(page: Page) -> None:
    page.goto("/p/harbour/desk/cycles/2026/")
    expect(page.get_by_role("row").filter(has_text="Anchor Trust")).to_contain_text("Own tool")
    check_page(page)
    page.get_by_role("link", name="Anchor Trust", exact=True).click()
    expect_heading(page, re.compile("Anchor Trust"))
    check_page(page)


def withdraw(page: Page) -> None:
    press(page, "Withdraw it")
    expect(page.get_by_text("Your own audit is withdrawn.")).to_be_visible()
    expect(page.get_by_role("button", name="Start the audit")).to_be_visible()
    check_page(page)
