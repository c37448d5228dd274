"""The database counts what changed from audit to audit: a slow twin that reads every answer must agree."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import pytest

from surveys.models import Answer, Audit, Questionnaire
from surveys.risk_comparison import Comparison, Sent, compare
from tests import factories
from tests.conftest import Cast

# Mostly the same, or hardly any would stand in three audits running.
TEXTS = ("", *["We train all staff."] * 5, "We train All staff.", "We train all staff. ")


def make_banks() -> list[Questionnaire]:
    """Three editions: each asks what the one before it asked in other places, and something of its own."""
    sizes = ({"A1": 3, "A2": 2}, {"A2": 3, "A1": 2, "A3": 1}, {"A3": 2, "A1": 4, "A2": 2})
    return [factories.make_questionnaire(standards=one, edition=f"{n}") for n, one in enumerate(sizes)]


def answer(audit: Audit, chance: random.Random) -> None:
    """Any score, not applicable, or held by no submission; with one of a few texts."""
    for indicator in audit.questionnaire.indicators.all():
        said = chance.choice((0, 1, 2, 2, None, "unsaid"))
        Answer.objects.create(
            audit=audit,
            indicator=indicator,
            commentary=chance.choice(TEXTS),
            submitted_score=said if isinstance(said, int) else None,
            submitted_not_applicable=said is None,
        )


def read(audit: int) -> dict[str, tuple[int | None, str]]:
    rows = Answer.objects.submitted().filter(audit=audit)
    return {
        key: (score, text)
        for key, score, text in rows.values_list("indicator__key", "submitted_score", "commentary")
    }


def compare_slowly(audit: int, before: Sequence[Sent]) -> Comparison:
    now, *then = (read(pk) for pk in (audit, *(one.audit for one in before)))
    pairs = [(score, then[0][key][0]) for key, (score, _) in now.items() if key in then[0]]
    both = [(score, other) for score, other in pairs if score is not None and other is not None]
    percents: list[int | None] = [
        int(Fraction(100 * sum(scores), 2 * len(both)) + Fraction(1, 2)) for scores in zip(*both, strict=True)
    ]
    unchanged = [
        key
        for key, (_, text) in now.items()
        if text and len(then) == 2 and all(key in year and year[key][1] == text for year in then)
    ]
    now_percent, before_percent = percents or (None, None)
    return Comparison(now_percent, before_percent, both.count((2, 0)), len(unchanged))


@pytest.mark.parametrize("seed", range(4))
def test_the_slow_twin_agrees(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    banks = make_banks()
    cycles = [
        factories.make_cycle(cast.partnership, slug=f"year-{n}", questionnaires=(bank,))
        for n, bank in enumerate(banks)
    ]
    lines = []
    for number in range(18):
        place = factories.make_organisation(f"Place {number}", partnership=cast.partnership)
        audits = [factories.make_audit(cycle, place) for cycle in cycles]
        for audit in audits:
            answer(audit, chance)
        before = [Sent(audits[1].pk, banks[1].pk), Sent(audits[0].pk, banks[0].pk)]
        lines.append((audits[2].pk, before[: number % 3]))
    found = compare(lines)
    assert sum(one.unchanged for one in found.values()) > 0, "else the twins agree about nothing"
    assert {pk: found.get(pk, Comparison()) for pk, before in lines if before} == {
        pk: compare_slowly(pk, before) for pk, before in lines if before
    }
    assert found.keys() <= {pk for pk, before in lines if before}


def test_nothing_before_asks_nothing(db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert compare([(1, [])]) == {}
