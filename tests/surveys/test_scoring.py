"""Scores in, means and grades out: the rules as tables, then as properties that hold for any audit."""

import ast
import sys
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import asking, figures, scoring
from surveys.scoring import (
    NOT_APPLICABLE,
    Item,
    MissingAnswers,
    Scorecard,
    Tally,
    grade_of,
    make_scorecard,
    make_tally,
    mean_of,
)

scores = st.sampled_from([0, 1, 2])
answered = st.sampled_from([0, 1, 2, NOT_APPLICABLE])
items = st.sampled_from([0, 1, 2, NOT_APPLICABLE, None])
codes = st.sampled_from(["1", "2", "3"])
audits = st.lists(st.tuples(codes, codes, answered), max_size=60)


@pytest.mark.parametrize(
    ("given_scores", "mean", "grade"),
    [
        ([0], Fraction(0), 0),
        ([1], Fraction(1), 1),
        ([2], Fraction(2), 2),
        ([0, 1], Fraction(1, 2), 1),  # exactly half goes up, where banker's rounding would give 0
        ([1, 2], Fraction(3, 2), 2),
        ([0, 0, 1], Fraction(1, 3), 0),
        ([0, 1, 1], Fraction(2, 3), 1),
        ([1, 1, 2], Fraction(4, 3), 1),
        (
            [2] * 9 + [0],
            Fraction(9, 5),
            2,
        ),  # grade 2 with a zero in it: why zeros are listed whatever the mean
        ([0] * 101 + [1] * 99, Fraction(99, 200), 0),  # 0.495: by its rounded mean, 0.50, it would be 1
        ([1] * 101 + [2] * 99, Fraction(299, 200), 1),  # 1.495, printed 1.50, is still below half
        ([1] * 100 + [2] * 100, Fraction(3, 2), 2),
    ],
)
def test_grade_is_the_exact_mean_rounded_half_up(given_scores: list[int], mean: Fraction, grade: int) -> None:
    tally = make_tally(given_scores)
    assert (tally.mean, tally.grade) == (mean, grade)
    assert mean_of(sum(given_scores), len(given_scores)) == mean
    assert grade_of(sum(given_scores), len(given_scores)) == grade


@pytest.mark.parametrize(
    ("given_items", "tally"),
    [
        ([], Tally()),
        ([2] * 9 + [0], Tally(n=10, total=18, zeros=1)),
        ([0], Tally(n=1, zeros=1)),  # 0 is a score and counts
        ([None], Tally()),  # missing is not
        ([0, None, 2], Tally(n=2, total=2, zeros=1)),
        ([NOT_APPLICABLE, 2], Tally(n=1, total=2, not_applicable=1)),  # its mean stays 2
        ([NOT_APPLICABLE, NOT_APPLICABLE], Tally(not_applicable=2)),
    ],
)
def test_tally_counts_scores_zeros_and_not_applicable(given_items: list[Item], tally: Tally) -> None:
    assert make_tally(given_items) == tally


@pytest.mark.parametrize("given_items", [[], [None], [NOT_APPLICABLE], [NOT_APPLICABLE, None]])
def test_without_a_score_there_is_no_mean_and_no_grade(given_items: list[Item]) -> None:
    tally = make_tally(given_items)
    assert tally.mean is None
    assert tally.grade is None


@pytest.mark.parametrize("item", [3, -1, 10, True, False, 1.0, "2", "", "NA", Fraction(1)])
def test_anything_else_is_refused_in_a_sentence(item: object) -> None:
    with pytest.raises(ValueError, match=r"is not a score: give 0, 1, 2, not applicable, or None"):
        make_tally([2, item])  # type: ignore[list-item]


def test_an_enumeration_of_the_scores_is_welcome() -> None:
    """The database's choices are such numbers."""

    class Choice(IntEnum):
        ACHIEVED = 2

    assert make_tally([Choice.ACHIEVED]) == Tally(n=1, total=2)


@pytest.mark.parametrize(
    "impossible",
    [
        {"n": 1, "total": 3},
        {"n": 2, "total": 1},  # neither a zero nor two ones
        {"n": 2, "total": 3, "zeros": 1},
        {"n": 1, "zeros": 2},
        {"n": 1, "total": 2, "zeros": -1},
        {"n": -1},
        {"not_applicable": -1},
    ],
)
def test_a_tally_that_no_scores_add_up_to_is_refused(impossible: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="No scores of 0, 1 and 2 add up to Tally"):
        Tally(**impossible)


def test_scorecard_of_a_complete_audit() -> None:
    scorecard = make_scorecard(
        [
            ("A2", "T2", 0),
            (
                "A2",
                "T4",
                1,
            ),  # an indicator with a theme of its own counts under that one, in its standard still
            ("A1", "T4", 2),
            ("A3", "T3", NOT_APPLICABLE),
        ]
    )
    assert scorecard == Scorecard(
        whole=Tally(n=3, total=3, zeros=1, not_applicable=1),
        standards={
            "A2": Tally(n=2, total=1, zeros=1),
            "A1": Tally(n=1, total=2),
            "A3": Tally(not_applicable=1),
        },
        themes={"T2": Tally(n=1, zeros=1), "T4": Tally(n=2, total=3), "T3": Tally(not_applicable=1)},
    )
    assert list(scorecard.standards) == ["A2", "A1", "A3"]  # the questionnaire's order, not the alphabet's
    assert (scorecard.standards["A2"].grade, scorecard.themes["T4"].grade) == (1, 2)
    assert scorecard.standards["A3"].grade is None


def test_scorecard_of_an_incomplete_audit_is_refused_and_says_where() -> None:
    answers: list[tuple[str, str, Item]] = [
        ("A1", "T1", None),
        ("A2", "T2", 0),
        ("A3", "T1", None),
        ("A1", "T4", None),
    ]
    with pytest.raises(MissingAnswers, match=r"^Answers are missing in A1 \(2\), A3 \(1\): score") as raised:
        make_scorecard(answers)
    assert dict(raised.value.standards) == {"A1": 2, "A3": 1}


def test_a_draft_shows_what_there_is_and_missing_is_never_0() -> None:
    draft = make_scorecard([("A1", "T1", None), ("A1", "T1", 2), ("A2", "T2", None)], allow_missing=True)
    assert draft.whole == Tally(n=1, total=2)
    assert draft.standards == {"A1": Tally(n=1, total=2), "A2": Tally()}


@given(st.lists(scores, min_size=1, max_size=300))
def test_grade_equals_rounding_the_exact_mean(given_scores: list[int]) -> None:
    mean = Decimal(sum(given_scores)) / Decimal(len(given_scores))
    expected = int(mean.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert make_tally(given_scores).grade == expected


@given(st.lists(items), st.randoms())
def test_order_does_not_matter(given_items: list[Item], random: Random) -> None:
    shuffled = list(given_items)
    random.shuffle(shuffled)
    assert make_tally(shuffled) == make_tally(given_items)


@given(st.lists(items), st.lists(items))
def test_tallies_add_up(some: list[Item], others: list[Item]) -> None:
    assert make_tally(some) + make_tally(others) == make_tally(some + others)
    assert make_tally(some) + Tally() == make_tally(some)


@given(st.lists(items))
def test_what_is_missing_or_not_applicable_changes_no_mean(given_items: list[Item]) -> None:
    only_scores = [item for item in given_items if item is not None and item is not NOT_APPLICABLE]
    with_everything, with_scores = make_tally(given_items), make_tally(only_scores)
    assert (with_everything.mean, with_everything.grade) == (with_scores.mean, with_scores.grade)
    assert with_scores.n == len(only_scores)


@given(audits)
def test_standards_and_themes_both_add_up_to_the_whole(answers: list[tuple[str, str, Item]]) -> None:
    scorecard = make_scorecard(answers)
    assert scorecard.whole == make_tally(item for _, _, item in answers)
    assert sum(scorecard.standards.values(), Tally()) == scorecard.whole
    assert sum(scorecard.themes.values(), Tally()) == scorecard.whole
    for code, tally in scorecard.themes.items():
        assert tally == make_tally(item for _, theme, item in answers if theme == code)


@pytest.mark.parametrize("module", [scoring, figures, asking])
def test_the_arithmetic_stays_pure_and_exact(module: ModuleType) -> None:
    """No Django and no other outside code, no clock, no floats, and no division but // and Fraction."""
    nodes = list(ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))))
    imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {str(name).split(".")[0] for name in imported} <= sys.stdlib_module_names | {"surveys"}
    assert {name for name in imported if str(name).startswith("surveys")} <= {"surveys.figures"}
    assert not any(isinstance(node, ast.Import | ast.Div) for node in nodes)
    assert not any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in nodes)
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    assert not (names | attributes) & {"float", "round", "now", "today", "utcnow", "time"}
