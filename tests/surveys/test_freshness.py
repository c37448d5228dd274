"""Days and months of what is due for another look: pure, to the day, in England."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.freshness import add_months, find_due_day, find_expiry, has_come_into_force

D = datetime.date
# A busy machine is no fault of a test.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2028, 1, 31), 1, D(2028, 2, 29)),
        (D(2028, 2, 29), 12, D(2029, 2, 28)),
        (D(2028, 2, 29), 48, D(2032, 2, 29)),
        (D(2026, 8, 31), 6, D(2027, 2, 28)),
        (D(2026, 10, 31), 1, D(2026, 11, 30)),
        (D(2026, 12, 15), 1, D(2027, 1, 15)),
        (D(2026, 12, 1), 12, D(2027, 12, 1)),
        (D(2026, 3, 4), 0, D(2026, 3, 4)),
    ],
)
def test_months_to_the_day(day: datetime.date, months: int, then: datetime.date) -> None:
    assert add_months(day, months) == then


@patient
@given(st.dates(min_value=D(1990, 1, 1), max_value=D(2100, 12, 31)), st.integers(0, 120), st.integers(0, 120))
def test_more_months_are_never_earlier_and_the_month_is_the_right_one(
    day: datetime.date, few: int, more: int
) -> None:
    then = add_months(day, few)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == few
    assert then.day <= day.day
    assert then.day == day.day or (then + datetime.timedelta(days=1)).day == 1
    assert add_months(day, few + more) >= then


@patient
@given(st.dates(min_value=D(1990, 1, 1), max_value=D(2100, 12, 31)), st.integers(1, 120))
def test_a_later_look_is_never_due_earlier(day: datetime.date, months: int) -> None:
    assert add_months(day + datetime.timedelta(days=1), months) >= add_months(day, months)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        # Summer time: half past midnight in England is the evening before in UTC
        (datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC), D(2027, 7, 1)),
        (datetime.datetime(2026, 6, 30, 22, 30, tzinfo=datetime.UTC), D(2027, 6, 30)),
        # Winter: the same day
        (datetime.datetime(2026, 1, 31, 23, 30, tzinfo=datetime.UTC), D(2027, 1, 31)),
    ],
)
def test_the_day_of_a_look_is_england_s(moment: datetime.datetime, due: datetime.date) -> None:
    assert find_due_day(moment, 12) == due


@pytest.mark.parametrize(
    ("expires_on", "today", "said"),
    [
        (None, D(2026, 3, 31), "valid"),
        (D(2026, 3, 30), D(2026, 3, 31), "expired"),
        (D(2026, 3, 31), D(2026, 3, 31), "expiring"),
        (D(2026, 4, 30), D(2026, 3, 31), "expiring"),
        (D(2026, 5, 1), D(2026, 3, 31), "valid"),
        (D(2026, 2, 28), D(2026, 1, 31), "expiring"),
        (D(2026, 3, 1), D(2026, 1, 31), "valid"),
    ],
)
def test_evidence_is_good_until_the_end_of_its_last_day(
    expires_on: datetime.date | None, today: datetime.date, said: str
) -> None:
    assert find_expiry(expires_on, today) == said


@pytest.mark.parametrize(
    ("in_force", "is_new"),
    [
        (None, False),
        (D(2026, 9, 1), False),
        (D(2026, 9, 2), True),
        (D(2027, 3, 1), True),
        (D(2027, 3, 2), False),
    ],
)
def test_a_duty_is_new_after_the_opening_day_and_until_today(
    in_force: datetime.date | None, is_new: bool
) -> None:
    assert has_come_into_force(in_force, since=D(2026, 9, 1), today=D(2027, 3, 1)) is is_new
