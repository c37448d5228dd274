"""Verbs of the timetable: have it worked out, move a meeting, lock it, take it off.

Each holds the panel's row first, so that of two officers at once the second sees what the first did.
"""

from __future__ import annotations

import datetime
import math
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from accountability.enums import MeetingStatus
from accountability.models import Meeting, Panel, TimetableRun
from accountability.moves import Move, find_moves
from accountability.placing import write_plans
from accountability.tasks import queue_lost, search, work_out
from accountability.workflow import lock_panel
from s11.organisations.models import User
from s11.web.errors import NotInThisState

SECONDS: Final = 60
SAID_TAKEN_OFF: Final = "An officer took it off the timetable."
SAID_SET_ASIDE: Final = "An officer gave its time to another agency."


def request_timetable(*, panel: Panel, seconds: int = SECONDS, by: User | None) -> TimetableRun:
    """Have it worked out in the background. Raises NotInThisState where it is being worked out already.

    One that a worker left is queued again first: outside the transaction, which a refusal undoes.
    """
    queue_lost(timezone.now())
    with transaction.atomic():
        run = _begin(panel, seconds, by)
        transaction.on_commit(lambda: work_out.enqueue(run.pk))
    return run


def work_out_now(*, panel: Panel, seconds: float, by: User | None) -> TimetableRun:
    """The same, waiting for it: for a command. Raises NotInThisState where it is being worked out already."""
    queue_lost(timezone.now())
    run = _begin(panel, max(math.ceil(seconds), 1), by)
    search(run.pk, seconds)
    run.refresh_from_db()
    return run


def _begin(panel: Panel, seconds: int, by: User | None) -> TimetableRun:
    try:
        with transaction.atomic():
            return TimetableRun.objects.create(panel=panel, seconds=seconds, asked_by=by)
    except IntegrityError:
        raise NotInThisState(
            "The timetable is being worked out already. Wait for it, then see whether you want another."
        ) from None


@transaction.atomic
def move_meeting(
    *, meeting: Meeting, day: int, starts_at: datetime.time, track: int, is_locked: bool, by: User
) -> Move:
    """To a slot that is possible as everything stands; who sits there now is taken off where they may be.

    Raises NotInThisState with the reason where it is not possible by now.
    """
    panel = lock_panel(meeting.panel)
    panel.cycle = meeting.panel.cycle
    found = find_moves(panel, meeting)
    chosen = next((one for one in found if one.is_at(day, starts_at, track)), None)
    if chosen is None or chosen.plan is None:
        why = chosen.why if chosen is not None else "There is no such time on these days."
        raise NotInThisState(f"It cannot be moved there by now. {why} Nothing was changed.")
    unplaced = {chosen.instead: SAID_SET_ASIDE} if chosen.instead is not None else {}
    write_plans({chosen.meeting: chosen.plan}, unplaced)
    Meeting.objects.filter(pk=meeting.pk).update(is_locked=is_locked)
    return chosen


@transaction.atomic
def set_lock(*, meeting: Meeting, is_locked: bool, by: User) -> None:
    """A locked meeting keeps its time whenever the timetable is worked out again."""
    now = _get_planned(meeting)
    if is_locked and not now.is_placed:
        raise NotInThisState(f"{now.organisation} has no time by now, so there is nothing to keep.")
    now.is_locked = is_locked
    now.save(update_fields=["is_locked"])


@transaction.atomic
def take_off(*, meeting: Meeting, by: User) -> None:
    """It stays called, without a time."""
    now = _get_planned(meeting)
    write_plans({}, {now: SAID_TAKEN_OFF})


def _get_planned(meeting: Meeting) -> Meeting:
    lock_panel(meeting.panel)
    now = Meeting.objects.select_related("invitee__organisation").get(pk=meeting.pk)
    if now.status != MeetingStatus.CALLED:
        raise NotInThisState(
            f"The meeting is {now.get_status_display().lower()} by now. Nothing was changed."
        )
    return now
