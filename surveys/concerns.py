"""Why an agency may need support, in words: what one submitted audit says beside the one before it.

Pure: grades and scores in, concerns out; no Django, no clock. Weak is below grade 2 for an audit and a standard, and 0
or 1 for an indicator; weak again is weak in this audit and in the one before, whatever the score was then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from surveys.figures import format_mean
from surveys.scoring import Tally

# The order is that of a page and of an e-mail.
Kind = Literal["critical_zero", "overall", "standard", "repeated_standard", "repeated_indicator"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
GOOD: Final = 2
NOTHING: Final = Tally()


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard's grade now, and in the audit before; None where it had no grade, or was not asked."""

    name: str
    grade: int | None
    grade_before: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator's score now, and in the audit before; None is not applicable, or not asked."""

    code: str
    score: int | None
    score_before: int | None = None
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one submission, all of it in one series. Indicators scored 2 now may be left out."""

    whole: Tally = NOTHING
    standards: tuple[Standard, ...] = ()
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True)
class Concern:
    """All of one kind; `count` is how many audits, standards or indicators it names."""

    kind: Kind
    words: str
    count: int = 1


def get_concerns(facts: Facts) -> list[Concern]:
    """In the order of KINDS; none where there is no cause."""
    found = (
        _critical_zeros(facts),
        _overall(facts.whole),
        _standards(facts),
        _repeated_standards(facts),
        _repeated_indicators(facts),
    )
    return [concern for concern in found if concern is not None]


def get_urgency(concerns: Iterable[Concern]) -> tuple[int, ...]:
    """To order agencies by, the greatest first: how many there are of each kind, the gravest kind first."""
    counts = {concern.kind: concern.count for concern in concerns}
    return tuple(counts.get(kind, 0) for kind in KINDS)


def is_weak(grade: int | None) -> bool:
    """What has no grade or score is not weak: nothing is known of it."""
    return grade is not None and grade < GOOD


def _critical_zeros(facts: Facts) -> Concern | None:
    codes = [one.code for one in facts.indicators if one.is_critical and one.score == 0]
    if not codes:
        return None
    one = "Critical indicator at 0" if len(codes) == 1 else f"{len(codes)} critical indicators at 0"
    return Concern("critical_zero", f"{one}: {', '.join(codes)}", len(codes))


def _overall(whole: Tally) -> Concern | None:
    if not is_weak(whole.grade):
        return None
    mean = format_mean(whole.total, whole.n)
    return Concern("overall", f"The whole audit is at grade {whole.grade} (mean {mean})")


def _standards(facts: Facts) -> Concern | None:
    weak = [one for one in facts.standards if is_weak(one.grade)]
    named = [f"{one.name} (grade {one.grade})" for one in weak]
    return _list("standard", "Standard below grade 2", "standards below grade 2", named)


def _repeated_standards(facts: Facts) -> Concern | None:
    again = [one for one in facts.standards if is_weak(one.grade) and is_weak(one.grade_before)]
    named = [f"{one.name} (before: grade {one.grade_before})" for one in again]
    return _list(
        "repeated_standard",
        "Standard below grade 2 in the audit before too",
        "standards below grade 2 in the audit before too",
        named,
    )


def _repeated_indicators(facts: Facts) -> Concern | None:
    again = [one for one in facts.indicators if is_weak(one.score) and is_weak(one.score_before)]
    named = [f"{one.code} ({one.score}, before: {one.score_before})" for one in again]
    return _list(
        "repeated_indicator",
        "Indicator at 0 or 1 in the audit before too",
        "indicators at 0 or 1 in the audit before too",
        named,
    )


def _list(kind: Kind, one: str, many: str, named: list[str]) -> Concern | None:
    if not named:
        return None
    begin = one if len(named) == 1 else f"{len(named)} {many}"
    return Concern(kind, f"{begin}: {', '.join(named)}", len(named))
