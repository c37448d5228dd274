"""Whether the service can work: what answers, and when the worker and the clock were last seen.

Asked by strangers, so it writes no row, and says no more than which part to look at. Why stands in the log.
"""

from __future__ import annotations

import datetime
import logging
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from shutil import disk_usage
from typing import Final

from django.conf import settings
from django.core.cache import cache as default_cache
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task, task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from s11.web.outages import StoreDown

logger = logging.getLogger(__name__)

OK: Final = "ok"
# The clock runs every ten minutes and gives the worker a sign to answer: three of them missed are no accident.
SEEN_WITHIN: Final = datetime.timedelta(minutes=30)
# What answered is known by then; a row for each ten minutes of a year would only be in the way.
SIGNS_KEPT: Final = datetime.timedelta(days=1)
LEAST_FREE: Final = 500 * 2**20


class NotReady(Exception):
    """A part that does not work. The one sentence is for everybody to read."""


@task()
def answer_clock() -> None:
    """That a worker has done this is all that it is for."""


def ask_worker(now: datetime.datetime) -> None:
    """A job of the clock, its last: that it is in the queue shows that the clock ran to its end."""
    _get_signs().filter(enqueued_at__lt=now - SIGNS_KEPT).delete()
    answer_clock.enqueue()


def get_states(*, background: bool) -> Mapping[str, str]:
    """By part: `ok`, or a sentence. What runs in the background is asked about only if wanted."""
    parts: dict[str, Callable[[], None]] = {"files": _check_files}
    in_database: dict[str, Callable[[], None]] = {"migrations": _check_migrations, "cache": _check_cache}
    queue: object = task_backends["default"]
    if background and isinstance(queue, DatabaseBackend):
        in_database |= {"worker": _check_worker, "clock": _check_clock}
    states = {"database": _try("database", _check_database)}
    for name, check in in_database.items():
        # One that does not answer may take its time about it: it is asked once.
        states[name] = (
            _try(name, check) if states["database"] == OK else "Unknown while the database does not answer."
        )
    return states | {name: _try(name, check) for name, check in parts.items()}


def _try(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        logger.error("Not ready: %s: %s", name, reason)
        return str(reason)
    except Exception:
        logger.exception("Not ready: %s", name)
        return f"Asking the {name} failed; the log says why."
    return OK


def _check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@cache
def _get_last_migrations() -> frozenset[tuple[str, str]]:
    """Those that all others come before, by what is on the disk."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _check_migrations() -> None:
    """Newer ones than this release knows are no obstacle: during an upgrade both releases serve."""
    if _get_last_migrations() - set(MigrationRecorder(connection).applied_migrations()):
        raise NotReady("Migrations are missing: run manage.py migrate.")


def _check_cache() -> None:
    default_cache.get("readiness")


def _check_files() -> None:
    if settings.FILES_STORE_URL:
        _check_store()
    else:
        _check_disk()


def _check_store() -> None:
    try:
        default_storage.check()  # type: ignore[attr-defined]  # an ObjectStore, where that setting is set
    except StoreDown as error:
        logger.exception("The store of files does not answer")
        raise NotReady("The store of files does not answer.") from error


def _check_disk() -> None:
    """Really written, in a file without a name: nothing is left behind, even if this is killed."""
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"ready")
            trial.flush()
    except OSError as error:
        logger.exception("No file can be written where files are kept")
        raise NotReady("No file can be written where files are kept.") from error
    if disk_usage(folder).free < LEAST_FREE:
        raise NotReady("The disk with the files is nearly full.")


def _check_worker() -> None:
    """By any job, not only the sign: one that has been busy with others for long is at work."""
    since = timezone.now() - SEEN_WITHIN
    if not DBTaskResult.objects.filter(Q(started_at__gte=since) | Q(finished_at__gte=since)).exists():
        raise NotReady(
            f"No worker has been seen for {_minutes()} minutes: manage.py db_worker does the jobs."
        )


def _check_clock() -> None:
    if not _get_signs().filter(enqueued_at__gte=timezone.now() - SEEN_WITHIN).exists():
        raise NotReady(f"The clock has not run for {_minutes()} minutes: manage.py tick is to run every ten.")


def _get_signs() -> QuerySet[DBTaskResult[..., object]]:
    return DBTaskResult.objects.filter(task_path=answer_clock.module_path)


def _minutes() -> int:
    return int(SEEN_WITHIN.total_seconds() // 60)
