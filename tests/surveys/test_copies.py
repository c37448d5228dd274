"""Copies on paper: what they hold, that a screen reader can read them, and who may fetch them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import page as pdf_checker
import pikepdf
import pytest
from django.core.management import call_command
from django.template import engines
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations.models import User
from surveys.copies import render_audit_copy, render_blank
from surveys.document_requests import request_audit_copy, request_document
from surveys.documents import make_file_name
from surveys.draft_state import get_draft_state
from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import AnswerEvidence, Audit, Cycle, Document, Evidence, ProfileQuestion, Questionnaire
from surveys.queries import get_submitted_copy
from surveys.tasks import WAITS, build_document
from surveys.workflow import (
    AnswerInput,
    recall_audit,
    save_answers,
    submit_audit,
)
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import WITH_NOTES, address, enter, make_complete, make_draft, make_submitted

PLACE = {"partnership": "harbour", "organisation": "anchor"}
COPIES = reverse("surveys:copies", kwargs=PLACE)


@pytest.fixture
def content(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """In place of a real file, for tests of everything around it."""
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7 copy")
    return b"%PDF-1.7 copy"


def copy_page(document: Document) -> str:
    return reverse("surveys:copy", kwargs=PLACE | {"document": document.pk})


def copy_file(document: Document) -> str:
    return reverse("surveys:copy_file", kwargs=PLACE | {"document": document.pk})


def fetch(client: Client, document: Document) -> int:
    """The answer's status. Read to its end, a file is closed by the client as a server would close it."""
    response = client.get(copy_file(document))
    b"".join(response)
    return response.status_code


def make_copy(audit: Audit, submission: int | None, by: User | None = None) -> Document:
    """Asked for and built."""
    document = Document.objects.create(
        kind=DocumentKind.AUDIT_COPY,
        format=DocumentFormat.PDF,
        audit=audit,
        submission=submission,
        requested_by=by,
    )
    build_document.func(document.pk)
    document.refresh_from_db()
    return document


@pytest.fixture
def as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """The document before it becomes a PDF, from which words are not easily read back."""

    def render(template: str, context: dict[str, object]) -> bytes:
        html: str = engines["jinja2"].get_template(template).render(context)
        return html.encode()

    monkeypatch.setattr("surveys.copies.render_pdf", render)


def words_of(document: bytes) -> str:
    return " ".join(document.decode().split())


# What they hold


@pytest.mark.usefixtures("as_text")
def test_the_copy_of_a_submission_holds_everything(cast: Cast) -> None:
    audit = make_complete(cast, {"A1.1": 0, "A1.2": WITH_NOTES, "A2.1": 1, "A2.2": 2})
    audit.answers.filter(indicator__code="A1.2").update(commentary="Because <of> this")
    submit_audit(audit=audit, by=cast.lead)
    text = words_of(render_audit_copy(audit, 1))
    for words in (
        "<title>Anchor Trust, Audit 2026: Standard audit</title>",
        f"Submission 1, HARBOUR-2026-{audit.pk}-1",
        '<th scope="row">Submitted by</th><td>lead@anchor.example</td>',
        '<th scope="row">How many staff?</th><td>12</td>',
        "Critical 0",
        "<strong>No progress (0)</strong>: Nothing.",
        f"<strong>Not applicable</strong>: {WITH_NOTES}",
        "Because &lt;of&gt; this",
        "Mean 1.00: 3 points over 3 scored indicators; 1 not applicable.",
        "A1 Standard A1 has the lowest mean, 0.00.",
        "How the figures are made",
    ):
        assert words in text
    assert "Beacon’s own words" not in text


@pytest.mark.usefixtures("as_text")
def test_the_copy_of_a_draft_says_that_it_is_one(cast: Cast) -> None:
    text = words_of(render_audit_copy(make_draft(cast, {"A1.1": 2}), None))
    for words in ("Draft, not submitted", "Not yet: this is a draft", "1 of 4", "Not answered", "so far"):
        assert words in text


@pytest.mark.usefixtures("as_text")
def test_a_submission_that_was_changed_since_is_copied_as_it_was(cast: Cast) -> None:
    audit = make_submitted(cast)
    factories.make_correction(audit, "A1.1")
    indicator = audit.questionnaire.indicators.get(code="A1.1")
    save_answers(audit=audit, entered=[AnswerInput(indicator, 0, "", "Later words", 1)], by=cast.lead)
    assert "Later words" not in words_of(render_audit_copy(audit, 1))
    assert "Later words" in words_of(render_audit_copy(audit, None))


@pytest.mark.usefixtures("as_text")
def test_a_recalled_submission_is_copied_as_it_was(cast: Cast) -> None:
    """A worker that was slow: the audit is a draft again before the copy is built."""
    audit = make_complete(cast)
    submit_audit(audit=audit, by=cast.lead)
    recall_audit(audit=audit, by=cast.lead)
    indicator = audit.questionnaire.indicators.get(code="A1.1")
    save_answers(audit=audit, entered=[AnswerInput(indicator, 0, "", "Later words", 1)], by=cast.lead)
    text = words_of(render_audit_copy(audit, 1))
    assert "Later words" not in text
    assert "Mean 2.00: 8 points over 4 scored indicators." in text


@pytest.mark.usefixtures("as_text")
def test_a_blank_asks_everything_and_offers_what_may_be_chosen(cast: Cast) -> None:
    bank = factories.make_questionnaire()
    bank.indicators.filter(code="A1.2").update(may_be_not_applicable=False)
    ProfileQuestion.objects.create(
        questionnaire=bank, code="P2", kind="choice", text="Phase?", choices=["Primary"], position=2
    )
    text = words_of(render_blank(bank))
    for words in (
        "☐ Primary",
        "Statement A2.2",
        "☐ Achieved (2): All.",
        "A It does not do this",
        "A1.1 Statement A1.1 (critical)",
    ):
        assert words in text
    assert text.count("☐ Not applicable, because of reason") == 3


# That a screen reader can read them


def problems_of(pdf: bytes) -> list[tuple[str, str]]:
    report = pdf_checker.validate_pdf_bytes(pdf, profile="ua1")
    return [(failure.rule_id, failure.message) for failure in report.failures]


def test_the_copy_is_accessible_whatever_it_holds(cast: Cast) -> None:
    audit = make_complete(cast, {"A1.1": 0, "A1.2": WITH_NOTES, "A2.1": 1, "A2.2": 2})
    audit.answers.filter(indicator__code="A1.1").update(commentary="Words and words. " * 1_100)
    audit.answers.filter(indicator__code="A1.2").update(commentary="x" * 20_000)
    submit_audit(audit=audit, by=cast.lead)
    pdf = render_audit_copy(audit, 1)
    assert problems_of(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.open_metadata()["dc:title"] == "Anchor Trust, Audit 2026: Standard audit"
        assert len(document.pages) > 10


def test_the_copy_of_an_empty_draft_is_accessible(cast: Cast) -> None:
    audit = make_draft(cast)
    audit.questionnaire.profile_questions.all().delete()
    assert problems_of(render_audit_copy(audit, None)) == []


def test_every_shipped_bank_prints_as_an_accessible_blank(db: None) -> None:
    call_command("load_questionnaires")
    bank = Questionnaire.objects.get(variant="care_home")
    assert problems_of(render_blank(bank)) == []


# How they are made


def test_the_copy_of_a_submission_is_built_once_for_everybody(cast: Cast, content: bytes) -> None:
    audit = make_submitted(cast)
    first = request_audit_copy(audit=audit, submission=1, by=cast.lead)
    assert request_audit_copy(audit=audit, submission=1, by=cast.quality_officer) == first
    build_document.func(first.pk)
    assert request_audit_copy(audit=audit, submission=1, by=cast.scrutineer) == first
    assert get_submitted_copy(audit) == first


def test_a_draft_is_copied_again_once_it_has_changed(cast: Cast, content: bytes) -> None:
    audit = make_draft(cast, {"A1.1": 1})

    def ask(by: User, file_format: DocumentFormat = DocumentFormat.PDF) -> Document:
        audit_now = Audit.objects.get(pk=audit.pk)
        return request_audit_copy(audit=audit_now, submission=None, file_format=file_format, by=by)

    first = ask(cast.lead)
    assert ask(cast.lead) == ask(cast.viewer) == first, "it is being made"
    build_document.func(first.pk)
    assert ask(cast.lead) == ask(cast.viewer) == first, "it is made, and says what another would"
    assert ask(cast.lead, DocumentFormat.XLSX) != first
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 1, commentary="More", seen=1)], by=cast.lead)
    second = ask(cast.lead)
    assert second != first
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 2, commentary="More", seen=2)], by=cast.lead)
    third = ask(cast.lead)
    assert third not in {first, second}, "what is being made may be rendered already"
    assert ask(cast.viewer) == third


def test_a_draft_s_state_is_of_all_that_a_copy_shows(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = make_complete(cast, {"A1.1": 1, "A1.2": 0, "A2.1": 2, "A2.2": 2})
    evidence = factories.make_evidence(cast.organisation)
    link = AnswerEvidence.objects.create(answer=audit.answers.get(indicator__code="A1.1"), evidence=evidence)
    states = [get_draft_state(audit)]

    def has_changed() -> bool:
        states.append(get_draft_state(Audit.objects.get(pk=audit.pk)))
        return states[-1] not in states[:-1]

    assert not has_changed()
    factories.make_action(cast.organisation, cast.partnership)
    assert has_changed()
    audit.profile_answers.update(value="13")
    assert has_changed()
    Evidence.objects.update(title="Another title")
    assert has_changed()
    link.delete()
    assert has_changed()
    Cycle.objects.update(title="Renamed")
    assert has_changed()
    theirs = Audit.objects.exclude(pk=audit.pk).get()
    theirs.answers.update(commentary="Beacon’s other words")
    assert not has_changed()
    with django_assert_num_queries(11):
        get_draft_state(audit)


def test_a_copy_that_failed_can_be_asked_for_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(audit: Audit, submission: int | None) -> bytes:
        raise MemoryError

    audit = make_submitted(cast)
    monkeypatch.setattr("surveys.documents.render_audit_copy", fail)
    failed = make_copy(audit, 1)
    assert (failed.state, failed.is_put_off) == ("Being made", True)
    assert request_audit_copy(audit=audit, submission=1, by=cast.lead) == failed, (
        "it is tried again by itself"
    )
    for _ in WAITS:
        build_document.func(failed.pk)
    failed.refresh_from_db()
    assert (failed.state, failed.is_built) == ("Failed", False)
    assert get_submitted_copy(audit) is None
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF")
    assert request_audit_copy(audit=audit, submission=1, by=cast.lead) != failed


def test_a_built_file_is_never_built_again(
    cast: Cast, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_copy(make_submitted(cast), 1)
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"other")
    build_document.func(document.pk)
    document.refresh_from_db()
    with document.file.open() as file:
        assert file.read() == content


def test_file_names_are_readable(cast: Cast) -> None:
    audit = make_submitted(cast)
    document = Document(kind=DocumentKind.AUDIT_COPY, format=DocumentFormat.PDF, audit=audit, submission=1)
    assert make_file_name(document) == "anchor-trust-audit-2026-submission-1.pdf"
    document.submission = None
    assert make_file_name(document) == f"anchor-trust-audit-2026-draft-{document.requested_at:%Y-%m-%d}.pdf"


# Who may fetch them


def test_an_agency_s_copies(cast: Cast, sign_in: Callable[[User], Client], content: bytes) -> None:
    client = sign_in(cast.viewer)
    assert "Copies of your audits will be here." in client.get(COPIES).text
    audit = make_submitted(cast)
    built = make_copy(audit, 1, cast.lead)
    waiting = request_document(
        kind=DocumentKind.AUDIT_COPY,
        file_format=DocumentFormat.PDF,
        audit=audit,
        submission=None,
        by=cast.lead,
    )
    others = Audit.objects.get(invitee__organisation=cast.other_organisation)
    theirs = make_copy(others, None)
    page = client.get(COPIES).text
    assert copy_file(built) in page
    assert copy_page(waiting) in page
    assert "Being made" in page
    assert f"/copies/{theirs.pk}/" not in page
    for address_ in (copy_page(theirs), copy_file(theirs)):
        assert client.get(address_).status_code == 404


def test_a_file_comes_as_an_attachment(cast: Cast, sign_in: Callable[[User], Client], content: bytes) -> None:
    document = make_copy(make_submitted(cast), 1)
    response = sign_in(cast.contributor).get(copy_file(document))
    assert response.getvalue() == content
    assert response.headers["Content-Type"] == "application/pdf"
    assert (
        response.headers["Content-Disposition"]
        == 'attachment; filename="anchor-trust-audit-2026-submission-1.pdf"'
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_copy_that_is_not_built_has_no_file(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    audit = make_draft(cast)
    document = request_audit_copy(audit=audit, submission=None, by=cast.lead)
    client = sign_in(cast.lead)
    assert client.get(copy_file(document)).status_code == 404
    page = client.get(copy_page(document)).text
    assert "Being made" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Check again" in page


@pytest.mark.parametrize("state", ["submitted", "returned", "draft"])
def test_officers_fetch_the_last_submission_alone(
    cast: Cast, sign_in: Callable[[User], Client], content: bytes, state: str
) -> None:
    audit = make_submitted(cast)
    Audit.objects.filter(pk=audit.pk).update(submission=2)
    copies = {name: make_copy(audit, number) for name, number in (("old", 1), ("last", 2), ("draft", None))}
    if state == "draft":
        Audit.objects.filter(pk=audit.pk).update(status=state, submitted_at=None, first_submitted_at=None)
    else:
        Audit.objects.filter(pk=audit.pk).update(status=state)
    may = {"last"} if state != "draft" else set()
    for reader in (cast.administrator, cast.quality_officer, cast.scrutineer):
        client = sign_in(reader)
        found = {name for name, copy in copies.items() if fetch(client, copy) == 200}
        assert found == may
        assert client.get(COPIES).status_code == 404
    for stranger in (cast.publisher, cast.panel_member, cast.panel_chair, cast.stranger, cast.outsider):
        client = sign_in(stranger)
        assert {fetch(client, copy) for copy in copies.values()} == {404}
    client = sign_in(cast.lead)
    assert {fetch(client, copy) for copy in copies.values()} == {200}


def test_a_copy_opens_at_its_own_address_only(
    cast: Cast, sign_in: Callable[[User], Client], content: bytes
) -> None:
    """A person in two organisations: the address says for whom they act."""
    document = make_copy(make_submitted(cast), 1)
    factories.make_member(cast.lead.email, organisation=cast.other_organisation)
    elsewhere = {"partnership": "harbour", "organisation": "beacon", "document": document.pk}
    assert sign_in(cast.lead).get(reverse("surveys:copy_file", kwargs=elsewhere)).status_code == 404


def test_asking_leads_to_the_copy(
    cast: Cast,
    sign_in: Callable[[User], Client],
    content: bytes,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    make_submitted(cast)
    client = sign_in(cast.quality_officer)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address("audit_copy_request"))
    document = Document.objects.get()
    assert response.headers["Location"] == copy_page(document)
    page = client.get(copy_page(document)).text
    assert "Acting for Harbour" in page
    assert copy_file(document) in page
    assert "hx-trigger" not in page
    assert copy_file(document) in client.get(address("audit_read")).text
    assert client.get(address("audit_copy_request")).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast,
    sign_in: Callable[[User], Client],
    content: bytes,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    audit = make_submitted(cast)
    for _ in range(rows):
        make_copy(audit, None, cast.lead)
    client = sign_in(cast.lead)
    client.get(COPIES)
    with django_assert_num_queries(6):
        client.get(COPIES)


def test_long_lists_are_paged(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    audit = make_submitted(cast)
    Document.objects.bulk_create(
        Document(kind=DocumentKind.AUDIT_COPY, format=DocumentFormat.PDF, audit=audit) for _ in range(51)
    )
    client = sign_in(cast.lead)
    assert client.get(COPIES).text.count("Being made") == 50
    assert client.get(f"{COPIES}?page=2").text.count("Being made") == 1
