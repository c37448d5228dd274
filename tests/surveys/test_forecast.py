"""The forecast of returns: bounds and order for any numbers, and what it says where there is too little to say."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.forecast import Curve, Forecast, NoForecast, make_forecast

OPENS = datetime.date(2026, 9, 1)
DAY = datetime.timedelta(days=1)


def make_curve(days: int, invited: int, *returned: int, opens: datetime.date = OPENS) -> Curve:
    """One return on each of these days, counted from 0."""
    returns: dict[datetime.date, int] = {}
    for number in returned:
        day = opens + DAY * number
        returns[day] = returns.get(day, 0) + 1
    return Curve(opens, opens + DAY * (days - 1), invited, returns)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    days, invited = draw(st.integers(1, 120)), draw(st.integers(0, 60))
    returned = draw(st.lists(st.integers(-3, days + 20), max_size=invited))
    later = draw(st.lists(st.integers(days, days + 60), max_size=invited - len(returned)))
    extended = {OPENS + DAY * number: later.count(number) for number in later}
    return replace(make_curve(days, invited, *returned), extended=extended)


@given(now=curves(), last=st.none() | curves(), gone=st.integers(-5, 130))
def test_it_stays_within_bounds_and_never_falls(now: Curve, last: Curve | None, gone: int) -> None:
    today = OPENS + DAY * gone
    found = make_forecast(now, today, last)
    if isinstance(found, NoForecast):
        assert str(found).endswith(".")
        return
    returned = now.count_by(today)
    first, end = found.days[0], found.end
    assert (first.day, end.day) == (today, now.closes_on)
    assert (first.low, first.expected, first.high) == (returned, returned, returned)
    for one in found.days:
        assert returned <= one.low <= one.expected <= one.high <= now.invited
    for before, after in zip(found.days, found.days[1:], strict=False):
        assert after.day == before.day + DAY
        assert before.low <= after.low
        assert before.expected <= after.expected
        assert before.high <= after.high


def test_the_pace_so_far_draws_the_line() -> None:
    """Ten of a hundred in ten days of thirty: thirty at that pace, between half of what is to come and twice it."""
    found = make_forecast(make_curve(30, 100, *range(10)), OPENS + DAY * 9)
    assert isinstance(found, Forecast)
    end = found.end
    # 20 more: 10 less its root 3, 40 and its root 6
    assert (end.low, end.expected, end.high) == (17, 30, 56)
    assert not found.goes_by_last
    assert str(found) == "About 30 of 100 returns are expected by the closing day, between 17 and 56."
    assert "half that pace to twice it" in found.assumption


def test_last_cycles_curve_draws_the_line_where_there_is_one() -> None:
    """Last time 10 of 50 were in after a third, 40 in the end: three quarters of those still out came."""
    last = make_curve(60, 50, *[5] * 10, *[55] * 30, opens=OPENS - DAY * 365)
    found = make_forecast(make_curve(30, 100, *range(10), *range(10)), OPENS + DAY * 9, last)
    assert isinstance(found, Forecast)
    assert found.goes_by_last
    assert found.end.expected == 20 + 60
    # By the pace so far it would be 40 more, less its root.
    assert found.end.low == 20 + 40 - 6
    assert found.end.high == 20 + 60 + 7
    assert "as they did last time" in found.assumption


def test_whoever_has_more_time_has_used_less_of_it() -> None:
    """Last time nobody came in the first half, all in the second: with twice the time, that is not yet."""
    last = make_curve(20, 10, *range(10, 20), opens=OPENS - DAY * 365)
    now, today = make_curve(20, 10), OPENS + DAY * 9
    found = make_forecast(now, today, last)
    with_more_time = make_forecast(replace(now, extended={OPENS + DAY * 39: 4}), today, last)
    assert isinstance(found, Forecast)
    assert isinstance(with_more_time, Forecast)
    assert (found.end.expected, with_more_time.end.expected) == (10, 6)
    assert with_more_time.assumption.endswith("4 of them have more time than others.")
    assert replace(with_more_time, extended=1).assumption.endswith("1 of them has more time than others.")
    assert "more time" not in found.assumption


def test_what_came_late_last_time_is_not_expected_by_the_closing_day() -> None:
    last = make_curve(30, 10, *[35] * 8)
    found = make_forecast(make_curve(30, 10, 1), OPENS + DAY * 9, last)
    assert isinstance(found, Forecast)
    assert found.end.expected == 1


@pytest.mark.parametrize(
    ("now", "gone", "reason"),
    [
        (make_curve(30, 0), 10, "Nobody is invited"),
        (make_curve(30, 2, 1, 2), 10, "Every return is in."),
        (make_curve(30, 9, 1, 2, 3), 29, "The closing day has come"),
        (make_curve(30, 9, 1, 2, 3), 40, "The closing day has come"),
        (make_curve(30, 9, 1, 2, 3), 5, "7 days of the cycle"),
        (make_curve(30, 9, 1, 2), 6, "needs 3 returns"),
    ],
)
def test_it_says_why_there_is_none(now: Curve, gone: int, reason: str) -> None:
    found = make_forecast(now, OPENS + DAY * gone)
    assert isinstance(found, NoForecast)
    assert reason in str(found)


def test_at_the_edges_there_is_one() -> None:
    assert isinstance(make_forecast(make_curve(30, 9, 1, 2, 3), OPENS + DAY * 6), Forecast)
    assert isinstance(make_forecast(make_curve(30, 9, 1, 2, 3), OPENS + DAY * 28), Forecast)
    assert isinstance(make_forecast(make_curve(30, 9), OPENS + DAY * 6, make_curve(30, 5, 9)), Forecast)


def test_a_last_cycle_of_very_few_is_no_guide() -> None:
    found = make_forecast(make_curve(30, 9), OPENS + DAY * 6, make_curve(30, 4, 9))
    assert isinstance(found, NoForecast)
