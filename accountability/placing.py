"""Writing a timetable's answer into the meetings: all of it or, where what it rests on has changed, nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from accountability.models import Meeting, Panel, Seat
from accountability.problems import Built, Plan, build_problem, say_plainly
from accountability.scheduling import Timetable
from accountability.scheduling.check import find_faults
from s11.web.errors import NotInThisState


class Outdated(NotInThisState):
    """What the answer rests on has changed; nothing was written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of all planned meetings. Moved are those that had a time and have another now, or none."""

    placed: int
    unplaced: int
    moved: int


@transaction.atomic
def write_answer(*, built: Built, timetable: Timetable, now: datetime.datetime) -> Outcome:
    """The answer of a search. Raises Outdated where by now it would break a rule, or says nothing of somebody called.

    `now` is the moment at which the problem was built: which times were still to come then.
    """
    panel = Panel.objects.select_for_update().select_related("cycle").get(pk=built.panel.pk)
    fresh = build_problem(panel, now)
    if fresh.problem != built.problem:
        check_still_holds(built, fresh, timetable)
    plans = make_plans(fresh, timetable)
    reasons = {fresh.meetings[one.organisation]: "\n".join(one.reasons) for one in timetable.unplaced}
    moved = sum(has_moved(meeting, plans.get(meeting)) for meeting in fresh.meetings.values())
    write_plans(plans, reasons)
    return Outcome(len(plans), len(reasons), moved)


def check_still_holds(built: Built, fresh: Built, timetable: Timetable) -> None:
    was, now = ({one.pk for one in each.meetings.values()} for each in (built, fresh))
    if was != now or set(built.meetings) != set(fresh.meetings):
        raise Outdated(
            "Agencies were called or dropped while the timetable was worked out. Nothing was changed: work it out "
            "again."
        )
    if fresh.times != built.times:
        raise Outdated(
            "The days or their hours were changed while the timetable was worked out. Nothing was changed: work it out "
            "again."
        )
    faults = find_faults(fresh.problem, timetable)
    if faults:
        raise Outdated(
            "Something was changed while the timetable was worked out, and it would break a rule now. "
            f"{say_plainly(faults[0], fresh)} Nothing was written: work it out again."
        )


def make_plans(built: Built, timetable: Timetable) -> dict[Meeting, Plan]:
    """Who chairs now goes on chairing where they sit."""
    found = {}
    for one in timetable.placed:
        meeting = built.meetings[one.organisation]
        members = [built.members[name] for name in one.members]
        chaired = {seat.member_id for seat in meeting.seats.all() if seat.is_chair}
        chair = next(
            (member for member in members if member.pk in chaired and member.may_chair),
            built.members[one.chair],
        )
        others = tuple(member for member in members if member != chair)
        found[meeting] = Plan(*built.times[one.slot], one.track, chair, others)
    return found


def has_moved(meeting: Meeting, plan: Plan | None) -> bool:
    if not meeting.is_placed:
        return False
    here = (meeting.day_id, meeting.starts_at, meeting.track)
    return plan is None or here != (plan.day.pk, plan.starts_at, plan.track)


def write_plans(plans: Mapping[Meeting, Plan], unplaced: Mapping[Meeting, str]) -> None:
    """The rows of these meetings and their seats, in a fixed number of queries; the panel is locked by the caller.

    Two meetings may change places: those that move are first taken off, for the database keeps one a slot and track.
    """
    going = [one.pk for one in (*plans, *unplaced) if has_moved(one, plans.get(one))]
    Meeting.objects.filter(pk__in=going).update(day=None, starts_at=None, track=None, is_locked=False)
    for meeting, plan in plans.items():
        meeting.is_locked = meeting.is_locked and meeting.pk not in going
        meeting.day, meeting.starts_at, meeting.track = plan.day, plan.starts_at, plan.track
        meeting.why_unplaced = ""
    for meeting, why in unplaced.items():
        meeting.day = meeting.starts_at = meeting.track = None
        meeting.is_locked, meeting.why_unplaced = False, why
    Meeting.objects.bulk_update(
        [*plans, *unplaced], ["day", "starts_at", "track", "is_locked", "why_unplaced"]
    )
    _write_seats(plans, unplaced)


def _write_seats(plans: Mapping[Meeting, Plan], unplaced: Iterable[Meeting]) -> None:
    """A seat that stays keeps what is known of it, such as whom the member came in for."""
    wanted = {
        (meeting.pk, member.pk): member == plan.chair
        for meeting, plan in plans.items()
        for member in (plan.chair, *plan.others)
    }
    held = list(Seat.objects.filter(meeting__in=[*plans, *unplaced]))
    gone = [seat.pk for seat in held if (seat.meeting_id, seat.member_id) not in wanted]
    kept = {(seat.meeting_id, seat.member_id): seat for seat in held if seat.pk not in set(gone)}
    Seat.objects.filter(pk__in=gone).delete()
    # First those who chair no more: the database keeps one chair a meeting.
    down = [seat.pk for key, seat in kept.items() if seat.is_chair and not wanted[key]]
    Seat.objects.filter(pk__in=down).update(is_chair=False)
    up = [seat.pk for key, seat in kept.items() if not seat.is_chair and wanted[key]]
    Seat.objects.filter(pk__in=up).update(is_chair=True)
    Seat.objects.bulk_create(
        Seat(meeting_id=meeting, member_id=member, is_chair=is_chair)
        for (meeting, member), is_chair in wanted.items()
        if (meeting, member) not in kept
    )
