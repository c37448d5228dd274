"""The timetable's problem, out of the database: slots, who can sit when and for whom, and the agencies to be placed.

People and agencies are named in it by their names, so that what the scheduler says of them can be shown as it is.
A meeting that was held, or whose time has come, is no longer planned: it stays as it is and its people are counted.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils import timezone

from accountability.conflicts import Conflicts, get_conflicts
from accountability.enums import AvailabilityAnswer, MeetingStatus
from accountability.models import Availability, Meeting, MeetingDay, Panel, PanelMember
from accountability.scheduling import problem as scheduling
from accountability.scheduling.problem import Current, Place, Problem
from accountability.scheduling.words import say_slot
from accountability.sitting_elsewhere import Spans, get_spans_elsewhere
from accountability.slots import get_half
from s11.organisations.models import Participation
from s11.web.dates import as_london

Key = TypeVar("Key")
SLOT = re.compile(r"\bslot (\d+)")
TRACK = re.compile(r"\btrack (\d+)")
COMING = frozenset({AvailabilityAnswer.FREE, AvailabilityAnswer.PREFERRED})
# A time of a day on which a meeting can begin.
Time = tuple[MeetingDay, datetime.time]
# Whose half of which day: the ids of a day and of a member or a meeting, and the half.
Answers = Mapping[tuple[int, int, str], str]


@dataclass(frozen=True, slots=True)
class Built:
    """The problem, and which rows its names and indexes mean."""

    panel: Panel
    problem: Problem
    times: tuple[Time, ...]
    meetings: Mapping[str, Meeting]
    members: Mapping[str, PanelMember]
    # Held, or their time has come.
    settled: tuple[Meeting, ...]
    # Nobody counts on these: they have not said when they can come.
    silent: tuple[PanelMember, ...]
    # By a day to come those who have said something of others, and nothing of it: nobody counts on them then.
    unsaid: Mapping[MeetingDay, tuple[PanelMember, ...]]

    @property
    def names(self) -> dict[int, str]:
        """Of the meetings that are planned, by their ids."""
        return {meeting.pk: name for name, meeting in self.meetings.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """Where one meeting is to be held and who is to sit."""

    day: MeetingDay
    starts_at: datetime.time
    track: int
    chair: PanelMember
    others: tuple[PanelMember, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What was read."""

    days: tuple[MeetingDay, ...]
    members: tuple[PanelMember, ...]
    meetings: tuple[Meeting, ...]
    settled: tuple[Meeting, ...]
    names: Mapping[int, str]  # what this partnership calls each meeting's organisation, by the meeting's id
    members_free: Answers
    agencies_free: Answers
    conflicts: Conflicts
    sits_elsewhere: Spans


def build_problem(panel: Panel, now: datetime.datetime | None = None) -> Built:
    """As everything stands. A fixed number of queries, whatever the number of meetings and members."""
    moment = as_london(now or timezone.now()).replace(tzinfo=None)
    rows = _read(panel, moment)
    maker = _Maker(panel, rows, moment)
    answered = {member for _, member, _ in rows.members_free}
    silent = tuple(one for one in rows.members if one.pk not in answered)
    said = {(day, member) for day, member, _ in rows.members_free}
    unsaid = {
        day: missing
        for day in rows.days
        if day.date >= moment.date()
        and (
            missing := tuple(
                one for one in rows.members if one.pk in answered and (day.pk, one.pk) not in said
            )
        )
    }
    return Built(
        panel, maker.make(), maker.times, maker.meetings, maker.members, rows.settled, silent, unsaid
    )


def say_plainly(sentence: str, built: Built) -> str:
    """The scheduler counts slots and tracks from 0; people read times, and panels from 1."""
    timed = SLOT.sub(lambda found: say_slot(built.problem.slots, int(found[1])), sentence)
    return TRACK.sub(lambda found: f"panel {int(found[1]) + 1}", timed)


def _read(panel: Panel, moment: datetime.datetime) -> _Rows:
    days = tuple(panel.days.prefetch_related("breaks", "places").order_by("date", "pk"))
    members = tuple(panel.members.reachable().with_person().order_by("pk"))
    planned = panel.meetings.exclude(status=MeetingStatus.CANCELLED).select_related(
        "invitee__organisation", "day"
    )
    everything = list(planned.prefetch_related("seats", "representatives").order_by("pk"))
    settled = tuple(one for one in everything if is_settled(one, moment))
    meetings = tuple(one for one in everything if not is_settled(one, moment))
    members_free, agencies_free = _read_answers(days)
    organisations = [one.invitee.organisation_id for one in meetings]
    return _Rows(
        days,
        members,
        meetings,
        settled,
        get_names(panel, everything),
        members_free,
        agencies_free,
        get_conflicts(members, organisations),
        get_spans_elsewhere(panel, members, {day.date for day in days}),
    )


def is_settled(meeting: Meeting, moment: datetime.datetime) -> bool:
    """Whether there is nothing to plan any more; `moment` is local."""
    if meeting.status != MeetingStatus.CALLED:
        return True
    return meeting.span is not None and meeting.span[0] <= moment


def get_names(panel: Panel, meetings: Iterable[Meeting]) -> dict[int, str]:
    """What this partnership calls the organisations, by the meeting's id; their organisations must be at hand."""
    meetings = list(meetings)
    here = Participation.objects.filter(
        partnership=panel.cycle.partnership_id,
        organisation__in=[one.invitee.organisation_id for one in meetings],
    ).exclude(local_name="")
    own = dict(here.order_by().values_list("organisation", "local_name"))
    return {one.pk: own.get(one.invitee.organisation_id, one.organisation.name) for one in meetings}


def _read_answers(days: Iterable[MeetingDay]) -> tuple[Answers, Answers]:
    """Members' and agencies'."""
    members: dict[tuple[int, int, str], str] = {}
    agencies: dict[tuple[int, int, str], str] = {}
    rows = Availability.objects.filter(day__in=list(days)).order_by()
    for day, half, member, meeting, answer in rows.values_list("day", "half", "member", "meeting", "answer"):
        (members if member else agencies)[day, member or meeting, half] = answer
    return members, agencies


def name_once(pairs: Iterable[tuple[Key, str]]) -> dict[str, Key]:
    """By name; of two that have the same the second is numbered, for a name means one."""
    found: dict[str, Key] = {}
    for key, name in pairs:
        number, unique = 1, name
        while unique in found:
            number += 1
            unique = f"{name} ({number})"
        found[unique] = key
    return found


def _list_times(rows: _Rows, moment: datetime.datetime) -> tuple[Time, ...]:
    """Those still to come and not taken by what is settled; the time of a locked meeting is one, wherever it lies.

    Where one was closed before its time, another beside it on the same time keeps that.
    """
    found = {(day.pk, slot.start): (day, slot.start) for day in rows.days for slot in day.list_slots()}
    days = {day.pk: day for day in rows.days}
    for one in rows.meetings:
        if one.is_locked and one.day_id in days and one.starts_at is not None:
            found.setdefault((one.day_id, one.starts_at), (days[one.day_id], one.starts_at))
    held = {(one.day_id, one.starts_at) for one in rows.meetings}
    free = []
    for day, start in found.values():
        is_free = (day.pk, start) in held or not _list_beside(rows.settled, day, start)
        if day.get_span(start)[0] > moment and is_free:
            free.append((day, start))
    return tuple(sorted(free, key=lambda one: (one[0].date, one[1])))


def _list_beside(settled: Iterable[Meeting], day: MeetingDay, start: datetime.time) -> list[Meeting]:
    """The settled meetings that run while one lasts that begins then."""
    begins, ends = day.get_span(start)
    return [one for one in settled if one.span and begins < one.span[1] and one.span[0] < ends]


class _Maker:
    """Makes the problem's parts out of the rows; asks the database nothing."""

    def __init__(self, panel: Panel, rows: _Rows, moment: datetime.datetime) -> None:
        self.panel = panel
        self.rows = rows
        self.times = _list_times(rows, moment)
        self.grid = {(day.pk, slot.start) for day in rows.days for slot in day.list_slots()}
        # At these times something settled takes a track and its people: what is there stays, and nothing joins it.
        self.beside = {
            index: {seat.member_id for one in found for seat in one.seats.all()}
            for index, (day, start) in enumerate(self.times)
            if (found := _list_beside(rows.settled, day, start))
        }
        self.members = name_once((one, one.name) for one in rows.members)
        self.meetings = name_once((one, rows.names[one.pk]) for one in rows.meetings)
        self.sat = Counter(seat.member_id for one in rows.settled for seat in one.seats.all())
        self.member_names = {member.pk: name for name, member in self.members.items()}
        self.attendees, self.people = name_attendees(rows.meetings, self.members)

    def make(self) -> Problem:
        return Problem(
            slots=tuple(
                scheduling.Slot(datetime.datetime.combine(day.date, start), day.minutes)
                for day, start in self.times
            ),
            tracks=self.panel.tracks,
            panel_size=self.panel.seats,
            sectors=self.panel.sectors,
            members=tuple(self._make_member(name, one) for name, one in self.members.items()),
            meetings=tuple(self._make_meeting(name, one) for name, one in self.meetings.items()),
            people=self.people,
        )

    def _make_member(self, name: str, member: PanelMember) -> scheduling.Member:
        """Who has not answered is not counted on."""
        conflicts = self.rows.conflicts[member.pk]
        said = [self.rows.members_free.get((day.pk, member.pk, get_half(start))) for day, start in self.times]
        most = None if member.most is None else max(member.most - self.sat[member.pk], 0)
        return scheduling.Member(
            id=name,
            sector=member.get_sector_display(),
            chair=member.may_chair,
            slots=tuple(
                index
                for index, answer in enumerate(said)
                if answer in COMING
                and member.pk not in self.beside.get(index, ())
                and not self._sits_elsewhere(member, index)
            ),
            conflicts=tuple(
                one for one, meeting in self.meetings.items() if meeting.invitee.organisation_id in conflicts
            ),
            most=most,
        )

    def _sits_elsewhere(self, member: PanelMember, index: int) -> bool:
        day, start = self.times[index]
        begins, ends = day.get_span(start)
        return any(begins < end and begin < ends for begin, end in self.rows.sits_elsewhere[member.pk])

    def _make_meeting(self, name: str, meeting: Meeting) -> scheduling.Meeting:
        """An agency that has not answered can come whenever a panel is there."""
        said = [
            self.rows.agencies_free.get((day.pk, meeting.pk, get_half(start))) for day, start in self.times
        ]
        at = self._find_time(meeting)
        slots = tuple(
            index
            for index, (day, start) in enumerate(self.times)
            if said[index] != AvailabilityAnswer.BUSY
            and (index == at or ((day.pk, start) in self.grid and index not in self.beside))
        )
        track = meeting.track if meeting.track is not None and meeting.track < self.panel.tracks else None
        seated = [seat.member_id for seat in meeting.seats.all() if seat.member_id in self.member_names]
        is_locked = (meeting.is_locked or at in self.beside) and at is not None and track is not None
        return scheduling.Meeting(
            organisation=name,
            priority=meeting.priority,
            slots=slots,
            # What has a time stays where it is: only what must move moves, so its preference is no reason.
            preferred=tuple(
                index for index in slots if at is None and said[index] == AvailabilityAnswer.PREFERRED
            ),
            locked=Place(at, track) if is_locked and at is not None and track is not None else None,
            current=None
            if at is None
            else Current(at, track, tuple(self.member_names[one] for one in seated)),
            attendees=self.attendees[meeting.pk],
        )

    def _find_time(self, meeting: Meeting) -> int | None:
        """Which of the times it has now."""
        has = meeting.day_id, meeting.starts_at
        return next((index for index, (day, start) in enumerate(self.times) if (day.pk, start) == has), None)


def name_attendees(
    meetings: Iterable[Meeting], members: Mapping[str, PanelMember]
) -> tuple[dict[int, tuple[str, ...]], tuple[str, ...]]:
    """Who comes for each meeting's agency, and those of them who sit on no panel.

    Only who could be wanted in two places is named: a panel member, and who comes for two agencies. One person is known
    by their account or their address; a name alone is nobody's proof.
    """
    sitting: dict[int | str, str] = {}
    for name, member in members.items():
        sitting[member.email.lower()] = name
        if member.user is not None:
            sitting[member.user.pk] = name
    comes: dict[int | str, list[int]] = defaultdict(list)
    called: dict[int | str, str] = {}
    for meeting in meetings:
        for one in meeting.representatives.all():
            known = [key for key in (one.user_id, one.email.lower()) if key]
            if known:
                key = next((key for key in known if key in sitting or key in comes), known[0])
                comes[key].append(meeting.pk)
                called.setdefault(key, one.name)
    twice = name_once((key, called[key]) for key in comes if key not in sitting and len(set(comes[key])) > 1)
    others = {
        key: name if name not in members else f"{name} (for the agencies)" for name, key in twice.items()
    }
    found: dict[int, dict[str, None]] = {meeting.pk: {} for meeting in meetings}
    for key, where in comes.items():
        name = sitting.get(key) or others.get(key, "")
        for meeting_pk in where if name else ():
            found[meeting_pk][name] = None
    return {pk: tuple(names) for pk, names in found.items()}, tuple(others.values())
