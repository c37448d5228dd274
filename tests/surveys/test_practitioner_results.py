"""What may be told of a practitioner survey, and what it adds up to."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.practitioner_results import FEWEST, Counts, Result, get_result, say_responses
from surveys.scoring import NOT_APPLICABLE, Item

numbers = st.integers(min_value=0, max_value=40)
counts = st.builds(Counts, numbers, numbers, numbers, numbers, numbers)


@pytest.mark.parametrize(
    ("responses", "told", "is_over", "is_shown"),
    [
        (5, Counts(yes=5), True, True),
        (5, Counts(yes=5), False, False),
        (5000, Counts(yes=5000), False, False),
        (4, Counts(yes=4), True, False),
        # Five came, one left it out.
        (5, Counts(yes=4), True, False),
        # That one does not know is an answer; that it is not one's job is none.
        (5, Counts(yes=4, unknown=1), True, True),
        (5, Counts(yes=4, not_mine=1), True, False),
        (9, Counts(unknown=5, not_mine=4), True, True),
        (0, Counts(), True, False),
    ],
)
def test_when_a_statement_has_a_result(responses: int, told: Counts, is_over: bool, is_shown: bool) -> None:
    assert (get_result(told, responses=responses, is_over=is_over) is not None) is is_shown


@given(counts, st.booleans())
def test_nothing_is_told_of_fewer_than_five_or_while_it_runs(one: Counts, is_over: bool) -> None:
    responses = one.answered + one.not_mine
    result = get_result(one, responses=responses, is_over=is_over)
    if result is None:
        assert not is_over or one.answered < FEWEST
    else:
        assert is_over
        assert one.yes + one.partly + one.no + one.unknown >= FEWEST


@given(counts, st.sampled_from(["yes", "partly", "no", "unknown", "not_mine"]))
def test_one_more_answer_changes_nothing_that_can_be_seen_while_it_runs(one: Counts, field: str) -> None:
    values = {name: getattr(one, name) for name in ("yes", "partly", "no", "unknown", "not_mine")}
    more = Counts(**values | {field: values[field] + 1})
    assert get_result(one, responses=30, is_over=False) is get_result(more, responses=31, is_over=False)


@given(st.integers(min_value=0, max_value=300))
def test_how_many_is_told_in_steps_of_five_while_it_runs(responses: int) -> None:
    said = say_responses(responses, is_over=False)
    assert said == say_responses(responses - responses % FEWEST, is_over=False)
    assert (said == "Fewer than five people have answered so far") is (responses < FEWEST)


def test_how_many_in_words() -> None:
    assert say_responses(0, is_over=False) == "Fewer than five people have answered so far"
    assert say_responses(14, is_over=False) == "At least 10 people have answered so far"
    assert say_responses(14, is_over=True) == "14 people answered"
    assert (
        say_responses(4, is_over=True) == say_responses(0, is_over=True) == "Fewer than five people answered"
    )


@given(counts)
def test_the_mean_is_exact_and_over_those_who_rated_it(one: Counts) -> None:
    result = Result(one)
    rated = [2] * one.yes + [1] * one.partly + [0] * one.no
    if len(rated) < FEWEST:
        assert (result.mean, result.grade) == (None, None)
    else:
        mean = Fraction(sum(rated), len(rated))
        assert result.grade == int(mean + Fraction(1, 2))
        assert Fraction(str(result.mean)) - mean <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("leaders", "told", "is_below"),
    [
        (2, Counts(yes=5), False),
        # 1.5 is grade 2, and one answer less is not.
        (2, Counts(yes=3, partly=3), False),
        (2, Counts(yes=2, partly=3), True),
        (1, Counts(partly=3, no=3), False),
        (1, Counts(partly=2, no=3), True),
        # Staff may say more; leaders at 0 are below nobody.
        (1, Counts(yes=5), False),
        (0, Counts(no=5), False),
        (2, Counts(unknown=40, no=4), False),
        (None, Counts(no=5), False),
        (NOT_APPLICABLE, Counts(no=5), False),
    ],
)
def test_when_staff_say_less_than_leaders(leaders: Item, told: Counts, is_below: bool) -> None:
    assert Result(told).is_below(leaders) is is_below


@given(counts, st.sampled_from([0, 1, 2]))
def test_staff_say_less_exactly_where_their_grade_is_lower(one: Counts, leaders: int) -> None:
    grade = Result(one).grade
    assert Result(one).is_below(leaders) is (grade is not None and grade < leaders)


def test_what_staff_say_in_words() -> None:
    assert Result(Counts(8, 3, 1, 2)).words == "8 yes, 3 partly, 1 no, 2 do not know"
    assert Result(Counts(8, 3, 1, 0, 4)).words == "8 yes, 3 partly, 1 no, 0 do not know; not the job of 4"


def test_counts_below_zero_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="fewer than no times"):
        Counts(yes=-1)
