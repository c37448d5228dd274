"""The problem as JSON: one sentence that says what is wrong and where; what is optional may be left out."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accountability.scheduling import Meeting, Member, Place, ProblemError, parse_problem, read_problem
from tests.accountability.scheduling.problems import make_problem

Json = dict[str, Any]


def test_the_example_of_the_contract() -> None:
    problem = read_problem(
        b"""{"slots": [{"start": "2027-03-03T09:30", "minutes": 30}], "tracks": 2, "panel_size": 3, "sectors": 2,
        "members": [{"id": "m1", "organisation": "o9", "group": null, "sector": "health", "chair": true, "slots": [0],
                     "conflicts": ["o3"]}],
        "meetings": [{"organisation": "o1", "group": "g1", "priority": 3, "slots": [0], "locked": null}]}"""
    )
    assert problem.slots[0].start == datetime.fromisoformat("2027-03-03T09:30")
    assert problem.members == (
        Member(id="m1", sector="health", slots=(0,), chair=True, organisation="o9", conflicts=("o3",)),
    )
    assert problem.meetings == (Meeting(organisation="o1", priority=3, slots=(0,), group="g1"),)


def test_what_may_be_said_besides() -> None:
    data = make_problem(people=["visitor"])
    data["members"][0] |= {"most": 2, "name": "a key that is not ours"}
    data["meetings"][0] |= {
        "locked": {"slot": 1, "track": 0},
        "preferred": [2],
        "attendees": ["m3", "visitor"],
        "current": {"slot": 0, "track": 0, "members": ["m1"]},
    }
    meeting = parse_problem(data).meetings[0]
    assert (meeting.locked, meeting.preferred) == (Place(1, 0), (2,))
    assert meeting.attendees == ("m3", "visitor")
    assert meeting.current is not None
    assert meeting.current.members == ("m1",)


def change(*path: str | int, to: Any) -> Callable[[Json], None]:
    def apply(data: Json) -> None:
        here: Any = data
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = to

    return apply


def drop(*path: str | int) -> Callable[[Json], None]:
    def apply(data: Json) -> None:
        here: Any = data
        for step in path[:-1]:
            here = here[step]
        del here[path[-1]]

    return apply


NO_TIME = "is not a local time such as 2027-03-03T09:30, without an offset."
FIRST = ("meetings", 0)
WRONG: list[tuple[Callable[[Json], None], str]] = [
    (drop("tracks"), "tracks: it is missing; give it."),
    (drop("members", 1, "sector"), "members[1].sector: it is missing; give it."),
    (change("slots", to={}), "slots: {} is not a list."),
    (change("slots", 0, to=3), "slots[0]: 3 is not an object."),
    (change("slots", 0, "start", to="2027-03-03T09:30Z"), f'slots[0].start: "2027-03-03T09:30Z" {NO_TIME}'),
    (change("slots", 0, "start", to="2027-06-31T09:30"), f'slots[0].start: "2027-06-31T09:30" {NO_TIME}'),
    (change("slots", 0, "start", to=None), f"slots[0].start: null {NO_TIME}"),
    (change("slots", 0, "minutes", to=0), "slots[0], minutes: 0 is not from 1 to 1440."),
    (change("slots", 0, "minutes", to=30.0), "slots[0].minutes: 30.0 is not a whole number."),
    (change("tracks", to=0), "tracks: 0 is too small: give 1 or more."),
    (change("tracks", to=True), "tracks: true is not a whole number."),
    (change("panel_size", to=0), "panel_size: 0 is too small: give 1 or more."),
    (change("sectors", to=-1), "sectors: -1 is too small: give 0 or more."),
    (change("sectors", to="2"), 'sectors: "2" is not a whole number.'),
    (change("members", 0, "id", to="m1"), "members: ‘m1’ is there twice; name it once."),
    (change("members", 0, "id", to=" "), 'members[0].id: " " is not a text; give one that is not empty.'),
    (change("members", 0, "chair", to=1), "members[0].chair: 1 is neither true nor false."),
    (
        change("members", 0, "slots", to=[0, 4]),
        "member ‘m0’, slots: there is no slot 4; slots go from 0 to 3.",
    ),
    (
        change("members", 0, "slots", to=[-1]),
        "member ‘m0’, slots: there is no slot -1; slots go from 0 to 3.",
    ),
    (change("members", 0, "slots", to=[1, 1]), "member ‘m0’, slots: 1 is there twice; name it once."),
    (
        change("members", 0, "conflicts", to=["x", "x"]),
        "member ‘m0’, conflicts: ‘x’ is there twice; name it once.",
    ),
    (change("members", 0, "most", to=-1), "member ‘m0’, most: -1 is too small: give 0 or more, or null."),
    (change(*FIRST, "organisation", to="o1"), "meetings: ‘o1’ is there twice; name it once."),
    (change(*FIRST, "priority", to=-1), "meeting ‘o0’, priority: -1 is not from 0 to 1000000."),
    (change(*FIRST, "priority", to=1.5), "meetings[0].priority: 1.5 is not a whole number."),
    (
        change(*FIRST, "preferred", to=[9]),
        "meeting ‘o0’, preferred: there is no slot 9; slots go from 0 to 3.",
    ),
    (
        change(*FIRST, "attendees", to=["m9"]),
        "meeting ‘o0’, attendees: nobody has the id ‘m9’; use the id of a member.",
    ),
    (
        change(*FIRST, "attendees", to=["m1", "m1"]),
        "meeting ‘o0’, attendees: ‘m1’ is there twice; name it once.",
    ),
    (
        change(*FIRST, "locked", to={"slot": 4, "track": 0}),
        "meeting ‘o0’, locked: there is no slot 4; slots go from 0 to 3.",
    ),
    (
        change(*FIRST, "locked", to={"slot": 0, "track": 1}),
        "meeting ‘o0’, locked: there is no track 1; tracks go from 0 to 0.",
    ),
    (change(*FIRST, "locked", to={"slot": 0}), "meetings[0].locked.track: it is missing; give it."),
    (
        change(*FIRST, "current", to={"slot": 0, "track": 0, "members": ["who"]}),
        "meeting ‘o0’, current members: nobody has the id ‘who’; use the id of a member.",
    ),
    (
        change(*FIRST, "current", to={"slot": 0, "track": 2, "members": []}),
        "meeting ‘o0’, current: there is no track 2; tracks go from 0 to 0.",
    ),
    (change("people", to=["m1"]), "people: ‘m1’ is there twice; name it once."),
]


@pytest.mark.parametrize(("spoil", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_what_is_wrong_is_said(spoil: Callable[[Json], None], sentence: str) -> None:
    data = copy.deepcopy(make_problem())
    spoil(data)
    with pytest.raises(ProblemError) as raised:
        parse_problem(data)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The problem is not JSON: line 1: Expecting value."),
        (b"{\n,", "The problem is not JSON: line 2: Expecting property name enclosed in double quotes."),
        (b"\xff", "The problem is not UTF-8: save it as UTF-8."),
        (b"[]", "the problem: [] is not an object."),
        (b'{"tracks": 1, "tracks": 2}', "The key ‘tracks’ is there twice in one object; give it once."),
        (b'{"tracks": NaN}', "The problem is not JSON: NaN is not a number."),
        (b"[" * 100_000, "The problem is nested too deeply to be read."),
    ],
)
def test_what_is_no_problem_at_all(content: bytes, sentence: str) -> None:
    with pytest.raises(ProblemError) as raised:
        read_problem(content)
    assert str(raised.value) == sentence


def test_a_byte_order_mark_is_fine() -> None:
    assert read_problem(b"\xef\xbb\xbf" + json.dumps(make_problem()).encode()).tracks == 1


def test_organisations_that_are_not_called_may_be_named() -> None:
    data = make_problem()
    data["members"][0] |= {"organisation": "not called", "conflicts": ["nor this"]}
    assert parse_problem(data).members[0].conflicts == ("nor this",)


def test_two_slots_may_be_at_the_same_time() -> None:
    """A slot is known by its place in the list."""
    data = make_problem()
    data["slots"][1] = data["slots"][0]
    problem = parse_problem(data)
    assert problem.slots[0].overlaps(problem.slots[1])
    assert not problem.slots[2].overlaps(problem.slots[3]), "touching is not overlapping"
