"""Dates in all the forms that registers have."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11.organisations.registers.dates import read_date, say_date
from s11.organisations.registers.refusals import Wrong

DAYS = st.dates(datetime.date(1500, 1, 1), datetime.date(2200, 12, 31))


@given(
    day=DAYS, written=st.sampled_from(["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"])
)
def test_every_form_of_every_day(day: datetime.date, written: str) -> None:
    # strftime leaves out leading noughts of a year
    text = day.strftime(written.replace("%Y", f"{day.year:04}"))
    assert read_date(text) == day
    assert read_date(f"{text} 00:00:00") == day


def test_an_empty_cell_is_no_date() -> None:
    assert read_date("") is None


@pytest.mark.parametrize(
    "text",
    ["31-02-2026", "2026-13-01", "1-2/2026", "tomorrow", "31-08-26", "00000000", "01-01-0900", "٣١-٠٨-٢٠٢٦"],
)
def test_what_is_no_date_is_said(text: str) -> None:
    with pytest.raises(Wrong, match="is not a date; it would be such as 31-08-2026"):
        read_date(text)


def test_as_it_is_shown() -> None:
    assert say_date(datetime.date(2026, 3, 4)) == "4 March 2026"
