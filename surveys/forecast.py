"""How many returns there will be by the closing day: an expectation with its range and its assumption, day by day.

Pure: dates and counts in, counts out; no Django, no clock. Nothing here knows the future, so it says what it goes by:
the pace so far and, where there is one, how last cycle's returns were spread over its time; whoever has more time has
used less of it. It never says less than what is in, nor more than were invited, and a later day never has fewer than
an earlier one.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from surveys.figures import half_up

A_DAY = datetime.timedelta(days=1)
# Before this much is known, a line would be drawn through nothing.
FEWEST_DAYS = 7
FEWEST_RETURNS = 3
FEWEST_INVITED_LAST = 5


@dataclass(frozen=True, slots=True)
class Curve:
    """One cycle's dates, how many were invited and not exempt, and how many returns came on each day.

    `extended` counts those still out who have until a day of their own, after the closing day.
    """

    opens_on: datetime.date
    closes_on: datetime.date
    invited: int
    returns: Mapping[datetime.date, int]
    extended: Mapping[datetime.date, int] = field(default_factory=dict)

    def count_by(self, day: datetime.date) -> int:
        return sum(count for returned_on, count in self.returns.items() if returned_on <= day)

    def get_elapsed(self, day: datetime.date, due_on: datetime.date | None = None) -> Fraction:
        """The share of its time, or of the time until a day of one's own, that has gone at the end of this day."""
        length = ((due_on or self.closes_on) - self.opens_on).days + 1
        gone = (day - self.opens_on).days + 1
        return Fraction(min(max(gone, 0), length), length)

    def get_share_by(self, elapsed: Fraction) -> Fraction:
        """The share of the invited that had returned when this share of its time had gone."""
        length = (self.closes_on - self.opens_on).days + 1
        days = elapsed.numerator * length // elapsed.denominator
        return Fraction(min(self.count_by(self.opens_on + A_DAY * (days - 1)), self.invited), self.invited)


@dataclass(frozen=True, slots=True)
class Day:
    """How many are expected to be in at the end of this day."""

    day: datetime.date
    expected: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """From today, where all three are what is in, to the closing day.

    `goes_by_last`: last cycle's curve draws the line.
    """

    days: tuple[Day, ...]
    invited: int
    goes_by_last: bool
    # Of those still out, how many have more time than until the closing day.
    extended: int = 0

    @property
    def end(self) -> Day:
        return self.days[-1]

    @property
    def assumption(self) -> str:
        """In words, for whoever has to trust it."""
        if self.goes_by_last:
            have = "has" if self.extended == 1 else "have"
            more_time = f" {self.extended:,} of them {have} more time than others." if self.extended else ""
            return (
                "It assumes that those who are still out come in as they did last time, at the same share of their "
                f"time; the range reaches to what the pace so far would give.{more_time}"
            )
        return (
            "It assumes the average pace since the opening day; the range is from half that pace to twice it. There "
            "is no earlier cycle to go by, and returns often come in the last days."
        )

    def __str__(self) -> str:
        end = self.end
        about = f"About {end.expected:,} of {self.invited:,} returns are expected by the closing day"
        return f"{about}, between {end.low:,} and {end.high:,}."


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Why there is none, in a sentence."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def make_forecast(now: Curve, today: datetime.date, last: Curve | None = None) -> Forecast | NoForecast:
    """Of a cycle that is open today."""
    if last is not None and last.invited < FEWEST_INVITED_LAST:
        last = None
    if reason := _why_none(now, today, last):
        return NoForecast(reason)
    days = [today + A_DAY * number for number in range((now.closes_on - today).days + 1)]
    expected = tuple(_expect(now, today, day, last) for day in days)
    return Forecast(expected, now.invited, last is not None, sum(now.extended.values()))


def _why_none(now: Curve, today: datetime.date, last: Curve | None) -> str:
    returned = now.count_by(today)
    if not now.invited:
        return "Nobody is invited yet, so there is nothing to expect."
    if returned >= now.invited:
        return "Every return is in."
    if today >= now.closes_on:
        return "The closing day has come, so there is nothing left to expect by it."
    if (today - now.opens_on).days + 1 < FEWEST_DAYS:
        return f"It is too early to say: a forecast needs {FEWEST_DAYS} days of the cycle."
    if last is None and returned < FEWEST_RETURNS:
        return f"It is too early to say: without an earlier cycle, a forecast needs {FEWEST_RETURNS} returns."
    return ""


def _expect(now: Curve, today: datetime.date, day: datetime.date, last: Curve | None) -> Day:
    returned = now.count_by(today)
    gone, ahead = (today - now.opens_on).days + 1, (day - today).days
    by_pace = Fraction(returned * ahead, gone)
    if last is None:
        expected, low, high = by_pace, by_pace / 2, by_pace * 2
    else:
        expected = _expect_as_last_time(now, today, day, last)
        low, high = min(expected, by_pace), max(expected, by_pace)
    out = Fraction(now.invited - returned)
    # Of so many, about the square root more or fewer is mere chance.
    shown = _round(min(expected, out))
    least = _round(min(low, out))
    most = _round(min(high, out))
    most = min(most + _root(most), now.invited - returned)
    return Day(day, returned + shown, returned + max(least - _root(least), 0), returned + most)


def _expect_as_last_time(now: Curve, today: datetime.date, day: datetime.date, last: Curve) -> Fraction:
    """How many of those still out, each at the same share of their own time."""
    out = now.invited - now.count_by(today)
    extended = min(sum(now.extended.values()), out)
    expected = (out - extended) * _get_share_of_outstanding(now, today, day, last, now.closes_on)
    for due_on, number in now.extended.items():
        expected += number * _get_share_of_outstanding(now, today, day, last, due_on)
    return expected


def _get_share_of_outstanding(
    now: Curve, today: datetime.date, day: datetime.date, last: Curve, due_on: datetime.date
) -> Fraction:
    """Of those still out at this point last time, the share that had come in by that day's point."""
    before = last.get_share_by(now.get_elapsed(today, due_on))
    after = last.get_share_by(now.get_elapsed(day, due_on))
    return (after - before) / (1 - before) if before < 1 else Fraction(0)


def _round(value: Fraction) -> int:
    return half_up(value.numerator, value.denominator)


def _root(value: int) -> int:
    """Rounded down; `value - _root(value)` never falls as `value` grows."""
    return isqrt(value)
