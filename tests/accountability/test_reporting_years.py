"""Years that begin on 1 April."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.reporting_years import ReportingYear

DAYS = st.dates(datetime.date(2, 4, 1), datetime.date(9998, 3, 31))


@pytest.mark.parametrize(
    ("day", "slug", "title"),
    [
        (datetime.date(2025, 4, 1), "2025-26", "2025 to 2026"),
        (datetime.date(2026, 3, 31), "2025-26", "2025 to 2026"),
        (datetime.date(2026, 4, 1), "2026-27", "2026 to 2027"),
        (datetime.date(2000, 3, 31), "1999-00", "1999 to 2000"),
    ],
)
def test_a_year_is_the_one_of_its_april(day: datetime.date, slug: str, title: str) -> None:
    year = ReportingYear.of(day)
    assert (year.slug, year.title, day in year) == (slug, title, True)


@given(DAYS)
def test_each_day_lies_in_one_year(day: datetime.date) -> None:
    year = ReportingYear.of(day)
    assert [one for one in (year.before, year, year.next) if day in one] == [year]
    assert year.last_day + datetime.timedelta(days=1) == year.next.first_day


@given(st.integers(2, 9997))
def test_an_address_finds_its_year(begins: int) -> None:
    year = ReportingYear(begins)
    found = ReportingYear.from_slug(year.slug)
    assert found == year


@pytest.mark.parametrize(
    "slug", ["", "2025", "2025-25", "2025-27", "9999-00", "0001-02", "٢٠٢٥-26", "2025-26 "]
)
def test_what_is_no_year_finds_none(slug: str) -> None:
    assert ReportingYear.from_slug(slug) is None
