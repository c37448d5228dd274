"""What the hard rules say of one problem, worked out once: who may sit for whom and when, and what is in one's way.

Slots, members and meetings are known by their index here. Persons are the members and, after them, `people`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from accountability.scheduling.problem import Problem


@dataclass(frozen=True)
class Rules:
    problem: Problem

    @cached_property
    def overlaps(self) -> tuple[tuple[int, ...], ...]:
        """The slots that overlap each slot, itself among them."""
        slots = self.problem.slots
        return tuple(
            tuple(other for other in range(len(slots)) if slots[one].overlaps(slots[other]))
            for one in range(len(slots))
        )

    @cached_property
    def moments(self) -> tuple[tuple[int, ...], ...]:
        """Sets of slots that run at one moment, the largest ones: slots overlap only if they share one of these.

        Slots are intervals, so at most one thing a moment is the same as no two that overlap.
        """
        slots = self.problem.slots
        found = {
            tuple(one for one in range(len(slots)) if slots[one].start <= begun.start < slots[one].end)
            for begun in slots
        }
        # Sorted: a set's order must never reach the solver
        return tuple(sorted(one for one in found if not any(set(one) < set(other) for other in found)))

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Slots joined by overlapping, one after another: what happens in one group leaves the others alone."""
        left = set(range(len(self.problem.slots)))
        found = []
        while left:
            group: set[int] = set()
            front = {min(left)}
            while front:
                group |= front
                front = {other for one in front for other in self.overlaps[one]} - group
            left -= group
            found.append(tuple(sorted(group)))
        return tuple(found)

    @cached_property
    def persons(self) -> dict[str, int]:
        ids = (*(member.id for member in self.problem.members), *self.problem.people)
        return {one: index for index, one in enumerate(ids)}

    @cached_property
    def attendees(self) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(sorted(self.persons[one] for one in meeting.attendees)) for meeting in self.problem.meetings
        )

    @cached_property
    def attended(self) -> dict[int, tuple[int, ...]]:
        """The meetings of each person who attends any."""
        found: dict[int, list[int]] = {}
        for meeting, persons in enumerate(self.attendees):
            for person in persons:
                found.setdefault(person, []).append(meeting)
        return {person: tuple(meetings) for person, meetings in found.items()}

    @cached_property
    def free(self) -> tuple[frozenset[int], ...]:
        """When each person can come: people of whom nothing is said come when their meeting can be held."""
        always = frozenset(range(len(self.problem.slots)))
        return (
            *(frozenset(member.slots) for member in self.problem.members),
            *(always for _ in self.problem.people),
        )

    @cached_property
    def impartial(self) -> tuple[tuple[int, ...], ...]:
        """Who could sit for each meeting at some time: no conflict of interest, not there as attendee."""
        return tuple(
            tuple(
                index
                for index, member in enumerate(self.problem.members)
                if not member.has_conflict_with(meeting) and index not in self.attendees[number]
            )
            for number, meeting in enumerate(self.problem.meetings)
        )

    @cached_property
    def most(self) -> tuple[int, ...]:
        """How many meetings each member may sit in; nobody sits in more than there are."""
        number = len(self.problem.meetings)
        return tuple(
            number if member.most is None else min(member.most, number) for member in self.problem.members
        )

    @cached_property
    def candidates(self) -> tuple[tuple[int, ...], ...]:
        """Where each meeting could be held if it were the only one. A locked one has its own slot or none."""
        return tuple(
            tuple(slot for slot in self.get_slots(number) if self.can_form(self.get_eligible(number, slot)))
            for number in range(len(self.problem.meetings))
        )

    @cached_property
    def locked(self) -> tuple[int, ...]:
        return tuple(
            index for index, meeting in enumerate(self.problem.meetings) if meeting.locked is not None
        )

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """The first aim: the sum of priorities; of meetings of priority 0 as many as then still can be held."""
        zeros = sum(meeting.priority == 0 for meeting in self.problem.meetings)
        return tuple(meeting.priority * (zeros + 1) or 1 for meeting in self.problem.meetings)

    def get_slots(self, meeting: int) -> tuple[int, ...]:
        """The slots that the agency and all its attendees can make."""
        one = self.problem.meetings[meeting]
        return tuple(
            slot
            for slot in sorted(one.slots)
            if (one.locked is None or one.locked.slot == slot)
            and all(slot in self.free[person] for person in self.attendees[meeting])
        )

    def get_eligible(self, meeting: int, slot: int) -> list[int]:
        return [one for one in self.impartial[meeting] if slot in self.free[one] and self.most[one]]

    def can_form(self, eligible: Collection[int]) -> bool:
        """Whether a panel can be made of these: a chair, then other sectors, then anybody, so no search is needed."""
        problem = self.problem
        return (
            problem.sectors <= problem.panel_size <= len(eligible)
            and any(problem.members[one].chair for one in eligible)
            and len({problem.members[one].sector for one in eligible}) >= problem.sectors
        )

    def form_panel(self, eligible: Sequence[int]) -> tuple[int, ...] | None:
        """A panel of the first of these that will do; of chairs no more than one where others are there."""
        if not self.can_form(eligible):
            return None
        members = self.problem.members
        panel = [next(one for one in eligible if members[one].chair)]
        others = sorted((one for one in eligible if one != panel[0]), key=lambda one: members[one].chair)
        sectors = {members[panel[0]].sector}
        for one in others:
            if len(sectors) < self.problem.sectors and members[one].sector not in sectors:
                sectors.add(members[one].sector)
                panel.append(one)
        panel += [one for one in others if one not in panel][: self.problem.panel_size - len(panel)]
        return tuple(sorted(panel))
