"""The time that is given is kept, and whatever the time, the timetable is no worse than the one it starts from."""

from __future__ import annotations

import time
from typing import Any

import pytest

from accountability.scheduling import Status, make_answer, parse_problem, schedule
from accountability.scheduling.construct import construct
from accountability.scheduling.rules import Rules
from tests.accountability.scheduling.large import make_large
from tests.accountability.scheduling.problems import make_problem
from tests.accountability.scheduling.slow_twin import check_answer, rate_answer

# More agencies than there are places, so that it is not plain which are heard
SCARCE = make_large(100, days=3, a_day=12, tracks=2, members=20)


def get_constructed(data: dict[str, Any]) -> int:
    rules = Rules(parse_problem(data))
    return sum(rules.problem.meetings[one].priority for one in construct(rules, {}, lambda: 60))


@pytest.mark.parametrize("seconds", [0, 1])
def test_little_time(seconds: float) -> None:
    """A second over is what a machine that is busy with other tests may take for the last step."""
    begun = time.monotonic()
    answer = make_answer(schedule(parse_problem(SCARCE), seconds=seconds))
    assert time.monotonic() - begun < seconds + 5
    check_answer(SCARCE, answer)
    # The start is made without mending when there is no time at all
    assert seconds == 0 or rate_answer(SCARCE, answer)[0] >= get_constructed(SCARCE)


def test_without_time_it_says_that_nothing_is_proven() -> None:
    assert schedule(parse_problem(SCARCE), seconds=0).status is Status.FEASIBLE


def test_where_all_are_placed_no_time_is_needed_for_the_proof() -> None:
    data = make_problem(slots=4, meetings=4)
    assert schedule(parse_problem(data), seconds=0).status is Status.OPTIMAL


def test_it_is_proven_that_no_more_can_be_heard() -> None:
    data = make_large(25, days=1, a_day=10, tracks=2, members=9)
    timetable = schedule(parse_problem(data), seconds=60)
    assert timetable.status is Status.OPTIMAL
    assert timetable.unplaced
    check_answer(data, make_answer(timetable))
    assert schedule(parse_problem(data), seconds=60) == timetable
