"""Properties of what a new audit starts from, whatever the audits before it, their order, banks and answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from surveys.bringing import Brought, Said, Value, Wanted, bring, choose, pick

KEYS = [f"key-{number}" for number in range(8)]
REASONS = ["It does not do this", "Another reason"]

values = st.one_of(
    st.builds(Value, score=st.sampled_from([0, 1, 2]), reason=st.just(""), commentary=st.text(max_size=8)),
    st.builds(
        Value,
        score=st.none(),
        reason=st.sampled_from([*REASONS, "Not offered any more"]),
        commentary=st.text(max_size=8),
    ),
)


@dataclass(frozen=True)
class World:
    """Earlier audits, the one that goes first on top, each with what it says by key; and what a new one asks."""

    audits: tuple[dict[str, Value], ...]
    asked: tuple[Wanted, ...]
    reasons: tuple[str, ...]

    @property
    def said(self) -> list[Said]:
        return [
            Said(audit, audit * 100 + KEYS.index(key), key)
            for audit, answers in enumerate(self.audits)
            for key in answers
        ]

    def value_of(self, said: Said) -> Value:
        return self.audits[said.audit][said.key]

    def bring_forward(self, said: list[Said] | None = None, held: Collection[int] = ()) -> list[Brought]:
        picked = pick(self.said if said is None else said, range(len(self.audits)))
        return [
            bring(one, found, self.value_of(found), self.reasons)
            for one, found in choose(self.asked, picked, held)
        ]


wanted = st.lists(st.sampled_from(KEYS), unique=True).flatmap(
    lambda keys: st.lists(st.booleans(), min_size=len(keys), max_size=len(keys)).map(
        # Row ids that no earlier audit knows: only the key is shared.
        lambda may: tuple(
            Wanted(1_000 + place, key, may_be_not_applicable=flag)
            for place, (key, flag) in enumerate(zip(keys, may, strict=True))
        )
    )
)
worlds = st.builds(
    World,
    audits=st.lists(st.dictionaries(st.sampled_from(KEYS), values), max_size=4).map(tuple),
    asked=wanted,
    reasons=st.lists(st.sampled_from(REASONS), unique=True).map(tuple),
)


@given(worlds)
def test_every_asked_key_that_was_ever_answered_is_brought_forward_and_nothing_else(world: World) -> None:
    answered = {key for audit in world.audits for key in audit}
    brought = {one.indicator for one in world.bring_forward()}
    assert brought == {one.indicator for one in world.asked if one.key in answered}


@given(worlds)
def test_the_first_audit_that_says_anything_of_a_key_wins(world: World) -> None:
    """Said once more, slowly: go through the audits in order and stop at the first."""
    by_indicator = {one.indicator: one for one in world.asked}
    for one in world.bring_forward():
        key = by_indicator[one.indicator].key
        first = next(place for place, audit in enumerate(world.audits) if key in audit)
        assert one.answer == first * 100 + KEYS.index(key)


@given(worlds, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_does_not_matter(world: World, chance: Random) -> None:
    shuffled = world.said
    chance.shuffle(shuffled)
    assert world.bring_forward(shuffled) == world.bring_forward()


@given(worlds)
def test_scores_and_words_come_along_as_they_were(world: World) -> None:
    said = {one.answer: world.value_of(one) for one in world.said}
    for one in world.bring_forward():
        assert (one.value.score, one.value.commentary) == (
            said[one.answer].score,
            said[one.answer].commentary,
        )


@given(worlds)
def test_a_reason_comes_along_only_where_it_is_offered(world: World) -> None:
    by_indicator = {one.indicator: one for one in world.asked}
    said = {one.answer: world.value_of(one) for one in world.said}
    for one in world.bring_forward():
        is_offered = by_indicator[one.indicator].may_be_not_applicable and said[one.answer].reason in (
            *world.reasons,
            "",
        )
        assert one.value.reason == (said[one.answer].reason if is_offered else "")
        assert not (one.value.reason and one.value.score is not None)


@given(worlds)
def test_done_twice_it_is_done_once(world: World) -> None:
    once = world.bring_forward()
    assert world.bring_forward(held={one.indicator for one in once}) == []


@given(worlds, st.sets(st.integers(1_000, 1_008)))
def test_what_is_held_already_is_left_alone(world: World, held: set[int]) -> None:
    all_of_it, rest = world.bring_forward(), world.bring_forward(held=held)
    assert rest == [one for one in all_of_it if one.indicator not in held]


@given(worlds)
def test_an_older_audit_changes_nothing_that_a_newer_one_says(world: World) -> None:
    newest = World(world.audits[:1], world.asked, world.reasons)
    assert set(newest.bring_forward()) <= set(world.bring_forward())


@given(worlds)
def test_an_audit_that_is_not_in_the_order_is_no_source(world: World) -> None:
    stranger = [Said(99, 9_900 + place, key) for place, key in enumerate(KEYS)]
    assert world.bring_forward([*stranger, *world.said]) == world.bring_forward()
