"""The worker's part of bringing large tables in. Idempotent: killed half way and run again, it saves once."""

from __future__ import annotations

import datetime
import logging
from typing import Final

from django.utils import timezone
from django_tasks import task

from surveys.models import TableUpload
from surveys.resources.uploads import check_upload, save_upload

logger = logging.getLogger(__name__)

# What has been in the queue or in a worker's hands for longer was left by one that died.
TAKEN_UP_AFTER: Final = datetime.timedelta(minutes=30)
FAILED: Final = (
    "The file could not be worked on, and nothing was saved. Upload it again; if that fails too, tell whoever runs "
    "this site."
)


@task()
def work_on_table(pk: int) -> None:
    """Check an upload or, once it is confirmed, save it."""
    upload = TableUpload.objects.queued().filter(pk=pk).first()
    if upload is None:
        return
    try:
        if upload.is_saving:
            save_upload(upload)
        else:
            check_upload(upload)
    except Exception:
        # The person who waits must be told; the traceback is for whoever runs the platform.
        logger.exception("Table %s could not be worked on", pk)
        TableUpload.objects.filter(pk=pk, saved_at=None).update(confirmed_at=None, error=FAILED)


def queue_tables(now: datetime.datetime) -> int:
    """Queue again what a dead worker left; how many. Of two clocks at once only one does."""
    left = TableUpload.objects.queued().filter(queued_at__lte=now - TAKEN_UP_AFTER)
    count = 0
    for pk in left.values_list("pk", flat=True):
        if left.filter(pk=pk).order_by().update(queued_at=timezone.now()):
            work_on_table.enqueue(pk)
            count += 1
    return count
