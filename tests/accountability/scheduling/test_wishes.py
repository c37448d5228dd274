"""Only once nothing more can be placed: preferred slots, few moves, a fair load, no gaps, the most concerning first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from accountability.scheduling import make_answer, parse_problem, schedule, solve
from tests.accountability.scheduling.problems import make_meeting, make_problem

Json = dict[str, Any]


def get_answer(data: Json) -> Json:
    return make_answer(schedule(parse_problem(data), seconds=60))


def get_slots(answer: Json) -> dict[str, int]:
    return {one["organisation"]: one["slot"] for one in answer["placed"]}


def test_preferred_slots_are_given_where_they_can() -> None:
    data = make_problem(slots=3, meetings=3)
    for meeting, preferred in zip(data["meetings"], [[2], [2], [0]], strict=True):
        meeting["preferred"] = preferred
    slots = get_slots(get_answer(data))
    assert slots["o2"] == 0
    assert 2 in {slots["o0"], slots["o1"]}


def test_a_wish_never_costs_a_place() -> None:
    data = make_problem(slots=2, meetings=2)
    data["meetings"][0] |= {"slots": [0], "priority": 1}
    data["meetings"][1] |= {"slots": [0, 1], "preferred": [0], "priority": 9}
    assert get_slots(get_answer(data)) == {"o0": 0, "o1": 1}


def settle(data: Json) -> Json:
    """Where the answer puts them is where they are now."""
    answer = get_answer(data)
    for meeting in data["meetings"]:
        (place,) = [one for one in answer["placed"] if one["organisation"] == meeting["organisation"]]
        meeting["current"] = {key: place[key] for key in ("slot", "track", "members")}
    return answer


@pytest.mark.parametrize("tracks", [1, 2])
def test_nothing_moves_without_a_reason(tracks: int) -> None:
    """Not the slot, the track or anybody on the panel, though others would do as well."""
    data = make_problem(slots=6, meetings=5, members=8, tracks=tracks)
    before = settle(data)
    data["meetings"].reverse()
    data["members"].reverse()
    after = get_answer(data)
    for one, other in zip(before["placed"], after["placed"], strict=True):
        assert (one["organisation"], one["slot"], one["track"]) == (
            other["organisation"],
            other["slot"],
            other["track"],
        )
        assert sorted(one["members"]) == sorted(other["members"])


def test_only_what_must_move_moves() -> None:
    """One is locked to where another is: these two change places, or the other goes to the free slot."""
    data = make_problem(slots=6, meetings=5, members=8)
    before = get_slots(settle(data))
    data["meetings"][0]["locked"] = {"slot": before["o1"], "track": 0}
    after = get_slots(get_answer(data))
    assert after["o0"] == before["o1"]
    assert {name for name in before if before[name] != after[name]} == {"o0", "o1"}


def test_only_the_panel_that_must_change_changes() -> None:
    data = make_problem(slots=4, meetings=4, members=6)
    before = settle(data)
    gone = before["placed"][2]["members"][0]
    for member in data["members"]:
        if member["id"] == gone:
            member["slots"] = [slot for slot in member["slots"] if slot != before["placed"][2]["slot"]]
    after = get_answer(data)
    assert get_slots(after) == get_slots(before)
    for number, (one, other) in enumerate(zip(before["placed"], after["placed"], strict=True)):
        assert len(set(one["members"]) - set(other["members"])) == (1 if number == 2 else 0)


@pytest.mark.parametrize("is_constructed", [True, False])
def test_a_track_is_kept_where_the_slot_is(monkeypatch: pytest.MonkeyPatch, is_constructed: bool) -> None:
    if not is_constructed:
        monkeypatch.setattr(solve, "construct", lambda rules, locked, left: locked)
    data = make_problem(slots=1, meetings=3, members=9, tracks=3)
    for meeting, track in zip(data["meetings"], [2, 0, 1], strict=True):
        meeting["current"] = {"slot": 0, "track": track, "members": []}
    assert {one["organisation"]: one["track"] for one in get_answer(data)["placed"]} == {
        "o0": 2,
        "o1": 0,
        "o2": 1,
    }


def test_everybody_sits_as_often() -> None:
    data = make_problem(slots=8, meetings=8, members=6, tracks=1)
    sat = Counter(member for one in get_answer(data)["placed"] for member in one["members"])
    assert set(sat.values()) == {4}
    chaired = Counter(one["chair"] for one in get_answer(data)["placed"])
    assert max(chaired.values()) <= 2


def test_a_fair_load_goes_before_gaps() -> None:
    """In the first two slots three can sit, in the last the other three."""
    data = make_problem(slots=3, meetings=2, members=6)
    for number, member in enumerate(data["members"]):
        member["slots"] = [0, 1] if number < 3 else [2]
    assert sorted(get_slots(get_answer(data)).values()) == [1, 2]


def test_a_gap_is_closed() -> None:
    data = make_problem(slots=4, meetings=2, members=3)
    data["meetings"][0]["preferred"] = [2]
    slots = get_slots(get_answer(data))
    assert slots["o0"] == 2
    assert slots["o1"] in {1, 3}


def test_no_gaps_in_a_day() -> None:
    """Preferred is the slot at nine and that at ten: the third goes between them, not after."""
    data = make_problem(slots=6, meetings=0)
    data["meetings"] = [
        make_meeting(0, list(range(6)), preferred=[0]),
        make_meeting(1, list(range(6)), preferred=[2]),
        make_meeting(2, list(range(1, 6))),
    ]
    assert get_slots(get_answer(data)) == {"o0": 0, "o1": 2, "o2": 1}


def test_the_most_concerning_come_first() -> None:
    data = make_problem(slots=3, meetings=3)
    for meeting, priority in zip(data["meetings"], [1, 5, 3], strict=True):
        meeting["priority"] = priority
    assert get_slots(get_answer(data)) == {"o1": 0, "o2": 1, "o0": 2}


def test_wishes_are_the_same_where_the_model_is_spelt_out_later(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_problem(slots=6, meetings=6, members=7, tracks=2)
    for number, meeting in enumerate(data["meetings"]):
        meeting |= {"preferred": [number % 4], "priority": number}
    now = get_answer(data)
    monkeypatch.setattr(solve, "SMALL", 0)
    later = get_answer(data)
    for answer in (now, later):
        assert sum(one["slot"] == int(one["organisation"][1:]) % 4 for one in answer["placed"]) == 6
