"""The job that works a timetable out. Idempotent: run twice, or killed half way and run again, it leaves one result.

Starting claims the run by its moment, so that of two workers one searches; whoever comes back late finds that the run
has been taken up by another, and writes nothing.
"""

from __future__ import annotations

import datetime
import logging
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from accountability.enums import RunStatus
from accountability.models import TimetableRun
from accountability.models.timetables import TAKEN_UP_AFTER
from accountability.placing import write_answer
from accountability.problems import Built, build_problem, say_plainly
from accountability.scheduling import ProblemError, Status, Timetable, schedule
from s11.web.errors import NotInThisState

logger = logging.getLogger(__name__)

# After this long nobody waits for it any more.
GIVEN_UP_AFTER: Final = datetime.timedelta(hours=1)
SAID_FAILED: Final = (
    "The timetable could not be worked out. Nothing was changed. Try again; if it fails again, tell whoever runs "
    "this site."
)
SAID_LOST: Final = "It was not worked out within an hour. Nothing was changed. Try again."


@task()
def work_out(pk: int) -> None:
    """Search, and write the answer into the meetings; or say on the run why not."""
    search(pk)


def search(pk: int, seconds: float | None = None) -> None:
    """The job itself, for a command too, whose time may be no whole number of seconds."""
    run = _claim(pk)
    if run is None:
        return
    assert run.started_at is not None  # claiming sets it
    try:
        built = build_problem(run.panel, run.started_at)
        timetable = schedule(built.problem, seconds=run.seconds if seconds is None else seconds)
        _finish(run, built, timetable)
    except (ProblemError, NotInThisState) as why:
        _fail(run, str(why))
    except Exception:
        # The person who waits must be told; the traceback is for whoever runs the platform.
        logger.exception("Timetable run %s failed", pk)
        _fail(run, SAID_FAILED)


def _claim(pk: int) -> TimetableRun | None:
    now = timezone.now()
    free = Q(status=RunStatus.WAITING) | Q(status=RunStatus.RUNNING, started_at__lte=now - TAKEN_UP_AFTER)
    claimed = (
        TimetableRun.objects.filter(free, pk=pk).order_by().update(status=RunStatus.RUNNING, started_at=now)
    )
    if not claimed:
        return None
    return TimetableRun.objects.select_related("panel__cycle").get(pk=pk)


def _get_mine(run: TimetableRun) -> QuerySet[TimetableRun]:
    """The row while nobody else has taken it up."""
    mine = TimetableRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING, started_at=run.started_at)
    return mine.order_by()


@transaction.atomic
def _finish(run: TimetableRun, built: Built, timetable: Timetable) -> None:
    """The answer and the run's result together. Locks that break rules leave everything as it was, and are named."""
    if not _get_mine(run).select_for_update().exists():
        return
    problems = [say_plainly(one, built) for one in timetable.problems]
    result = {"proof": timetable.status.value, "problems": "\n".join(problems)}
    if timetable.status != Status.INFEASIBLE:
        assert run.started_at is not None  # claiming sets it
        outcome = write_answer(built=built, timetable=timetable, now=run.started_at)
        counts = {"placed": outcome.placed, "unplaced": outcome.unplaced, "moved": outcome.moved}
    else:
        counts = {}
    _get_mine(run).update(status=RunStatus.DONE, finished_at=timezone.now(), **result, **counts)


def _fail(run: TimetableRun, why: str) -> None:
    _get_mine(run).update(status=RunStatus.FAILED, problems=why, finished_at=timezone.now())


def queue_lost(now: datetime.datetime) -> int:
    """Queue again what a worker that died has left, and end what nobody waits for any more; how many were queued."""
    unfinished = TimetableRun.objects.filter(status__in=(RunStatus.WAITING, RunStatus.RUNNING)).order_by()
    unfinished.filter(asked_at__lte=now - GIVEN_UP_AFTER).update(
        status=RunStatus.FAILED, problems=SAID_LOST, finished_at=now
    )
    lost = unfinished.filter(
        Q(status=RunStatus.RUNNING, started_at__lte=now - TAKEN_UP_AFTER)
        | Q(status=RunStatus.WAITING, asked_at__lte=now - TAKEN_UP_AFTER)
    )
    keys = list(lost.values_list("pk", flat=True))
    for pk in keys:
        work_out.enqueue(pk)
    return len(keys)
