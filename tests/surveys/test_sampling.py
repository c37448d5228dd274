"""A sample is drawn by a rule and a seed: anybody gets the same again, and nobody is left out by design."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import RULES, Candidate, Rule, draw_sample

VARIANTS = ("standard", "health", "care_home", "school")
CANDIDATES = st.lists(
    st.builds(
        Candidate, st.text("abcdef", min_size=1, max_size=5), st.sampled_from(VARIANTS), st.integers(0, 40)
    ),
    unique_by=lambda one: one.slug,
    max_size=60,
)


def make_schools(count: int, variant: str = "school") -> list[Candidate]:
    return [Candidate(f"{variant}-{number}", variant) for number in range(count)]


def test_the_draw_is_written_down_and_never_changes() -> None:
    """Whoever draws it in ten years, on another machine, gets these."""
    assert draw_sample(make_schools(20), rule="random", size=3, seed=2027) == DRAWN_WITH_2027


DRAWN_WITH_2027 = ["school-19", "school-12", "school-16"]


@given(CANDIDATES, st.sampled_from(RULES), st.integers(1, 70), st.integers(0, 10**6), st.randoms())
def test_the_order_in_which_they_come_does_not_matter(
    candidates: list[Candidate], rule: Rule, size: int, seed: int, chance: object
) -> None:
    drawn = draw_sample(candidates, rule=rule, size=size, seed=seed)
    shuffled = sorted(candidates, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert draw_sample(shuffled, rule=rule, size=size, seed=seed) == drawn
    assert len(drawn) == len(set(drawn)) == min(size, len(candidates))
    assert set(drawn) <= {one.slug for one in candidates}


@given(CANDIDATES, st.integers(1, 70), st.integers(0, 10**6))
def test_by_risk_nobody_riskier_is_left_out(candidates: list[Candidate], size: int, seed: int) -> None:
    drawn = set(draw_sample(candidates, rule="by_risk", size=size, seed=seed))
    left = [one.risk for one in candidates if one.slug not in drawn]
    assert not left or max(left) <= min(one.risk for one in candidates if one.slug in drawn)


@given(CANDIDATES, st.integers(4, 70), st.integers(0, 10**6))
def test_by_variant_each_is_there_and_in_proportion(
    candidates: list[Candidate], size: int, seed: int
) -> None:
    drawn = set(draw_sample(candidates, rule="by_variant", size=size, seed=seed))
    of = Counter(one.variant for one in candidates)
    got = Counter(one.variant for one in candidates if one.slug in drawn)
    assert set(got) == set(of)
    if size < len(candidates):
        # One each goes first, so a share may be short by the others' first ones.
        assert all(abs(got[variant] - size * of[variant] / len(candidates)) <= len(of) for variant in of)


def test_a_large_variant_does_not_swallow_a_small_one() -> None:
    everybody = [*make_schools(90), *make_schools(10, "health")]
    drawn = draw_sample(everybody, rule="by_variant", size=10, seed=1)
    assert Counter(slug.split("-")[0] for slug in drawn) == {"school": 9, "health": 1}


def test_another_seed_draws_others() -> None:
    samples = {tuple(draw_sample(make_schools(50), rule="random", size=5, seed=seed)) for seed in range(20)}
    assert len(samples) == 20


def test_each_is_as_likely_as_any_other() -> None:
    counts = Counter(
        slug
        for seed in range(1000)
        for slug in draw_sample(make_schools(10), rule="random", size=3, seed=seed)
    )
    assert len(counts) == 10
    assert all(240 <= count <= 360 for count in counts.values())  # 300 expected; the draws are fixed


@pytest.mark.parametrize(("rule", "size", "words"), [("dice", 3, "no rule"), ("random", 0, "give 1 or more")])
def test_bad_input_is_said(rule: Rule, size: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_sample(make_schools(3), rule=rule, size=size, seed=1)
