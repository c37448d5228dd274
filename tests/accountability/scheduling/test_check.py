"""The checker finds every rule that a timetable breaks: one that finds nothing proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accountability.scheduling import Placed, Status, Timetable, Unplaced, parse_problem
from accountability.scheduling.check import find_faults
from tests.accountability.scheduling.problems import make_problem

FIRST = Placed("o0", slot=0, track=0, chair="m0", members=("m0", "m1", "m2"))
SECOND = Placed("o1", slot=1, track=0, chair="m3", members=("m3", "m1", "m2"))
OUT = Unplaced("o2", ("Its places are held.",))
SOUND = Timetable(Status.OPTIMAL, (FIRST, SECOND), (OUT,))
Json = dict[str, Any]


def make_data() -> Json:
    data = make_problem(slots=3, members=6, meetings=3, tracks=2)
    data["meetings"][0] |= {"locked": {"slot": 0, "track": 0}, "group": "g"}
    data["meetings"][1] |= {"attendees": ["m5"], "slots": [0, 1]}
    data["members"][0]["most"] = 1
    return data


def test_a_sound_timetable_has_no_fault() -> None:
    assert find_faults(parse_problem(make_data()), SOUND) == []


def first(**changed: Any) -> Timetable:
    return replace(SOUND, placed=(replace(FIRST, **changed), SECOND))


def second(**changed: Any) -> Timetable:
    return replace(SOUND, placed=(FIRST, replace(SECOND, **changed)))


BROKEN = [
    (replace(SOUND, unplaced=()), "Not every meeting is told of once."),
    (replace(SOUND, unplaced=(OUT, OUT)), "Not every meeting is told of once."),
    (replace(SOUND, unplaced=(replace(OUT, reasons=()),)), "o2 has no reason."),
    (
        replace(SOUND, status=Status.INFEASIBLE),
        "An infeasible timetable places nothing and names its problems.",
    ),
    (first(organisation="who"), "who is not called."),
    (first(members=("m0", "m1", "who")), "o0: nobody has the id who."),
    (first(slot=3), "o0: there is no slot 3, or no track 0."),
    (first(track=2), "o0: there is no slot 0, or no track 2."),
    (first(track=1), "o0 is not held where it is locked."),
    (first(members=("m0", "m1")), "o0: the panel is not 3 people."),
    (first(members=("m0", "m1", "m1")), "o0: the panel is not 3 people."),
    (first(chair="m3"), "o0: m3 is not of the panel, or cannot chair it."),
    (first(members=("m0", "m3", "m1"), chair="m0"), ""),
    (second(slot=2), "o1 cannot make slot 2."),
    (second(slot=0), "o0 and o1 are on one track at the same time."),
    (second(slot=0, track=1), "o0 and o1: m1 is in two places."),
    (second(members=("m3", "m4", "m5")), "o1: m5 attends and cannot sit as well."),
    (second(members=("m3", "m1", "m0")), "m0 sits in 2 meetings and will sit in 1 at most."),
]


@pytest.mark.parametrize(("timetable", "fault"), BROKEN)
def test_a_broken_rule_is_found(timetable: Timetable, fault: str) -> None:
    faults = find_faults(parse_problem(make_data()), timetable)
    assert fault in faults if fault else not faults


def spoil_member(number: int, **changed: Any) -> Callable[[Json], None]:
    return lambda data: data["members"][number].update(changed)


SPOILT = [
    (spoil_member(1, slots=[1, 2]), "o0: m1 cannot make slot 0."),
    (spoil_member(5, slots=[0, 2]), "o1: m5 cannot make slot 1."),
    (spoil_member(1, organisation="o0"), "o0: m1 has a conflict of interest."),
    (spoil_member(1, conflicts=["o1"]), "o1: m1 has a conflict of interest."),
    (spoil_member(2, group="g"), "o0: m2 has a conflict of interest."),
    (spoil_member(0, chair=False), "o0: m0 is not of the panel, or cannot chair it."),
    (lambda data: data.update(sectors=4), "o0: the panel is from fewer than 4 sectors."),
    (
        lambda data: data["slots"][1].update(start="2027-03-03T09:15"),
        "o0 and o1 are on one track at the same time.",
    ),
]


@pytest.mark.parametrize(("spoil", "fault"), SPOILT)
def test_a_timetable_that_was_sound_for_another_problem(spoil: Callable[[Json], None], fault: str) -> None:
    data = make_data()
    spoil(data)
    assert fault in find_faults(parse_problem(data), SOUND)
