"""Locked meetings: held where they are locked, or else the rules that they break, in words."""

from __future__ import annotations

from itertools import combinations

from accountability.scheduling.board import Seat, Seats
from accountability.scheduling.construct import Clock
from accountability.scheduling.explain import explain_alone
from accountability.scheduling.highs import Ended
from accountability.scheduling.panels import ALL_RULES, Needs, Panels, find_panels
from accountability.scheduling.problem import Place
from accountability.scheduling.rules import Rules
from accountability.scheduling.words import join, say_slot

# A problem of panels alone is solved in a fraction of a second; without an answer to it there is nothing to say.
SECONDS = 30.0


def examine_locks(rules: Rules, left: Clock) -> tuple[list[str], Seats]:
    """What is wrong with them, or how they are held."""
    places = {one: place for one in rules.locked if (place := rules.problem.meetings[one].locked) is not None}
    problems = []
    sound = dict(places)
    for meeting in places:
        for reason in explain_alone(rules, meeting):
            problems.append(f"{say_lock(rules, meeting)}: {reason}")
            sound.pop(meeting, None)
    for one, other in combinations(places, 2):
        if clash := find_clash(rules, one, other, places):
            problems.append(clash)
            sound.pop(one, None)
            sound.pop(other, None)
    slots = {meeting: place.slot for meeting, place in sound.items()}
    panels: Panels | None
    while (panels := seat_locked(rules, slots)) is None:
        few = find_few(rules, slots, left)
        problems.append(say_shortage(rules, few))
        slots = {meeting: slot for meeting, slot in slots.items() if meeting not in few}
    return problems, {one: Seat(slot, places[one].track, panels[one]) for one, slot in slots.items()}


def seat_locked(rules: Rules, slots: dict[int, int], needs: Needs = ALL_RULES) -> Panels | None:
    ended, panels = find_panels(rules, slots, seconds=SECONDS, needs=needs)
    assert panels is not None or ended is Ended.IMPOSSIBLE
    return panels


def find_clash(rules: Rules, one: int, other: int, places: dict[int, Place]) -> str:
    """Why two cannot both be where they are locked, whoever sits; nothing where they can."""
    if places[other].slot not in rules.overlaps[places[one].slot]:
        return ""
    both = f"{say_lock(rules, one)}, and {say_lock(rules, other)}"
    if places[one].track == places[other].track:
        return f"{both}: two meetings cannot be held on one track at the same time."
    names = {index: name for name, index in rules.persons.items()}
    shared = [names[person] for person in rules.attendees[one] if person in rules.attendees[other]]
    if shared:
        return f"{both}: {join(shared)} must attend both and cannot be in two places."
    return ""


def find_few(rules: Rules, slots: dict[int, int], left: Clock) -> dict[int, int]:
    """Of meetings that have no panels together, a few that have none either, and would if any one were left out.

    Where the time runs out they may be more than a few.
    """
    few = dict(slots)
    for group in rules.groups:
        there = {meeting: slot for meeting, slot in slots.items() if slot in group}
        if there and seat_locked(rules, there) is None:
            few = there
            break
    # Large parts first: of two hundred locked meetings a few are found in some tens of tries
    size = max(len(few) // 2, 1)
    while size:
        names = list(few)
        for part in (names[start : start + size] for start in range(0, len(names), size)):
            fewer = {one: slot for one, slot in few.items() if one not in part}
            if left() > 0 and seat_locked(rules, fewer) is None:
                few = fewer
        size //= 2
    return few


def say_shortage(rules: Rules, slots: dict[int, int]) -> str:
    """The one rule that, left aside, would let them all be held; the number of people where no single one would."""
    locks = join([say_lock(rules, meeting) for meeting in slots])
    for needs, what in (
        (Needs(chair=False), "there are not enough people who can chair"),
        (
            Needs(sectors=False),
            f"there are not enough people from {rules.problem.sectors} sectors for each panel",
        ),
        (Needs(most=False), "the people who could sit would have to sit more often than they may"),
        (Needs(conflicts=False), "too many of the people who are free then have a conflict of interest"),
    ):
        if seat_locked(rules, slots, needs) is not None:
            return f"{locks}: {what}."
    return f"{locks}: there are not enough people for a panel of {rules.problem.panel_size} in each."


def say_lock(rules: Rules, meeting: int) -> str:
    one = rules.problem.meetings[meeting]
    assert one.locked is not None
    return f"{one.organisation} is locked to {say_slot(rules.problem.slots, one.locked.slot)}, track {one.locked.track}"
