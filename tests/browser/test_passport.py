"""An audit leaves as one zip and comes into another: made, downloaded, uploaded, compared, brought in, confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from surveys.enums import AuditStatus
from surveys.models import Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast


@pytest.fixture
def audits(cast: Cast) -> tuple[Audit, Audit]:
    """Last year's, closed with evidence and an action, and this year's with an answer that differs."""
    bank = factories.make_questionnaire()
    last = factories.make_cycle(cast.partnership, slug="2025", questionnaires=(bank,))
    now = factories.make_cycle(cast.partnership, slug="2026", questionnaires=(bank,))
    scores: dict[str, int | str | None] = {"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": "It does not do this"}
    source = factories.make_audit(last, cast.organisation, scores=scores, status=AuditStatus.SUBMITTED)
    answer = source.answers.get(indicator__code="A1.2")
    evidence = factories.make_evidence(cast.organisation)
    answer.evidence_links.create(evidence=evidence, submitted_version=evidence.versions.get())
    source.answers.filter(indicator__code="A1.1").update(commentary="Nobody has looked at it yet.")
    target = factories.make_audit(now, cast.organisation, scores={"A1.1": 2})
    return source, target


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_an_audit_s_zip_goes_into_another(
    page: Page, sign_in: SignIn, cast: Cast, audits: tuple[Audit, Audit], tmp_path: Path
) -> None:
    source, target = audits
    sign_in(page, cast.lead)
    file = download(page, source, tmp_path)
    refuse(page, target)
    bring_in(page, file)
    page.get_by_role("link", name="A1 Standard A1").click()
    expect_heading(page, "A1 Standard A1")
    check_page(page)
    page.get_by_role("button", name="Confirm the answer to A1.2").click()
    expect(page.get_by_role("button", name="Confirm the answer to A1.2")).to_have_count(0)
    expect(page.get_by_role("button", name="Confirm the answer to A1.1")).to_be_visible()


def download(page: Page, source: Audit, folder: Path) -> Path:
    page.goto(f"/p/harbour/o/anchor/audits/{source.cycle.slug}/")
    expect_heading(page, "Audit 2025")
    press(page, "Make a zip of everything")
    expect_heading(page, "Copy of submission 1")
    button = page.get_by_role("button", name="Download the copy (Zip of everything)")
    expect(button).to_be_visible()
    expect(page.get_by_text("It is kept until")).to_be_visible()
    check_page(page)
    with page.expect_download() as found:
        button.click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    assert path.name == "anchor-trust-audit-2025-submission-1.zip"
    return path


def refuse(page: Page, target: Audit) -> None:
    """What is no passport is said beside the field."""
    page.goto(f"/p/harbour/o/anchor/audits/{target.cycle.slug}/")
    expect_heading(page, "Audit 2026")
    page.get_by_role("link", name="Bring in a passport").click()
    expect_heading(page, "Bring in a passport")
    check_page(page)
    notes = {"name": "notes.zip", "mimeType": "application/zip", "buffer": b"Only words."}
    page.locator("input[type=file]").set_input_files(notes)  # type: ignore[arg-type]  # as Playwright documents it
    press(page, "Show what it would change")
    expect(page.get_by_role("alert").get_by_text("That is not a zip")).to_be_visible()
    check_page(page)


def bring_in(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    press(page, "Show what it would change")
    expect_heading(page, "What the passport would change")
    expect(page.get_by_text("Nobody has looked at it yet.")).to_be_visible()
    check_page(page)
    press(page, "Bring it in")
    expect(
        page.get_by_role("alert").get_by_text("Choose what should happen to your own answers")
    ).to_be_visible()
    check_page(page)
    page.get_by_label("Replace mine where they differ (1 answer)").check()
    press(page, "Bring it in")
    expect_heading(page, "Audit 2026")
    expect(page.get_by_text("Brought in: 4 answers.")).to_be_visible()
    check_page(page)
