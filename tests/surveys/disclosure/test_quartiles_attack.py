"""Whoever knows some organisations' scores and reads the quartiles of all finds out nothing of the others.

Exact: every world that agrees with what a reader knows and is told, or is not told, over all scores that a short
standard can have. What is so in all of them is found out. An organisation's doubt is the set of scores that it has in
some of them: the others are told apart by nothing, so it is the same for each.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest

from surveys import quartiles
from surveys.disclosure import Ledger, make_public
from surveys.disclosure.rules import FEWEST, FEWEST_THAT_SHARE
from surveys.figures import round_half_up
from surveys.quartiles import HIGH, count_known, make_quartiles
from tests.surveys.disclosure.worlds import join, make_scores

World = tuple[Fraction, ...]
Told = object
HALVES = tuple(Fraction(n, 2) for n in range(5))
WHOLES = tuple(Fraction(n) for n in range(3))


def tell(known: World, others: World, most: int) -> Told:
    """As agencies read it: rounded, or nothing. `most` is how many the best informed reader of all knows."""
    means = dict(enumerate((*known, *others)))
    found = make_quartiles(means, [range(most)])
    return found and tuple(round_half_up(one, 2) for one in (found.lower, found.median, found.upper))


def read_public(known: World, others: World) -> Told:
    """What the public sees of the same standard: how many are at each grade, and the mean, which is the sum."""
    grades = Counter(int(one + Fraction(1, 2)) for one in (*known, *others))
    if grades[2] < 2 and len(known) + len(others) < FEWEST_THAT_SHARE:
        return None
    return tuple(sorted(grades.items())), sum((*known, *others))


def part(worlds: Iterable[World], read: Callable[[World], Told]) -> Iterator[list[World]]:
    """Those together that a reader cannot tell apart."""
    alike: dict[Told, list[World]] = defaultdict(list)
    for world in worlds:
        alike[read(world)].append(world)
    yield from alike.values()


def find_out(worlds: Collection[World]) -> str:
    """What is certain and bad news, where the others are few. Of a large group it may be said."""
    doubt = {score for world in worlds for score in world}
    if len(next(iter(worlds))) >= FEWEST_THAT_SHARE or max(doubt) >= HIGH:
        return ""
    return f"each is at {min(doubt)}" if len(doubt) == 1 else "all share a low grade"


def attack(scores: Sequence[Fraction], known: int, most: int, others: int) -> Iterator[str]:
    """What each reader finds out who knows so many: from the quartiles, then from them beside the public report. What
    that says by itself to whoever knows some of the scores is not the quartiles' doing."""
    everything = list(combinations_with_replacement(scores, others))
    for own in combinations_with_replacement(scores, known):
        for worlds in part(everything, lambda world, own=own: tell(own, world, most)):  # type: ignore[misc]
            yield find_out(worlds)
        for public in part(everything, lambda world, own=own: read_public(own, world)):  # type: ignore[misc]
            if not find_out(public):
                for worlds in part(public, lambda world, own=own: tell(own, world, most)):  # type: ignore[misc]
                    yield find_out(worlds)


@pytest.mark.parametrize(
    ("scores", "known", "most", "others"),
    [
        (HALVES, 1, 1, 7),
        (WHOLES, 1, 1, 8),
        (WHOLES, 1, 1, 9),
        (WHOLES, 2, 2, 7),
        (WHOLES, 3, 3, 8),
        (WHOLES, 1, 3, 9),
        (WHOLES, 2, 3, 8),
        (WHOLES, 5, 5, 7),
    ],
)
def test_nothing_is_certain_of_the_others(
    scores: Sequence[Fraction], known: int, most: int, others: int
) -> None:
    found = list(attack(scores, known, most, others))
    assert found
    assert not any(found)


def test_a_trust_of_seven_in_eight_would_work_the_eighth_out() -> None:
    """Were those that one reader knows not counted as one; so they are."""
    own = (Fraction(2),) * 4 + (Fraction(1),) * 3
    worlds = [(score,) for score in HALVES]
    assert any(map(find_out, part(worlds, lambda world: tell(own, world, most=1))))
    assert [tell(own, world, most=7) for world in worlds] == [None] * len(worlds)
    # As are those that fewer than five others stand beside, however many there are.
    many = dict(enumerate([Fraction(2)] * 40))
    assert make_quartiles(many, [range(34), range(30, 40)]) is None
    assert make_quartiles(many, [range(33), range(30, 40)]) is not None
    assert make_quartiles(many) is not None


@pytest.mark.parametrize("more", [0, 1])
def test_were_fewer_at_grade_2_enough(more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With as many as one reader knows, the quartiles say it of all others; with one more, that there are none does."""

    def may_tell(means: Collection[Fraction], known: int) -> bool:
        return sum(mean >= HIGH for mean in means) >= known + more

    monkeypatch.setattr(quartiles, "may_tell", may_tell)
    assert any(attack(WHOLES, 1, 1, 7))


def test_whoever_is_told_of_has_at_least_so_many_beside_them() -> None:
    """The rule of five, of those whom a reader does not know."""
    for number in range(1, 30):
        for known in range(1, number + 1):
            if make_quartiles(dict(enumerate([Fraction(2)] * number)), [range(known)]):
                assert number - known >= FEWEST


def test_each_knows_its_own() -> None:
    means = dict(enumerate([Fraction(2)] * 8))
    assert count_known(means.keys(), []) == count_known(means.keys(), [{99}]) == 1
    assert count_known(means.keys(), [{0, 1, 99}, {2, 3, 4}]) == 3
    assert count_known((), [{1}]) == 0


def read_both(others: World, late: Fraction, *, is_remembered: bool) -> Told:
    """The quartiles of twelve, then a report for which one more has come."""
    own = Fraction(2)
    lines = [str(one) for one in (own, *others)]
    before = make_scores({"standard": [("T1", ["T1"])]}, {"standard": lines})
    ledgers = [Ledger.of_some(before, ["standard"])] if is_remembered else []
    document = make_public(join(before, "standard", [str(late)]), ledgers).document
    return tell((own,), others, 1), json.dumps(document)


@pytest.mark.parametrize("is_remembered", [True, False])
def test_a_report_after_the_quartiles_does_not_tell_of_who_came_between(is_remembered: bool) -> None:
    """Unless it is forgotten who was in them."""
    lower = (Fraction(0),) * 3
    worlds = [
        (late, *lower, *others) for others in combinations_with_replacement(WHOLES, 8) for late in WHOLES
    ]
    alike = part(worlds, lambda world: read_both(world[1:], world[0], is_remembered=is_remembered))
    doubts = [{world[0] for world in same} for same in alike]
    assert any(max(doubt) < HIGH for doubt in doubts) is not is_remembered
