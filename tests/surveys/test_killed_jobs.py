"""Jobs that are killed half way and run again leave one result: reminders and imports. Files: test_jobs_again.py."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from surveys import freshness_reminders, reminders
from surveys.imports import answers
from surveys.models import Answer, AuditEvent, Evidence, Message, TableUpload
from surveys.resources import uploads
from surveys.resources.jobs import TAKEN_UP_AFTER, queue_tables
from surveys.resources.uploads import keep_table
from surveys.tick import run_due
from tests import factories
from tests.conftest import Cast
from tests.surveys.import_files import make_answers, make_import_cycle, refuse, rows, run
from tests.surveys.table_files import make_csv

A_DAY = datetime.timedelta(days=1)


class Killed(BaseException):
    """As the operating system ends a process: nothing after it runs, and what is not committed is not there."""


def kill(*args: Any, **kwargs: Any) -> Any:
    raise Killed


def kill_after(calls: int, real: Callable[..., Any]) -> Callable[..., Any]:
    """So many times it does what it does; then the process ends."""
    left = iter(range(calls))

    def call(*args: Any, **kwargs: Any) -> Any:
        if next(left, None) is None:
            raise Killed
        return real(*args, **kwargs)

    return call


def test_reminders_about_returns(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    for organisation in (cast.organisation, cast.other_organisation):
        factories.make_invitee(cycle, organisation)
    now = timezone.now()
    with monkeypatch.context() as dying:
        dying.setattr(reminders, "make_reminder", kill_after(1, reminders.make_reminder))
        with pytest.raises(Killed):
            reminders.write_reminders(now)
    assert not Message.objects.exists()
    assert reminders.write_reminders(now) == 2
    assert reminders.write_reminders(now) == 0
    assert Message.objects.count() == 2


def test_what_is_due_for_another_look(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom a run had claimed and not told is told on the next day."""
    now = timezone.now()
    bank = factories.make_questionnaire()
    opens_on = timezone.localdate() - 60 * A_DAY
    cycle = factories.make_cycle(
        cast.partnership, questionnaires=(bank,), opens_on=opens_on, closes_on=opens_on + 30 * A_DAY
    )
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status="submitted")  # type: ignore[arg-type]
    evidence = factories.make_evidence(cast.organisation)
    Evidence.objects.update(expires_on=timezone.localdate() - A_DAY)
    audit.answers.all()[0].evidence_links.create(evidence=evidence, submitted_version=evidence.versions.get())
    with monkeypatch.context() as dying:
        dying.setattr(freshness_reminders, "send_due_again", kill)
        with pytest.raises(Killed):
            run_due(now)
    for days in (0, 1, 1, 2):
        run_due(now + days * A_DAY)
    assert [message.to for message in mail.outbox] == [[cast.lead.email]]


@pytest.mark.parametrize("moment", ["_write_answers", "_freeze", "_write_events"])
def test_an_import_of_answers(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    make_import_cycle()
    path = make_answers(tmp_path, *rows(), *rows("Cove"))
    with monkeypatch.context() as dying:
        dying.setattr(answers._Writer, moment, kill)
        with pytest.raises(Killed):
            run("import_answers", path, cycle="2026")
    assert not Answer.objects.exists()
    assert "8 new" in run("import_answers", path, cycle="2026")
    assert "has been submitted already" in refuse("import_answers", path, cycle="2026")
    assert (Answer.objects.count(), AuditEvent.objects.count()) == (8, 2)


def test_a_table_that_is_brought_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its worker dies when the rows are written and the upload does not know it yet."""
    file = SimpleUploadedFile("changed.csv", make_csv({"Key": "anchor", "Name here": "The Anchor"}))
    upload = keep_table(
        table="organisations", partnership=cast.partnership, cycle=None, file=file, by=cast.administrator
    )
    TableUpload.objects.update(confirmed_at=timezone.now(), queued_at=timezone.now())
    participation = cast.organisation.participations.get()
    with monkeypatch.context() as dying:
        real = uploads.make_table

        def make_table(of: TableUpload) -> Any:
            table = real(of)
            save = table.save_rows

            def save_and_die(*args: Any, **kwargs: Any) -> None:
                save(*args, **kwargs)
                raise Killed

            monkeypatch.setattr(table, "save_rows", save_and_die)
            return table

        dying.setattr(uploads, "make_table", make_table)
        with pytest.raises(Killed):
            uploads.save_upload(upload)
    participation.refresh_from_db()
    assert participation.local_name == ""
    later = timezone.now() + TAKEN_UP_AFTER + datetime.timedelta(minutes=1)
    assert queue_tables(later) == 1
    assert queue_tables(later) == 0
    participation.refresh_from_db()
    assert participation.local_name == "The Anchor"
    assert TableUpload.objects.get().is_saved
