"""Which agencies are called before a panel: the reasons in words, and how much each concerns.

Pure: what is known of an agency in, reasons out; no Django, no clock. The weights are a convention, written down here
and nowhere else: they order the list and say which meetings a timetable keeps where not all can be held. Each reason
is said with its figures, so nobody is judged by a number.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from surveys.figures import format_mean
from surveys.scoring import grade_of, mean_of

# As CallReason has them, in the order in which reasons are shown; CHOSEN is an officer's own and made by no rule.
Kind = Literal[
    "critical_zero",
    "below_grade_2",
    "overdue_actions",
    "moderation_shift",
    "not_submitted",
    "statutory",
    "not_seen",
    "chosen",
]
HIGHEST: Final = 2
YEARS_UNSEEN: Final = 3
LISTED: Final = 6  # of one sort in a sentence; the rest is counted
# What a meeting matters with no reason at all: more than nothing, so that it is held where there is room.
BASE: Final = 1

# The weights. A critical 0 stands above all; what the agency left undone above what its scores say; the law's and the
# calendar's reasons order what is otherwise alike.
CRITICAL_ZERO, ANOTHER_CRITICAL_ZERO, MOST_CRITICAL_ZEROS = 40, 10, 4
GRADE_0, GRADE_1 = 50, 30
STANDARD_BELOW, MOST_STANDARDS_BELOW = 5, 4
OVERDUE_ACTION, MOST_OVERDUE_ACTIONS = 10, 3
GRADE_FELL, STANDARD_FELL, MEAN_FELL = 20, 10, 5
NOT_SUBMITTED = 35
STATUTORY = 10
NOT_SEEN = 8
CHOSEN = 20


@dataclass(frozen=True, slots=True)
class Score:
    """What a standard, or the whole audit, adds up to: the exact sum over so many scored indicators."""

    total: int
    n: int

    @property
    def grade(self) -> int | None:
        return grade_of(self.total, self.n)

    @property
    def mean(self) -> Fraction | None:
        return mean_of(self.total, self.n)

    def __str__(self) -> str:
        return format_mean(self.total, self.n) or "no score"


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a submission: the whole, and each standard by its code, in the audit's order."""

    whole: Score
    standards: tuple[tuple[str, Score], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one invited agency. `today` is the day of the question: nothing here reads a clock."""

    today: datetime.date
    is_statutory: bool = False
    # Whether it must take part, and by when; nobody is called for what they need not do, or not yet.
    must_submit: bool = True
    due_on: datetime.date | None = None
    # By answers, or by an own tool's return, which has no series.
    has_submitted: bool = False
    self_assessed: Series | None = None
    # Only once its moderation is closed.
    moderated: Series | None = None
    # Codes of critical indicators at 0 in the series that counts.
    critical_zeros: tuple[str, ...] = ()
    overdue_actions: int = 0
    overdue_since: datetime.date | None = None
    last_seen: datetime.date | None = None

    @property
    def counting(self) -> Series | None:
        """Moderated scores count where there are final ones."""
        return self.moderated or self.self_assessed

    @property
    def series_words(self) -> str:
        return "as moderated" if self.moderated else "by its own scores"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one agency is called: a sentence with the figures, and what it adds to the priority."""

    kind: Kind
    sentence: str
    weight: int


Check = Callable[[Facts], Reason | None]


def get_reasons(facts: Facts) -> list[Reason]:
    """In the order in which reasons are shown; none for an agency that gives no cause."""
    return [reason for check in CHECKS if (reason := check(facts)) is not None]


def get_priority(reasons: Iterable[Reason]) -> int:
    """The higher, the more concerning; at least 1."""
    return BASE + sum(reason.weight for reason in reasons)


def make_chosen(sentence: str) -> Reason:
    """An officer's own reason."""
    return Reason("chosen", sentence, CHOSEN)


def _critical_zero(facts: Facts) -> Reason | None:
    codes = facts.critical_zeros
    if not codes:
        return None
    if len(codes) == 1:
        sentence = f"The critical indicator {codes[0]} is at 0, {facts.series_words}"
    else:
        sentence = f"{len(codes)} critical indicators are at 0, {facts.series_words}: {_list(codes)}"
    more = min(len(codes), MOST_CRITICAL_ZEROS) - 1
    return Reason("critical_zero", sentence, CRITICAL_ZERO + ANOTHER_CRITICAL_ZERO * more)


def _below_grade_2(facts: Facts) -> Reason | None:
    """The audit's own grade, and the standards; nothing scored is no grade."""
    if facts.counting is None:
        return None
    whole = facts.counting.whole
    below = [(code, score) for code, score in facts.counting.standards if _is_below(score)]
    weight = STANDARD_BELOW * min(len(below), MOST_STANDARDS_BELOW)
    named = _list([f"{code} (grade {score.grade}, mean {score})" for code, score in below])
    if whole.grade is not None and _is_below(whole):
        sentence = f"Grade {whole.grade} {facts.series_words} (mean {whole})"
        if below:
            sentence += f"; below grade 2: {named}"
        return Reason("below_grade_2", sentence, weight + (GRADE_0 if whole.grade == 0 else GRADE_1))
    if not below:
        return None
    noun = "standard is" if len(below) == 1 else "standards are"
    return Reason(
        "below_grade_2", f"{len(below)} {noun} below grade 2, {facts.series_words}: {named}", weight
    )


def _is_below(score: Score) -> bool:
    return score.grade is not None and score.grade < HIGHEST


def _overdue_actions(facts: Facts) -> Reason | None:
    number = facts.overdue_actions
    if not number or facts.overdue_since is None:
        return None
    if number == 1:
        sentence = f"1 action agreed with the panel was due on {_date(facts.overdue_since)} and is not done"
    else:
        sentence = (
            f"{number} actions agreed with the panel are overdue, the longest since "
            f"{_date(facts.overdue_since)}"
        )
    return Reason("overdue_actions", sentence, OVERDUE_ACTION * min(number, MOST_OVERDUE_ACTIONS))


def _moderation_shift(facts: Facts) -> Reason | None:
    own, moderated = facts.self_assessed, facts.moderated
    if own is None or moderated is None:
        return None
    then = dict(own.standards)
    fell = [code for code, score in moderated.standards if code in then and _fell(then[code], score)]
    has_lower_mean = _is_lower(own.whole, moderated.whole)
    if not fell and not has_lower_mean:
        return None
    word = "lower" if has_lower_mean else "differently"
    sentence = f"Moderated {word}: mean {own.whole} by its own scores, {moderated.whole} as moderated"
    if fell:
        sentence += f"; a lower grade at {_list(fell)}"
    if _fell(own.whole, moderated.whole):
        return Reason("moderation_shift", sentence, GRADE_FELL)
    return Reason("moderation_shift", sentence, STANDARD_FELL if fell else MEAN_FELL)


def _fell(before: Score, after: Score) -> bool:
    return before.grade is not None and after.grade is not None and after.grade < before.grade


def _is_lower(before: Score, after: Score) -> bool:
    return before.mean is not None and after.mean is not None and after.mean < before.mean


def _not_submitted(facts: Facts) -> Reason | None:
    if facts.has_submitted or not facts.must_submit or facts.due_on is None or facts.today <= facts.due_on:
        return None
    return Reason(
        "not_submitted", f"No audit is submitted; it was due on {_date(facts.due_on)}", NOT_SUBMITTED
    )


def _statutory(facts: Facts) -> Reason | None:
    return Reason("statutory", "It is bound by law to take part", STATUTORY) if facts.is_statutory else None


def _not_seen(facts: Facts) -> Reason | None:
    if facts.last_seen is None:
        return Reason("not_seen", "No panel has seen it here yet", NOT_SEEN)
    if add_years(facts.last_seen, YEARS_UNSEEN) > facts.today:
        return None
    return Reason("not_seen", f"No panel has seen it since {_date(facts.last_seen)}", NOT_SEEN)


def add_years(day: datetime.date, years: int) -> datetime.date:
    """The same day so many years on; after 29 February comes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)


def _list(names: Sequence[str]) -> str:
    """‘A, B and C’; of many the first few, and how many more."""
    shown = list(names[:LISTED])
    if len(names) > LISTED:
        shown.append(f"{len(names) - LISTED} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def _date(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


CHECKS: Final[tuple[Check, ...]] = (
    _critical_zero,
    _below_grade_2,
    _overdue_actions,
    _moderation_shift,
    _not_submitted,
    _statutory,
    _not_seen,
)
