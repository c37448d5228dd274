"""What backed an answer at a moment: wound back from now, against a slow replay from the beginning."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.evidence_then import Pair, Step, find_backed

START = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
ONE, OTHER = (1, 7), (1, 8)


def day(number: int) -> datetime.datetime:
    return START + datetime.timedelta(days=number)


@pytest.mark.parametrize(
    ("on", "backed"), [(0, set()), (1, {ONE}), (2, {ONE}), (3, set()), (4, {ONE}), (9, {ONE})]
)
def test_put_on_taken_off_and_put_on_again(on: int, backed: set[Pair]) -> None:
    steps = [Step(day(1), ONE, True), Step(day(3), ONE, False), Step(day(4), ONE, True)]
    assert find_backed({ONE: day(4)}, steps, day(on)) == backed


@pytest.mark.parametrize(("on", "backed"), [(0, {ONE}), (2, {ONE}), (3, set())])
def test_what_came_along_and_was_taken_off(on: int, backed: set[Pair]) -> None:
    assert find_backed({}, [Step(day(3), ONE, False)], day(on)) == backed


def test_what_no_step_tells_of_is_there_since_its_link() -> None:
    assert find_backed({ONE: day(2), OTHER: day(5)}, [], day(3)) == {ONE}


acts = st.lists(st.tuples(st.sampled_from([ONE, OTHER]), st.booleans()), max_size=12)


@given(acts, st.sets(st.sampled_from([ONE, OTHER])), st.integers(0, 13))
def test_winding_back_is_replaying(acts: list[tuple[Pair, bool]], came_along: set[Pair], on: int) -> None:
    """One act a day, as the verbs allow them: nothing is put on twice, and nothing taken off that is not there."""
    held = {pair: day(-1) for pair in came_along}
    steps: list[Step] = []
    then = dict(held) if on == 0 else None
    for number, (pair, is_put_on) in enumerate(acts, 1):
        if is_put_on != (pair in held):
            steps.append(Step(day(number), pair, is_put_on))
            if is_put_on:
                held[pair] = day(number)
            else:
                del held[pair]
        if number == on:
            then = dict(held)
    assert find_backed(held, reversed(steps), day(on)) == set(held if then is None else then)
