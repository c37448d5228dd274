"""Agreement of two moderators: published examples, a slow twin, and what must hold of any table."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.agreement import (
    CATEGORIES,
    POWERS,
    Agreement,
    Said,
    Weighting,
    count_pairs,
    format_kappa,
    get_distance,
    weighted_kappa,
)
from surveys.scoring import NOT_APPLICABLE

NA = NOT_APPLICABLE
Table = tuple[tuple[int, ...], ...]
SCORES = st.integers(0, 2)
SAID = st.sampled_from(CATEGORIES)
PAIRS = st.lists(st.tuples(SCORES, SCORES), max_size=40)
WEIGHTINGS = st.sampled_from(tuple(POWERS))

# A. Agresti, Categorical Data Analysis: two film critics, 160 films, con, mixed or pro; SAS prints 0.4269.
CRITICS = ((24, 8, 13), (8, 13, 11), (10, 9, 64))
# R. Lowry's VassarStats page on kappa: 46 + 44 + 10 against 50 + 40 + 10.
LOWRY = ((46, 0, 0), (4, 40, 0), (0, 0, 10))
# J. Cohen (1960), two categories: 20 and 15 agreed, 5 and 10 not; both weightings are the plain kappa then.
GRANTS = ((20, 5), (10, 15))


@pytest.mark.parametrize(
    ("table", "weighting", "places", "expected"),
    [
        (CRITICS, "linear", 4, "0.4269"),
        (LOWRY, "linear", 4, "0.9412"),
        (LOWRY, "quadratic", 4, "0.9541"),
        (GRANTS, "linear", 1, "0.4"),
        (GRANTS, "quadratic", 1, "0.4"),
    ],
)
def test_published_examples(table: Table, weighting: Weighting, places: int, expected: str) -> None:
    kappa = weighted_kappa(table, weighting)
    assert kappa is not None
    assert abs(kappa - Fraction(expected)) <= Fraction(1, 2 * 10**places)


def test_by_hand() -> None:
    """Three answers, 0-0, 1-2 and 2-2: one step apart is seen once; chance gives (0,1,1) x (1,0,2)."""
    agreement = count_pairs([(0, 0), (1, 2), (2, 2)])
    # Linear: 1 x 3 seen; by chance rows 1,1,1 x columns 1,0,2: 0-2 2x2, 1-0 1, 1-2 2, 2-0 2.
    assert agreement.kappa("linear") == 1 - Fraction(3, 9)
    # Quadratic: 0-2 4x2, 1-0 1, 1-2 2, 2-0 4.
    assert agreement.kappa("quadratic") == 1 - Fraction(3, 15)


def slow_kappa(pairs: list[tuple[int, int]], weighting: Weighting) -> Fraction | None:
    """Disagreement seen, over that of every first score with every second one: what chance would pair."""

    def differ(first: int, second: int) -> Fraction:
        return Fraction(abs(first - second), 2) ** POWERS[weighting]

    if not pairs:
        return None
    seen = sum((differ(*pair) for pair in pairs), Fraction(0)) / len(pairs)
    firsts, seconds = zip(*pairs, strict=True)
    chance = sum((differ(*pair) for pair in product(firsts, seconds)), Fraction(0)) / len(pairs) ** 2
    return 1 - seen / chance if chance else None


@given(PAIRS, WEIGHTINGS)
def test_the_slow_twin_agrees(pairs: list[tuple[int, int]], weighting: Weighting) -> None:
    assert count_pairs(pairs).kappa(weighting) == slow_kappa(pairs, weighting)


@given(PAIRS, WEIGHTINGS)
def test_who_is_first_does_not_matter_nor_which_end_is_up(
    pairs: list[tuple[int, int]], weighting: Weighting
) -> None:
    kappa = count_pairs(pairs).kappa(weighting)
    assert count_pairs([(second, first) for first, second in pairs]).kappa(weighting) == kappa
    assert count_pairs([(2 - first, 2 - second) for first, second in pairs]).kappa(weighting) == kappa
    assert count_pairs(pairs * 3).kappa(weighting) == kappa


@given(PAIRS, WEIGHTINGS)
def test_it_is_1_only_where_all_agree_and_never_above(
    pairs: list[tuple[int, int]], weighting: Weighting
) -> None:
    agreement = count_pairs(pairs)
    kappa = agreement.kappa(weighting)
    if kappa is None:
        assert agreement.why_undefined
        assert len({score for pair in pairs for score in pair}) <= 1
    else:
        assert not agreement.why_undefined
        assert kappa <= 1
        assert (kappa == 1) == (agreement.agreed.count == len(pairs))


@given(st.lists(st.tuples(SAID, SAID), max_size=30))
def test_not_applicable_is_counted_and_not_in_kappa(pairs: list[tuple[Said, Said]]) -> None:
    agreement = count_pairs(pairs)
    scored = [pair for pair in pairs if NA not in pair]
    assert agreement.total == len(pairs)
    assert agreement.set_aside == len(pairs) - len(scored)
    assert agreement.agreed.count == sum(first == second for first, second in pairs)
    for weighting in POWERS:
        assert agreement.kappa(weighting) == count_pairs(scored).kappa(weighting)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([], "No answer has a score from both"),
        ([(NA, 2), (1, NA)], "No answer has a score from both"),
        ([(2, 2), (2, 2)], "Both gave every answer the same score"),
        ([(0, 0), (NA, NA)], "Both gave every answer the same score"),
        ([(2, 1)], ""),
    ],
)
def test_what_is_undefined_is_said_in_words(pairs: list[tuple[Said, Said]], words: str) -> None:
    agreement = count_pairs(pairs)
    assert agreement.why_undefined.startswith(words)
    assert (agreement.kappa("quadratic") is None) == bool(words)
    assert bool(agreement.why_undefined) == bool(words)


@pytest.mark.parametrize(
    ("kappa", "words"),
    [
        (Fraction(1), "1.00"),
        (Fraction(0), "0.00"),
        (Fraction(1, 8), "0.13"),
        (Fraction(2, 3), "0.67"),
        (Fraction(199, 200), "1.00"),
        (Fraction(-1, 8), "−0.12"),
        (Fraction(-1, 3), "−0.33"),
        (Fraction(-1), "−1.00"),
        (Fraction(-1, 250), "0.00"),
    ],
)
def test_two_decimals_half_up(kappa: Fraction, words: str) -> None:
    assert format_kappa(kappa) == words


@given(st.fractions(-2, 1, max_denominator=4_000))
def test_what_is_printed_is_the_nearest_and_half_is_above(kappa: Fraction) -> None:
    difference = Fraction(format_kappa(kappa).replace("−", "-")) - kappa
    assert Fraction(-1, 200) < difference <= Fraction(1, 200)


@pytest.mark.parametrize("wrong", [True, 1.0, 3, -1, None, "2"])
def test_what_is_no_score_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="is not a score"):
        count_pairs([(2, wrong)])  # type: ignore[list-item]


def test_distances() -> None:
    assert [get_distance(first, 0) for first in CATEGORIES] == [0, 1, 2, 3]
    assert get_distance(NA, NA) == 0
    assert get_distance(1, NA) == get_distance(NA, 1) == 3


def test_an_agreement_of_nobody_is_empty() -> None:
    assert count_pairs([]) == Agreement(((0,) * 4,) * 4)
