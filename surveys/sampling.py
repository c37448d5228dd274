"""Which audits are moderated: a sample that anybody can draw again from the rule, the size and the seed.

Pure: slugs in, slugs out; no Django, no clock, and no generator of random numbers, whose sequence could change with a
release: an audit's place in the draw is the SHA-256 of ‘seed:slug’.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from surveys.figures import half_up

Rule = Literal["random", "by_variant", "by_risk"]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A submitted audit: the organisation's slug, its variant, and its risk (see surveys.risk; higher is worse)."""

    slug: str
    variant: str
    risk: int = 0


def draw_sample(candidates: Iterable[Candidate], *, rule: Rule, size: int, seed: int) -> list[str]:
    """Slugs in the order in which they were drawn, at most `size` of them.

    `random`: each as likely as any other. `by_variant`: variants in proportion, and each at least once as far as the
    size allows. `by_risk`: the riskiest first, and the draw decides between equals.
    """
    if rule not in RULES:
        raise ValueError(f"{rule!r} is no rule for a sample: choose one of {', '.join(RULES)}.")
    if size < 1:
        raise ValueError(f"A sample of {size} is none: give 1 or more.")
    drawn = sorted(candidates, key=lambda one: (_get_place(seed, one.slug), one.slug))
    if rule == "by_risk":
        drawn = sorted(drawn, key=lambda one: -one.risk)
    elif rule == "by_variant":
        drawn = _spread(drawn, size)
    return [one.slug for one in drawn[:size]]


def _get_place(seed: int, slug: str) -> str:
    return hashlib.sha256(f"{seed}:{slug}".encode()).hexdigest()


def _spread(drawn: Sequence[Candidate], size: int) -> list[Candidate]:
    """The first of each variant, then as many of each as its share of all asks for, then the rest; order kept."""
    by_variant: dict[str, list[Candidate]] = {}
    for one in drawn:
        by_variant.setdefault(one.variant, []).append(one)
    # The variants that come first in the draw go first, so that a size below their number favours none.
    quotas = {variant: max(1, half_up(size * len(ones), len(drawn))) for variant, ones in by_variant.items()}
    first = [ones[0] for ones in by_variant.values()]
    share = [one for variant, ones in by_variant.items() for one in ones[1 : quotas[variant]]]
    rest = [one for variant, ones in by_variant.items() for one in ones[quotas[variant] :]]
    places = {one.slug: place for place, one in enumerate(drawn)}
    return [
        *first,
        *sorted(share, key=lambda one: places[one.slug]),
        *sorted(rest, key=lambda one: places[one.slug]),
    ]
