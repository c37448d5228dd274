"""Locked meetings are held where they are locked, and where they cannot be it is said which of them and why."""

from __future__ import annotations

from typing import Any

import pytest

from accountability.scheduling import make_answer, parse_problem, schedule
from tests.accountability.scheduling.problems import make_meeting, make_member, make_problem

Json = dict[str, Any]
HALL = {"slot": 0, "track": 0}
ROOM = {"slot": 0, "track": 1}


def get_answer(data: Json) -> Json:
    return make_answer(schedule(parse_problem(data), seconds=60))


def get_problems(data: Json) -> list[str]:
    answer = get_answer(data)
    assert answer["status"] == "infeasible"
    assert answer["placed"] == []
    assert [one["organisation"] for one in answer["unplaced"]] == [
        one["organisation"] for one in data["meetings"]
    ]
    problems: list[str] = answer["problems"]
    return problems


def make_locked(*places: Json, members: int = 6, **changed: Any) -> Json:
    data = make_problem(slots=2, tracks=2, members=members, meetings=0, **changed)
    data["meetings"] = [
        make_meeting(number, [0, 1], locked=place, priority=1) for number, place in enumerate(places)
    ]
    return data


def test_a_lock_outranks_the_sum() -> None:
    data = make_locked(HALL) | {"tracks": 1}
    data["meetings"].append(make_meeting(1, [0], priority=9))
    answer = get_answer(data)
    assert [(one["organisation"], one["slot"]) for one in answer["placed"]] == [("o0", 0)]
    assert answer["status"] == "optimal"
    assert "problems" not in answer


def test_a_locked_meeting_that_cannot_come_then() -> None:
    data = make_locked(HALL)
    data["meetings"][0]["slots"] = [1]
    assert get_problems(data) == ["o0 is locked to 3 March at 09:00, track 0: o0 cannot make that time."]


def test_no_chair_where_it_is_locked() -> None:
    data = make_locked(HALL)
    for member in data["members"]:
        member["chair"] = member["id"] == "m0"
    data["members"][0]["slots"] = [1]
    assert get_problems(data) == [
        "o0 is locked to 3 March at 09:00, track 0: No chair is free on 3 March at 09:00."
    ]


def test_two_on_one_track() -> None:
    assert get_problems(make_locked(HALL, HALL)) == [
        (
            "o0 is locked to 3 March at 09:00, track 0, and o1 is locked to 3 March at 09:00, track 0: two meetings "
            "cannot be held on one track at the same time."
        )
    ]


def test_an_attendee_in_two_places() -> None:
    data = make_locked(HALL, ROOM, people=["visitor"])
    for meeting in data["meetings"]:
        meeting["attendees"] = ["visitor"]
    assert get_problems(data) == [
        (
            "o0 is locked to 3 March at 09:00, track 0, and o1 is locked to 3 March at 09:00, track 1: visitor must "
            "attend both and cannot be in two places."
        )
    ]


SHORTAGES = [
    ({"chair": False}, "there are not enough people who can chair."),
    ({"sector": "health"}, "there are not enough people from 2 sectors for each panel."),
    ({"conflicts": ["o0", "o1"]}, "too many of the people who are free then have a conflict of interest."),
]


@pytest.mark.parametrize(("spoilt", "sentence"), SHORTAGES)
def test_panels_for_one_but_not_for_both(spoilt: Json, sentence: str) -> None:
    """A third that is locked to another time is not named."""
    data = make_locked(HALL, ROOM, {"slot": 1, "track": 0})
    for member in data["members"][1 if "conflicts" not in spoilt else 3 :]:
        member.update(spoilt)
    if "sector" in spoilt:
        data["members"][0]["sector"] = "police"
    (problem,) = get_problems(data)
    assert problem == (
        "o0 is locked to 3 March at 09:00, track 0 and o1 is locked to 3 March at 09:00, track 1: " + sentence
    )


def test_too_few_people_for_both() -> None:
    (problem,) = get_problems(make_locked(HALL, ROOM, members=5))
    assert problem.endswith("there are not enough people for a panel of 3 in each.")


def test_an_attendee_cannot_sit_elsewhere() -> None:
    data = make_locked(HALL, ROOM)
    data["meetings"][0]["attendees"] = ["m0"]
    (problem,) = get_problems(data)
    assert problem.endswith("there are not enough people for a panel of 3 in each.")


def test_of_many_few_are_named() -> None:
    """Eight at once, and people for two of them: three cannot stand together, whichever."""
    data = make_locked(*({"slot": 0, "track": track} for track in range(8)), members=8) | {"tracks": 8}
    (first, second) = get_problems(data)
    assert (first.count("is locked"), second.count("is locked")) == (3, 3)


def test_people_who_would_have_to_sit_too_often() -> None:
    data = make_locked(HALL, {"slot": 1, "track": 0}, members=3)
    data["members"][0]["most"] = 1
    (problem,) = get_problems(data)
    assert problem.endswith("the people who could sit would have to sit more often than they may.")


def test_each_shortage_is_named_apart() -> None:
    data = make_locked(HALL, ROOM, {"slot": 1, "track": 0}, {"slot": 1, "track": 1}, members=5)
    assert len(get_problems(data)) == 2


def test_tracks_are_told_apart_where_slots_overlap_in_a_chain() -> None:
    """Nine to half past on one track and half past to ten on the other are locked: the whole hour fits on neither."""
    data = make_problem(slots=0, meetings=0, members=0, tracks=2)
    data["slots"] = [
        {"start": "2027-03-03T09:00", "minutes": 30},
        {"start": "2027-03-03T09:30", "minutes": 30},
        {"start": "2027-03-03T09:00", "minutes": 60},
    ]
    data["members"] = [make_member(number, [0, 1, 2]) for number in range(9)]
    data["meetings"] = [
        make_meeting(0, [0], locked={"slot": 0, "track": 0}),
        make_meeting(1, [1], locked={"slot": 1, "track": 1}),
        make_meeting(2, [2], priority=9),
    ]
    assert [one["organisation"] for one in get_answer(data)["placed"]] == ["o0", "o1"]
    data["meetings"][1]["locked"]["track"] = 0
    assert {(one["organisation"], one["track"]) for one in get_answer(data)["placed"]} == {
        ("o0", 0),
        ("o1", 0),
        ("o2", 1),
    }
