"""Jobs that build files. Each is idempotent: run twice, or killed half way and run again, it leaves one file.

Starting claims an attempt, so that of two workers only one builds. What fails is tried again with back-off, and what a
worker that died has left is taken up again: `queue_due` does both by the clock.
"""

from __future__ import annotations

import datetime
import logging
from typing import Final

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from s11.web import errors
from s11.web.checksums import get_sum
from s11.web.languages import in_english
from s11.web.undone_files import take_back
from surveys.documents import build_file, make_file_name
from surveys.kept_zips import discard_if_erased
from surveys.models import Document
from surveys.models.documents import get_attempt_path

logger = logging.getLogger(__name__)

# Before the second attempt, the third and the last.
WAITS: Final = tuple(datetime.timedelta(minutes=minutes) for minutes in (5, 30, 120))
# What has been in the queue or in a worker's hands for longer was left by one that died.
TAKEN_UP_AFTER: Final = datetime.timedelta(hours=1)
SAID_GIVEN_UP: Final = (
    "The file could not be built. Ask for it again; if it fails again, tell whoever runs this site."
)


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker."""


@task()
def build_document(pk: int, attempt: int | None = None) -> None:
    """Build the file of this document, unless it is built or given up, or another worker has this attempt."""
    document = _claim(pk, attempt)
    if document is None:
        return
    try:
        with in_english(), build_file(document) as file:
            is_stored = _store(document, file)
    except Exception:
        # The person who waits must be told; the traceback is for whoever runs the platform.
        logger.exception("Document %s could not be built", pk)
        _put_off(document)
        return
    if is_stored:
        discard_if_erased(document)


def _claim(pk: int, attempt: int | None) -> Document | None:
    """The document with its attempts counted up, before anything is built: a killed job has had its attempt too."""
    document = Document.objects.get(pk=pk)
    made = document.attempts if attempt is None else attempt
    claimed = (
        Document.objects.waiting()
        .filter(pk=pk, attempts=made)
        .update(attempts=made + 1, queued_at=timezone.now(), next_try=None)
    )
    if not claimed:
        return None
    document.refresh_from_db()
    return document


def _store(document: Document, file: File[bytes]) -> bool:
    """Whether this is the document's file: of two that were built it keeps the first, and the other is deleted."""
    document.sha256 = get_checksum(file)
    document.built_at = timezone.now()
    document.file.save(make_file_name(document), file, save=False)
    try:
        is_stored = _keep_first(document)
    except BaseException as refusal:
        take_back([str(document.file.name)], refusal, storage=document.file.storage)
        raise
    if is_stored and document.attempts > 1:
        _delete_left_behind(document)
    elif not is_stored:
        document.file.storage.delete(str(document.file.name))
    return is_stored


@transaction.atomic
def _keep_first(document: Document) -> bool:
    now = Document.objects.select_for_update().filter(pk=document.pk).first()
    if now is None or now.is_built:
        return False
    document.error = ""
    document.next_try = None
    document.save(update_fields=["sha256", "built_at", "error", "next_try", "file"])
    return True


def _delete_left_behind(document: Document) -> None:
    """What other attempts wrote before they were killed. A slow one that still runs deletes its own."""
    for attempt in range(1, len(WAITS) + 2):
        path = get_attempt_path(document, attempt)
        if path != document.file.name:
            document.file.storage.delete(path)


def _put_off(document: Document) -> None:
    """To the next attempt, or for good."""
    mine = Document.objects.waiting().filter(pk=document.pk, attempts=document.attempts)
    if document.attempts > len(WAITS):
        mine.update(error=SAID_GIVEN_UP)
    else:
        mine.update(next_try=timezone.now() + WAITS[document.attempts - 1])


def queue_due(now: datetime.datetime) -> int:
    """Queue what is due to be tried again and what a dead worker left; how many. Each has a limited number of tries."""
    due = Document.objects.waiting().filter(
        Q(next_try__lte=now) | Q(next_try=None, queued_at__lte=now - TAKEN_UP_AFTER)
    )
    due.filter(attempts__gt=len(WAITS)).order_by().update(error=SAID_GIVEN_UP, next_try=None)
    return sum(_queue(due, pk, attempts, now) for pk, attempts in list(due.values_list("pk", "attempts")))


def _queue(due: QuerySet[Document], pk: int, attempts: int, now: datetime.datetime) -> bool:
    """Of two clocks at once only one queues it."""
    if not due.filter(pk=pk).order_by().update(queued_at=now, next_try=None):
        return False
    build_document.enqueue(pk, attempts)
    return True


def retry_build(*, document: Document) -> None:
    """An officer's wish to try again what was given up; the attempts begin anew."""
    given_up = Document.objects.filter(pk=document.pk, file="", built_at=None).exclude(error="")
    if not given_up.update(error="", attempts=0, queued_at=timezone.now(), next_try=None):
        raise NotInThisState("It was tried again or built meanwhile. Nothing was changed.")
    transaction.on_commit(lambda: build_document.enqueue(document.pk, 0))


def get_checksum(file: File[bytes]) -> str:
    file.seek(0)
    return get_sum(file)
