"""Strongest and weakest indicators, what every agency achieved, and what several lack. Pure, from an overview.

For drawing: `Highlights.rankings` has a `Ranking` a variant, with `strongest` and `weakest` (each a `Cut`: its
`indicators` are `IndicatorFigures`, and `more` says how many are level with the last one shown). `achieved` holds the
themes, standards and indicators at the top in every audit that has a figure there. `lacking` are indicators that
several audits scored 0 or 1, over all variants that ask the same key, most audits first: `one.lack` is their share,
`one.variants` the share in each variant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from s11.organisations.enums import Variant
from surveys.figures import Share
from surveys.overview import IndicatorFigures, Overview, StandardFigures, ThemeFigures, VariantFigures

Json = dict[str, Any]
# How many indicators a list of the weakest shows, and how many more where ties run on at its end.
MOST_INDICATORS: Final = 5
MOST_TIED: Final = 8
# So many audits below 2 are several.
SEVERAL: Final = 3


@dataclass(frozen=True, slots=True)
class Cut:
    """The first few of a ranking. `more` are level with the last of them, and not shown."""

    indicators: tuple[IndicatorFigures, ...] = ()
    more: int = 0

    @property
    def note(self) -> str:
        """What a cut at the end of the list leaves out, so that nobody takes it for all of them."""
        if not self.more:
            return ""
        return (
            f"{self.more:,} more {'has' if self.more == 1 else 'have'} the same mean as the last one shown."
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """One variant. `least` is how many audits must have scored an indicator for it to be ranked; `left_out`
    were scored by fewer."""

    variant: Variant
    least: int
    strongest: Cut
    weakest: Cut
    left_out: int

    def as_json(self) -> Json:
        return {
            "variant": self.variant.value,
            "scored_by_at_least": self.least,
            "strongest": [one.code for one in self.strongest.indicators],
            "strongest_more": self.strongest.more,
            "weakest": [one.code for one in self.weakest.indicators],
            "weakest_more": self.weakest.more,
            "left_out": self.left_out,
        }


@dataclass(frozen=True, slots=True)
class SharedIndicator:
    """One key over all variants that ask it."""

    key: str
    text: str
    is_critical: bool
    zeros: int
    ones: int
    twos: int
    # In each variant: how many audits scored it 0 or 1, of those that scored it.
    variants: Mapping[Variant, Share]
    codes: Mapping[Variant, str]

    @property
    def lack(self) -> Share:
        return Share(self.zeros + self.ones, self.zeros + self.ones + self.twos)

    @property
    def name(self) -> str:
        """‘A1.2 (Standard), C1.4 (Health)’."""
        return ", ".join(f"{code} ({variant.label})" for variant, code in self.codes.items())

    def as_json(self) -> Json:
        return {
            "key": self.key,
            "codes": {variant.value: code for variant, code in self.codes.items()},
            "scores": {"0": self.zeros, "1": self.ones, "2": self.twos},
            "lack": self.lack.as_json(),
            "variants": {variant.value: share.as_json() for variant, share in self.variants.items()},
        }


@dataclass(frozen=True, slots=True)
class Achieved:
    """At grade 2 in every audit with a grade there; of an indicator, at 2 in every audit that scored it."""

    themes: tuple[ThemeFigures, ...]
    standards: tuple[tuple[Variant, StandardFigures], ...]
    indicators: tuple[SharedIndicator, ...]

    def as_json(self) -> Json:
        return {
            "themes": [theme.code for theme in self.themes],
            "standards": [
                {"variant": variant.value, "code": standard.code, **standard.grades.at_grade_2.as_json()}
                for variant, standard in self.standards
            ],
            "indicators": [one.as_json() for one in self.indicators],
        }


@dataclass(frozen=True, slots=True)
class Highlights:
    rankings: tuple[Ranking, ...]
    achieved: Achieved
    lacking: tuple[SharedIndicator, ...]

    def as_json(self) -> Json:
        return {
            "rankings": [ranking.as_json() for ranking in self.rankings],
            "achieved": self.achieved.as_json(),
            "lacking": [one.as_json() for one in self.lacking],
        }


def make_highlights(overview: Overview) -> Highlights:
    shared = share_indicators(overview.variants)
    half = {variant.variant: find_least(variant) for variant in overview.variants}
    ranked = [one for one in shared if one.lack.of >= sum(half[variant] for variant in one.variants)]
    return Highlights(
        rankings=tuple(make_ranking(variant) for variant in overview.variants),
        achieved=Achieved(
            tuple(theme for theme in overview.themes if is_whole(theme.at_grade_2)),
            tuple(
                (variant.variant, standard)
                for variant in overview.variants
                for standard in variant.standards
                if is_whole(standard.grades.at_grade_2)
            ),
            tuple(one for one in ranked if one.lack.of and not one.lack.count),
        ),
        lacking=tuple(
            sorted(
                (one for one in shared if one.lack.count >= SEVERAL),
                key=lambda one: (-one.lack.count, -Fraction(one.lack.count, one.lack.of)),
            )
        ),
    )


def is_whole(share: Share) -> bool:
    return bool(share.of) and share.count == share.of


def find_least(variant: VariantFigures) -> int:
    """Half of the variant’s audits: what fewer scored would be the strongest or the weakest by accident."""
    return max(1, (variant.submitted + 1) // 2)


def make_ranking(variant: VariantFigures) -> Ranking:
    least = find_least(variant)
    scored = [one for one in variant.indicators if one.n]
    ranked = [one for one in scored if one.n >= least]
    return Ranking(
        variant=variant.variant,
        least=least,
        strongest=cut(ranked, lambda one: -Fraction(one.total, one.n)),
        weakest=find_weakest(variant),
        left_out=len(scored) - len(ranked),
    )


def find_weakest(variant: VariantFigures) -> Cut:
    """The lowest means that are below 2, from exact sums."""
    least = find_least(variant)
    below = [one for one in variant.indicators if one.n >= least and one.total < 2 * one.n]
    return cut(below, lambda one: Fraction(one.total, one.n))


def cut(indicators: Iterable[IndicatorFigures], rank: Callable[[IndicatorFigures], Fraction]) -> Cut:
    """A tie at the end is shown whole where it is short. What is level stands in the bank’s order."""
    ranked = sorted(indicators, key=rank)
    if len(ranked) <= MOST_INDICATORS:
        return Cut(tuple(ranked))
    last = rank(ranked[MOST_INDICATORS - 1])
    upto = sum(rank(one) <= last for one in ranked)
    shown = upto if upto <= MOST_TIED else MOST_INDICATORS
    return Cut(tuple(ranked[:shown]), more=upto - shown)


def share_indicators(variants: Sequence[VariantFigures]) -> list[SharedIndicator]:
    """By key, in the order of the variants’ banks; the words are the first variant’s."""
    by_key: dict[str, dict[Variant, IndicatorFigures]] = {}
    for variant in variants:
        for one in variant.indicators:
            by_key.setdefault(one.key, {})[variant.variant] = one
    return [
        SharedIndicator(
            key=key,
            text=next(iter(found.values())).text,
            is_critical=any(one.is_critical for one in found.values()),
            zeros=sum(one.zeros for one in found.values()),
            ones=sum(one.ones for one in found.values()),
            twos=sum(one.twos for one in found.values()),
            variants={variant: Share(one.zeros + one.ones, one.n) for variant, one in found.items()},
            codes={variant: one.code for variant, one in found.items()},
        )
        for key, found in by_key.items()
    ]
