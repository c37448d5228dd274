"""Whoever computes with all that was published finds out no figure that is protected.

More of it: `DISCLOSURE=2000 pytest tests/surveys/disclosure`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings

from surveys.disclosure import PublicFigures, Scores, make_public
from tests.surveys.disclosure.attacker import Attacker, attack, find_set_aside, list_differences, list_targets
from tests.surveys.disclosure.worlds import corrections, worlds, years

EXAMPLES = int(os.environ.get("DISCLOSURE", "15"))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="DISCLOSURE" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def publish(versions: list[Scores]) -> list[PublicFigures]:
    """One after the other, each with all before it."""
    published: list[PublicFigures] = []
    for scores in versions:
        published.append(make_public(scores, [one.ledger for one in published]))
    return published


def find_out(published: list[PublicFigures]) -> Iterator[str]:
    versions = [public.release.scores for public in published]
    attacker = Attacker(set_aside=set(find_set_aside(versions)))
    for public in published:
        attacker.learn(public.document, public.release.scores)
    for number, scores in enumerate(versions, start=1):
        attacker.return_to(number)
        targets = [*list_targets(scores), *list_differences(versions, number)]
        for one in attack(attacker, scores, targets):
            yield f"version {number}, {one}"


@many
@given(worlds())
def test_one_publication_gives_nothing_away(scores: Scores) -> None:
    assert not list(find_out(publish([scores])))


@many
@given(corrections())
def test_nor_do_corrections(versions: list[Scores]) -> None:
    assert not list(find_out(publish(versions)))


@many
@given(years())
def test_nor_do_years_and_series(published: list[Scores]) -> None:
    assert not list(find_out(publish(published)))
