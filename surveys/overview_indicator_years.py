"""Each indicator through the years: how all scored it, and how the same agencies scored it before and now.

The same indicator is the one with the same key in the same variant, whatever its code and standard then. A `Pair` is
over the agencies of the same variant that scored it in both cycles. Pure: answers at hand are counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from s11.organisations.enums import Variant
from surveys.figures import format_mean
from surveys.overview import ScoreCounts
from surveys.overview_banks import Held
from surveys.overview_breaks import is_reworded
from surveys.overview_scores import Scores, Year, list_present
from surveys.series import SET_ASIDE

Json = dict[str, Any]
STEPS: Final = 3  # scores 0, 1 and 2: a change is one of nine


@dataclass(frozen=True, slots=True)
class IndicatorPoint(ScoreCounts):
    """One cycle, all audits that were asked it there. `code` is what it was called then."""

    cycle: str
    code: str
    zeros: int
    ones: int
    twos: int
    not_applicable: int

    def as_json(self) -> Json:
        return {"cycle": self.cycle, "code": self.code, **self.scores_as_json()}


@dataclass(frozen=True, slots=True)
class IndicatorPair:
    """The agencies that scored it in both: the sums of their scores, and how many went up and down."""

    cycle: str
    organisations: int
    total_before: int
    total: int
    up: int
    down: int
    # The key is the same and the words are not: readers are told.
    is_reworded: bool

    @property
    def same(self) -> int:
        return self.organisations - self.up - self.down

    @property
    def mean_before(self) -> str | None:
        return format_mean(self.total_before, self.organisations)

    @property
    def mean(self) -> str | None:
        return format_mean(self.total, self.organisations)

    def as_json(self) -> Json:
        return {
            "cycle": self.cycle,
            "organisations": self.organisations,
            "mean_before": self.mean_before,
            "mean": self.mean,
            "up": self.up,
            "down": self.down,
            "same": self.same,
            "reworded": self.is_reworded,
        }


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """`points` the oldest first, without cycles that did not ask it; a `pair` for each earlier one that did."""

    variant: Variant
    standard: str
    code: str
    key: str
    text: str
    points: tuple[IndicatorPoint, ...]
    pairs: tuple[IndicatorPair, ...]

    @property
    def pair(self) -> IndicatorPair | None:
        """Against the nearest earlier cycle in which somebody who scored it now scored it too."""
        return next((pair for pair in reversed(self.pairs) if pair.organisations), None)

    @property
    def is_new(self) -> bool:
        """No earlier cycle that is looked at asked it."""
        return len(self.points) == 1

    def as_json(self) -> Json:
        return {
            "code": self.code,
            "key": self.key,
            "all": [point.as_json() for point in self.points],
            "both": [pair.as_json() for pair in self.pairs],
        }


def make_indicator_lines(years: Sequence[Year], scores: Scores) -> list[IndicatorLine]:
    """Of all that the last of the years asked, in its banks' order."""
    *earlier, now = years
    counts = [(year, _count(year, scores)) for year in years]
    moves = [(then, _count_moves(now, then, scores)) for then in earlier]
    return [
        IndicatorLine(
            held.variant,
            held.standard,
            held.code,
            held.key,
            held.text,
            tuple(_make_point(year, year.questions.keys[spine], found) for year, found in counts
                  if spine in year.questions.keys),
            tuple(_make_pair(then, held, then.questions.keys[spine], found) for then, found in moves
                  if spine in then.questions.keys),
        )
        for spine, held in now.questions.keys.items()
    ]  # fmt: skip


def _count(year: Year, scores: Scores) -> Mapping[int, Mapping[int, int]]:
    """By indicator, how often each outcome."""
    found: dict[int, dict[int, int]] = {}
    for result in year.results.values():
        for indicator, outcome in scores.get(result.audit, {}).items():
            counted = found.setdefault(indicator, {})
            counted[outcome] = counted.get(outcome, 0) + 1
    return found


def _make_point(year: Year, held: Held, found: Mapping[int, Mapping[int, int]]) -> IndicatorPoint:
    counted = found.get(held.pk, {})
    zeros, ones, twos, aside = (counted.get(outcome, 0) for outcome in (0, 1, 2, SET_ASIDE))
    return IndicatorPoint(year.cycle.slug, held.code, zeros, ones, twos, aside)


def _count_moves(now: Year, then: Year, scores: Scores) -> Mapping[int, Sequence[int]]:
    """By this cycle's indicator: of the nine changes from one score to another, how many agencies made each."""
    former: dict[int, int] = {
        held.pk: then.questions.keys[spine].pk
        for spine, held in now.questions.keys.items()
        if spine in then.questions.keys
    }
    found: dict[int, list[int]] = {pk: [0] * STEPS * STEPS for pk in former}
    for result, past in list_present(now, then):
        before = scores.get(past.audit, {})
        for indicator, outcome in scores.get(result.audit, {}).items():
            was = before.get(former.get(indicator, 0), SET_ASIDE)
            if SET_ASIDE not in (outcome, was):
                found[indicator][STEPS * was + outcome] += 1
    return found


def _make_pair(then: Year, held: Held, former: Held, found: Mapping[int, Sequence[int]]) -> IndicatorPair:
    moves = [
        (was, is_now, found[held.pk][STEPS * was + is_now]) for was in range(STEPS) for is_now in range(STEPS)
    ]
    return IndicatorPair(
        cycle=then.cycle.slug,
        organisations=sum(count for _, _, count in moves),
        total_before=sum(was * count for was, _, count in moves),
        total=sum(is_now * count for _, is_now, count in moves),
        up=sum(count for was, is_now, count in moves if was < is_now),
        down=sum(count for was, is_now, count in moves if was > is_now),
        is_reworded=is_reworded(held, former),
    )
