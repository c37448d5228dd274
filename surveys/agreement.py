"""How far two moderators who scored the same answers agree: a table of counts, and Cohen's weighted kappa.

Pure and exact: whole numbers and fractions, no Django, no clock, no floats. J. Cohen, Weighted kappa, Psychological
Bulletin 70 (1968): 1 less the disagreement that was seen over the disagreement that chance alone would give, each pair
of scores weighted by how far they are apart (linear), or by the square of it (quadratic).

Not applicable is not a score: it stands in the table and is no step of the scale, so kappa leaves out the answers that
either of the two set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from surveys.figures import Share
from surveys.scoring import NOT_APPLICABLE, SCORES, NotApplicable

Said = int | NotApplicable
Weighting = Literal["linear", "quadratic"]
# Rows and columns of the table.
CATEGORIES: Final[tuple[Said, ...]] = (*SCORES, NOT_APPLICABLE)
POWERS: Final[dict[Weighting, int]] = {"linear": 1, "quadratic": 2}
PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two moderators said of the same answers: `counts[row][column]`, the first one's scores down the side."""

    counts: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def agreed(self) -> Share:
        """Both said the very same, not applicable included."""
        return Share(sum(self.counts[place][place] for place in range(len(CATEGORIES))), self.total)

    @property
    def scored(self) -> tuple[tuple[int, ...], ...]:
        """Only what both gave a score."""
        size = len(SCORES)
        return tuple(row[:size] for row in self.counts[:size])

    @property
    def set_aside(self) -> int:
        """Answers that at least one of the two found not applicable."""
        return self.total - sum(map(sum, self.scored))

    def kappa(self, weighting: Weighting) -> Fraction | None:
        return weighted_kappa(self.scored, weighting)

    @property
    def why_undefined(self) -> str:
        """In words; empty where kappa is defined. It is for both weightings or for neither."""
        if self.kappa("linear") is not None:
            return ""
        if not sum(map(sum, self.scored)):
            return "No answer has a score from both, so there is nothing to compare."
        return (
            "Both gave every answer the same score throughout. Agreement by chance would be complete too, so kappa "
            "says nothing here: it needs answers of more than one score."
        )


def count_pairs(pairs: Iterable[tuple[Said, Said]]) -> Agreement:
    """From what each of the two said of one answer after the other."""
    places = {said: place for place, said in enumerate(CATEGORIES)}
    counts = [[0] * len(CATEGORIES) for _ in CATEGORIES]
    for first, second in pairs:
        counts[places[_check(first)]][places[_check(second)]] += 1
    return Agreement(tuple(map(tuple, counts)))


def _check(said: object) -> Said:
    # True == 1 and 1.0 == 1 in Python: a truth value or a float that strayed in here is somebody's mistake.
    if said is NOT_APPLICABLE:
        return NOT_APPLICABLE
    if isinstance(said, bool) or not isinstance(said, int) or said not in SCORES:
        raise ValueError(f"{said!r} is not a score: give 0, 1, 2 or not applicable.")
    return said


def weighted_kappa(counts: Sequence[Sequence[int]], weighting: Weighting) -> Fraction | None:
    """Of a square table whose categories are in order. None where chance alone would never disagree."""
    size, power = len(counts), POWERS[weighting]
    total = sum(map(sum, counts))
    rows = [sum(row) for row in counts]
    columns = [sum(row[place] for row in counts) for place in range(size)]
    seen = by_chance = 0
    for first in range(size):
        for second in range(size):
            weight = abs(first - second) ** power
            seen += weight * counts[first][second]
            by_chance += weight * rows[first] * columns[second]
    return 1 - Fraction(seen * total, by_chance) if by_chance else None


def format_kappa(kappa: Fraction) -> str:
    """To two decimals. Half goes up, towards 1, below zero too: -0.125 is −0.12. The sign is a minus, not a hyphen."""
    scale: int = 10**PLACES
    scaled = (2 * kappa.numerator * scale + kappa.denominator) // (2 * kappa.denominator)
    whole, part = divmod(abs(scaled), scale)
    return f"{'−' if scaled < 0 else ''}{whole}.{part:0{PLACES}}"


def get_distance(first: Said, second: Said) -> int:
    """How far two say different things: 0 the same; a score against not applicable is the farthest."""
    if first == second:
        return 0
    if isinstance(first, NotApplicable) or isinstance(second, NotApplicable):
        return len(SCORES)
    return abs(first - second)
