"""Scores in, means and grades out.

Pure and exact: whole numbers and fractions, no Django, no clock, no floats. A tally keeps the exact sum and
count, from which every mean and grade is computed; nothing starts from a mean that was rounded before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final, Self

from surveys.figures import half_up

SCORES: Final = (0, 1, 2)


class NotApplicable(Enum):
    """Its one member stands for an indicator set aside with a reason: an answer, but not a score."""

    NOT_APPLICABLE = "not applicable"


NOT_APPLICABLE: Final = NotApplicable.NOT_APPLICABLE

# What an audit holds for one indicator that is asked. None is missing, which is never 0.
Item = int | NotApplicable | None


def mean_of(total: int, n: int) -> Fraction | None:
    """The exact mean; None where nothing was scored."""
    return Fraction(total, n) if n else None


def grade_of(total: int, n: int) -> int | None:
    """The mean rounded half up to 0, 1 or 2, from the exact sum and count; None where nothing was scored."""
    return half_up(total, n) if n else None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a group of answers adds up to. `Tally()` is empty, so that tallies can be summed from it."""

    n: int = 0  # indicators that have a score
    total: int = 0  # their sum
    zeros: int = 0  # how many of them are 0: listed whatever the average
    not_applicable: int = 0

    def __post_init__(self) -> None:
        above_zero = self.n - self.zeros
        is_possible = above_zero <= self.total <= max(SCORES) * above_zero  # false too where above_zero < 0
        if not is_possible or self.zeros < 0 or self.not_applicable < 0:
            raise ValueError(f"No scores of 0, 1 and 2 add up to {self}: count the answers again.")

    @property
    def mean(self) -> Fraction | None:
        return mean_of(self.total, self.n)

    @property
    def grade(self) -> int | None:
        return grade_of(self.total, self.n)

    def __add__(self, other: Self) -> Self:
        return type(self)(
            n=self.n + other.n,
            total=self.total + other.total,
            zeros=self.zeros + other.zeros,
            not_applicable=self.not_applicable + other.not_applicable,
        )


def make_tally(items: Iterable[Item]) -> Tally:
    """Adds up the scores. What is missing counts nowhere; whether it may be is the caller's question."""
    n = total = zeros = not_applicable = 0
    for item in items:
        if item is None:
            continue
        if item is NOT_APPLICABLE:
            not_applicable += 1
            continue
        score = _check_score(item)
        n += 1
        total += score
        zeros += score == 0
    return Tally(n=n, total=total, zeros=zeros, not_applicable=not_applicable)


def _check_score(item: object) -> int:
    # True == 1 and 1.0 == 1 in Python: a truth value or a float that strayed in here is somebody's mistake.
    if isinstance(item, bool) or not isinstance(item, int) or item not in SCORES:
        raise ValueError(f"{item!r} is not a score: give 0, 1, 2, not applicable, or None for a missing one.")
    return int(item)


class MissingAnswers(ValueError):
    """A scorecard was asked for while answers are missing. `standards` says how many are missing in each."""

    def __init__(self, standards: Mapping[str, int]) -> None:
        self.standards = standards
        listed = ", ".join(f"{code} ({count})" for code, count in standards.items())
        super().__init__(f"Answers are missing in {listed}: score each indicator or set it aside first.")


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One audit's tallies: of the whole, by standard, by theme, in the order in which codes first came."""

    whole: Tally
    standards: Mapping[str, Tally]
    themes: Mapping[str, Tally]


def make_scorecard(answers: Iterable[tuple[str, str, Item]], *, allow_missing: bool = False) -> Scorecard:
    """The scorecard of one audit, from (standard's code, theme's code, item) for every indicator it asks.

    The theme is the indicator's own where it has one, else its standard's. A scorecard is of a complete
    audit, so a missing item raises MissingAnswers; `allow_missing` is for showing a draft as it stands.
    """
    standards: dict[str, list[Item]] = {}
    themes: dict[str, list[Item]] = {}
    missing: Counter[str] = Counter()
    for standard, theme, item in answers:
        standards.setdefault(standard, []).append(item)
        themes.setdefault(theme, []).append(item)
        if item is None:
            missing[standard] += 1
    if missing and not allow_missing:
        raise MissingAnswers(missing)
    by_standard = {code: make_tally(items) for code, items in standards.items()}
    by_theme = {code: make_tally(items) for code, items in themes.items()}
    return Scorecard(whole=sum(by_standard.values(), Tally()), standards=by_standard, themes=by_theme)
