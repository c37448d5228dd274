"""A quality officer reads how far the files are, and has one that was given up tried again."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import Document
from surveys.tasks import SAID_GIVEN_UP, WAITS
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast

JOBS = "/p/harbour/desk/jobs/"


@pytest.fixture
def _files(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in a worker's hands, one that is tried again later, one given up, one made."""
    monkeypatch.setattr("surveys.tasks.build_file", lambda document: ContentFile(b"%PDF-1.7"))
    # The page looks again by itself; not while it is looked at here.
    monkeypatch.setattr("surveys.views.jobs.RELOAD_SECONDS", 600)
    now = timezone.now()
    plan = {
        "kind": DocumentKind.ACTION_PLAN,
        "format": DocumentFormat.PDF,
        "participation": cast.organisation.participations.get(),
        "requested_by": cast.lead,
    }
    Document.objects.create(**plan, attempts=1)
    Document.objects.create(**plan, attempts=2, next_try=now + WAITS[1])
    Document.objects.create(**plan, attempts=len(WAITS) + 1, error=SAID_GIVEN_UP)
    made = Document(**plan, attempts=1, built_at=now - datetime.timedelta(hours=1))
    made.file.save("plan.pdf", ContentFile(b"%PDF-1.7"))


def show(page: Page, state: str) -> None:
    page.get_by_label("Show").select_option(state)
    page.get_by_role("button", name="Show", exact=True).click()


@pytest.mark.usefixtures("_files")
def test_an_officer_tries_again_what_was_given_up(page: Page, sign_in: SignIn, cast: Cast) -> None:
    sign_in(page, cast.quality_officer)
    page.goto("/p/harbour/desk/")
    page.get_by_role("link", name="Jobs").click()
    expect_heading(page, "Jobs")
    expect(page.get_by_text("Attempt 1 of 4, since")).to_be_visible()
    expect(page.get_by_text("Attempt 2 of 4 failed; the next is after")).to_be_visible()
    check_page(page)
    show(page, "failed")
    expect(page.get_by_text(SAID_GIVEN_UP)).to_be_visible()
    check_page(page)
    page.get_by_role("button", name=re.compile("Try again.*Action plan \\(PDF\\), Anchor Trust")).click()
    expect(page.get_by_text("Action plan (PDF) is in the queue again.")).to_be_visible()
    show(page, "built")
    expect(page.get_by_text("2 files")).to_be_visible()
    check_page(page)
    assert not Document.objects.exclude(error="").exists()
