"""When a cycle that repeats another opens and closes."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.cycle_dates import BIENNIAL, YEARLY, CycleDates, add_years, move_dates, move_title
from surveys.working_days import is_working_day

DAY = datetime.timedelta(days=1)


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        ("2026-09-01", 1, "2027-09-01"),
        ("2028-02-29", 1, "2029-02-28"),
        ("2028-02-29", 4, "2032-02-29"),
        ("2027-02-28", 1, "2028-02-28"),
    ],
)
def test_the_same_day_of_another_year(day: str, years: int, expected: str) -> None:
    assert add_years(date(day), years) == date(expected)


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "every", "today", "expected"),
    [
        # Both are working days
        ("2025-09-01", "2025-12-01", YEARLY, "2026-06-01", ("2026-09-01", "2026-12-01", 1)),
        # 5 September 2026 is a Saturday; 25 December a bank holiday: opening goes on, closing back
        ("2025-09-05", "2025-12-25", YEARLY, "2026-06-01", ("2026-09-07", "2026-12-24", 1)),
        ("2025-09-01", "2025-12-01", BIENNIAL, "2026-06-01", ("2027-09-01", "2027-12-01", 2)),
        # One of years ago is moved until it has not closed yet
        ("2020-09-01", "2020-12-01", YEARLY, "2026-12-01", ("2026-09-01", "2026-12-01", 6)),
        ("2020-09-01", "2020-12-01", YEARLY, "2026-12-02", ("2027-09-01", "2027-12-01", 7)),
        ("2021-09-01", "2021-12-01", BIENNIAL, "2026-06-01", ("2027-09-01", "2027-12-01", 6)),
        # A cycle of a weekend closes on the first working day after it opens
        ("2025-09-05", "2025-09-06", YEARLY, "2026-06-01", ("2026-09-07", "2026-09-08", 1)),
    ],
)
def test_dates_move_to_working_days(
    opens_on: str, closes_on: str, every: int, today: str, expected: tuple[str, str, int]
) -> None:
    opening, closing, years = expected
    found = move_dates(date(opens_on), date(closes_on), every=every, today=date(today))
    assert found == CycleDates(date(opening), date(closing), years)


@given(
    opens_on=st.dates(date("2015-01-01"), date("2040-01-01")),
    length=st.integers(0, 400),
    every=st.sampled_from([YEARLY, BIENNIAL]),
    ago=st.integers(-2000, 2000),
)
def test_whatever_the_dates(opens_on: datetime.date, length: int, every: int, ago: int) -> None:
    closes_on, today = opens_on + length * DAY, opens_on + ago * DAY
    found = move_dates(opens_on, closes_on, every=every, today=today)
    assert found.opens_on < found.closes_on
    assert found.closes_on >= today
    assert is_working_day(found.opens_on)
    assert is_working_day(found.closes_on)
    assert found.years % every == 0
    assert found.years >= every


@pytest.mark.parametrize(
    ("title", "years", "expected"),
    [
        ("Section 11 audit 2026 to 2027", 1, "Section 11 audit 2027 to 2028"),
        ("Audit 2026-27", 1, "Audit 2027-28"),
        ("Audit 2098–99", 2, "Audit 2100–01"),
        ("Schools 2025/26", 2, "Schools 2027/28"),
        ("The audit of spring", 1, "The audit of spring"),
        ("Room 12026", 1, "Room 12026"),
    ],
)
def test_a_title_moves_along(title: str, years: int, expected: str) -> None:
    assert move_title(title, years) == expected
