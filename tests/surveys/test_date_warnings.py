"""What is said about a cycle's dates before it is planned."""

from __future__ import annotations

import datetime

from surveys.date_warnings import get_date_warnings


def test_good_dates_need_no_word() -> None:
    # Tuesday to Tuesday, six weeks to the day
    assert get_date_warnings(datetime.date(2026, 9, 1), datetime.date(2026, 10, 13)) == []


def test_a_day_less_than_six_weeks_is_said() -> None:
    (said,) = get_date_warnings(datetime.date(2026, 9, 1), datetime.date(2026, 10, 12))
    assert said == "Agencies would have fewer than 6 weeks. 6 weeks would end on Tuesday 13 October 2026."


def test_days_that_are_no_working_days_are_said_with_better_ones() -> None:
    # The summer bank holiday, and Christmas Day, a Friday
    opens, closes = get_date_warnings(datetime.date(2026, 8, 31), datetime.date(2026, 12, 25))
    assert opens == (
        "The opening day, Monday 31 August 2026, is no working day. The next one is Tuesday 1 September 2026."
    )
    assert closes == (
        "The closing day, Friday 25 December 2026, is no working day. "
        "The last one before it is Thursday 24 December 2026."
    )
