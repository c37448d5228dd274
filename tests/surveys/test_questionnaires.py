"""Question banks for everybody: the page, who may see which bank, and the blank to print."""

from __future__ import annotations

import datetime
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from surveys.enums import DocumentKind
from surveys.models import Cycle, Document, Indicator, Questionnaire
from surveys.question_banks import load_folder
from surveys.questionnaire_files import SHIPPED
from surveys.tasks import SAID_GIVEN_UP
from tests import factories
from tests.conftest import Cast
from tests.surveys.small_bank import BANK


def text(response: Any) -> str:
    return str(response.content.decode())


def address(questionnaire: Questionnaire, partnership: str = "harbour") -> str:
    return f"/p/{partnership}/question-banks/{questionnaire.pk}/"


@pytest.fixture
def bank(cast: Cast, tmp_path: Path) -> Questionnaire:
    (tmp_path / "standard.yaml").write_text(BANK)
    load_folder(tmp_path)
    return Questionnaire.objects.get()


def test_the_page_says_all_that_is_asked_without_an_account(client: Client, bank: Questionnaire) -> None:
    response = client.get(address(bank))
    page = text(response)

    assert response.status_code == 200
    for passage in (
        "Read this first.",
        "Nothing yet (0)",
        "All of it is.",
        "Not our work",
        "How large is it?",
        "Choice: Large, Small",
        "Date, optional",
        "Text, never published",
        "A1.2 The site is safe.",
        "Why it matters.",
        "Walk round it.",
        "It is in part.",
        "A circular",
        "Another Act",
        "In force from 1 September 2026.",
        "Asked only where P1 is ‘yes’.",
    ):
        assert passage in page, passage
    for tag in ("Critical", "Core", "Prepare"):
        assert page.count(f">{tag}</strong>") == 2, tag  # once explained, once on A1.2


@pytest.mark.parametrize("variant", ["standard", "health", "care_home", "school"])
def test_shipped_banks_have_pages(client: Client, cast: Cast, variant: str) -> None:
    load_folder(SHIPPED)
    bank = Questionnaire.objects.get(variant=variant)
    page = text(client.get(address(bank)))

    assert page.count('<section class="app-card"') == bank.indicators.count() + bank.profile_questions.count()


def test_own_banks_are_for_their_partnership_alone(client: Client, cast: Cast) -> None:
    own = factories.make_questionnaire(partnership=cast.partnership)

    assert client.get(address(own)).status_code == 200
    for page in ("", "blank/", "blank/file/"):
        assert client.get(f"{address(own, 'moorland')}{page}").status_code == 404
        assert client.get(f"{address(own, 'nowhere')}{page}").status_code == 404
        assert client.get(f"/p/harbour/question-banks/{own.pk + 1}/{page}").status_code == 404
        assert client.get(f"/p/harbour/question-banks/{10**30}/{page}").status_code == 404


def test_an_earlier_revision_stays_readable(client: Client, cast: Cast) -> None:
    first = factories.make_questionnaire()
    factories.make_questionnaire(revision=2)

    assert client.get(address(first)).status_code == 200


def test_caches_keep_what_is_the_same_for_everybody(client: Client, cast: Cast, bank: Questionnaire) -> None:
    response = client.get(address(bank))
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" in response.headers["Vary"]
    assert not response.cookies
    client.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(address(bank)).headers["Cache-Control"] == "private, no-store"


def test_queries_do_not_grow_with_a_bank(
    client: Client, bank: Questionnaire, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (0, 3):
        for number in range(more):
            last = Indicator.objects.filter(questionnaire=bank).latest("position")
            last.pk, last.code, last.key, last.position = None, f"B{number}", f"key-{number}", 10 + number
            last.save()
        with django_assert_num_queries(6):
            client.get(address(bank))


# --- the blank to print ---


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> list[Questionnaire]:
    """In place of the real one, which takes seconds; remembers what it was asked for."""
    asked: list[Questionnaire] = []

    def build(questionnaire: Questionnaire, cycle: Cycle | None) -> bytes:
        asked.append(questionnaire)
        return b"%PDF-1.7 a blank"

    monkeypatch.setattr("surveys.documents.render_blank", build)
    return asked


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """Jobs start when a request's transaction is over, which in a test never is."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_the_first_who_asks_has_the_blank_made_and_the_next_has_it(
    client: Client, bank: Questionnaire, builder: list[Questionnaire], on_commit: Any
) -> None:
    assert "Make the blank (PDF)" in text(client.get(f"{address(bank)}blank/"))
    with on_commit():
        asked = client.post(f"{address(bank)}blank/")
        assert asked.headers["Location"] == f"{address(bank)}blank/"
        first = client.get(f"{address(bank)}blank/")
    assert first.status_code == 202
    assert first.headers["Refresh"] == "5"
    assert "is being made" in text(first)
    ready = client.get(f"{address(bank)}blank/")
    assert ready.status_code == 200
    assert "Refresh" not in ready.headers
    assert f"{address(bank)}blank/file/" in text(ready)
    second = client.get(f"{address(bank)}blank/file/")

    assert b"".join(second.streaming_content) == b"%PDF-1.7 a blank"  # type: ignore[attr-defined]
    second.close()
    assert second.headers["Content-Type"] == "application/pdf"
    assert second.headers["Content-Disposition"].startswith('attachment; filename="a-small-bank-2026-27')
    assert second.headers["X-Content-Type-Options"] == "nosniff"
    assert second.headers["Cache-Control"] == "public, max-age=300"
    assert builder == [bank]


def test_a_visit_asks_for_nothing(client: Client, bank: Questionnaire, builder: list[Questionnaire]) -> None:
    for page in ("", "blank/", "blank/file/"):
        client.get(f"{address(bank)}{page}")
        client.head(f"{address(bank)}{page}")
    assert not Document.objects.exists()


def test_many_who_ask_ask_once(client: Client, bank: Questionnaire, builder: list[Questionnaire]) -> None:
    for _ in range(3):
        client.post(f"{address(bank)}blank/")
        assert client.get(f"{address(bank)}blank/").status_code == 202
        early = client.get(f"{address(bank)}blank/file/")
        assert early.headers["Location"] == f"{address(bank)}blank/"

    document = Document.objects.get()
    assert (document.kind, document.questionnaire, document.requested_by) == (DocumentKind.BLANK, bank, None)


def test_who_asks_sends_the_token_of_the_page(bank: Questionnaire) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{address(bank)}blank/").status_code == 403
    page = text(strict.get(f"{address(bank)}blank/"))
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert strict.post(f"{address(bank)}blank/", {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_bank_that_was_replaced_has_a_new_blank(
    client: Client, bank: Questionnaire, builder: list[Questionnaire], on_commit: Any, tmp_path: Path
) -> None:
    with on_commit():
        client.post(f"{address(bank)}blank/")
    (tmp_path / "standard.yaml").write_text(BANK.replace("A small bank", "A better bank"))
    load_folder(tmp_path)
    assert "Make the blank (PDF)" in text(client.get(f"{address(bank)}blank/"))
    with on_commit():
        client.post(f"{address(bank)}blank/")

    assert [one.title for one in builder] == ["A small bank", "A better bank"]
    with closing(client.get(f"{address(bank)}blank/file/")) as response:
        assert "a-better-bank" in response.headers["Content-Disposition"]


def test_a_blank_that_cannot_be_built_is_tried_again_later(
    client: Client, bank: Questionnaire, monkeypatch: pytest.MonkeyPatch, on_commit: Any
) -> None:
    def fail(questionnaire: Questionnaire, cycle: Cycle | None) -> bytes:
        raise RuntimeError("no fonts")

    monkeypatch.setattr("surveys.documents.render_blank", fail)
    with on_commit():
        client.post(f"{address(bank)}blank/")
    assert client.get(f"{address(bank)}blank/").status_code == 202, "the clock has it built again"
    Document.objects.update(error=SAID_GIVEN_UP, next_try=None)
    response = client.get(f"{address(bank)}blank/")
    assert response.status_code == 503
    assert "Refresh" not in response.headers
    assert "could not be made" in text(response)
    client.post(f"{address(bank)}blank/")
    assert Document.objects.count() == 1
    Document.objects.update(requested_at=timezone.now() - datetime.timedelta(minutes=11))
    Questionnaire.objects.update(loaded_at=timezone.now() - datetime.timedelta(hours=1))

    client.post(f"{address(bank)}blank/")
    assert client.get(f"{address(bank)}blank/").status_code == 202
    assert Document.objects.count() == 2
