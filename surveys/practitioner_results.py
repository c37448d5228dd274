"""What staff say, and whether it may be told: the rules of practitioner surveys, in one place.

Pure: counts in, results out; no Django, no clock. A survey's results are told once, when it is over, and only where at
least FEWEST people answered: results that change while people answer would give away whoever answered last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from surveys.figures import format_mean
from surveys.scoring import Item, Tally

FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each answer to one statement was given. Who left it out is in none."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    unknown: int = 0
    not_mine: int = 0

    def __post_init__(self) -> None:
        if min(self.yes, self.partly, self.no, self.unknown, self.not_mine) < 0:
            raise ValueError(f"Nobody can answer fewer than no times: {self}.")

    @property
    def tally(self) -> Tally:
        """Yes is 2, partly 1 and no 0, as an indicator is scored."""
        return Tally(n=self.yes + self.partly + self.no, total=2 * self.yes + self.partly, zeros=self.no)

    @property
    def answered(self) -> int:
        """Who says something about it. That it is not one's job says who one is rather than what one finds."""
        return self.tally.n + self.unknown


@dataclass(frozen=True, slots=True)
class Result:
    """What staff say to one statement, as it may be told."""

    counts: Counts

    @property
    def answered(self) -> int:
        return self.counts.answered

    @property
    def is_rated(self) -> bool:
        """Whether so many gave a yes, a partly or a no that these add up to something."""
        return self.counts.tally.n >= FEWEST

    @property
    def mean(self) -> str | None:
        tally = self.counts.tally
        return format_mean(tally.total, tally.n) if self.is_rated else None

    @property
    def grade(self) -> int | None:
        """The mean rounded half up, from the exact sum and count."""
        return self.counts.tally.grade if self.is_rated else None

    def is_below(self, leaders: Item) -> bool:
        """Staff say less than leaders: their grade is lower than the score. Not applicable is no score."""
        return isinstance(leaders, int) and self.grade is not None and self.grade < leaders

    @property
    def words(self) -> str:
        """‘8 yes, 3 partly, 1 no, 2 do not know’; those whose job it is not stand at the end."""
        counts = self.counts
        said = f"{counts.yes} yes, {counts.partly} partly, {counts.no} no, {counts.unknown} do not know"
        return f"{said}; not the job of {counts.not_mine}" if counts.not_mine else said


def get_result(counts: Counts, *, responses: int, is_over: bool) -> Result | None:
    """None where it may not be told: nobody may then learn more than that."""
    if not is_over or responses < FEWEST or counts.answered < FEWEST:
        return None
    return Result(counts)


def say_responses(responses: int, *, is_over: bool) -> str:
    """How many answered. Until it is over in steps of five: a count that rises by one says who was just there."""
    if responses < FEWEST:
        return "Fewer than five people answered" if is_over else "Fewer than five people have answered so far"
    if is_over:
        return f"{responses} people answered"
    return f"At least {responses - responses % FEWEST} people have answered so far"
