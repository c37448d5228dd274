"""Uploaded evidence waits until the virus scanner has found it clean: who knows of it meanwhile, and what then."""

from __future__ import annotations

import datetime
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from s11.organisations.models import User
from surveys.enums import ScanProblem, ScanState
from surveys.evidence import get_backings, get_evidence_counts
from surveys.evidence_files import Refused
from surveys.evidence_library import add_files, replace_file
from surveys.evidence_links import link_evidence
from surveys.evidence_scans import WAITS, queue_due_scans, scan_file, tell_infected
from surveys.models import Audit, Document, Evidence, EvidenceVersion
from surveys.passport_files import write_zip
from surveys.workflow import submit_audit
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import address, make_complete
from tests.surveys.evidence_samples import PDF
from tests.surveys.fake_clamd import FOUND, VIRUS, FakeClamd, run_clamd

SignIn = Callable[[User], Client]
LIST = "/p/harbour/o/anchor/evidence/"
JOBS = "/p/harbour/desk/jobs/"
BAD = PDF.replace(b"trailer", b"% " + VIRUS + b"\ntrailer")


@pytest.fixture
def clamd(settings: Any) -> Iterator[FakeClamd]:
    with tempfile.TemporaryDirectory() as folder, run_clamd(Path(folder)) as fake:
        settings.CLAMD = fake.address
        yield fake


@pytest.fixture
def down(settings: Any, tmp_path: Path) -> None:
    settings.CLAMD = str(tmp_path / "none.ctl")


@pytest.fixture(autouse=True)
def _no_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.passport_files.render_audit_copy", lambda audit, submission: PDF)
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: PDF)


def add(
    cast: Cast, content: bytes = PDF, name: str = "Policy.pdf", by: User | None = None
) -> EvidenceVersion:
    """As an upload leaves it: its scan is queued, and has not begun."""
    file = SimpleUploadedFile(name, content)
    outcome = add_files(organisation=cast.organisation, files=[file], by=by or cast.contributor)[0]
    assert outcome.evidence is not None, outcome.sentence
    return outcome.evidence.versions.get()


def run_scan(version: EvidenceVersion) -> EvidenceVersion:
    version.refresh_from_db()
    scan_file.enqueue(version.pk, version.scan_tries)
    version.refresh_from_db()
    return version


def file_page(version: EvidenceVersion) -> str:
    return reverse("surveys:evidence_file", args=["harbour", "anchor", version.pk])


def item_page(version: EvidenceVersion) -> str:
    return f"{LIST}{version.evidence_id}/"


def back(audit: Audit, version: EvidenceVersion, by: User) -> None:
    indicator = audit.questionnaire.indicators.get(code="A1.1")
    link_evidence(audit=audit, indicator=indicator, items=[version.evidence_id], by=by)


# Who knows of it ------------------------------------------------------------------------------------------------------


MEMBERS = {"lead", "contributor", "signatory", "viewer"}
READERS = {"administrator", "quality_officer", "scrutineer"}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ScanState.WAITING, {"contributor"}),
        (ScanState.INFECTED, {"contributor", "lead"}),
        (ScanState.CLEAN, MEMBERS),
        (ScanState.NOT_SCANNED, MEMBERS),
    ],
)
def test_who_sees_that_it_is_there(cast: Cast, sign_in: SignIn, state: ScanState, told: set[str]) -> None:
    """And nobody opens it, but where it is out of quarantine; submitted, then also who reads submissions."""
    audit = make_complete(cast)
    version = add(cast, name="Hush.pdf")
    back(audit, version, cast.contributor)
    submit_audit(audit=audit, by=cast.lead)
    EvidenceVersion.objects.update(scan_state=state, scan_finding=FOUND, scanned_at=timezone.now())
    opened, listed, own_page, read = set(), set(), set(), set()
    reading = address("audit_read")
    for name, person in cast.people.items():
        client = sign_in(person)
        response = client.get(file_page(version))
        if response.streaming:
            assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
            opened.add(name)
        listed |= {name} if "Hush" in client.get(LIST).text else set()
        own_page |= {name} if client.get(item_page(version)).status_code == 200 else set()
        read |= {name} if "Hush" in client.get(reading).text else set()
    is_out = state in {ScanState.CLEAN, ScanState.NOT_SCANNED}
    assert (listed, own_page) == (told, told)
    assert opened == (MEMBERS | READERS if is_out else set())
    assert read == (MEMBERS | READERS if is_out else set())


def test_while_it_waits_it_is_in_nothing_that_is_counted_or_handed_on(cast: Cast, down: None) -> None:
    audit = make_complete(cast)
    version = add(cast, name="Hush.pdf")
    back(audit, version, cast.contributor)
    for state, there in ((ScanState.WAITING, False), (ScanState.CLEAN, True)):
        EvidenceVersion.objects.update(scan_state=state)
        assert bool(get_backings(audit, submission=None)) is there
        assert bool(get_evidence_counts(audit)) is there
        assert get_backings(audit, submission=None, reader=cast.contributor)
        target = io.BytesIO()
        write_zip(audit, None, target)
        with zipfile.ZipFile(target) as archive:
            assert any(name.startswith("evidence/") for name in archive.namelist()) is there
            assert any(b"Hush" in archive.read(name) for name in archive.namelist()) is there


def test_nobody_else_backs_an_answer_with_it(cast: Cast, down: None) -> None:
    audit = make_complete(cast)
    version = add(cast)
    back(audit, version, cast.lead)
    assert not version.evidence.answer_links.exists()
    back(audit, version, cast.contributor)
    assert version.evidence.answer_links.exists()


def test_earlier_versions_stay_while_a_newer_one_waits(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    first = add(cast)
    settings.CLAMD = "/none.ctl"
    new = SimpleUploadedFile("Newer.pdf", PDF + b"\n")
    replace_file(evidence=first.evidence, file=new, by=cast.contributor)
    assert "Newer.pdf" not in sign_in(cast.lead).get(item_page(first)).text
    page = sign_in(cast.contributor).get(item_page(first)).text
    assert "Newer.pdf" in page
    assert "Being scanned" in page


# What comes of it -----------------------------------------------------------------------------------------------------


def test_an_upload_is_scanned_at_once(
    cast: Cast,
    sign_in: SignIn,
    clamd: FakeClamd,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    files = [SimpleUploadedFile("Good.pdf", PDF), SimpleUploadedFile("Bad.pdf", BAD)]
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(cast.contributor).post(f"{LIST}add/file/", {"uploads": files})
    good, bad = EvidenceVersion.objects.order_by("name")[::-1]
    assert (good.scan_state, bad.scan_state) == (ScanState.CLEAN, ScanState.INFECTED)
    assert clamd.received == [PDF, BAD]
    assert good.file
    assert good.scanned_at is not None


def test_what_is_infected_is_deleted_and_said(
    cast: Cast,
    sign_in: SignIn,
    clamd: FakeClamd,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    version = add(cast, BAD, "Bad.pdf")
    stored = str(version.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        run_scan(version)
    assert not default_storage.exists(stored)
    assert (version.scan_state, version.scan_finding, version.name) == (ScanState.INFECTED, FOUND, "Bad.pdf")
    assert sorted(one.to[0] for one in mail.outbox) == sorted([cast.contributor.email, cast.lead.email])
    assert "‘Bad.pdf’" in mail.outbox[0].subject
    assert item_page(version) in mail.outbox[0].body
    page = sign_in(cast.lead).get(item_page(version)).text
    assert f"The virus scanner found {FOUND} in ‘Bad.pdf’" in page
    assert "add a clean copy" in page
    with pytest.raises(Refused, match=FOUND):
        replace_file(evidence=version.evidence, file=SimpleUploadedFile("Bad.pdf", BAD), by=cast.lead)
    again = add_files(
        organisation=cast.organisation, files=[SimpleUploadedFile("Bad.pdf", BAD)], by=cast.lead
    )
    assert again[0].evidence is None
    assert FOUND in again[0].sentence


def test_who_could_not_be_told_is_told_later(cast: Cast, clamd: FakeClamd) -> None:
    version = run_scan(add(cast, BAD))
    later = timezone.now() + datetime.timedelta(hours=1)
    with patch("django.core.mail.EmailMessage.send", side_effect=ConnectionRefusedError):
        assert tell_infected(later) == 0
    assert tell_infected(later) == 1
    assert tell_infected(later) == 0
    assert len(mail.outbox) == 2
    assert version.evidence.organisation == cast.organisation


def test_a_scanner_that_is_down_is_asked_again(
    cast: Cast, sign_in: SignIn, down: None, settings: Any
) -> None:
    version = add(cast)
    officer = sign_in(cast.administrator)
    assert "virus scanner" not in officer.get(JOBS).text
    for wait in (*WAITS, WAITS[-1]):
        before = timezone.now()
        run_scan(version)
        assert (version.scan_state, version.scan_problem) == (ScanState.WAITING, ScanProblem.UNREACHABLE)
        assert version.scan_due is not None
        assert before + wait <= version.scan_due <= timezone.now() + wait
        assert queue_due_scans(version.scan_due - datetime.timedelta(seconds=1)) == 0
    assert "The virus scanner has not answered about 1 file" in officer.get(JOBS).text
    contributor = sign_in(cast.contributor)
    assert "The virus scanner does not answer." in contributor.get(item_page(version)).text
    due = version.scan_due
    assert due is not None
    with tempfile.TemporaryDirectory() as folder, run_clamd(Path(folder)) as fake:
        settings.CLAMD = fake.address
        assert queue_due_scans(due) == 1
    version.refresh_from_db()
    assert (version.scan_state, version.scan_problem, version.scan_due) == (ScanState.CLEAN, "", None)
    assert "virus scanner" not in sign_in(cast.administrator).get(JOBS).text


def test_a_file_above_the_scanners_limit_and_one_that_is_lost_stay_in_quarantine(
    cast: Cast, clamd: FakeClamd
) -> None:
    clamd.limit = 10
    large, lost = add(cast), add(cast, PDF + b"\n", "Lost.pdf")
    default_storage.delete(str(lost.file.name))
    assert run_scan(large).scan_problem == ScanProblem.TOO_LARGE
    assert run_scan(lost).scan_problem == ScanProblem.MISSING
    assert {large.scan_state, lost.scan_state} == {ScanState.WAITING}
    clamd.limit = 1 << 20
    assert run_scan(large).scan_state == ScanState.CLEAN


def test_of_two_workers_one_asks(cast: Cast, clamd: FakeClamd) -> None:
    version = add(cast)
    for _ in range(2):
        scan_file.enqueue(version.pk, 0)
    assert clamd.received == [PDF]


def test_files_from_before_are_scanned_and_stay_open_meanwhile(
    cast: Cast,
    clamd: FakeClamd,
    settings: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """What was found in one is taken out of the zips that hold it."""
    address_, settings.CLAMD = settings.CLAMD, ""
    audit = make_complete(cast)
    good, bad = add(cast), add(cast, BAD, "Bad.pdf")
    assert {good.scan_state, bad.scan_state} == {ScanState.NOT_SCANNED}
    back(audit, bad, cast.contributor)
    zipped = Document.objects.create(kind="audit_copy", format="zip", audit=audit, requested_by=cast.lead)
    target = io.BytesIO()
    write_zip(audit, None, target)
    zipped.file.save("x.zip", io.BytesIO(target.getvalue()))  # type: ignore[arg-type]
    settings.CLAMD = address_
    with django_capture_on_commit_callbacks(execute=True):
        assert queue_due_scans(timezone.now()) == 2
    assert queue_due_scans(timezone.now()) == 0
    states = dict(EvidenceVersion.objects.values_list("name", "scan_state"))
    assert states == {"Policy.pdf": ScanState.CLEAN, "Bad.pdf": ScanState.INFECTED}
    zipped.refresh_from_db()
    assert not zipped.file


def test_without_a_scanner_nothing_waits(cast: Cast, down: None, settings: Any) -> None:
    """As files that come are marked where there is none: an operator who takes the setting away knows that."""
    version = add(cast)
    settings.CLAMD = ""
    assert queue_due_scans(timezone.now()) == 0
    version.refresh_from_db()
    assert version.scan_state == ScanState.NOT_SCANNED
    scan_file.enqueue(version.pk, version.scan_tries)
    version.refresh_from_db()
    assert version.scan_state == ScanState.NOT_SCANNED


def test_the_same_file_twice_says_that_it_is_being_scanned(cast: Cast, down: None) -> None:
    add(cast)
    file = SimpleUploadedFile("Policy.pdf", PDF)
    outcome = add_files(organisation=cast.organisation, files=[file], by=cast.lead)[0]
    assert "is being scanned for viruses" in outcome.sentence
    assert Evidence.objects.count() == 1


def test_going_back_to_a_version_takes_its_state_along(cast: Cast, clamd: FakeClamd) -> None:
    version = add(cast)
    replace_file(
        evidence=version.evidence, file=SimpleUploadedFile("New.pdf", PDF + b"\n"), by=cast.contributor
    )
    replace_file(evidence=version.evidence, file=SimpleUploadedFile("Old.pdf", PDF), by=cast.contributor)
    run_scan(version)
    states = version.evidence.versions.order_by("number").values_list("scan_state", flat=True)
    assert list(states) == [ScanState.CLEAN, ScanState.WAITING, ScanState.CLEAN]


def test_officers_learn_of_an_own_audit_before_they_can_open_it(cast: Cast, sign_in: SignIn) -> None:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    invitee = factories.make_invitee(cycle, cast.organisation)
    own = factories.make_own_tool_return(invitee)
    EvidenceVersion.objects.filter(pk=own.version_id).update(scan_state=ScanState.WAITING)
    page = reverse("surveys:audit_own_tool_file", kwargs=invitee.slugs)
    for person in (cast.administrator, cast.lead):
        assert sign_in(person).get(page).status_code == 404
    shown = sign_in(cast.viewer).get(reverse("surveys:audit_own_tool", kwargs=invitee.slugs)).text
    assert "It is being scanned for viruses" in shown
