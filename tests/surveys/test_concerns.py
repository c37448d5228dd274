"""Which audits give cause for concern: every sort as a table of cases, and what must hold of any audit."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.concerns import (
    KINDS,
    Facts,
    Indicator,
    Standard,
    get_concerns,
    get_urgency,
    is_weak,
)
from surveys.enums import ConcernKind
from surveys.scoring import Tally, make_tally

GRADES = st.none() | st.integers(0, 2)
STANDARDS = st.lists(st.builds(Standard, st.just("A1 Leading"), GRADES, GRADES), max_size=6)
INDICATORS = st.lists(st.builds(Indicator, st.just("A1.1"), GRADES, GRADES, st.booleans()), max_size=8)
FACTS = st.builds(
    Facts,
    st.lists(st.integers(0, 2), max_size=20).map(make_tally),
    STANDARDS.map(tuple),
    INDICATORS.map(tuple),
)


def of_whole(*scores: int) -> Facts:
    return Facts(whole=make_tally(scores))


def of_standard(grade: int | None, before: int | None = None) -> Facts:
    return Facts(standards=(Standard("A1 Leading", grade, before),))


def of_indicator(score: int | None, before: int | None = None, *, is_critical: bool = False) -> Facts:
    return Facts(indicators=(Indicator("A1.1", score, before, is_critical),))


def kinds(facts: Facts) -> list[str]:
    return [concern.kind for concern in get_concerns(facts)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), []),
        # The whole: from the exact sum and count, half up
        (of_whole(2, 1), []),
        (of_whole(2, 2, 1, 0, 2), ["overall"]),
        (of_whole(0, 0), ["overall"]),
        (of_whole(2, 2, 2, 2, 2, 2, 2, 2, 2, 0), []),
        (Facts(whole=Tally(not_applicable=4)), []),
        # A standard, now and in the audit before
        (of_standard(2, 0), []),
        (of_standard(None, 0), []),
        (of_standard(1), ["standard"]),
        (of_standard(0, None), ["standard"]),
        (of_standard(1, 2), ["standard"]),
        (of_standard(1, 1), ["standard", "repeated_standard"]),
        (of_standard(1, 0), ["standard", "repeated_standard"]),
        # An indicator: alone it is a concern only where it is weak again, or critical and at 0
        (of_indicator(2, 0), []),
        (of_indicator(0), []),
        (of_indicator(1, 2), []),
        (of_indicator(1, None), []),
        (of_indicator(None, 0), []),
        (of_indicator(1, 0), ["repeated_indicator"]),
        (of_indicator(0, 1), ["repeated_indicator"]),
        (of_indicator(0, is_critical=True), ["critical_zero"]),
        (of_indicator(1, is_critical=True), []),
        (of_indicator(None, 0, is_critical=True), []),
        (of_indicator(0, 0, is_critical=True), ["critical_zero", "repeated_indicator"]),
    ],
)
def test_what_is_a_concern(facts: Facts, expected: list[str]) -> None:
    assert kinds(facts) == expected


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (of_whole(1, 1, 2), "The whole audit is at grade 1 (mean 1.33)"),
        (of_standard(0), "Standard below grade 2: A1 Leading (grade 0)"),
        (
            Facts(standards=(Standard("A1 Leading", 1), Standard("A2 Staff", 0))),
            "2 standards below grade 2: A1 Leading (grade 1), A2 Staff (grade 0)",
        ),
        (of_indicator(0, is_critical=True), "Critical indicator at 0: A1.1"),
        (
            Facts(indicators=tuple(Indicator(code, 0, is_critical=True) for code in ("A1.1", "A2.1"))),
            "2 critical indicators at 0: A1.1, A2.1",
        ),
        (of_indicator(1, 0), "Indicator at 0 or 1 in the audit before too: A1.1 (1, before: 0)"),
    ],
)
def test_in_words(facts: Facts, words: str) -> None:
    assert [concern.words for concern in get_concerns(facts)] == [words]


def test_a_standard_that_is_weak_again_says_what_it_was() -> None:
    assert get_concerns(of_standard(1, 0))[-1].words == (
        "Standard below grade 2 in the audit before too: A1 Leading (before: grade 0)"
    )


@given(FACTS)
def test_each_kind_once_in_its_order(facts: Facts) -> None:
    found = kinds(facts)
    assert found == [kind for kind in KINDS if kind in found]


@given(FACTS)
def test_again_is_never_said_without_a_weakness_now(facts: Facts) -> None:
    counts = dict(zip(KINDS, get_urgency(get_concerns(facts)), strict=True))
    assert counts["repeated_standard"] <= counts["standard"]
    weak = [one for one in facts.indicators if is_weak(one.score)]
    assert counts["repeated_indicator"] <= len(weak)
    assert counts["critical_zero"] == sum(one.is_critical and one.score == 0 for one in facts.indicators)
    first = dataclasses.replace(
        facts,
        standards=tuple(dataclasses.replace(one, grade_before=None) for one in facts.standards),
        indicators=tuple(dataclasses.replace(one, score_before=None) for one in facts.indicators),
    )
    assert not {"repeated_standard", "repeated_indicator"} & set(kinds(first))


@given(FACTS)
def test_what_is_scored_2_adds_nothing(facts: Facts) -> None:
    """So that whoever looks up the facts may leave it out."""
    rest = tuple(one for one in facts.indicators if one.score != 2)
    assert get_concerns(dataclasses.replace(facts, indicators=rest)) == get_concerns(facts)


@given(FACTS, STANDARDS)
def test_more_weaknesses_are_never_less_urgent(facts: Facts, more: list[Standard]) -> None:
    worse = dataclasses.replace(facts, standards=(*facts.standards, *more))
    assert get_urgency(get_concerns(worse)) >= get_urgency(get_concerns(facts))


def test_a_critical_zero_comes_before_everything_else() -> None:
    urgent = get_urgency(get_concerns(of_indicator(0, is_critical=True)))
    assert urgent > get_urgency(get_concerns(of_whole(0, 0)))
    assert get_urgency([]) == (0,) * len(KINDS)


def test_the_choices_are_the_same() -> None:
    assert ConcernKind.values == list(KINDS)
