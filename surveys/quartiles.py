"""The middle of a group and its quarters, from exact means: where most agencies of a sector stand.

Pure: fractions in, fractions out. Quartiles are interpolated between neighbours, the inclusive way (type 7 of Hyndman
and Fan, Sample Quantiles in Statistical Packages, 1996), because that is what QUARTILE.INC of a spreadsheet gives: who
doubts a figure can work it out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

# Of fewer organisations no quartile is told: each would lie too near to somebody's own mean.
FEWEST: Final = 8
# Below it, that all of a small group stand low says it of each of them.
FEWEST_LOW: Final = 10
# From here a mean is grade 2.
HIGH: Final = Fraction(3, 2)


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Of the means of so many organisations, each from 0 to 2."""

    organisations: int
    lower: Fraction
    median: Fraction
    upper: Fraction


def make_quartiles(means: Iterable[Fraction]) -> Quartiles | None:
    """None where they may not be told: of fewer than eight; of fewer than ten that are all below grade 2."""
    ranked = sorted(means)
    if len(ranked) < FEWEST or (len(ranked) < FEWEST_LOW and ranked[-1] < HIGH):
        return None
    return Quartiles(len(ranked), *(interpolate(ranked, Fraction(part, 4)) for part in (1, 2, 3)))


def interpolate(ranked: list[Fraction], share: Fraction) -> Fraction:
    """The value below which this share of them lies. `ranked` is in order and not empty; 0 ≤ share ≤ 1."""
    place = share * (len(ranked) - 1)
    before = place.numerator // place.denominator
    after = min(before + 1, len(ranked) - 1)
    return ranked[before] + (place - before) * (ranked[after] - ranked[before])
