"""No gaps in a day: slots in which fewer meetings run than in some slot before and in some slot after it.

Counted a level at a time: level 0 are the slots with a meeting, level 1 those with two or more, and so on. A slot that
overlaps one in use is not idle.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from accountability.scheduling.aims import Aim
from accountability.scheduling.board import Seats
from accountability.scheduling.plan_model import PlanModel
from accountability.scheduling.rules import Rules

Day = list[int]  # its slots in the order of their starts


def aim_at_no_gaps(rules: Rules, plan: PlanModel) -> Aim:
    days = get_days(rules, plan)
    reached: dict[tuple[int, int], int] = {}  # (slot, level): do so many run?
    gaps: list[int] = []
    for day in days:
        height = max(get_height(rules, plan, slot) for slot in day)
        for slot in day:
            levels = [plan.model.add() for _ in range(height)]
            reached |= {(slot, level): one for level, one in enumerate(levels)}
            plan.model.require([(plan.number[slot], -1), *((one, 1) for one in levels)], 0, 0)
            for lower, upper in pairwise(levels):
                plan.model.require([(lower, 1), (upper, -1)], 0)
        for level in range(height):
            gaps += add_gaps(rules, plan, day, {slot: reached[slot, level] for slot in day})

    def describe(seats: Seats) -> dict[int, float]:
        held = [seat.slot for seat in seats.values()]
        return {one: float(held.count(slot) > level) for (slot, level), one in reached.items()}

    return Aim(
        costs=dict.fromkeys(gaps, -1.0),
        measure=lambda seats: -count_gaps(rules, days, seats),
        highest=0,
        describe=describe,
    )


def get_height(rules: Rules, plan: PlanModel, slot: int) -> int:
    """How many meetings can run in it at most, by tracks and by people."""
    people = sum((member, slot) in plan.sits for member in range(len(rules.problem.members)))
    return min(rules.problem.tracks, len(plan.meetings_at[slot]), people // rules.problem.panel_size)


def add_gaps(rules: Rules, plan: PlanModel, day: Day, used: dict[int, int]) -> list[int]:
    """A variable for each slot that is at least 1 where one is used before it and one after it, and none meanwhile."""
    before, after = add_shadow(plan, day, used), add_shadow(plan, day[::-1], used)
    gaps = []
    for slot in day:
        gap = plan.model.add(whole=False)
        here = [(used[one], 1.0) for one in rules.overlaps[slot] if one in used]
        plan.model.require([(gap, 1), (before[slot], -1), (after[slot], -1), *here], -1)
        gaps.append(gap)
    return gaps


def add_shadow(plan: PlanModel, day: Day, used: dict[int, int]) -> dict[int, int]:
    """A variable for each slot that is 1 once a slot before it is used."""
    shadow = {slot: plan.model.add(whole=False) for slot in day}
    for last, slot in pairwise(day):
        plan.model.require([(shadow[slot], 1), (shadow[last], -1)], 0)
        plan.model.require([(shadow[slot], 1), (used[last], -1)], 0)
    return shadow


def get_days(rules: Rules, plan: PlanModel) -> list[Day]:
    days: dict[date, Day] = {}
    for slot in sorted(plan.number, key=lambda one: (rules.problem.slots[one].start, one)):
        days.setdefault(rules.problem.slots[slot].start.date(), []).append(slot)
    return list(days.values())


def count_gaps(rules: Rules, days: list[Day], seats: Seats) -> int:
    held = [0] * len(rules.problem.slots)
    for seat in seats.values():
        held[seat.slot] += 1
    total = 0
    for day in days:
        for level in range(max(held[slot] for slot in day)):
            used = {slot for slot in day if held[slot] > level}
            first, last = day.index(min(used, key=day.index)), day.index(max(used, key=day.index))
            total += sum(used.isdisjoint(rules.overlaps[slot]) for slot in day[first:last])
    return total
