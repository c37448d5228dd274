"""Quartiles of exact means: against another implementation, and where none may be told."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.quartiles import Quartiles, interpolate, make_quartiles

MEANS = st.builds(Fraction, st.integers(0, 42), st.just(21))


@given(st.lists(MEANS, min_size=11, max_size=30))
def test_they_are_those_of_the_standard_library(means: list[Fraction]) -> None:
    found = make_quartiles(dict(enumerate(means)))
    assert found is not None
    assert [found.lower, found.median, found.upper] == statistics.quantiles(means, n=4, method="inclusive")


@given(st.lists(MEANS, min_size=11, max_size=30))
def test_they_lie_among_the_means_in_order(means: list[Fraction]) -> None:
    found = make_quartiles(dict(enumerate(means)))
    assert found is not None
    assert min(means) <= found.lower <= found.median <= found.upper <= max(means)
    assert found.organisations == len(means)


def test_the_order_of_the_means_is_nothing() -> None:
    means = [Fraction(n, 7) for n in range(14)]
    assert make_quartiles(dict(enumerate(reversed(means)))) == make_quartiles(dict(enumerate(means)))


def test_worked_by_hand() -> None:
    """Eight means, 0.25 apart: the quarters lie a quarter, a half and three quarters of the seven steps up."""
    means = [Fraction(n, 4) for n in range(1, 9)]
    assert make_quartiles(dict(enumerate(means))) == Quartiles(
        8, Fraction(11, 16), Fraction(9, 8), Fraction(25, 16)
    )


@pytest.mark.parametrize(
    ("means", "is_told"),
    [
        ([Fraction(2)] * 7, False),
        ([Fraction(2)] * 8, True),
        ([Fraction(1)] * 8 + [Fraction(3, 2)] * 2, False),
        ([Fraction(1)] * 7 + [Fraction(149, 100)] + [Fraction(3, 2)] * 2, False),
        ([Fraction(1)] * 7 + [Fraction(3, 2)] * 3, True),
        ([Fraction(1)] * 11, True),
        ([], False),
    ],
    ids=[
        "seven",
        "eight",
        "ten, two high",
        "ten, two high, one nearly",
        "ten, three high",
        "eleven low",
        "none",
    ],
)
def test_when_they_are_told(means: list[Fraction], is_told: bool) -> None:
    assert (make_quartiles(dict(enumerate(means))) is not None) == is_told


def test_one_value_is_its_own_quarter() -> None:
    assert interpolate([Fraction(1, 3)], Fraction(3, 4)) == Fraction(1, 3)
