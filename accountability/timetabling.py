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
from accountability.moves import Move, find_moves, make_seen
from accountability.placing import write_plans
from accountability.scheduling import Status
from accountability.tasks import queue_lost, search, work_out
from accountability.workflow import lock_panel
from s11.organisations.models import User
from s11.web.dates import date as in_words
from s11.web.dates import time
from s11.web.errors import NotInThisState
from s11.web.text import list_words

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
    *,
    meeting: Meeting,
    day: int,
    starts_at: datetime.time,
    track: int,
    is_locked: bool,
    seen: str,
    promised: str,
    by: User,
) -> Move:
    """To a slot that is possible as everything stands; who sits there now is taken off where they may be.

    `seen` is the digest of the meeting as the page showed it, `promised` that of the slot with its panel. Raises
    NotInThisState where either is another by now, and with the reason where it is not possible any more.
    """
    panel = lock_panel(meeting.panel)
    panel.cycle = meeting.panel.cycle
    _check_seen(_get_planned(meeting), seen)
    found = find_moves(panel, meeting)
    chosen = next((one for one in found if one.is_at(day, starts_at, track)), None)
    if chosen is None or chosen.plan is None:
        why = chosen.why if chosen is not None else "There is no such time on these days."
        raise NotInThisState(f"It cannot be moved there by now. {why} Nothing was changed.")
    if chosen.digest != promised:
        lost = f" {chosen.instead_name} would lose its time." if chosen.instead is not None else ""
        raise NotInThisState(
            f"Somebody changed the timetable meanwhile. It would meet there with {chosen.names} now.{lost} Nothing was "
            "changed: move it again if that is right."
        )
    unplaced = {chosen.instead: SAID_SET_ASIDE} if chosen.instead is not None else {}
    write_plans({chosen.meeting: chosen.plan}, unplaced)
    _drop_proof(panel)
    Meeting.objects.filter(pk=meeting.pk).update(is_locked=is_locked)
    return chosen


@transaction.atomic
def set_lock(*, meeting: Meeting, is_locked: bool, seen: str, by: User) -> None:
    """A locked meeting keeps its time whenever the timetable is worked out again: the one that the page showed."""
    now = _get_planned(meeting)
    _check_seen(now, seen)
    if is_locked and not now.is_placed:
        raise NotInThisState(f"{now.organisation} has no time by now, so there is nothing to keep.")
    now.is_locked = is_locked
    now.save(update_fields=["is_locked"])


@transaction.atomic
def take_off(*, meeting: Meeting, seen: str, by: User) -> None:
    """It stays called, without the time that the page showed."""
    now = _get_planned(meeting)
    _check_seen(now, seen)
    write_plans({}, {now: SAID_TAKEN_OFF})
    _drop_proof(meeting.panel)


def _drop_proof(panel: Panel) -> None:
    """What a search proved was of the timetable as it wrote it."""
    proved = panel.runs.filter(proof__in=(Status.OPTIMAL, Status.FEASIBLE)).order_by()
    proved.update(proof="")


def _get_planned(meeting: Meeting) -> Meeting:
    lock_panel(meeting.panel)
    now = Meeting.objects.select_related("invitee__organisation", "day").get(pk=meeting.pk)
    if now.status != MeetingStatus.CALLED:
        raise NotInThisState(
            f"The meeting is {now.get_status_display().lower()} by now. Nothing was changed."
        )
    return now


def _check_seen(now: Meeting, seen: str) -> None:
    """What the page showed is what is changed: nobody's work is overridden by who did not see it."""
    if make_seen(now) == seen:
        return
    is_now = "It has no time now"
    if now.day is not None and now.starts_at is not None and now.track is not None:
        at = f"{in_words(now.day.date)} at {time(now.starts_at)}, {now.day.name_place(now.track)}"
        is_now = f"It meets on {at} now{', locked' if now.is_locked else ''}"
        if names := [str(seat.member) for seat in now.seats.all()]:
            is_now += f", with {list_words(names)}"
    raise NotInThisState(f"Somebody changed this meanwhile. {is_now}. Nothing was changed.")
