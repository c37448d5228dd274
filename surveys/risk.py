"""Why a submitted audit deserves a moderator's look, in words, and how much.

Pure: counts in, reasons out; no Django, no clock. The weights are a convention, written down here and nowhere else:
they only order a queue, and each reason is said, so nobody is judged by a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

JUMP: Final = 20  # points of percentage by which the sum of scores rose since the last audit
MANY: Final = 10  # of one sort; more add nothing to the weight


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one submission. Counts are of indicators unless they say otherwise."""

    scored: int = 0
    twos: int = 0
    twos_without_evidence: int = 0
    with_expired_evidence: int = 0
    # Commentary word for word as in the last two audits.
    unchanged_for_three_years: int = 0
    # The sum of scores as a percentage of the highest possible, now and in the last audit; None without one.
    percent: int | None = None
    percent_before: int | None = None
    # Scores that rose from 0 to 2 since the last audit.
    leaps: int = 0
    open_panel_actions: int = 0
    critical_zeros: int = 0
    # Of which staff say less than leaders, in a practitioner survey that is over.
    staff_say_less: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words, and what it adds to the risk."""

    words: str
    weight: int


Check = Callable[[Facts], Reason | None]


def get_reasons(facts: Facts) -> list[Reason]:
    """The weightiest first; none for an audit that gives no cause."""
    found = [reason for check in CHECKS if (reason := check(facts)) is not None]
    return sorted(found, key=lambda reason: -reason.weight)


def get_risk(facts: Facts) -> int:
    """The sum of the reasons' weights: 0 for none."""
    return sum(reason.weight for reason in get_reasons(facts))


def _count(number: int, one: str, many: str, weight: int) -> Reason | None:
    if not number:
        return None
    return Reason(one if number == 1 else many.format(number), weight * min(number, MANY))


def _critical_zeros(facts: Facts) -> Reason | None:
    words = "A critical indicator is at 0", "{} critical indicators are at 0"
    return _count(facts.critical_zeros, *words, weight=10)


def _twos_without_evidence(facts: Facts) -> Reason | None:
    words = "1 indicator is scored 2 without evidence", "{} indicators are scored 2 without evidence"
    return _count(facts.twos_without_evidence, *words, weight=3)


def _all_at_2(facts: Facts) -> Reason | None:
    if not facts.scored or facts.twos < facts.scored:
        return None
    return Reason(f"Everything is scored 2 ({facts.scored} indicators)", 15)


def _open_panel_actions(facts: Facts) -> Reason | None:
    words = "1 action agreed with the panel is not done", "{} actions agreed with the panel are not done"
    return _count(facts.open_panel_actions, *words, weight=4)


def _jump(facts: Facts) -> Reason | None:
    if facts.percent is None or facts.percent_before is None or facts.percent - facts.percent_before < JUMP:
        return None
    return Reason(
        f"The scores rose from {facts.percent_before}% to {facts.percent}% of the highest possible", 10
    )


def _leaps(facts: Facts) -> Reason | None:
    return _count(
        facts.leaps, "1 score went from 0 to 2 in a year", "{} scores went from 0 to 2 in a year", weight=2
    )


def _unchanged(facts: Facts) -> Reason | None:
    words = "1 commentary is unchanged for three years", "{} commentaries are unchanged for three years"
    return _count(facts.unchanged_for_three_years, *words, weight=2)


def _expired(facts: Facts) -> Reason | None:
    words = (
        "1 indicator rests on evidence that has expired",
        "{} indicators rest on evidence that has expired",
    )
    return _count(facts.with_expired_evidence, *words, weight=2)


def _staff_say_less(facts: Facts) -> Reason | None:
    words = "Staff say less than leaders on 1 indicator", "Staff say less than leaders on {} indicators"
    return _count(facts.staff_say_less, *words, weight=5)


CHECKS: Final[tuple[Check, ...]] = (
    _critical_zeros,
    _twos_without_evidence,
    _all_at_2,
    _open_panel_actions,
    _staff_say_less,
    _jump,
    _leaps,
    _unchanged,
    _expired,
)
