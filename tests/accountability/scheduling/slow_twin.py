"""The rules of a timetable a second time, slowly: what the solver, its checker and its reasons must agree with.

Written from the contract alone, over plain JSON, sharing nothing with the code it checks.
Time is counted in minutes, one by one; the best timetable is found by trying them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations, product
from typing import Any

Json = dict[str, Any]
Key = tuple[int, int, int, int]


def list_minutes(problem: Json, slot: int) -> set[datetime]:
    one = problem["slots"][slot]
    start = datetime.fromisoformat(one["start"])
    return {start + timedelta(minutes=minute) for minute in range(one["minutes"])}


def is_panel(problem: Json, meeting: Json, panel: tuple[str, ...]) -> bool:
    """Size, chair, sectors and conflicts of interest: what a panel must be whenever it sits."""
    members = [one for one in problem["members"] if one["id"] in panel]
    return (
        len(panel) == len(set(panel)) == len(members) == problem["panel_size"]
        and any(one["chair"] for one in members)
        and len({one["sector"] for one in members}) >= problem["sectors"]
        and not any(has_conflict(one, meeting) for one in members)
        and not set(panel) & set(meeting.get("attendees", []))
    )


def has_conflict(member: Json, meeting: Json) -> bool:
    if member["organisation"] == meeting["organisation"] or meeting["organisation"] in member["conflicts"]:
        return True
    return member["group"] is not None and member["group"] == meeting["group"]


def can_come(problem: Json, meeting: Json, slot: int) -> bool:
    people = {one["id"]: one["slots"] for one in problem["members"]}
    return slot in meeting["slots"] and all(
        slot in people[one] for one in meeting.get("attendees", []) if one in people
    )


def check_answer(problem: Json, answer: Json) -> None:
    """Every hard rule; an AssertionError for the first that is broken."""
    meetings = {one["organisation"]: one for one in problem["meetings"]}
    members = {one["id"]: one for one in problem["members"]}
    told = [one["organisation"] for one in answer["placed"] + answer["unplaced"]]
    assert sorted(told) == sorted(meetings)
    assert all(one["reasons"] and all(one["reasons"]) for one in answer["unplaced"])
    if answer["status"] == "infeasible":
        assert not answer["placed"]
        assert answer["problems"]
        return
    taken: set[tuple[str | int, datetime]] = set()
    for one in answer["placed"]:
        meeting = meetings[one["organisation"]]
        assert can_come(problem, meeting, one["slot"])
        assert is_panel(problem, meeting, tuple(one["members"]))
        assert all(one["slot"] in members[member]["slots"] for member in one["members"])
        assert one["chair"] in one["members"]
        assert members[one["chair"]]["chair"]
        assert one["track"] in range(problem["tracks"])
        for minute in list_minutes(problem, one["slot"]):
            for thing in (one["track"], *one["members"], *meeting.get("attendees", [])):
                assert (thing, minute) not in taken, f"{thing} is in two places at {minute}"
                taken.add((thing, minute))
    for member in problem["members"]:
        sits = sum(member["id"] in one["members"] for one in answer["placed"])
        assert member.get("most") is None or sits <= member["most"]
    places = {one["organisation"]: {"slot": one["slot"], "track": one["track"]} for one in answer["placed"]}
    for meeting in problem["meetings"]:
        assert meeting["locked"] is None or places.get(meeting["organisation"]) == meeting["locked"]


def rate(problem: Json, slots: dict[str, int]) -> Key:
    """The sum of priorities; of meetings without one, how many; how many as preferred; how many where they are now."""
    held = [(one, slots[one["organisation"]]) for one in problem["meetings"] if one["organisation"] in slots]
    return (
        sum(one["priority"] for one, _ in held),
        sum(one["priority"] == 0 for one, _ in held),
        sum(slot in one.get("preferred", []) for one, slot in held),
        sum(slot == (one.get("current") or {}).get("slot") for one, slot in held),
    )


def rate_answer(problem: Json, answer: Json) -> Key:
    return rate(problem, {one["organisation"]: one["slot"] for one in answer["placed"]})


def find_best(problem: Json) -> Key | None:
    """What the best of all timetables is worth; None where the locked meetings cannot all be held."""
    choices: list[list[int | None]] = []
    for meeting in problem["meetings"]:
        if meeting["locked"] is not None:
            choices.append([meeting["locked"]["slot"]])
        else:
            choices.append([None, *(slot for slot in meeting["slots"] if can_come(problem, meeting, slot))])
    tries = []
    for choice in product(*choices):
        named = zip(problem["meetings"], choice, strict=True)
        slots = {meeting["organisation"]: slot for meeting, slot in named if slot is not None}
        tries.append((rate(problem, slots), slots))
    for key, slots in sorted(tries, key=lambda one: one[0], reverse=True):
        if can_be_held(problem, slots):
            return key
    return None


def can_be_held(problem: Json, slots: dict[str, int]) -> bool:
    meetings = [one for one in problem["meetings"] if one["organisation"] in slots]
    if not all(can_come(problem, one, slots[one["organisation"]]) for one in meetings):
        return False
    return any(True for _ in give_tracks(problem, meetings, slots, {})) and any(
        True for _ in give_panels(problem, meetings, slots, [])
    )


def overlap(problem: Json, one: int, other: int) -> bool:
    return not list_minutes(problem, one).isdisjoint(list_minutes(problem, other))


def give_tracks(
    problem: Json, meetings: list[Json], slots: dict[str, int], given: dict[str, int]
) -> Iterator[None]:
    if not meetings:
        yield
        return
    first, *others = meetings
    name, locked = first["organisation"], first["locked"]
    for track in range(problem["tracks"]) if locked is None else [locked["track"]]:
        if not any(
            track == taken and overlap(problem, slots[name], slots[one]) for one, taken in given.items()
        ):
            yield from give_tracks(problem, others, slots, {**given, name: track})


def give_panels(
    problem: Json, meetings: list[Json], slots: dict[str, int], given: list[tuple[Json, tuple[str, ...]]]
) -> Iterator[None]:
    """`given` are the meetings that have a panel already."""
    if not meetings:
        yield
        return
    first, *others = meetings
    slot = slots[first["organisation"]]
    free = [one["id"] for one in problem["members"] if slot in one["slots"]]
    for panel in combinations(free, problem["panel_size"]):
        if not is_panel(problem, first, panel):
            continue
        now = [*given, (first, panel)]
        if keeps_most(problem, now) and is_in_one_place(problem, slots, now):
            yield from give_panels(problem, others, slots, now)


def keeps_most(problem: Json, given: list[tuple[Json, tuple[str, ...]]]) -> bool:
    return all(
        one.get("most") is None or sum(one["id"] in panel for _, panel in given) <= one["most"]
        for one in problem["members"]
    )


def is_in_one_place(problem: Json, slots: dict[str, int], given: list[tuple[Json, tuple[str, ...]]]) -> bool:
    """All who sit so far, and the attendees of all that is to be held."""
    panels = {meeting["organisation"]: panel for meeting, panel in given}
    people = [
        (slots[one["organisation"]], {*panels.get(one["organisation"], ()), *one.get("attendees", [])})
        for one in problem["meetings"]
        if one["organisation"] in slots
    ]
    return not any(
        these & those and overlap(problem, one, other)
        for (one, these), (other, those) in combinations(people, 2)
    )
