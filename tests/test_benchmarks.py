"""What `make bench` says is held against its target as it is shown, and never flatters."""

from __future__ import annotations

import pytest

from benchmarks.measuring import Figure, make_pair, round_up
from benchmarks.one_nation import count_answers


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (3.0, 1, 3.0),
        (3.004, 1, 3.1),
        (1.0041, 2, 1.01),
        (27.2, 1, 27.2),
        (0.1 + 0.2, 1, 0.4),
        (-1.26, 1, -1.2),
        (15, 1, 15),
    ],
)
def test_a_figure_is_rounded_up(value: float, digits: int, shown: float) -> None:
    assert round_up(value, digits) == shown


@pytest.mark.parametrize(("value", "is_met"), [(3.0, True), (3.04, False)])
def test_what_just_missed_is_not_met(value: float, is_met: bool) -> None:
    figure = Figure("saving", round_up(value, 1), "times the floor", 3, 0.004, "")
    assert figure.met == is_met
    assert figure.as_row()["met"] == is_met


def test_the_ratio_is_of_neighbours() -> None:
    """One slow moment slows both of its pair, so it sways no ratio."""
    pair = make_pair([(2, 1), (20, 10), (2, 1), (4, 2), (6, 2)])
    assert (pair.value, pair.floor, pair.times) == (4, 2, 2)


def test_an_overview_that_leaves_an_answer_out_is_found() -> None:
    indicators = [
        {"scores": {"0": 1, "1": 2, "2": 3}, "not_applicable": 4},
        {"scores": {"0": 0, "1": 0, "2": 5}, "not_applicable": 0},
    ]
    assert count_answers({"variants": [{"standards": [{"indicators": indicators}]}]}) == 15
