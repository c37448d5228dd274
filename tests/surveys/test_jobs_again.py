"""Files that fail, or whose worker dies: tried again with back-off, taken up again, and never more than one file."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from surveys import tasks
from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import Document
from surveys.tasks import (
    SAID_GIVEN_UP,
    TAKEN_UP_AFTER,
    WAITS,
    NotInThisState,
    build_document,
    queue_due,
    retry_build,
)
from surveys.tick import run_due
from tests.conftest import Cast

A_MINUTE = datetime.timedelta(minutes=1)


class Killed(BaseException):
    """As the operating system ends a worker: nothing after it runs."""


@pytest.fixture
def document(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Document:
    monkeypatch.setattr("surveys.documents.render_action_plan", lambda participation: b"%PDF the plan")
    participation = cast.organisation.participations.get(partnership=cast.partnership)
    return Document.objects.create(
        kind=DocumentKind.ACTION_PLAN,
        format=DocumentFormat.PDF,
        participation=participation,
        requested_by=cast.lead,
    )


def fail(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("no room")


def kill(*args: Any, **kwargs: Any) -> Any:
    raise Killed


def list_files() -> list[str]:
    root = Path(settings.MEDIA_ROOT) / "documents"
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def run(document: Document) -> None:
    build_document.func(document.pk)
    document.refresh_from_db()


def check_is_the_only_file(document: Document) -> None:
    document.refresh_from_db()
    assert (document.state, document.error, document.is_put_off) == ("Ready", "", False)
    with document.file.open() as file:
        assert file.read() == b"%PDF the plan"
    assert [name for name in list_files() if name.startswith(f"{document.pk}-")] == [
        Path(str(document.file.name)).name
    ]


def test_run_twice_it_leaves_one_file(document: Document) -> None:
    run(document)
    run(document)
    build_document.func(document.pk, 0)
    assert document.attempts == 1
    check_is_the_only_file(document)


def test_a_failed_build_is_tried_again_three_times_and_then_given_up(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.documents.render_action_plan", fail)
    run(document)
    for number, wait in enumerate(WAITS, 1):
        assert (document.attempts, document.state) == (number, "Being made")
        assert document.next_try is not None
        due = document.next_try
        assert abs(due - timezone.now() - wait) < A_MINUTE
        assert queue_due(due - A_MINUTE) == 0
        assert queue_due(due) == 1
        document.refresh_from_db()
    assert (document.attempts, document.error, document.is_put_off) == (4, SAID_GIVEN_UP, False)
    assert queue_due(timezone.now() + datetime.timedelta(days=1)) == 0


def test_the_clock_builds_what_works_again(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("surveys.documents.render_action_plan", fail)
        run(document)
    done = run_due(timezone.now() + WAITS[0] + A_MINUTE)
    assert done.queued == 1
    assert "1 file queued to be built again" in str(done)
    check_is_the_only_file(document)


@pytest.mark.parametrize("moment", ["build_file", "_keep_first", "_delete_left_behind"])
def test_a_job_killed_half_way_and_run_again_leaves_one_file(
    document: Document, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Before the file, once it is on the disk and no row names it, and at the very end."""
    with monkeypatch.context() as dying:
        dying.setattr(tasks, moment, kill)
        # A process that is killed cleans up nothing.
        dying.setattr(default_storage, "delete", lambda name: None)
        if moment == "_delete_left_behind":
            build_document.func(document.pk)
        else:
            with pytest.raises(Killed):
                build_document.func(document.pk)
    now = timezone.now()
    assert queue_due(now) == 0
    is_left = moment != "_delete_left_behind"
    assert queue_due(now + TAKEN_UP_AFTER) == is_left
    assert queue_due(now + TAKEN_UP_AFTER) == 0
    check_is_the_only_file(document)


def test_a_slow_worker_deletes_its_own_file(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other was thought dead, built the file meanwhile, and stored it."""
    keep_first = tasks._keep_first

    def keep_late(mine: Document) -> bool:
        monkeypatch.setattr(tasks, "_keep_first", keep_first)
        assert queue_due(timezone.now() + TAKEN_UP_AFTER) == 1
        return keep_first(mine)

    monkeypatch.setattr(tasks, "_keep_first", keep_late)
    build_document.func(document.pk)
    check_is_the_only_file(document)
    assert document.attempts == 2


def test_one_deleted_while_it_was_built_leaves_no_file(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_first, pk = tasks._keep_first, document.pk

    def delete_first(mine: Document) -> bool:
        Document.objects.filter(pk=pk).delete()
        return keep_first(mine)

    monkeypatch.setattr(tasks, "_keep_first", delete_first)
    build_document.func(pk)
    assert not [name for name in list_files() if name.startswith(f"{pk}-")]


def test_a_disk_that_is_full_is_a_failure_like_another(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_keep_first", fail)
    run(document)
    assert document.is_put_off
    assert not [name for name in list_files() if name.startswith(f"{document.pk}-")]


def test_what_kills_each_worker_is_given_up(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "build_file", kill)
    now = timezone.now()
    for _ in range(len(WAITS) + 1):
        with pytest.raises(Killed):
            run(document)
    assert queue_due(now + 2 * TAKEN_UP_AFTER) == 0
    document.refresh_from_db()
    assert document.error == SAID_GIVEN_UP


def test_while_no_worker_runs_the_queue_uses_up_no_attempts(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[int, int]] = []
    monkeypatch.setattr(
        type(build_document), "enqueue", lambda self, pk, attempt: queued.append((pk, attempt))
    )
    now = timezone.now()
    assert [queue_due(now + hours * TAKEN_UP_AFTER) for hours in range(1, 5)] == [1, 1, 1, 1]
    monkeypatch.setattr("surveys.documents.render_action_plan", fail)
    for job in queued:
        build_document.func(*job)
    document.refresh_from_db()
    assert document.attempts == 1


def test_an_officer_s_retry_begins_anew(document: Document, django_capture_on_commit_callbacks: Any) -> None:
    with pytest.raises(NotInThisState):
        retry_build(document=document)
    Document.objects.update(error=SAID_GIVEN_UP, attempts=4)
    with django_capture_on_commit_callbacks(execute=True):
        retry_build(document=document)
    check_is_the_only_file(document)
    assert document.attempts == 1


def test_a_zip_that_was_deleted_for_good_is_no_failure(document: Document) -> None:
    Document.objects.update(error="Deleted.", built_at=timezone.now())
    with pytest.raises(NotInThisState):
        retry_build(document=document)
