"""Working days in England, over year ends, Easter and bank holidays that fall on a weekend."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.working_days import (
    add_working_days,
    count_working_days,
    get_working_day_from,
    get_working_day_until,
    is_working_day,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 3, 25), True),
        (date(2027, 3, 26), False),  # Good Friday
        (date(2027, 3, 29), False),  # Easter Monday
        (date(2027, 12, 27), False),  # Christmas Day 2027 is a Saturday
        (date(2027, 12, 28), False),  # and Boxing Day a Sunday
        (date(2027, 12, 29), True),
        (date(2027, 1, 2), False),  # a Saturday
        (date(2027, 1, 4), True),  # a bank holiday in Scotland alone
        (date(2027, 8, 2), True),  # likewise
        (date(2022, 9, 19), False),  # the state funeral: a bank holiday of that year alone
    ],
)
def test_days_that_people_know(day: date, expected: bool) -> None:
    assert is_working_day(day) is expected


def test_over_easter() -> None:
    assert add_working_days(date(2027, 3, 25), 1) == date(2027, 3, 30)
    assert get_working_day_from(date(2027, 3, 26)) == date(2027, 3, 30)
    assert get_working_day_until(date(2027, 3, 29)) == date(2027, 3, 25)
    assert count_working_days(date(2027, 3, 25), date(2027, 3, 30)) == 2
    assert count_working_days(date(2027, 3, 30), date(2027, 3, 25)) == 0


@given(DAYS, st.integers(0, 40))
def test_adding_counts_exactly_those_days(day: date, count: int) -> None:
    after = add_working_days(day, count)
    assert count_working_days(day + timedelta(days=1), after) == count
    assert count == 0 or is_working_day(after)


@given(DAYS)
def test_the_nearest_working_days_enclose_the_day(day: date) -> None:
    before, after = get_working_day_until(day), get_working_day_from(day)
    assert before <= day <= after
    assert is_working_day(before)
    assert is_working_day(after)
    assert count_working_days(before, after) == (1 if before == after else 2)


def test_nobody_counts_backwards() -> None:
    with pytest.raises(ValueError, match="give 0 or more"):
        add_working_days(date(2027, 1, 4), -1)
