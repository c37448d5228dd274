"""The middle of a group and its quarters, from exact means: where most agencies of a sector stand.

Pure: fractions in, fractions out. Quartiles are interpolated between neighbours, the inclusive way (type 7 of Hyndman
and Fan, Sample Quantiles in Statistical Packages, 1996), because that is what QUARTILE.INC of a spreadsheet gives: who
doubts a figure can work it out again.

When they may be told is decided here too; docs/disclosure.md says why that is safe.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

# Of fewer organisations no quartile is told. Those that one reader knows count as one.
FEWEST: Final = 8
# Of fewer others nobody is told that all of them stand low: it would be said of each.
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


def make_quartiles(
    means: Mapping[int, Fraction], known_together: Iterable[Collection[int]] = ()
) -> Quartiles | None:
    """By organisation. `known_together` are sets of organisations whose scores one reader knows; each knows its own.

    None where they may not be told.
    """
    known = count_known(means.keys(), known_together)
    if not may_tell(means.values(), known):
        return None
    ranked = sorted(means.values())
    return Quartiles(len(ranked), *(interpolate(ranked, Fraction(part, 4)) for part in (1, 2, 3)))


def count_known(organisations: Collection[int], known_together: Iterable[Collection[int]]) -> int:
    """Of how many of them the best informed reader knows the scores."""
    inside = set(organisations)
    return max((len(inside.intersection(known)) for known in known_together), default=0) or min(
        1, len(inside)
    )


def may_tell(means: Collection[Fraction], known: int) -> bool:
    """Not of fewer than eight, those that one reader knows counted as one. And nothing from which somebody could tell
    that all others stand low, where these are fewer than ten: so more must stand high than anybody knows, by two. By
    one would not do: that nothing is told would then say to whoever knows those that do that no other does.
    """
    others = len(means) - known
    if others + 1 < FEWEST:
        return False
    return others >= FEWEST_LOW or sum(mean >= HIGH for mean in means) >= known + 2


def interpolate(ranked: list[Fraction], share: Fraction) -> Fraction:
    """The value below which this share of them lies. `ranked` is in order and not empty; 0 ≤ share ≤ 1."""
    place = share * (len(ranked) - 1)
    before = place.numerator // place.denominator
    after = min(before + 1, len(ranked) - 1)
    return ranked[before] + (place - before) * (ranked[after] - ranked[before])
