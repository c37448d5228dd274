"""Where one meeting could be held as everything else stands, with whom, and why it could not be held elsewhere.

By the scheduler's own rules: what is offered here breaks none. An agency that is there and not locked may be set aside.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from dataclasses import dataclass

from accountability.models import Meeting, MeetingDay, Panel
from accountability.problems import Built, Plan, build_problem
from accountability.scheduling.board import Board, Seat
from accountability.scheduling.explain import TIMES, explain_slot
from accountability.scheduling.problem import Problem
from accountability.scheduling.rules import Rules
from s11.web.errors import NotInThisState
from s11.web.text import list_words


@dataclass(frozen=True, slots=True)
class Move:
    """One slot: possible with this plan, or not, and why."""

    meeting: Meeting
    day: MeetingDay
    starts_at: datetime.time
    track: int
    plan: Plan | None = None
    why: str = ""
    # No move of others could help.
    is_never: bool = False
    # The agency that would lose its time, and what this partnership calls it.
    instead: Meeting | None = None
    instead_name: str = ""

    @property
    def is_here(self) -> bool:
        """Where it is now."""
        has = self.meeting
        return self.is_at(has.day_id or 0, has.starts_at, has.track)

    def is_at(self, day: int, starts_at: datetime.time | None, track: int | None) -> bool:
        return (self.day.pk, self.starts_at, self.track) == (day, starts_at, track)

    @property
    def value(self) -> str:
        """Names it in a form."""
        return f"{self.day.pk}-{self.starts_at:%H%M}-{self.track}"

    @property
    def digest(self) -> str:
        """Of all that the page says of this slot: who would sit, and who would lose it."""
        sitting = [one.pk for one in (self.plan.chair, *self.plan.others)] if self.plan else []
        said = (self.value, sitting, self.instead.pk if self.instead else None)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def names(self) -> str:
        """Who would sit, the chair first."""
        if self.plan is None:
            return ""
        return list_words([f"{self.plan.chair} (chair)", *map(str, self.plan.others)])


def make_seen(meeting: Meeting) -> str:
    """Of where a meeting is, whether it is kept there and who sits: what a page showed of it. One query."""
    seats = sorted(meeting.seats.values_list("member", "is_chair"))
    said = (meeting.day_id, meeting.starts_at, meeting.track, meeting.is_locked, seats)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def find_moves(panel: Panel, meeting: Meeting) -> list[Move]:
    """Every time still to come on every track, in order. Raises NotInThisState where nothing is left to plan."""
    built = build_problem(panel)
    name = built.names.get(meeting.pk)
    if name is None:
        raise NotInThisState("This meeting was held or dropped, or its time has come. It cannot be moved.")
    finder = _Finder(built, name)
    return [
        finder.find(slot, track)
        for slot in range(len(built.problem.slots))
        for track in range(built.problem.tracks)
    ]


class _Finder:
    """Everybody else on the board, and one meeting tried at each place."""

    def __init__(self, built: Built, name: str) -> None:
        self.built = built
        self.name = name
        self.rules = Rules(_unlock(built.problem, name))
        names = [one.organisation for one in built.problem.meetings]
        self.index = names.index(name)
        self.board = Board(self.rules, {})
        for index, one in enumerate(built.problem.meetings):
            here = one.current
            if index != self.index and here is not None and here.track is not None:
                persons = tuple(self.rules.persons[member] for member in here.members)
                self.board.place(index, Seat(here.slot, here.track, persons))

    def find(self, slot: int, track: int) -> Move:
        day, starts_at = self.built.times[slot]
        there = self._find_there(slot, track)
        move = Move(self.built.meetings[self.name], day, starts_at, track)
        never = self._say_why_never(slot)
        if why := self._say_why_there(there) or never:
            return dataclasses.replace(move, why=why, is_never=bool(never))
        removed = {one: self.board.remove(one) for one in there}
        try:
            panel = self._form_panel(slot)
            why = "" if panel else self._say_who_holds(slot)
        finally:
            for one, seat in removed.items():
                self.board.place(one, seat)
        if panel is None:
            return dataclasses.replace(move, why=why)
        plan = self._make_plan(move, panel)
        if not there:
            return dataclasses.replace(move, plan=plan)
        other = self._name(there[0])
        return dataclasses.replace(move, plan=plan, instead=self.built.meetings[other], instead_name=other)

    def _find_there(self, slot: int, track: int) -> list[int]:
        at_the_time = set(self.rules.overlaps[slot])
        return [
            one for one, seat in self.board.seats.items() if seat.track == track and seat.slot in at_the_time
        ]

    def _say_why_there(self, there: list[int]) -> str:
        locked = [one for one in there if self.rules.problem.meetings[one].locked is not None]
        if locked:
            return f"{list_words([self._name(one) for one in locked])} is locked there."
        if len(there) > 1:
            return f"{list_words([self._name(one) for one in there])} meet there then."
        return ""

    def _say_why_never(self, slot: int) -> str:
        """The rule that no move of others could help."""
        if slot not in self.rules.problem.meetings[self.index].slots:
            return f"{self.name} cannot come then."
        if slot not in self.rules.candidates[self.index]:
            return explain_slot(self.rules, self.index, slot).replace(TIMES, "then")
        return ""

    def _form_panel(self, slot: int) -> tuple[int, ...] | None:
        """Who sits now goes on sitting where they can."""
        if any(self.board.person_busy[person][slot] for person in self.rules.attendees[self.index]):
            return None
        here = self.rules.problem.meetings[self.index].current
        kept = {self.rules.persons[member] for member in here.members} if here else set()
        free = self.board.get_free(self.index, slot)
        return self.rules.form_panel(sorted(free, key=lambda person: person not in kept))

    def _say_who_holds(self, slot: int) -> str:
        busy = [
            name
            for name, person in self.rules.persons.items()
            if person in self.rules.attendees[self.index] and self.board.person_busy[person][slot]
        ]
        if busy:
            return f"{list_words(busy)} must attend and has another meeting then."
        wanted = set(self.rules.get_eligible(self.index, slot))
        at_the_time = set(self.rules.overlaps[slot])
        holders = [
            self._name(one)
            for one, seat in self.board.seats.items()
            if seat.slot in at_the_time and wanted.intersection(seat.panel)
        ]
        if not holders:
            return "Too few who could sit are left: they sit in as many meetings as they can take."
        return f"Too few who could sit are left: they sit for {list_words(holders)}."

    def _make_plan(self, move: Move, panel: tuple[int, ...]) -> Plan:
        members = [self.built.members[self.rules.problem.members[one].id] for one in panel]
        chaired = {seat.member_id for seat in move.meeting.seats.all() if seat.is_chair}
        chairs = [member for member in members if member.may_chair]
        chair = next((member for member in chairs if member.pk in chaired), chairs[0])
        others = tuple(member for member in members if member != chair)
        return Plan(move.day, move.starts_at, move.track, chair, others)

    def _name(self, index: int) -> str:
        return self.rules.problem.meetings[index].organisation


def _unlock(problem: Problem, name: str) -> Problem:
    """Its own lock keeps nobody from moving it."""
    meetings = tuple(
        dataclasses.replace(one, locked=None) if one.organisation == name else one for one in problem.meetings
    )
    return dataclasses.replace(problem, meetings=meetings)
