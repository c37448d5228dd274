"""What a timetable is to be good at: each aim as costs in the plan's model, and as a measure of a timetable.

All measures are whole numbers, and more is better. An aim never costs an earlier one anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accountability.scheduling.board import Seats
from accountability.scheduling.plan_model import PlanModel
from accountability.scheduling.rules import Rules


@dataclass(frozen=True)
class Aim:
    costs: dict[int, float]
    measure: Callable[[Seats], int]
    highest: int | None = None  # no timetable can measure more
    describe: Callable[[Seats], dict[int, float]] = lambda _: {}


def aim_at_priorities(rules: Rules, plan: PlanModel) -> Aim:
    return Aim(
        costs={one: float(rules.weights[meeting]) for (meeting, _), one in plan.held.items()},
        measure=lambda seats: sum(rules.weights[meeting] for meeting in seats),
        highest=sum(weight for weight, slots in zip(rules.weights, rules.candidates, strict=True) if slots),
    )


def aim_at_preferred(rules: Rules, plan: PlanModel) -> Aim:
    meetings = rules.problem.meetings
    return Aim(
        costs={one: 1.0 for (meeting, slot), one in plan.held.items() if slot in meetings[meeting].preferred},
        measure=lambda seats: sum(seat.slot in meetings[one].preferred for one, seat in seats.items()),
        highest=sum(
            not set(slots).isdisjoint(one.preferred)
            for one, slots in zip(meetings, rules.candidates, strict=True)
        ),
    )


def aim_at_staying(rules: Rules, plan: PlanModel) -> Aim:
    """Fewest moves: who sits, and on which track, is looked after where the slots are settled."""
    now = [one.current.slot if one.current is not None else None for one in rules.problem.meetings]
    return Aim(
        costs={one: 1.0 for (meeting, slot), one in plan.held.items() if slot == now[meeting]},
        measure=lambda seats: sum(seat.slot == now[one] for one, seat in seats.items()),
        highest=sum(one in slots for one, slots in zip(now, rules.candidates, strict=True)),
    )


def aim_at_fair_load(rules: Rules, plan: PlanModel) -> Aim:
    """The least sum of squares of how often each member sits: each further time costs more than the one before."""
    steps: dict[int, list[int]] = {}
    costs: dict[int, float] = {}
    for member in range(len(rules.problem.members)):
        sits = [one for (of, _), one in plan.sits.items() if of == member]
        most = min(len(sits), rules.most[member])
        if not most:
            continue
        steps[member] = [plan.model.add(whole=False) for _ in range(most)]
        plan.model.require([*((one, 1) for one in sits), *((one, -1) for one in steps[member])], 0, 0)
        costs |= {one: -float(2 * step + 1) for step, one in enumerate(steps[member])}

    def describe(seats: Seats) -> dict[int, float]:
        sat = count_seats(rules, seats)
        return {
            one: float(step < sat[member]) for member, ones in steps.items() for step, one in enumerate(ones)
        }

    return Aim(
        costs=costs,
        measure=lambda seats: -sum(number**2 for number in count_seats(rules, seats)),
        describe=describe,
    )


def count_seats(rules: Rules, seats: Seats) -> list[int]:
    sat = [0] * len(rules.problem.members)
    for seat in seats.values():
        for member in seat.panel:
            sat[member] += 1
    return sat


def aim_at_most_concerning_first(rules: Rules, plan: PlanModel) -> Aim:
    """The higher the priority, the earlier."""
    order = sorted(plan.number, key=lambda one: (rules.problem.slots[one].start, one))
    rank = {slot: index for index, slot in enumerate(order)}
    meetings = rules.problem.meetings
    return Aim(
        costs={
            one: -float(rank[slot] * meetings[meeting].priority)
            for (meeting, slot), one in plan.held.items()
            if rank[slot] and meetings[meeting].priority
        },
        measure=lambda seats: -sum(rank[seat.slot] * meetings[one].priority for one, seat in seats.items()),
    )
