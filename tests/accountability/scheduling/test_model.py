"""Single rules in the solver's model, each with a problem that it alone decides; nothing is constructed beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from accountability.scheduling import make_answer, parse_problem, schedule, solve
from tests.accountability.scheduling.problems import make_meeting, make_member, make_problem

Json = dict[str, Any]


@pytest.fixture(params=[0, solve.SMALL], ids=["spelt out later", "spelt out"], autouse=True)
def _solver_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "construct", lambda rules, locked, left: locked)
    # Nor does it fill up at the end what the solver left
    monkeypatch.setattr(solve, "put_in", lambda board, meeting: False)
    monkeypatch.setattr(solve, "SMALL", request.param)


def get_placed(data: Json) -> set[str]:
    answer = make_answer(schedule(parse_problem(data), seconds=60))
    assert answer["status"] == "optimal"
    return {one["organisation"] for one in answer["placed"]}


def make_one_slot(meetings: int, members: int, *, tracks: int, **changed: Any) -> Json:
    data = make_problem(slots=1, meetings=meetings, members=members, tracks=tracks) | changed
    for number, meeting in enumerate(data["meetings"]):
        meeting["priority"] = 1 + number
    return data


def test_a_panel_may_hold_several_of_one_sector() -> None:
    data = make_one_slot(1, 3, tracks=1)
    data["members"] = [make_member(number, [0], sector="health") for number in range(2)] + [
        make_member(2, [0])
    ]
    assert get_placed(data) == {"o0"}


def test_an_attendee_of_two_is_in_one_place() -> None:
    data = make_one_slot(2, 6, tracks=2, people=["visitor"])
    for meeting in data["meetings"]:
        meeting["attendees"] = ["visitor"]
    assert get_placed(data) == {"o1"}


def test_who_attends_one_does_not_sit_in_the_other() -> None:
    data = make_one_slot(2, 6, tracks=2)
    assert get_placed(data) == {"o0", "o1"}
    data["meetings"][0]["attendees"] = ["m5"]
    assert get_placed(data) == {"o1"}


def test_a_person_is_in_one_place_where_slots_overlap() -> None:
    data = make_one_slot(2, 3, tracks=2)
    data["slots"] = [
        {"start": "2027-03-03T09:00", "minutes": 30},
        {"start": "2027-03-03T09:29", "minutes": 30},
        {"start": "2027-03-03T09:30", "minutes": 30},
    ]
    for member in data["members"]:
        member["slots"] = [0, 1, 2]
    data["meetings"] = [make_meeting(0, [0]), make_meeting(1, [1], priority=2)]
    assert get_placed(data) == {"o1"}
    data["meetings"][1]["slots"] = [2]
    assert get_placed(data) == {"o0", "o1"}


def test_nobody_sits_more_often_than_they_will() -> None:
    data = make_problem(slots=3, meetings=3, members=3)
    data["members"][1]["most"] = 2
    assert len(get_placed(data)) == 2


def test_who_sits_for_whom_decides() -> None:
    """Three sit in one slot for three meetings, and by number alone that is enough; but two of the meetings have the
    same one member who has no conflict with them."""
    data = make_one_slot(3, 3, tracks=3, panel_size=1, sectors=1)
    for member in data["members"][:2]:
        member["conflicts"] = ["o1", "o2"]
    assert get_placed(data) == {"o0", "o2"}
