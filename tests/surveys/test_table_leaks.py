"""No file of a desk holds what an agency has not submitted, or has taken back; and who may bring which file in."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from s11.organisations.enums import Variant
from s11.organisations.models import User
from surveys.enums import AuditStatus, CycleStatus, DocumentFormat, DocumentKind
from surveys.kept_zips import discard_old_zips
from surveys.models import Audit, Cycle, Document, Moderation, ProfileAnswer
from surveys.resources import exports, uploads
from surveys.resources.files import write_table
from surveys.resources.moderation import ModerationTable
from surveys.resources.tables import TABLES
from surveys.workflow import recall_audit
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
SECRET = "Nobody of the partnership has read this"
DESK = "/p/harbour/desk/tables/"


@grounded
def audit(cast: Cast) -> Audit:
    """Submitted; beside it a draft, one that waits for its signature, and one that is being corrected."""
    bank = factories.make_questionnaire(Variant.STANDARD)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    audit = factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    audit.answers.update(commentary="As it was submitted")
    draft = factories.make_audit(cycle, cast.other_organisation, scores=0)
    cove = factories.make_organisation("Cove Council", slug="cove", partnership=cast.partnership)
    waiting = factories.make_audit(cycle, cove, scores=0)
    factories.make_sign_off(waiting)
    dune = factories.make_organisation("Dune Homes", slug="dune", partnership=cast.partnership)
    returned = factories.make_audit(cycle, dune, scores=1, status=AuditStatus.RETURNED)
    for own in (draft, waiting):
        own.answers.update(commentary=SECRET, no_action_reason=SECRET)
        ProfileAnswer.objects.create(
            audit=own, question=bank.profile_questions.get(), value=SECRET, updated_by=cast.stranger
        )
        factories.make_action(own.organisation, cast.partnership, answer=own.answers.all()[0], what=SECRET)
        factories.make_action(own.organisation, cast.partnership, what=SECRET)
    for answer in returned.answers.all():
        change = answer.change_to(score=0, reason="", commentary=SECRET, by=cast.stranger, at=timezone.now())
        answer.save()
        change.save()
    return audit


def unpack(content: bytes) -> str:
    """All the text of a CSV file or of a workbook's parts."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("file_format", [DocumentFormat.XLSX, DocumentFormat.CSV])
@pytest.mark.parametrize("slug", TABLES)
def test_no_table_holds_what_was_not_submitted(
    cast: Cast, audit: Audit, sign_in: SignIn, slug: str, file_format: DocumentFormat
) -> None:
    of_cycle = f"?cycle={audit.cycle.slug}" if TABLES[slug].needs_cycle else ""
    response = sign_in(cast.administrator).get(f"{DESK}{slug}/file/{file_format}/{of_cycle}")
    assert response.status_code == 200
    text = unpack(b"".join(response) if response.streaming else response.content)
    assert SECRET not in text
    if slug in {"answers", "moderation"}:
        assert "As it was submitted" in text


def test_a_file_from_before_a_recall_is_no_longer_handed_out(
    cast: Cast,
    audit: Audit,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(exports, "FEW_ROWS", 0)
    client = sign_in(cast.quality_officer)
    for slug, table in TABLES.items():
        of_cycle = f"?cycle={audit.cycle.slug}" if table.needs_cycle else ""
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post(f"{DESK}{slug}/file/csv/{of_cycle}")
        document = Document.objects.get(kind=DocumentKind.TABLE, table=slug)
        address = page["Location"]
        assert "Download the file" in client.get(address).content.decode()
        assert not exports.is_taken_back(document)
    recall_audit(audit=audit, by=cast.lead)
    for document in Document.objects.filter(kind=DocumentKind.TABLE):
        holds_answers = TABLES[document.table].holds_answers
        page = client.get(f"{DESK}files/{document.pk}/")
        assert ("An agency has taken its audit back" in page.content.decode()) == holds_answers
        assert ("Download the file" in page.content.decode()) != holds_answers
        file = client.get(f"{DESK}files/{document.pk}/file/")
        assert file.status_code == (404 if holds_answers else 200)
        assert holds_answers or b"".join(file)
    later = Document.objects.filter(table="answers")
    later.update(requested_at=timezone.now() + datetime.timedelta(seconds=1))
    assert not exports.is_taken_back(later.get())


def test_files_of_tables_are_kept_for_a_week(
    cast: Cast, audit: Audit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    table = TABLES["answers"](partnership=cast.partnership, by=cast.administrator, cycle=audit.cycle)
    with django_capture_on_commit_callbacks(execute=True):
        document = exports.request_table(table, DocumentFormat.CSV)
    document.refresh_from_db()
    assert document.is_built
    week = document.requested_at + datetime.timedelta(days=7)
    assert document.kept_until == week
    assert discard_old_zips(week - datetime.timedelta(minutes=1)) == 0
    assert discard_old_zips(week) == 1
    assert not Document.objects.filter(pk=document.pk).exists()


@pytest.mark.parametrize(
    ("person", "may_bring"),
    [
        ("administrator", {"organisations", "contacts", "participation", "answers", "moderation"}),
        ("quality_officer", {"organisations", "contacts", "moderation"}),
        ("scrutineer", set()),
    ],
)
def test_who_brings_which_table_in(
    cast: Cast, audit: Audit, sign_in: SignIn, person: str, may_bring: set[str]
) -> None:
    client = sign_in(cast.people[person])
    for slug, table in TABLES.items():
        of_cycle = f"?cycle={audit.cycle.slug}" if table.needs_cycle else ""
        page = client.get(f"{DESK}{slug}/{of_cycle}")
        assert page.status_code == 200
        assert ('type="file"' in page.content.decode()) == (slug in may_bring), slug
        file = SimpleUploadedFile("table.csv", b"nothing,that,anybody,reads\n1,2,3,4\n")
        posted = client.post(f"{DESK}{slug}/{of_cycle}", {"file": file})
        # What may be brought in at all is read, and this is no table.
        expected = 422 if slug in may_bring else 403 if table.can_import else 404
        assert posted.status_code == expected, slug


def test_moderated_scores_come_in_after_the_close_and_answers_do_not(
    cast: Cast, audit: Audit, sign_in: SignIn
) -> None:
    Cycle.objects.filter(pk=audit.cycle.pk).update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    client = sign_in(cast.administrator)
    of_cycle = f"?cycle={audit.cycle.slug}"
    assert "is closed, so nothing can be imported" in client.get(f"{DESK}answers/{of_cycle}").content.decode()
    table = ModerationTable(partnership=cast.partnership, by=cast.administrator, cycle=audit.cycle)
    content = write_table(table, DocumentFormat.CSV).decode("utf-8-sig").splitlines()
    changed = "\r\n".join([content[0], content[1].replace(",,,,,1v0", ",2,Seen in the files,,,1v0")])
    file = SimpleUploadedFile("moderation.csv", changed.encode())
    page = client.post(f"{DESK}moderation/{of_cycle}", {"file": file}, follow=True)
    assert "1 row to change" in page.content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    assert seen is not None
    client.post(page.redirect_chain[-1][0], {"seen": seen[1]})
    saved = Moderation.objects.get()
    assert (saved.score, saved.reason, saved.by) == (2, "Seen in the files", cast.administrator)


@pytest.mark.parametrize("is_small", [True, False])
def test_a_file_of_answers_that_lacks_a_column_is_refused_in_a_sentence(
    cast: Cast,
    audit: Audit,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    *,
    is_small: bool,
) -> None:
    if not is_small:
        monkeypatch.setattr(uploads, "SMALL", 0)
    client = sign_in(cast.administrator)
    file = SimpleUploadedFile("answers.csv", b"organisation,score\nCove Council,2\n")
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{DESK}answers/?cycle={audit.cycle.slug}", {"file": file})
    if not is_small:
        page = client.get(page["Location"])
    text = page.content.decode()
    assert "The file lacks the columns submitted_at, indicator, reason, commentary" in text
    assert "Save " not in text.partition("<main")[2].partition("</main>")[0]
