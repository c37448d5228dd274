"""Reasons in words, and each is true: without the rule that it names, or the meetings, there is a place."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from accountability.scheduling import make_answer, parse_problem, schedule
from tests.accountability.scheduling.problems import draw_problems, make_meeting, make_member, make_problem
from tests.accountability.scheduling.slow_twin import can_be_held, can_come, find_best, overlap
from tests.accountability.scheduling.test_rules_and_optimum import many

Json = dict[str, Any]
EVERY = [0, 1, 2, 3]


def get_reasons(data: Json, organisation: str = "o0") -> list[str]:
    answer = make_answer(schedule(parse_problem(data), seconds=60))
    assert answer["status"] == "optimal"
    return next(one["reasons"] for one in answer["unplaced"] if one["organisation"] == organisation)


def make_alone(members: list[Json], slots: list[int] = EVERY, **changed: Any) -> Json:
    return make_problem(members=0, meetings=0) | {
        "members": members,
        "meetings": [make_meeting(0, slots, **changed)],
    }


def test_a_meeting_that_cannot_come_says_so() -> None:
    assert get_reasons(make_problem(meetings=1) | {"meetings": [make_meeting(0, [])]}) == [
        "o0 can make none of the times."
    ]


def test_nobody_who_can_chair() -> None:
    members = [make_member(number, EVERY, chair=False) for number in range(4)]
    assert get_reasons(make_alone(members)) == ["No panel member can chair."]


def test_no_chair_is_free_in_time() -> None:
    """What the panel's officer reads first: the day and the time, once for all that have the same reason."""
    members = [make_member(0, [0]), *(make_member(number, EVERY, chair=False) for number in (1, 2, 3))]
    assert get_reasons(make_alone(members, [1, 2, 3])) == ["No chair is free on 3 March."]
    assert get_reasons(make_alone(members, [2])) == ["No chair is free on 3 March at 10:00."]


def test_a_part_of_a_day_is_named_as_such() -> None:
    members = [make_member(number, EVERY) for number in range(3)]
    members[0] |= {"slots": [0, 1], "chair": True}
    members[1] |= {"chair": False, "slots": [2, 3]}
    members[2] |= {"chair": False}
    assert get_reasons(make_alone(members)) == [
        "Only 2 panel members are free on 3 March until 09:30 without a conflict of interest, and a panel needs 3.",
        "Those free on 3 March from 10:00 without a conflict of interest are too few for a panel.",
    ]


def test_the_year_is_said_where_there_are_two() -> None:
    data = make_alone([make_member(0, []), make_member(1, []), make_member(2, [])], [0, 3])
    data["slots"][3]["start"] = "2028-01-10T14:00"
    assert get_reasons(data) == [
        (
            "Those free on 3 March 2027 at 09:00 and on 10 January 2028 at 14:00 without a conflict of interest are "
            "too few for a panel."
        )
    ]


def test_conflicts_of_the_chairs() -> None:
    members = [make_member(number, EVERY, chair=number == 0) for number in range(5)]
    members[0]["conflicts"] = ["o0"]
    assert get_reasons(make_alone(members)) == ["Every chair has a conflict of interest with o0: m0."]
    members[1] |= {"chair": True, "slots": [0]}
    assert get_reasons(make_alone(members, [1, 2])) == [
        "The only chairs free on 3 March have a conflict of interest with o0: m0."
    ]


def test_conflicts_of_all_who_are_free() -> None:
    members = [make_member(number, EVERY, group="g") for number in range(3)]
    assert get_reasons(make_alone(members, group="g")) == [
        "Conflicts of interest with o0 leave no panel of those free on 3 March: m0, m1 and m2."
    ]


def test_too_few_sectors() -> None:
    members = [make_member(number, EVERY, sector="health") for number in range(3)]
    assert get_reasons(make_alone(members)) == [
        (
            "The panel members free on 3 March without a conflict of interest are all from health, and a panel needs 2 "
            "sectors."
        )
    ]
    assert get_reasons(make_alone(members) | {"sectors": 4}) == ["A panel of 3 cannot come from 4 sectors."]


def test_too_few_members_at_all() -> None:
    members = [make_member(number, EVERY) for number in range(2)]
    assert get_reasons(make_alone(members)) == ["Only 2 panel members could sit at all, and a panel needs 3."]
    for member in members:
        member |= {"chair": False, "conflicts": ["o0"]}
    assert get_reasons(make_alone(members, [1])) == [
        (
            "No panel member can chair; and only 2 panel members could sit at all, and a panel needs 3; and a conflict "
            "of interest with o0 keeps away m0 and m1."
        )
    ]


def test_an_attendee_who_is_away() -> None:
    members = [make_member(number, EVERY) for number in range(4)]
    members[3]["slots"] = [0]
    assert get_reasons(make_alone(members, [2, 3], attendees=["m3"])) == [
        "m3 must attend and is not free on 3 March."
    ]


def test_who_holds_the_places() -> None:
    """One track, two slots; a locked meeting holds one whatever its priority."""
    data = make_problem(slots=2, meetings=0)
    data["meetings"] = [
        make_meeting(0, [0, 1], priority=3),
        make_meeting(1, [0, 1], priority=1, locked={"slot": 1, "track": 0}),
        make_meeting(2, [0], priority=5),
    ]
    assert get_reasons(data) == [
        "Its places are held by meetings of equal or higher priority, or locked: on 3 March o1 (locked) and o2."
    ]


def test_who_need_not_go_is_not_named() -> None:
    """Two tracks, both taken: one of them would do, and it is the one of the higher priority that is named."""
    data = make_problem(slots=1, meetings=3, members=9, tracks=2)
    for number, meeting in enumerate(data["meetings"]):
        meeting["priority"] = 1 + number
    assert get_reasons(data) == [
        "Its places are held by meetings of equal or higher priority, or locked: on 3 March o2."
    ]


def test_people_who_sit_as_often_as_they_will() -> None:
    """The place is free; the people are not, on whichever day they sit."""
    data = make_problem(slots=8, meetings=2, members=3)
    data["slots"] = data["slots"][:1] + make_problem(slots=9)["slots"][8:]
    for member in data["members"]:
        member |= {"most": 1, "slots": [0, 1]}
    data["meetings"] = [make_meeting(0, [1]), make_meeting(1, [0], priority=2)]
    assert get_reasons(data) == [
        "Its places are held by meetings of equal or higher priority, or locked: on 4 March o1."
    ]


def test_several_that_hold_a_place_only_together() -> None:
    data = make_problem(slots=3, meetings=0)
    data["slots"] = [
        {"start": "2027-03-03T09:00", "minutes": 60},
        {"start": "2027-03-03T09:00", "minutes": 30},
        {"start": "2027-03-03T09:30", "minutes": 30},
    ]
    data["meetings"] = [
        make_meeting(0, [0], priority=3),
        make_meeting(1, [1], priority=2),
        make_meeting(2, [2], priority=2),
    ]
    assert get_reasons(data) == [
        (
            "A place would cost several meetings, one of them locked or all together of no lower priority: on 3 March "
            "o1 and o2."
        )
    ]


# What to take away for each reason, in the words that it begins with or holds
def let_all_chair(data: Json) -> None:
    for member in data["members"]:
        member["chair"] = True


def let_all_come(data: Json) -> None:
    for member in data["members"]:
        member["slots"] = list(range(len(data["slots"])))


def forget_conflicts(data: Json) -> None:
    for member in data["members"]:
        member |= {"organisation": "elsewhere", "group": None, "conflicts": []}


def forget_sectors(data: Json) -> None:
    data["sectors"] = 0


def forget_attendees(data: Json) -> None:
    for meeting in data["meetings"]:
        meeting["attendees"] = []


def add_members(data: Json) -> None:
    """People without number, but each alike one who is there: in sector, chair, conflicts and times."""
    people = [copy.deepcopy(one) for one in data["members"] for _ in range(3)]
    data["members"] += [one | {"id": f"more{number}"} for number, one in enumerate(people)]


RULES: list[tuple[str, list[Callable[[Json], None]]]] = [
    (
        r"[Nn]o panel member can chair|[Nn]o chair is free|[Ee]very chair has|[Tt]he only chairs free",
        [let_all_chair],
    ),
    (r"Conflicts of interest with|a conflict of interest with", [forget_conflicts]),
    (r"Those free .* too few for a panel", [let_all_come]),
    (r"are all from|cannot come from", [forget_sectors]),
    (r"must attend", [forget_attendees]),
    (r"[Oo]nly \d+ panel members? (is|are) free", [add_members]),
    (r"[Oo]nly \d+ panel members? could sit", [add_members]),
    (r"[Nn]o panel member is free", [let_all_come, forget_conflicts, add_members]),
]

SINGLE = [let_all_chair, let_all_come, forget_conflicts, forget_sectors]


@many
@given(draw_problems(locks=False))
def test_every_reason_is_true(data: Json) -> None:
    """Without the rule, the meeting could be held were it alone; without the meetings named, as all else stands."""
    answer = make_answer(schedule(parse_problem(data), seconds=60))
    for one in answer["unplaced"]:
        meeting = next(each for each in data["meetings"] if each["organisation"] == one["organisation"])
        alone = {**copy.deepcopy(data), "meetings": [copy.deepcopy(meeting) | {"priority": 1}]}
        can_be_alone = find_best(alone) != (0, 0, 0, 0)
        for reason in one["reasons"]:
            if re.match("Its places are held|A place would cost", reason):
                assert can_be_alone
                check_holders(data, answer, meeting, reason)
            else:
                assert not can_be_alone
                check_rule(alone, reason)


def check_rule(alone: Json, reason: str) -> None:
    named = [change for words, changes in RULES if re.search(words, reason) for change in changes]
    if re.search("can make none of the times|Nobody is there", reason):
        return
    if "; and " in reason:
        # Several at once: then it is none of them alone. (An attendee and a chair who are both away are two.)
        if len(alone["meetings"][0]["slots"]) == 1 and "must attend" not in reason:
            assert not any(is_held_after(alone, [one]) for one in SINGLE)
        named = [*SINGLE, forget_attendees, add_members]
    assert is_held_after(alone, named), reason


def is_held_after(alone: Json, changes: list[Callable[[Json], None]]) -> bool:
    data = copy.deepcopy(alone)
    for change in changes:
        change(data)
    return find_best(data) != (0, 0, 0, 0)


def check_holders(data: Json, answer: Json, meeting: Json, reason: str) -> None:
    """Each that is named is held; without them, and all others as they are, there is a place and a panel."""
    named = set(re.findall(r"\bo\d+", reason.split(": ", 1)[1]))
    placed = {one["organisation"]: one for one in answer["placed"]}
    assert named <= set(placed)
    priorities = {one["organisation"]: one["priority"] for one in data["meetings"]}
    if reason.startswith("Its places"):
        assert all(priorities[one] >= meeting["priority"] for one in named)
    others = [one for name, one in placed.items() if name not in named]
    slots = [slot for slot in meeting["slots"] if can_come(data, meeting, slot)]
    assert any(has_place(data, others, meeting, slot) for slot in slots), reason


def has_place(data: Json, placed: list[Json], meeting: Json, slot: int) -> bool:
    """With those who sit elsewhere at the time away, and those who sit as often as they will."""
    at_the_time = [one for one in placed if overlap(data, one["slot"], slot)]
    if len({one["track"] for one in at_the_time}) >= data["tracks"]:
        return False
    attendees = {one["organisation"]: one.get("attendees", []) for one in data["meetings"]}
    away = {person for one in at_the_time for person in (*one["members"], *attendees[one["organisation"]])}
    if away & set(meeting["attendees"]):
        return False
    then = copy.deepcopy(data)
    then["meetings"] = [meeting]
    then["members"] = [
        one | {"most": None}
        for one in then["members"]
        if one["id"] not in away
        and (one["most"] is None or sum(one["id"] in other["members"] for other in placed) < one["most"])
    ]
    return can_be_held(then | {"people": []}, {meeting["organisation"]: slot})


@pytest.mark.parametrize(
    ("priority", "expected"),
    [(0, {"o1", "o2"}), (9, {"o0", "o1"})],
)
def test_the_last_place_goes_to_the_higher_priority(priority: int, expected: set[str]) -> None:
    data = make_problem(slots=2, meetings=0)
    data["meetings"] = [
        make_meeting(0, [0, 1], priority=priority),
        make_meeting(1, [0, 1], priority=2),
        make_meeting(2, [0, 1], priority=1),
    ]
    answer = make_answer(schedule(parse_problem(data), seconds=60))
    assert {one["organisation"] for one in answer["placed"]} == expected
