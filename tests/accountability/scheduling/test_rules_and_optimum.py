"""On small problems of every kind: no hard rule is ever broken, and nothing better exists.

More of them: `TIMETABLES=5000 pytest tests/accountability/scheduling`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from accountability.scheduling import Status, make_answer, parse_problem, schedule, solve
from accountability.scheduling.check import find_faults
from tests.accountability.scheduling.problems import draw_problems
from tests.accountability.scheduling.slow_twin import check_answer, find_best, rate_answer

EXAMPLES = int(os.environ.get("TIMETABLES", "50"))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@many
@given(draw_problems())
def test_no_rule_is_broken_and_none_is_better(data: dict[str, Any]) -> None:
    check(data)


@many
@given(draw_problems())
def test_it_holds_where_nothing_is_constructed(monkeypatch: pytest.MonkeyPatch, data: dict[str, Any]) -> None:
    """Small problems are mostly solved before the solver is asked; here it has to find all but what is locked."""
    monkeypatch.setattr(solve, "construct", lambda rules, locked, left: locked)
    check(data)


@many
@given(draw_problems())
def test_it_holds_too_where_the_model_is_spelt_out_only_when_it_must(
    monkeypatch: pytest.MonkeyPatch, data: dict[str, Any]
) -> None:
    """As for large problems: who sits for whom is left open at first."""
    monkeypatch.setattr(solve, "SMALL", 0)
    monkeypatch.setattr(solve, "construct", lambda rules, locked, left: locked)
    check(data)


def check(data: dict[str, Any]) -> None:
    problem = parse_problem(data)
    timetable = schedule(problem, seconds=60)
    answer = make_answer(timetable)
    check_answer(data, answer)
    assert find_faults(problem, timetable) == []
    best = find_best(data)
    assert (timetable.status is Status.INFEASIBLE) == (best is None)
    if best is not None:
        assert timetable.status is Status.OPTIMAL
        assert rate_answer(data, answer) == best
    assert schedule(problem, seconds=60) == timetable
