"""Panels for meetings whose slots are settled: who sits for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accountability.scheduling.highs import Ended, Model, Solution
from accountability.scheduling.rules import Rules

Panels = dict[int, tuple[int, ...]]


@dataclass(frozen=True)
class Needs:
    """Which rules a panel must keep: all, but where it is to be found out which of them stands in the way."""

    chair: bool = True
    sectors: bool = True
    conflicts: bool = True
    most: bool = True


ALL_RULES = Needs()


def find_panels(
    rules: Rules,
    slots: Mapping[int, int],
    *,
    seconds: float,
    present: Mapping[int, set[int]] | None = None,
    needs: Needs = ALL_RULES,
    wish: bool = False,
    start: Panels | None = None,
    nodes: int | None = None,
) -> tuple[Ended, Panels | None]:
    """With `present`, of those who sit at the time alone. With `wish`, as many as now, and then a fair load."""
    seating = Seating(rules, slots, present, needs)
    costs = seating.add_wishes() if wish else {}
    solution = seating.model.solve(
        costs, seconds=seconds, start=seating.describe(start) if start else None, nodes=nodes
    )
    if solution.values is None:
        return solution.ended, None
    return solution.ended, seating.read(solution)


class Seating:
    def __init__(
        self, rules: Rules, slots: Mapping[int, int], present: Mapping[int, set[int]] | None, needs: Needs
    ) -> None:
        self.rules, self.slots, self.needs = rules, slots, needs
        self.model = Model()
        self.seats: dict[int, dict[int, int]] = {}  # a variable for each meeting and member
        self.load_steps: dict[int, list[int]] = {}
        self.of_member: dict[int, list[int]] = {}
        for meeting, slot in slots.items():
            self.seats[meeting] = {}
            for member in self._get_people(meeting, slot):
                if present is None or member in present.get(slot, ()):
                    self.seats[meeting][member] = self.model.add()
                    self.of_member.setdefault(member, []).append(meeting)
            self._add_meeting(meeting)
        for member, meetings in self.of_member.items():
            self._add_member(member, meetings)

    def _get_people(self, meeting: int, slot: int) -> list[int]:
        rules = self.rules
        if self.needs.conflicts and self.needs.most:
            return rules.get_eligible(meeting, slot)
        pool = rules.impartial[meeting] if self.needs.conflicts else range(len(rules.problem.members))
        return [
            one
            for one in pool
            if slot in rules.free[one]
            and one not in rules.attendees[meeting]
            and (rules.most[one] or not self.needs.most)
        ]

    def _add_meeting(self, meeting: int) -> None:
        problem, model = self.rules.problem, self.model
        panel = self.seats[meeting]
        model.require(((one, 1) for one in panel.values()), problem.panel_size, problem.panel_size)
        if self.needs.chair:
            model.require(((one, 1) for member, one in panel.items() if problem.members[member].chair), 1)
        if self.needs.sectors and problem.sectors > 1:
            sectors: dict[str, list[int]] = {}
            for member, one in panel.items():
                sectors.setdefault(problem.members[member].sector, []).append(one)
            there = []
            for ones in sectors.values():
                sector = model.add(whole=False)
                model.require([(sector, -1), *((one, 1) for one in ones)], 0)
                there.append((sector, 1.0))
            model.require(there, problem.sectors)

    def _add_member(self, member: int, meetings: list[int]) -> None:
        attended = [one for one in self.rules.attended.get(member, ()) if one in self.slots]
        for moment in self.rules.moments:
            seats = [self.seats[one][member] for one in meetings if self.slots[one] in moment]
            room = 1 - sum(self.slots[one] in moment for one in attended)
            if len(seats) > room:
                self.model.require(((one, 1) for one in seats), upper=max(room, 0))
        most = self.rules.most[member]
        if self.needs.most and len(meetings) > most:
            self.model.require(((self.seats[one][member], 1) for one in meetings), upper=most)

    def add_wishes(self) -> dict[int, float]:
        """Whoever sits now goes on sitting; then the sum of squares of how often each sits is least."""
        costs: dict[int, float] = {}
        for member, meetings in self.of_member.items():
            steps = [self.model.add(whole=False) for _ in meetings]
            self.load_steps[member] = steps
            self.model.require(
                [*((self.seats[one][member], 1) for one in meetings), *((one, -1) for one in steps)], 0, 0
            )
            costs |= {one: -float(2 * step + 1) for step, one in enumerate(steps)}
        most = self.rules.problem.panel_size * len(self.slots) ** 2 + 1
        for meeting, panel in self.seats.items():
            current = self.rules.problem.meetings[meeting].current
            for member, one in panel.items():
                if current is not None and self.rules.problem.members[member].id in current.members:
                    costs[one] = float(most)
        return costs

    def describe(self, panels: Panels) -> dict[int, float]:
        values = {one: 0.0 for panel in self.seats.values() for one in panel.values()}
        sat = dict.fromkeys(self.load_steps, 0)
        for meeting, panel in panels.items():
            for member in panel:
                values[self.seats[meeting][member]] = 1
                sat[member] = sat.get(member, 0) + 1
        for member, steps in self.load_steps.items():
            values |= {one: float(step < sat[member]) for step, one in enumerate(steps)}
        return values

    def read(self, solution: Solution) -> Panels:
        return {
            meeting: tuple(sorted(member for member, one in panel.items() if solution.has(one)))
            for meeting, panel in self.seats.items()
        }
