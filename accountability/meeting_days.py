"""Verbs for the days of meetings: their hours and breaks, and where each panel at a time meets.

A day on which meetings have a slot is changed only so that each keeps it: officers move them in the timetable first.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accountability.enums import MeetingStatus
from accountability.models import DayBreak, Meeting, MeetingDay, Panel, Place
from accountability.slots import list_halves, make_slots
from accountability.workflow import lock_panel
from s11.organisations.models import Removal, User
from s11.organisations.removals import remove
from s11.web.dates import date as in_words
from s11.web.errors import NotInThisState
from s11.web.text import list_words


@dataclass(frozen=True, slots=True)
class Break:
    """As entered."""

    name: str
    starts_at: datetime.time
    ends_at: datetime.time


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day's columns and its breaks, as entered."""

    date: datetime.date
    starts_at: datetime.time
    ends_at: datetime.time
    minutes: int
    breaks: Sequence[Break] = ()

    @property
    def slots(self) -> list[Any]:
        hours = [(one.starts_at, one.ends_at) for one in self.breaks]
        return make_slots(self.starts_at, self.ends_at, self.minutes, hours)


@transaction.atomic
def add_day(*, panel: Panel, plan: DayPlan) -> MeetingDay:
    """With the rooms of the day before it, which are mostly the same."""
    lock_panel(panel)
    last = panel.days.order_by("date").last()
    try:
        with transaction.atomic():
            day = MeetingDay.objects.create(
                panel=panel,
                date=plan.date,
                starts_at=plan.starts_at,
                ends_at=plan.ends_at,
                minutes=plan.minutes,
            )
    except IntegrityError:
        raise NotInThisState(f"{in_words(plan.date)} is a day of meetings already.") from None
    _write_breaks(day, plan.breaks)
    for place in last.places.all() if last else ():
        Place.objects.create(
            day=day,
            track=place.track,
            kind=place.kind,
            name=place.name,
            link=place.link,
            joining=place.joining,
        )
    return day


@transaction.atomic
def change_day(*, day: MeetingDay, plan: DayPlan) -> None:
    """Answers for another date, or for a half in which nobody meets any more, are forgotten."""
    lock_panel(day.panel)
    if lost := list_losing(day, plan):
        raise NotInThisState(say_losing(lost))
    is_moved = plan.date != day.date
    day.date, day.starts_at, day.ends_at, day.minutes = plan.date, plan.starts_at, plan.ends_at, plan.minutes
    try:
        with transaction.atomic():
            day.save()
    except IntegrityError:
        raise NotInThisState(f"{in_words(plan.date)} is a day of meetings already.") from None
    day.breaks.all().delete()
    _write_breaks(day, plan.breaks)
    stale = Q() if is_moved else ~Q(half__in=list_halves(plan.slots))
    day.availabilities.filter(stale).delete()


@transaction.atomic
def delete_day(*, day: MeetingDay, by: User) -> Removal:
    """Not while a meeting has a slot on it; one that was cancelled gives its slot back."""
    lock_panel(day.panel)
    if placed := list_placed(day):
        raise NotInThisState(say_losing(placed))
    for meeting in day.meetings.all():
        meeting.day, meeting.starts_at, meeting.track, meeting.is_locked = None, None, None, False
        meeting.save(update_fields=["day", "starts_at", "track", "is_locked"])
    return remove(
        "meeting_day",
        day,
        title=f"{in_words(day.date)} as a day of meetings",
        partnership=day.panel.cycle.partnership,
        by=by,
    )


@transaction.atomic
def save_places(*, day: MeetingDay, places: Mapping[int, Mapping[str, str]]) -> None:
    """By track; one that is not there any more is known by its number alone."""
    lock_panel(day.panel)
    day.places.exclude(track__in=places).delete()
    for track, facts in places.items():
        Place.objects.update_or_create(day=day, track=track, defaults=facts)


def list_placed(day: MeetingDay) -> list[Meeting]:
    """The meetings that have a slot on this day."""
    return list(day.meetings.exclude(status=MeetingStatus.CANCELLED).with_place())


def list_losing(day: MeetingDay, plan: DayPlan) -> list[Meeting]:
    """Those whose slot the plan has no more: another date or length moves them all."""
    placed = list_placed(day)
    if plan.date != day.date or plan.minutes != day.minutes:
        return placed
    starts = {slot.start for slot in plan.slots}
    return [meeting for meeting in placed if meeting.starts_at not in starts]


def say_losing(lost: Sequence[Meeting]) -> str:
    """The sentence of why a day stays as it is."""
    agencies = list_words([f"{one.organisation} ({one.starts_at:%H:%M})" for one in lost])
    its, it = ("its", "it") if len(lost) == 1 else ("their", "them")
    return f"{agencies} would lose {its} slot. Move {it} in the timetable first."


def _write_breaks(day: MeetingDay, breaks: Sequence[Break]) -> None:
    DayBreak.objects.bulk_create(
        DayBreak(day=day, name=one.name, starts_at=one.starts_at, ends_at=one.ends_at) for one in breaks
    )
