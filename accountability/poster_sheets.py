"""The sheet of a draft as a PDF: asked for by whoever reads it, made by a worker, and marked as a draft."""

from __future__ import annotations

import datetime
import logging
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from accountability.models import Poster, PosterSheet
from accountability.poster_files import make_pdf
from accountability.postering import lock
from s11.organisations.models import User
from s11.web.pdf import TooLongError
from s11.web.undone_files import take_back

logger = logging.getLogger(__name__)

SAID_FAILED: Final = "It could not be made. Try again; if it fails again, tell whoever runs this site."
TAKEN_UP_AFTER: Final = datetime.timedelta(minutes=15)
# After this long nobody waits for it any more.
GIVEN_UP_AFTER: Final = datetime.timedelta(hours=1)


@transaction.atomic
def ask_sheet(*, poster: Poster, by: User) -> None:
    """Asked for twice, it is made once."""
    current = lock(poster)
    sheet, _ = PosterSheet.objects.select_for_update(of=("self",)).get_or_create(
        poster=current, defaults={"asked_by": by}
    )
    if sheet.is_waiting:
        return
    sheet.asked_by, sheet.asked_at, sheet.error = by, timezone.now(), ""
    sheet.save()
    transaction.on_commit(lambda: make_sheet.enqueue(sheet.pk))


@task()
def make_sheet(pk: int) -> None:
    """The file of what the draft says now, in place of the one before; or the reason why not. Run twice, once."""
    sheet = PosterSheet.objects.select_related("poster__partnership", "poster__report").filter(pk=pk).first()
    # The draft may have been thrown away or published meanwhile.
    if sheet is None or not sheet.is_waiting:
        return
    try:
        content, size = make_pdf(sheet.poster)
        _keep(sheet, content, size)
    except TooLongError as why:
        _fail(sheet, str(why))
    except Exception:
        # The person who waits must be told; the traceback is for whoever runs the platform.
        logger.exception("Sheet %s could not be made", pk)
        _fail(sheet, SAID_FAILED)


def _keep(sheet: PosterSheet, content: bytes, size: int) -> None:
    """The new file, and of two workers only one's."""
    old, storage = str(sheet.file.name or ""), sheet.file.storage
    sheet.file.save("sheet.pdf", ContentFile(content), save=False)
    new = str(sheet.file.name)
    try:
        done = PosterSheet.objects.filter(pk=sheet.pk, asked_at=sheet.asked_at).update(
            file=new, version=sheet.poster.version, size=size, made_at=timezone.now(), asked_at=None, error=""
        )
    except BaseException as refusal:
        take_back([new], refusal, storage=storage)
        raise
    if not done:
        storage.delete(new)
    elif old:
        storage.delete(old)


def _fail(sheet: PosterSheet, why: str) -> None:
    PosterSheet.objects.filter(pk=sheet.pk, asked_at=sheet.asked_at).update(asked_at=None, error=why)


def queue_lost_sheets(now: datetime.datetime) -> int:
    """Queue again what a worker that died has left, and end what nobody waits for any more; how many were queued."""
    waiting = PosterSheet.objects.filter(asked_at__isnull=False)
    waiting.filter(asked_at__lte=now - GIVEN_UP_AFTER).update(asked_at=None, error=SAID_FAILED)
    keys = list(waiting.filter(asked_at__lte=now - TAKEN_UP_AFTER).values_list("pk", flat=True))
    for pk in keys:
        make_sheet.enqueue(pk)
    return len(keys)
