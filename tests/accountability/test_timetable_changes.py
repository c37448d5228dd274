"""What differs between two timetables, and whom it concerns."""

from __future__ import annotations

import dataclasses
import datetime

from hypothesis import given
from hypothesis import strategies as st

from accountability.timetable_changes import Change, Sitting, Told, compare, make_digest

DAY = datetime.date(2027, 3, 3)
ANN, BEN, CAT, DAN = (Sitting(number, name) for number, name in enumerate(("Ann", "Ben", "Cat", "Dan"), 1))
CHAIR = dataclasses.replace(ANN, is_chair=True)
ANCHOR = Told(1, "Anchor Trust", DAY, datetime.time(9, 30), 30, 0, seats=(CHAIR, BEN, CAT))


def change(told: Told = ANCHOR, **columns: object) -> Change:
    """Of one meeting, with these columns changed."""
    [found] = compare({1: told}, {1: dataclasses.replace(told, **columns)})  # type: ignore[arg-type]  # a test's shorthand
    return found


def test_the_same_is_no_change() -> None:
    reordered = dataclasses.replace(ANCHOR, seats=(CAT, BEN, CHAIR), name="By another name")
    assert compare({1: ANCHOR}, {1: reordered}) == []
    assert make_digest({1: ANCHOR}) == make_digest({1: reordered})


def test_new_concerns_the_agency_and_all_who_sit() -> None:
    [found] = compare({}, {1: ANCHOR})
    assert (found.is_new, found.is_off, found.concerns_agency) == (True, False, True)
    assert found.concerned_members == {1, 2, 3}
    assert found.told == ANCHOR


def test_off_concerns_the_agency_and_all_who_sat() -> None:
    [found] = compare({1: ANCHOR}, {})
    assert (found.is_new, found.is_off, found.concerns_agency) == (False, True, True)
    assert found.concerned_members == {1, 2, 3}


def test_another_time_concerns_who_sat_and_who_sits() -> None:
    found = change(starts_at=datetime.time(10), seats=(CHAIR, BEN, DAN))
    assert found.has_other_time
    assert not found.has_other_place
    assert found.concerns_agency
    assert found.concerned_members == {1, 2, 3, 4}
    assert ([one.name for one in found.joined], [one.name for one in found.left]) == (["Dan"], ["Cat"])


def test_another_place_concerns_all() -> None:
    for columns in (
        {"place": "Room 2"},
        {"track": 1},
        {"link": "https://meet.example"},
        {"joining": "Ring."},
    ):
        found = change(**columns)
        assert (found.has_other_time, found.has_other_place, found.concerns_agency) == (False, True, True)
        assert found.concerned_members == {1, 2, 3}


def test_other_people_concern_those_who_come_and_go() -> None:
    found = change(seats=(CHAIR, BEN, DAN))
    assert not found.concerns_agency
    assert found.concerned_members == {3, 4}


def test_another_chair_concerns_both() -> None:
    found = change(seats=(ANN, dataclasses.replace(BEN, is_chair=True), CAT))
    assert found.has_other_chair
    assert (found.joined, found.left) == ((), ())
    assert found.concerned_members == {1, 2}


SEATINGS = ((), (CHAIR, BEN, CAT), (CHAIR, BEN, DAN), (ANN, dataclasses.replace(BEN, is_chair=True), CAT))
ONES = [
    dataclasses.replace(ANCHOR, starts_at=datetime.time(hour), track=track, seats=seats)
    for hour in (9, 10)
    for track in (0, 1)
    for seats in SEATINGS
]
TIMETABLES = st.dictionaries(st.integers(1, 4), st.sampled_from(ONES), max_size=4).map(
    lambda found: {key: dataclasses.replace(told, meeting=key) for key, told in found.items()}
)


@given(TIMETABLES, TIMETABLES)
def test_the_changes_lead_from_one_to_the_other(before: dict[int, Told], after: dict[int, Told]) -> None:
    changes = compare(before, after)
    made = dict(before)
    for one in changes:
        made.pop(one.told.meeting, None)
        if one.after is not None:
            made[one.told.meeting] = one.after
    assert make_digest(made) == make_digest(after)
    assert (make_digest(before) == make_digest(after)) == (not changes)


@given(TIMETABLES, TIMETABLES)
def test_there_and_back_concerns_the_same(before: dict[int, Told], after: dict[int, Told]) -> None:
    def concerned(changes: list[Change]) -> dict[int, frozenset[int]]:
        return {one.told.meeting: one.concerned_members for one in changes}

    assert concerned(compare(before, after)) == concerned(compare(after, before))
