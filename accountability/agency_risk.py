"""Why the partnership's executive should look at an agency, in words, and which agency first.

Pure: what is known of an agency in, reasons out; no Django, no clock. There are no points and no weights. A reason is
serious or it is a further one, and the list is ordered by counting them, so that anybody can count again what a line
says. One serious reason puts an agency on the list, or two further ones: a single further one is work for the
desk. The moderation queue (surveys/risk.py) asks another question, whether scores can be believed, with other reasons.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, get_args

from surveys.figures import format_mean
from surveys.scoring import Tally

# In the order of a line, the gravest first: all that are serious stand above the others.
Kind = Literal[
    "not_submitted",
    "critical_zero",
    "below_1",
    "panel",
    "panel_overdue",
    "overall",
    "lowered",
    "fell",
    "no_follow_up",
    "overdue",
    "not_submitted_freely",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SERIOUS: Final[frozenset[Kind]] = frozenset(KINDS[:5])
Whose = Literal["self", "moderated", "panel"]
GOOD: Final = 2
ENOUGH: Final = 2  # further reasons that put an agency on the list where none is serious
LISTED: Final = 4  # standards in one sentence; the rest is counted
NOTHING: Final = Tally()


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard's exact sum and count; its grade in the audit before, None where it had none."""

    code: str
    name: str
    tally: Tally
    grade_before: int | None = None

    @property
    def is_below_1(self) -> bool:
        """Its mean is. From the sum: a mean is rounded only to be read."""
        return self.tally.total < self.tally.n

    @property
    def has_fallen(self) -> bool:
        grade, before = self.tally.grade, self.grade_before
        return grade is not None and before is not None and grade < before

    @property
    def is_weak(self) -> bool:
        return self.tally.grade is not None and self.tally.grade < GOOD


@dataclass(frozen=True, slots=True)
class Late:
    """How many things are overdue, and since when the oldest."""

    count: int = 0
    since: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one invited agency; scores are of one series, the uppermost that is final."""

    today: datetime.date
    due_on: datetime.date
    must_submit: bool = True
    # By answers or by its own national audit, which has no scores.
    has_returned: bool = False
    whose: Whose = "self"
    whole: Tally = NOTHING
    standards: tuple[Standard, ...] = ()
    # Code, and the code of its standard, of each critical indicator at 0.
    critical_zeros: tuple[tuple[str, str], ...] = ()
    # Scores lowered in final moderation, and after that by final minutes.
    lowered: int = 0
    lowered_by_panel: int = 0
    # Scores of 0 or 1, and of these how many have neither an action nor a reason for none.
    low: int = 0
    without_follow_up: int = 0
    panel_late: Late = Late()
    own_late: Late = Late()


@dataclass(frozen=True, slots=True)
class Reason:
    """One, with its figures. `standards` are the codes that it speaks of."""

    kind: Kind
    words: str
    standards: tuple[str, ...] = ()

    @property
    def is_serious(self) -> bool:
        return self.kind in SERIOUS


Check = Callable[[Facts], Reason | None]
# Serious reasons, further ones, whether there are scores, critical zeros, the mean: the smaller, the sooner.
Urgency = tuple[int, int, int, int, Fraction]


def get_reasons(facts: Facts) -> tuple[Reason, ...]:
    """In the order of KINDS; none for an agency that gives no cause."""
    return tuple(reason for check in CHECKS if (reason := check(facts)) is not None)


def is_listed(reasons: Iterable[Reason]) -> bool:
    """Whether they are enough for the executive."""
    serious = [reason.is_serious for reason in reasons]
    return any(serious) or len(serious) >= ENOUGH


def get_urgency(facts: Facts, reasons: Iterable[Reason]) -> Urgency:
    """What the list is ordered by, before the name. Lowering a score never moves an agency down."""
    serious = [reason.is_serious for reason in reasons]
    whole = facts.whole
    return (
        -sum(serious),
        -(len(serious) - sum(serious)),
        1 if whole.n else 0,
        -len(facts.critical_zeros),
        Fraction(whole.total, whole.n) if whole.n else Fraction(0),
    )


def _not_submitted(facts: Facts) -> Reason | None:
    if facts.has_returned or facts.today <= facts.due_on:
        return None
    due = f"Nothing was returned; it was due on {_date(facts.due_on)}"
    if facts.must_submit:
        return Reason("not_submitted", due)
    return Reason("not_submitted_freely", f"{due}. It need not take part")


def _if_serious(facts: Facts) -> Reason | None:
    return _not_submitted(facts) if facts.must_submit else None


def _if_free(facts: Facts) -> Reason | None:
    return None if facts.must_submit else _not_submitted(facts)


def _critical_zeros(facts: Facts) -> Reason | None:
    found = facts.critical_zeros
    if not found:
        return None
    names = {standard.code: standard.name for standard in facts.standards}
    named = [f"{code} ({names[under]})" if under in names else code for code, under in found]
    begin = (
        "A critical indicator is at 0" if len(found) == 1 else f"{len(found)} critical indicators are at 0"
    )
    return Reason("critical_zero", f"{begin}: {_list(named)}", tuple(under for _, under in found))


def _below_1(facts: Facts) -> Reason | None:
    weak = [one for one in facts.standards if one.is_below_1]
    if not weak:
        return None
    named = [f"{one.code} {one.name} ({_mean(one.tally)})" for one in weak]
    begin = "1 standard has a mean below 1" if len(weak) == 1 else f"{len(weak)} standards have means below 1"
    return Reason("below_1", f"{begin}: {_list(named)}", tuple(one.code for one in weak))


def _panel(facts: Facts) -> Reason | None:
    if facts.whose != "panel" or not _is_weak(facts.whole):
        return None
    return Reason("panel", f"The panel rated the whole audit {_rating(facts.whole)}")


def _overall(facts: Facts) -> Reason | None:
    if facts.whose == "panel" or not _is_weak(facts.whole):
        return None
    whose = "as moderated" if facts.whose == "moderated" else "by its own scores"
    return Reason("overall", f"The whole audit is at {_rating(facts.whole)}, {whose}")


def _panel_overdue(facts: Facts) -> Reason | None:
    one = "1 thing that a panel asked for is overdue"
    return _late("panel_overdue", facts.panel_late, one, "{} things that a panel asked for are overdue")


def _lowered(facts: Facts) -> Reason | None:
    count, panel = facts.lowered, facts.lowered_by_panel
    if not count and not panel:
        return None
    parts = [f"{count} in moderation"] if count else []
    parts += [f"{panel} by the panel"] if panel else []
    noun = "score was" if count + panel == 1 else "scores were"
    return Reason("lowered", f"{count + panel} {noun} lowered: {' and '.join(parts)}")


def _fell(facts: Facts) -> Reason | None:
    fallen = [one for one in facts.standards if one.has_fallen]
    if not fallen:
        return None
    named = [f"{one.code} {one.name} ({one.grade_before}, now {one.tally.grade})" for one in fallen]
    begin = "1 standard has" if len(fallen) == 1 else f"{len(fallen)} standards have"
    words = f"{begin} a lower grade than in the audit before: {_list(named)}"
    return Reason("fell", words, tuple(one.code for one in fallen))


def _no_follow_up(facts: Facts) -> Reason | None:
    if not facts.without_follow_up:
        return None
    scores = "score" if facts.low == 1 else "scores"
    words = f"{facts.without_follow_up} of {facts.low} {scores} of 0 or 1 without an action or a reason"
    return Reason("no_follow_up", words)


def _overdue(facts: Facts) -> Reason | None:
    one = "1 action of its own is overdue"
    return _late("overdue", facts.own_late, one, "{} actions of its own are overdue")


def _late(kind: Kind, late: Late, one: str, many: str) -> Reason | None:
    if not late.count or late.since is None:
        return None
    since = f"since {_date(late.since)}" if late.count == 1 else f"the oldest since {_date(late.since)}"
    return Reason(kind, f"{one if late.count == 1 else many.format(late.count)}, {since}")


def _is_weak(tally: Tally) -> bool:
    return tally.grade is not None and tally.grade < GOOD


def _rating(tally: Tally) -> str:
    return f"grade {tally.grade} (mean {_mean(tally)})"


def _mean(tally: Tally) -> str:
    return format_mean(tally.total, tally.n) or ""


def _list(names: Sequence[str]) -> str:
    shown = list(names[:LISTED])
    if len(names) > LISTED:
        shown.append(f"and {len(names) - LISTED} more")
    return ", ".join(shown)


def _date(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


CHECKS: Final[tuple[Check, ...]] = (
    _if_serious,
    _critical_zeros,
    _below_1,
    _panel,
    _panel_overdue,
    _overall,
    _lowered,
    _fell,
    _no_follow_up,
    _overdue,
    _if_free,
)
