"""Figures as people read them: shares with their counts, percentages, means as text, who was on time.

Pure: numbers and dates in, figures out; no Django, no clock. `half_up` is the project's one rounding rule:
every grade, percentage and printed mean goes through it, so that neither binary floating point nor banker's
rounding can get in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Self
from zoneinfo import ZoneInfo

# Closing days are days in England. Where the operating system has no time zone database (slim containers,
# Windows) the `tzdata` package supplies it; with neither, this line fails at start-up, not on a closing day.
LONDON = ZoneInfo("Europe/London")

MEAN_PLACES = 2

ShareJson = dict[str, int | None]


def half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator, and exactly half goes up: 0.5 is 1, 1.5 is 2."""
    if denominator <= 0:
        raise ValueError(f"Nothing can be divided by {denominator}: leave a figure without answers out.")
    if numerator < 0:
        # Up, or away from zero? The rules speak of scores and counts only, so neither is assumed here.
        raise ValueError(
            f"{numerator}/{denominator} is below zero, for which there is no rounding rule: "
            "round the two figures first, then subtract."
        )
    return (2 * numerator + denominator) // (2 * denominator)


def round_half_up(value: Fraction, places: int) -> Decimal:
    """The value to so many decimal places, which the Decimal keeps: 1.9 to two places is Decimal('1.90')."""
    if places < 0:
        raise ValueError(f"Places after the decimal point cannot be {places}: give 0 or more.")
    scaled = half_up(value.numerator * 10**places, value.denominator)
    # From text, because arithmetic on a Decimal would round once more, to its context's precision.
    return Decimal(f"{scaled}E-{places}")


def percent(count: int, of: int) -> int | None:
    """Whole per cent; None where there is nothing to take a share of."""
    return half_up(100 * count, of) if of else None


def format_mean(total: int, n: int) -> str | None:
    """The mean of n scores that add up to total, to two decimals ('1.90'); None where nothing was scored."""
    return str(round_half_up(Fraction(total, n), MEAN_PLACES)) if n else None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. A percentage is never shown without its count: pages are given this."""

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"{self.count} of {self.of} is no share: count only what belongs to the whole.")

    @property
    def percent(self) -> int | None:
        return percent(self.count, self.of)

    def __str__(self) -> str:
        counted = f"{self.count} of {self.of}"
        return counted if self.percent is None else f"{counted} ({self.percent}%)"

    def as_json(self) -> ShareJson:
        return {"count": self.count, "of": self.of, "percent": self.percent}


@dataclass(frozen=True, slots=True)
class GradeCounts:
    """How many audits have each grade. One without a grade (all not applicable) is in none of the three."""

    grade_0: int = 0
    grade_1: int = 0
    grade_2: int = 0

    @classmethod
    def of_grades(cls, grades: Iterable[int | None]) -> Self:
        counts = {0: 0, 1: 0, 2: 0}
        for grade in grades:
            if grade is None:
                continue
            if grade not in counts:
                raise ValueError(f"{grade!r} is not a grade: give 0, 1, 2 or None.")
            counts[grade] += 1
        return cls(counts[0], counts[1], counts[2])

    @property
    def total(self) -> int:
        return self.grade_0 + self.grade_1 + self.grade_2

    @property
    def at_grade_2(self) -> Share:
        return Share(self.grade_2, self.total)

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.grade_0 + other.grade_0, self.grade_1 + other.grade_1, self.grade_2 + other.grade_2
        )

    def as_json(self) -> dict[str, int]:
        return {"0": self.grade_0, "1": self.grade_1, "2": self.grade_2}


class Returns:
    """Of the invited: those that submitted with answers, or their own audit tool in place of answers, or nothing."""

    __slots__ = ()
    invited: int
    submitted: int
    own_tool: int

    @property
    def submitted_with_answers(self) -> int:
        return self.submitted - self.own_tool

    @property
    def not_submitted(self) -> int:
        return self.invited - self.submitted

    def parts_as_json(self) -> dict[str, int]:
        """What adds up to the invited."""
        return {
            "submitted_with_answers": self.submitted_with_answers,
            "own_tool": self.own_tool,
            "not_submitted": self.not_submitted,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationFigures(Returns):
    """How far a cycle has come. All but `users` count organisations that are invited and not exempt."""

    invited: int
    registered: int
    users: int
    started: int
    submitted: int
    # Some have submitted and have no active member (an import, an own-tool return, a lead who has left). They
    # count as submitted, but not among the registered: the second rate could otherwise exceed 100%.
    submitted_and_registered: int
    on_time: int
    # Of the submitted, those that returned their own audit tool in place of answers: they are in no score.
    own_tool: int = 0

    @property
    def submitted_of_invited(self) -> Share:
        return Share(self.submitted, self.invited)

    @property
    def submitted_of_registered(self) -> Share:
        return Share(self.submitted_and_registered, self.registered)

    @property
    def on_time_of_submitted(self) -> Share:
        return Share(self.on_time, self.submitted)

    def as_json(self) -> dict[str, int | ShareJson]:
        return {
            "invited": self.invited,
            "registered": self.registered,
            "users": self.users,
            "started": self.started,
            "submitted": self.submitted,
            "on_time": self.on_time,
            "submitted_of_invited": self.submitted_of_invited.as_json(),
            "submitted_of_registered": self.submitted_of_registered.as_json(),
            "on_time_of_submitted": self.on_time_of_submitted.as_json(),
        }


def last_day(closes_on: date, extended_to: date | None) -> date:
    """The last day to be on time. An extension never shortens: the cycle may by now close later than it."""
    return closes_on if extended_to is None else max(closes_on, extended_to)


def is_on_time(first_submitted_at: datetime, closes_on: date, extended_to: date | None = None) -> bool:
    """Whether it was submitted by the end of the closing day in England, or of the extension's last day.

    Pass the first submission: a return for correction does not change it. After a recall, pass the next one.
    """
    if first_submitted_at.utcoffset() is None:
        raise ValueError(f"{first_submitted_at.isoformat()} has no offset: pass a moment with its time zone.")
    return first_submitted_at.astimezone(LONDON).date() <= last_day(closes_on, extended_to)
