"""An audit answered offline: download the sheet, fill it in, see what it changes, put a cell right, save."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from surveys.models import Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast
from tests.surveys.test_answer_sheets import change_meanwhile, open_sheet, put


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation, scores={"A1.1": 2, "A1.2": 1})


def download(page: Page) -> openpyxl.Workbook:
    page.get_by_role("link", name="Answer sheet").click()
    expect_heading(page, "Answer sheet")
    check_page(page)
    with page.expect_download() as found:
        page.get_by_role("link", name=re.compile("Download the answer sheet")).click()
    assert found.value.suggested_filename.startswith("anchor-trust-audit-2026-answer-sheet-")
    return open_sheet(found.value.path().read_bytes())


def upload(page: Page, book: openpyxl.Workbook, file: Path) -> None:
    book.save(file)
    page.get_by_label("Your answer sheet").set_input_files(file)
    page.get_by_role("button", name="See what it changes").click()


def refuse_notes(page: Page) -> None:
    notes = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"My notes"}
    page.get_by_label("Your answer sheet").set_input_files(notes)  # type: ignore[arg-type]
    page.get_by_role("button", name="See what it changes").click()
    expect(page.get_by_role("alert")).to_contain_text("‘notes.txt’ is not an Excel workbook")
    check_page(page)


def test_a_lead_answers_offline(
    page: Page, sign_in: SignIn, cast: Cast, audit: Audit, tmp_path: Path
) -> None:
    sign_in(page, cast.lead)
    page.goto(f"/p/harbour/o/anchor/audits/{audit.cycle.slug}/")
    book = download(page)
    put(book["Answers"], "A1.1", score=0, commentary="Written on a train.")
    put(book["Answers"], "A1.2", score=2)
    put(book["Answers"], "A2.1", score="maybe")
    # A colleague has been at work meanwhile.
    change_meanwhile(audit, "A1.2", cast.contributor, commentary="Theirs")

    refuse_notes(page)
    upload(page, book, tmp_path / "answers.xlsx")
    expect_heading(page, "What your answer sheet changes")
    expect(page.get_by_text("‘maybe’ is not a score: choose 0, 1, 2 or Not applicable.")).to_be_visible()
    expect(page.get_by_text("Written on a train.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(
        page.get_by_role("alert").get_by_role("link", name="A1.2: choose which answer is right")
    ).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Upload another file instead").click()
    expect_heading(page, "Answer sheet")
    put(book["Answers"], "A2.1", score=1)
    upload(page, book, tmp_path / "answers.xlsx")
    expect_heading(page, "What your answer sheet changes")
    expect(page.get_by_text("2 answers to save")).to_be_visible()
    page.get_by_role("radio", name="Keep the answer here").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("2 answers saved from ‘answers.xlsx’.")).to_be_visible()
    expect(page.get_by_text("3 of 4 answered")).to_be_visible()
    answers = dict(audit.answers.values_list("indicator__code", "score"))
    assert answers == {"A1.1": 0, "A1.2": 0, "A2.1": 1}
