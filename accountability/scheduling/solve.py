"""The best timetable that the time allows: first the greatest sum of priorities, then the wishes, one after another."""

from __future__ import annotations

import time
from collections.abc import Callable

from accountability.scheduling.aims import (
    Aim,
    aim_at_fair_load,
    aim_at_most_concerning_first,
    aim_at_preferred,
    aim_at_priorities,
    aim_at_staying,
)
from accountability.scheduling.board import Board, Seat, Seats
from accountability.scheduling.check import find_faults
from accountability.scheduling.construct import construct, get_unplaced, put_in
from accountability.scheduling.explain import explain_unplaced
from accountability.scheduling.gaps import aim_at_no_gaps
from accountability.scheduling.highs import Ended
from accountability.scheduling.locks import examine_locks
from accountability.scheduling.panels import Panels, find_panels
from accountability.scheduling.plan_model import Plan, PlanModel
from accountability.scheduling.problem import Problem
from accountability.scheduling.rules import Rules
from accountability.scheduling.timetable import Placed, Status, Timetable, Unplaced
from accountability.scheduling.tracks import give_tracks

# Of the time: for the first aim, and in the end for reasons, which need none of the solver's
FOR_FIRST_AIM = 0.6
FOR_REASONS = 0.15
MOST_FOR_REASONS = 5.0  # seconds
# Wishes are not worth proving to the last: this many nodes of the search, and the answer does not depend on the clock
NODES_FOR_A_WISH = 100
# Up to so many variables the model is exact from the start, which spares it a second solving
SMALL = 3_000

WISHES: tuple[Callable[[Rules, PlanModel], Aim], ...] = (
    aim_at_preferred,
    aim_at_staying,
    aim_at_fair_load,
    aim_at_no_gaps,
    aim_at_most_concerning_first,
)


def schedule(problem: Problem, *, seconds: float) -> Timetable:
    """Same problem, same timetable, unless the time ran out."""
    ends = time.monotonic() + seconds
    rules = Rules(problem)
    problems, locked = examine_locks(rules, lambda: ends - time.monotonic())
    if problems:
        return Timetable(
            Status.INFEASIBLE,
            unplaced=tuple(
                Unplaced(one.organisation, ("Nothing is placed while locked meetings break a rule.",))
                for one in problem.meetings
            ),
            problems=tuple(problems),
        )
    solver_ends = ends - min(seconds * FOR_REASONS, MOST_FOR_REASONS)
    search = Search(rules, construct(rules, locked, lambda: solver_ends - time.monotonic()), solver_ends)
    is_proven = search.run()
    board = Board(rules, search.best)
    for meeting in get_unplaced(board):
        put_in(board, meeting)  # there is room only where the time ran out
    timetable = Timetable(
        Status.OPTIMAL if is_proven else Status.FEASIBLE,
        placed=make_placed(rules, board.seats),
        unplaced=explain_unplaced(board, lambda: ends - time.monotonic()),
    )
    faults = find_faults(problem, timetable)
    assert not faults, faults
    return timetable


class Search:
    def __init__(self, rules: Rules, start: Seats, ends: float) -> None:
        self.rules = rules
        self.best = start
        self.ends = ends
        self.kept: list[tuple[Aim, int]] = []  # aims that are done, and what they reached

    def left(self) -> float:
        return self.ends - time.monotonic()

    def run(self) -> bool:
        """Whether the first aim is proven."""
        if self.left() <= 0:
            return all(meeting in self.best for meeting, slots in enumerate(self.rules.candidates) if slots)
        self.plan = PlanModel(self.rules)
        if len(self.plan.held) * len(self.rules.problem.members) <= SMALL:
            for slot in self.plan.meetings_at:
                self.plan.spell_out(slot)
        first = aim_at_priorities(self.rules, self.plan)
        is_proven = self.pursue(first, self.left() * FOR_FIRST_AIM)
        for make_wish in WISHES:
            if self.left() <= 0:
                return is_proven
            # Half of what is left: the solver may stop a little late, and the next wish is to have its turn
            self.pursue(make_wish(self.rules, self.plan), self.left() / 2, NODES_FOR_A_WISH)
            if make_wish is aim_at_staying:
                self._keep_what_stays()
            if make_wish is aim_at_no_gaps:
                self._keep_who_sits_when()
        self._seat_anew()
        return is_proven

    def pursue(self, aim: Aim, seconds: float, nodes: int | None = None) -> bool:
        """Better the timetable by this aim, at no cost to those before; say whether it is proven the best."""
        is_proven = not aim.costs or aim.measure(self.best) == aim.highest
        if not is_proven:
            is_proven = self._improve(aim, time.monotonic() + seconds, nodes)
        reached = aim.measure(self.best)
        self.kept.append((aim, reached))
        if aim.costs:
            # Half a unit below: the solver's own tolerance must not shut out what it has found
            self.plan.model.require(aim.costs.items(), reached - 0.5)
        return is_proven

    def _improve(self, aim: Aim, ends: float, nodes: int | None) -> bool:
        while time.monotonic() < ends:
            start = self.plan.describe(self.best)
            for kept, _ in [*self.kept, (aim, 0)]:
                start |= kept.describe(self.best)
            solution = self.plan.model.solve(
                aim.costs, seconds=ends - time.monotonic(), start=start, nodes=nodes
            )
            if solution.values is None:
                return False
            plan = self.plan.read(solution)
            open_slots = self._try(aim, plan)
            if solution.ended is Ended.PROVED and aim.measure(self.best) >= solution.bound - 0.5:
                return True
            if not open_slots:
                return False  # stopped by time or nodes, with the best that was found
            for slot in open_slots:
                self.plan.spell_out(slot)
        return False

    def _try(self, aim: Aim, plan: Plan) -> list[int]:
        """Take the plan if there are panels for it; else name the slots in which those who are there make none."""
        panels: Panels = {}
        open_slots = []
        for slot in sorted(plan.present):
            here = {meeting: slot for meeting, at in plan.slots.items() if at == slot}
            _, found = find_panels(self.rules, here, seconds=max(self.left(), 1), present=plan.present)
            if found is None:
                open_slots.append(slot)
            else:
                panels |= found
        if open_slots:
            _, others = find_panels(self.rules, plan.slots, seconds=max(self.left(), 1))
            if others is None:
                return open_slots
            panels = others
        self._take_if_better(aim, self._make_seats(plan, panels))
        return open_slots

    def _make_seats(self, plan: Plan, panels: Panels) -> Seats:
        tracks = give_tracks(self.rules, plan.slots, plan.tracks)
        return {one: Seat(slot, tracks[one], panels[one]) for one, slot in plan.slots.items()}

    def _take_if_better(self, aim: Aim, seats: Seats) -> None:
        if aim.measure(seats) > aim.measure(self.best) and all(
            kept.measure(seats) >= reached for kept, reached in self.kept
        ):
            self.best = seats

    def _keep_what_stays(self) -> None:
        """From here on only what had to move is moved about."""
        for meeting, seat in self.best.items():
            current = self.rules.problem.meetings[meeting].current
            if current is not None and current.slot == seat.slot:
                self.plan.model.fix(self.plan.held[meeting, seat.slot], 1)

    def _keep_who_sits_when(self) -> None:
        """From here on meetings only change places with each other, which is quickly done."""
        values = self.plan.describe(self.best)
        for one in (*self.plan.sits.values(), *self.plan.number.values()):
            self.plan.model.fix(one, values[one])

    def _seat_anew(self) -> None:
        """The slots are settled: who sits now stays where that can be, and else each sits as often as the others."""
        slots = {meeting: seat.slot for meeting, seat in self.best.items()}
        if self.left() <= 0 or not slots:
            return
        _, panels = find_panels(
            self.rules,
            slots,
            seconds=self.left() / 2,
            wish=True,
            start={meeting: seat.panel for meeting, seat in self.best.items()},
            nodes=NODES_FOR_A_WISH,
        )
        if panels is not None:
            self.best = {one: Seat(seat.slot, seat.track, panels[one]) for one, seat in self.best.items()}


def make_placed(rules: Rules, seats: Seats) -> tuple[Placed, ...]:
    """In the order of the days. Of those who can chair a panel, who has chaired least so far does."""
    members = rules.problem.members
    chaired = [0] * len(members)
    placed = []
    for meeting, seat in sorted(
        seats.items(), key=lambda item: (rules.problem.slots[item[1].slot].start, item[1].slot, item[1].track)
    ):
        chair = min((one for one in seat.panel if members[one].chair), key=lambda one: (chaired[one], one))
        chaired[chair] += 1
        placed.append(
            Placed(
                organisation=rules.problem.meetings[meeting].organisation,
                slot=seat.slot,
                track=seat.track,
                chair=members[chair].id,
                members=tuple(members[one].id for one in seat.panel),
            )
        )
    return tuple(placed)
