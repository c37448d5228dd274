"""The zip of everything: what it holds for whom, that it is built on the disk, and that it is not kept for long."""

from __future__ import annotations

import csv
import datetime
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from s11.organisations.models import User
from surveys.document_requests import request_audit_copy
from surveys.enums import DocumentFormat, DocumentKind, EvidenceKind
from surveys.evidence_library import erase
from surveys.evidence_links import link_evidence, unlink_evidence
from surveys.kept_zips import SAID_ERASED
from surveys.models import Audit, Document, Evidence, EvidenceVersion
from surveys.passport_archives import check_archive
from surveys.passport_files import make_evidence_name, write_zip
from surveys.passports import PassportEvidence
from surveys.tasks import build_document
from surveys.tick import run_due
from surveys.workflow import save_answers, submit_audit
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import WITH_NOTES, address, enter, make_complete, make_draft, make_submitted

SignIn = Callable[[User], Client]
PDF, XLSX, ZIP = DocumentFormat.PDF, DocumentFormat.XLSX, DocumentFormat.ZIP


@pytest.fixture(autouse=True)
def _no_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies for people take seconds, and have tests of their own."""
    for builder in ("surveys.passport_files", "surveys.documents"):
        monkeypatch.setattr(f"{builder}.render_audit_copy", lambda audit, submission: b"%PDF-1.7")
        monkeypatch.setattr(f"{builder}.make_audit_workbook", lambda audit, submission: b"PK workbook")


def unzip(audit: Audit, submission: int | None) -> dict[str, bytes]:
    """By name, after it was checked as one that comes from anywhere."""
    target = io.BytesIO()
    write_zip(audit, submission, target)
    check_archive(target, len(target.getvalue()))
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def link(audit: Audit, code: str, evidence: Evidence) -> None:
    audit.answers.get(indicator__code=code).evidence_links.create(evidence=evidence)


def make_zip(audit: Audit, submission: int | None, by: User) -> Document:
    """Asked for and built."""
    return build(request_audit_copy(audit=audit, submission=submission, file_format=ZIP, by=by))


def make_copy(audit: Audit, file_format: DocumentFormat, by: User) -> Document:
    """Of the draft."""
    return build(request_audit_copy(audit=audit, submission=None, file_format=file_format, by=by))


def build(document: Document) -> Document:
    build_document.func(document.pk)
    document.refresh_from_db()
    return document


# What it holds


def test_a_draft_s_zip_holds_everything(cast: Cast) -> None:
    audit = make_complete(cast, {"A1.1": 0, "A1.2": WITH_NOTES, "A2.1": 1, "A2.2": 2})
    save_answers(audit=audit, entered=[enter(audit, "A2.1", 1, commentary="=1+1", seen=1)], by=cast.lead)
    link(audit, "A1.1", factories.make_evidence(cast.organisation, "../../Évil: policy"))
    link(audit, "A1.1", factories.make_evidence(cast.organisation, "Page", kind=EvidenceKind.LINK))
    factories.make_action(
        cast.organisation, cast.partnership, answer=audit.answers.get(indicator__code="A1.1")
    )
    members = unzip(audit, None)
    assert {name for name in members if name.startswith("evidence/")} == {"evidence/001-evil-policy.txt"}
    assert members["evidence/001-evil-policy.txt"] == "../../Évil: policy".encode()
    answers = {row["code"]: row for row in read_csv(members["answers.csv"])}
    assert (answers["A1.1"]["score"], answers["A1.2"]["score"]) == ("0", "")
    assert answers["A2.1"]["commentary"] == "'=1+1"
    assert answers["A1.1"]["evidence"] == "../../Évil: policy; Page"
    assert read_csv(members["profile.csv"])[0]["value"] == "12"
    assert [row["url"] for row in read_csv(members["evidence.csv"])] == ["", "https://www.example.org/policy"]
    assert read_csv(members["actions.csv"])[0]["answer"] == "key-a1-1"
    trail = json.loads(members["trail.json"])
    assert [row["after"] for row in trail if row["kind"] == "answer_changed"] == ["=1+1"]
    assert [row["after"] for row in read_csv(members["trail.csv"]) if row["what"] == "commentary"] == [
        "'=1+1"
    ]
    assert (members["audit.pdf"], members["audit.xlsx"]) == (b"%PDF-1.7", b"PK workbook")
    assert "Beacon’s own words" not in str(members)


def test_a_submission_s_zip_holds_what_was_submitted_alone(cast: Cast) -> None:
    audit = make_complete(cast)
    policy = factories.make_evidence(cast.organisation, "Policy", content=b"As submitted")
    link(audit, "A1.1", policy)
    factories.make_sign_off(audit, signed_by=cast.signatory)
    submit_audit(audit=audit, by=cast.lead)
    factories.make_correction(audit, "A1.1")
    version = EvidenceVersion(evidence=policy, number=2, content_type="text/plain")
    version.file.save("x", io.BytesIO(b"Changed since"))  # type: ignore[arg-type]  # a file is all that it needs
    link(audit, "A2.1", factories.make_evidence(cast.organisation, "Added since"))
    save_answers(
        audit=audit, entered=[enter(audit, "A1.1", 0, commentary="Later words", seen=1)], by=cast.lead
    )
    sent, draft = unzip(audit, 1), unzip(audit, None)
    assert {name: sent[name] for name in sent if name.startswith("evidence/")} == {
        "evidence/001-policy.txt": b"As submitted"
    }
    for words in ("Later words", "Added since", "Changed since"):
        assert words not in str(sent)
        assert words in str(draft)
    assert json.loads(sent["passport.json"])["sign_offs"][0]["statement"] == "I have read it."
    # As it stands the draft is backed by the newest, and what was pinned comes along.
    files = {name: content for name, content in draft.items() if name.startswith("evidence/001")}
    assert files == {
        "evidence/001-policy.txt": b"As submitted",
        "evidence/001-policy-v2.txt": b"Changed since",
    }


def test_an_earlier_submission_s_zip_ends_with_that_submission(cast: Cast) -> None:
    audit = make_complete(cast)
    factories.make_sign_off(audit, signed_by=cast.signatory)
    submit_audit(audit=audit, by=cast.lead)
    factories.make_correction(audit, "A1.1")
    later = [enter(audit, "A1.1", 0, commentary="Later words", seen=1)]
    save_answers(audit=audit, entered=later, by=cast.lead)
    submit_audit(audit=audit, by=cast.lead)
    first, second = (json.loads(unzip(audit, number)["trail.json"]) for number in (1, 2))
    assert "Later words" not in str(first)
    assert "Later words" in str(second)
    assert [str(one).count("submitted") for one in (first, second)] == [1, 2]


def test_what_was_removed_for_good_is_named_and_not_held(cast: Cast) -> None:
    audit = make_complete(cast)
    policy = factories.make_evidence(cast.organisation, "A child’s name")
    link(audit, "A1.1", policy)
    submit_audit(audit=audit, by=cast.lead)
    erase(evidence=policy, reason="It showed a face", by=cast.lead)
    members = unzip(audit, 1)
    assert "A child’s name" not in str(members)
    assert not [name for name in members if name.startswith("evidence/")]
    assert json.loads(members["passport.json"])["evidence"][0]["removal_reason"] == "It showed a face"


def test_a_file_that_the_storage_has_lost_keeps_nothing_else_back(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    policy = factories.make_evidence(cast.organisation)
    link(audit, "A1.1", policy)
    version = policy.versions.get()
    version.file.storage.delete(str(version.file.name))
    assert not [name for name in unzip(audit, None) if name.startswith("evidence/")]


@pytest.mark.parametrize(
    ("title", "number", "content_type", "name"),
    [
        ("Safer recruitment", 1, "application/pdf", "evidence/007-safer-recruitment.pdf"),
        ("_A_b_", 3, "text/plain", "evidence/007-a-b-v3.txt"),
        ("政策", 1, "image/png", "evidence/007-evidence.png"),
        ("x" * 200, 1, "text/csv", f"evidence/007-{'x' * 60}.csv"),
        ("../../etc/passwd", 1, "unknown", "evidence/007-etcpasswd.bin"),
    ],
)
def test_file_names_are_readable_and_nobody_s_but_ours(
    title: str, number: int, content_type: str, name: str
) -> None:
    version = EvidenceVersion(number=number, name="evil.exe", content_type=content_type)
    assert make_evidence_name(PassportEvidence("e7", "file", title), version) == name


# How it is made and kept


def test_memory_does_not_grow_with_the_evidence(cast: Cast) -> None:
    """Eight files of two megabytes."""
    audit = make_draft(cast, {"A1.1": 2})
    for number in range(8):
        link(
            audit,
            "A1.1",
            factories.make_evidence(cast.organisation, f"File {number}", content=b"%d" % number * 2_000_000),
        )
    document = request_audit_copy(audit=audit, submission=None, file_format=DocumentFormat.ZIP, by=cast.lead)
    tracemalloc.start()
    build_document.func(document.pk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    document.refresh_from_db()
    assert document.file.size > 16_000_000
    assert peak < 6_000_000


def test_a_zip_is_made_anew_each_time(cast: Cast) -> None:
    audit = make_submitted(cast)
    first = make_zip(audit, 1, cast.lead)
    assert first.is_built
    assert make_zip(audit, 1, cast.lead) != first


def test_a_zip_is_kept_for_a_week(cast: Cast) -> None:
    document = make_zip(make_submitted(cast), 1, cast.lead)
    name, storage = str(document.file.name), document.file.storage
    assert document.kept_until == document.requested_at + datetime.timedelta(days=7)
    run_due(document.kept_until - datetime.timedelta(seconds=1))
    assert storage.exists(name)
    run_due(document.kept_until)
    assert not storage.exists(name)
    assert not Document.objects.filter(pk=document.pk).exists()


def test_erasing_a_file_reaches_the_zips_that_hold_it(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """Whatever is known of how it came there: the zip itself says so."""
    audit = make_draft(cast, {"A1.1": 2})
    without = make_zip(audit, None, cast.lead)
    policy = factories.make_evidence(cast.organisation)
    link(audit, "A1.1", policy)
    holding = make_zip(audit, None, cast.lead)
    name = str(holding.file.name)
    policy.answer_links.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        erase(evidence=policy, reason="A face", by=cast.lead)
    for one in (without, holding):
        one.refresh_from_db()
    assert (without.is_built, holding.is_built, holding.error) == (True, False, SAID_ERASED)
    assert not holding.file.storage.exists(name)


@pytest.mark.parametrize("content", [None, b"PK\3\4 and no more"])
def test_a_zip_that_cannot_be_read_may_hold_what_is_erased(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any], content: bytes | None
) -> None:
    """The storage has lost it, or it is damaged: that keeps nothing from being erased elsewhere."""
    audit = make_draft(cast, {"A1.1": 2})
    policy = factories.make_evidence(cast.organisation)
    link(audit, "A1.1", policy)
    broken, holding = make_zip(audit, None, cast.lead), make_zip(audit, None, cast.lead)
    broken.file.storage.delete(str(broken.file.name))
    if content is not None:
        broken.file.storage.save(str(broken.file.name), io.BytesIO(content))
    policy.answer_links.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        erase(evidence=policy, reason="A face", by=cast.lead)
    for one in (broken, holding):
        one.refresh_from_db()
        assert (one.is_built, one.error) == (False, SAID_ERASED)


@pytest.mark.parametrize("kind", [EvidenceKind.LINK, EvidenceKind.REFERENCE, EvidenceKind.FILE])
@pytest.mark.parametrize("is_taken_off", [True, False])
def test_erasing_reaches_every_copy_that_names_it(
    cast: Cast,
    django_capture_on_commit_callbacks: Callable[..., Any],
    kind: EvidenceKind,
    is_taken_off: bool,
) -> None:
    """Its title is deleted too, and that is on paper and in workbooks; what never named it stays."""
    audit, others = make_complete(cast), Audit.objects.get(invitee__organisation=cast.other_organisation)
    item = factories.make_evidence(cast.organisation, "About Sam Example", kind=kind)
    answer = audit.answers.get(indicator__code="A1.1")
    link_evidence(audit=audit, indicator=answer.indicator, items=[item.pk], by=cast.lead)
    copies = [make_copy(audit, file_format, cast.lead) for file_format in (PDF, XLSX, ZIP)]
    theirs = make_copy(others, PDF, cast.lead)
    names = [str(one.file.name) for one in copies]
    assert all(copies[0].file.storage.exists(name) for name in names)
    if is_taken_off:
        unlink_evidence(audit=audit, link=answer.evidence_links.get(), by=cast.lead)
    with django_capture_on_commit_callbacks(execute=True):
        erase(evidence=item, reason="A child is named", by=cast.lead)
    for one in (*copies, theirs):
        one.refresh_from_db()
    assert [(one.is_built, one.error) for one in copies] == [(False, SAID_ERASED)] * 3
    assert theirs.is_built
    assert not any(theirs.file.storage.exists(name) for name in names)
    again = make_copy(audit, PDF, cast.lead)
    assert (again.is_built, again in copies) == (True, False)


def test_what_is_erased_while_a_copy_is_made_is_not_named_in_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    shelf = factories.make_evidence(cast.organisation, kind=EvidenceKind.REFERENCE)
    link(audit, "A1.1", shelf)

    def erase_meanwhile(audit: Audit, submission: int | None) -> bytes:
        erase(evidence=shelf, reason="A name", by=cast.lead)
        return b"PK"

    monkeypatch.setattr("surveys.documents.make_audit_workbook", erase_meanwhile)
    document = make_copy(audit, XLSX, cast.lead)
    assert (document.is_built, document.error) == (False, SAID_ERASED)


def test_a_file_that_is_erased_while_a_zip_is_made_is_not_in_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    policy = factories.make_evidence(cast.organisation)
    link(audit, "A1.1", policy)

    def erase_meanwhile(audit: Audit, submission: int | None) -> bytes:
        erase(evidence=policy, reason="A face", by=cast.lead)
        return b"PK"

    monkeypatch.setattr("surveys.passport_files.make_audit_workbook", erase_meanwhile)
    document = make_zip(audit, None, cast.lead)
    assert (document.is_built, document.error) == (False, SAID_ERASED)


# Who may have it


@pytest.mark.parametrize("submission", [None, 1])
def test_who_fetches_a_zip(cast: Cast, sign_in: SignIn, submission: int | None) -> None:
    document = make_zip(make_submitted(cast), submission, cast.lead)
    slugs = {"partnership": "harbour", "organisation": "anchor", "document": document.pk}
    members = {"lead", "contributor", "signatory", "viewer"}
    readers = {"administrator", "quality_officer", "scrutineer"}
    found = set()
    for name, person in cast.people.items():
        response = sign_in(person).get(reverse("surveys:copy_file", kwargs=slugs))
        b"".join(response)
        assert response.status_code in (200, 404)
        found |= {name} if response.status_code == 200 else set()
    assert found == (members | readers if submission else members)


def test_the_page_asks_for_a_zip_and_says_how_long_it_is_kept(cast: Cast, sign_in: SignIn) -> None:
    make_submitted(cast)
    client = sign_in(cast.quality_officer)
    assert "Make a zip of everything" in client.get(address("audit_read")).text
    client.post(address("audit_copy_request"), {"format": "zip"})
    document = Document.objects.get()
    assert (document.kind, document.format, document.submission) == (DocumentKind.AUDIT_COPY, "zip", 1)
    build_document.func(document.pk)
    slugs: dict[str, Any] = {"partnership": "harbour", "organisation": "anchor", "document": document.pk}
    page = client.get(reverse("surveys:copy", kwargs=slugs)).text
    assert "It is kept until" in page
    assert "Download the copy (Zip of everything)" in page
    response = client.get(reverse("surveys:copy_file", kwargs=slugs))
    assert response.headers["Content-Disposition"].endswith(
        'filename="anchor-trust-audit-2026-submission-1.zip"'
    )
    b"".join(response)
