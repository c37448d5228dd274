"""Which agency needs which course: a table of scores, and what must hold of any."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.training_needs import (
    OTHER_SERVICES,
    Agency,
    Asked,
    Course,
    TrainingNeeds,
    make_need,
    make_needs,
    say_gap,
)

KEYS = ("checks", "panel", "log")
ASKED = [
    Asked(key, key.title(), "A6 Recruitment", (("school", f"E{n}"), ("health", f"H{n}")), n)
    for n, key in enumerate(KEYS)
]
SCHOOLS_CHECKS = Course(1, "Checks", frozenset({("school", "checks"), ("school", "panel")}))
EVERYBODYS_LOG = Course(2, "Log", frozenset({("school", "log"), ("health", "log")}))


def agency(pk: int, variant: str = "school", **scores: int) -> Agency:
    return Agency(pk, f"Agency {pk}", f"agency-{pk}", variant, variant.title(), scores)


@pytest.mark.parametrize(
    ("scores", "need"),
    [
        ({}, None),
        ({"checks": 2, "panel": 2}, None),
        # What the course does not answer is no need of it
        ({"log": 0}, None),
        ({"checks": 1}, (0, 1, 1, 1)),
        ({"checks": 0}, (1, 0, 1, 0)),
        ({"checks": 0, "panel": 2}, (1, 0, 2, 1)),
        ({"checks": 1, "panel": 2, "log": 0}, (0, 1, 2, 2)),
        ({"checks": 0, "panel": 1}, (1, 1, 2, 1)),
    ],
)
def test_a_need_is_a_zero_or_a_one_in_what_it_answers(
    scores: dict[str, int], need: tuple[int, int, int, int] | None
) -> None:
    """With zeros, ones, how many were scored, and the grade over these."""
    found = make_need(SCHOOLS_CHECKS, agency(1, "school", **scores))
    assert (found and (found.zeros, found.ones, found.tally.n, found.tally.grade)) == need


def test_a_standard_is_its_variants_alone() -> None:
    assert make_need(SCHOOLS_CHECKS, agency(1, "health", checks=0)) is None
    assert make_need(EVERYBODYS_LOG, agency(1, "health", log=0)) is not None


def test_courses_by_who_needs_them_and_agencies_by_their_zeros() -> None:
    agencies = [
        agency(1, checks=1, panel=1),
        agency(2, checks=0),
        agency(3, "health", log=1, checks=0),
        agency(4, log=0, checks=0, panel=1),
    ]
    found = make_needs([EVERYBODYS_LOG, SCHOOLS_CHECKS, Course(3, "Art", frozenset())], agencies, ASKED)
    assert [(need.course.pk, need.count, need.zeros, need.ones) for need in found.courses] == [
        (1, 3, 2, 3),
        (2, 2, 1, 1),
        (3, 0, 0, 0),
    ]
    assert [one.agency.pk for one in found.courses[0].agencies] == [4, 2, 1]
    assert found.courses[1].by_sector == (("Health", 1), ("School", 1))
    assert (found.in_need, found.agencies, len(found.needed)) == (4, 4, 2)
    # The health agency's checks are answered for schools alone
    assert [(gap.asked.key, [one.pk for one in gap.at_0]) for gap in found.gaps] == [("checks", [3])]


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ((0,), "1 agency scored 0 for E1, H1, and no course answers it"),
        ((1,), "1 agency scored 1 for E1, H1, and no course answers it"),
        ((0, 0, 1), "2 agencies scored 0 and 1 scored 1 for E1, H1, and no course answers it"),
        ((2, 2), ""),
    ],
)
def test_a_gap_in_words(scores: tuple[int, ...], words: str) -> None:
    found = make_needs([], [agency(pk, panel=score) for pk, score in enumerate(scores)], ASKED)
    assert [say_gap(gap) for gap in found.gaps] == ([words] if words else [])


def test_most_in_need_is_who_has_a_0() -> None:
    """A course that fewer need, and more of them with a 0, stands first."""
    agencies = [agency(pk, checks=1) for pk in range(1, 4)] + [agency(4, log=0), agency(5, log=0, checks=1)]
    found = make_needs([SCHOOLS_CHECKS, EVERYBODYS_LOG], agencies, ASKED)
    assert [(need.course.pk, need.with_0, need.with_1) for need in found.courses] == [(2, 2, 0), (1, 0, 4)]
    assert (found.with_0, found.with_1, found.in_need) == (2, 3, 5)


def test_council_and_other_services_stand_last_whatever_their_count() -> None:
    agencies = [dataclasses.replace(agency(pk, checks=0), sector=OTHER_SERVICES) for pk in range(3)]
    (need,) = make_needs([SCHOOLS_CHECKS], [*agencies, agency(9, checks=0)], ASKED).courses
    assert need.by_sector == (("School", 1), (OTHER_SERVICES, 3))


def test_gaps_the_zeros_first_then_the_ones_then_as_they_are_asked() -> None:
    agencies = [agency(1, checks=1, panel=1, log=0), agency(2, checks=1, panel=1)]
    found = make_needs([], agencies, ASKED)
    assert [gap.asked.key for gap in found.gaps] == ["log", "checks", "panel"]


SCORED = st.lists(
    st.tuples(
        st.sampled_from(["school", "health"]), st.dictionaries(st.sampled_from(KEYS), st.integers(0, 2))
    ),
    max_size=5,
).map(lambda rows: [agency(pk, variant, **scores) for pk, (variant, scores) in enumerate(rows, start=1)])
COURSES = [SCHOOLS_CHECKS, EVERYBODYS_LOG]


def measure(found: TrainingNeeds) -> dict[int, tuple[int, int, int]]:
    return {need.course.pk: (need.count, need.zeros, need.ones + need.zeros) for need in found.courses}


@given(SCORED, st.sampled_from(KEYS), st.sampled_from([0, 1]), st.integers(0, 4))
def test_one_more_low_score_never_lowers_a_need(
    agencies: list[Agency], key: str, score: int, number: int
) -> None:
    if not agencies:
        return
    place = number % len(agencies)
    before = agencies[place].scores.get(key)
    # A score where there was none, or a lower one.
    if before is not None and before < score:
        return
    more = list(agencies)
    more[place] = dataclasses.replace(more[place], scores={**more[place].scores, key: score})
    then, now = make_needs(COURSES, agencies, ASKED), make_needs(COURSES, more, ASKED)
    for course, counts in measure(now).items():
        assert all(after >= earlier for after, earlier in zip(counts, measure(then)[course], strict=True))
    assert now.in_need >= then.in_need
    assert sum(gap.count for gap in now.gaps) >= sum(gap.count for gap in then.gaps)


@given(SCORED, st.integers(0, 1_000))
def test_the_order_is_one_whatever_order_rows_come_in(agencies: list[Agency], seed: int) -> None:
    shuffled = list(agencies)
    random.Random(seed).shuffle(shuffled)
    assert make_needs(COURSES, agencies, ASKED) == make_needs(COURSES[::-1], shuffled, ASKED)


@given(SCORED)
def test_each_low_score_is_a_need_or_a_gap_and_never_both(agencies: list[Agency]) -> None:
    found = make_needs(COURSES, agencies, ASKED)
    needed = sum(need.zeros + need.ones for need in found.courses)
    low = sum(score < 2 for one in agencies for score in one.scores.values())
    assert needed + sum(gap.count for gap in found.gaps) == low
