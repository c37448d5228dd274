"""Lines of enquiry that a pack suggests: what a panel may ask the agency, and the reason in its own figures.

Pure: what is known of one audit in, suggestions out; no Django, no clock. A rule's key names what it is about, so that
a suggestion that was dropped is not made again, and one that stands is not made twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from surveys.figures import format_mean

HIGHEST: Final = 2
# More than a panel can ask in its time; what is left out is in the pack's tables all the same.
MOST: Final = 12
LISTED: Final = 6  # codes in a sentence; the rest is counted
# How far below its sector a standard's mean lies before a panel asks why: half a score.
FAR_BELOW: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Answered:
    """One indicator as the panel finds it. `score` is that of the series that counts; None is not applicable."""

    code: str
    key: str
    text: str
    score: int | None
    own_score: int | None = None
    before: int | None = None
    is_critical: bool = False
    has_evidence: bool = True
    is_evidence_expired: bool = False
    has_action: bool = True
    moderator_said: str = ""
    # What staff said, where that is less than what leaders say.
    staff_said: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """An action of the agency that a panel agreed or a score asked for."""

    pk: int
    what: str
    due_on: datetime.date
    is_from_panel: bool
    is_finished: bool
    # Empty until an officer has looked; then whether it worked.
    verified_as: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A standard's exact sum over its scored indicators, and the same over all agencies of the variant."""

    code: str
    title: str
    total: int
    n: int
    sector_total: int
    sector_n: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is asked from. `today` is the day of the question."""

    today: datetime.date
    answers: Sequence[Answered] = ()
    actions: Sequence[Planned] = ()
    standards: Sequence[Compared] = ()
    # Recommendations of earlier meetings that the agency has not answered: each id with its words.
    unanswered: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to ask, and why; `key` is the indicator's where it is about one."""

    rule: str
    text: str
    reason: str
    key: str = ""


Rule = Callable[[Facts], Iterable[Suggestion]]


def suggest(facts: Facts) -> list[Suggestion]:
    """The weightiest first, at most MOST."""
    return [one for rule in RULES for one in rule(facts)][:MOST]


def _critical_zeros(facts: Facts) -> Iterable[Suggestion]:
    for one in facts.answers:
        if one.is_critical and one.score == 0:
            yield Suggestion(
                f"critical-zero:{one.key}",
                f"What keeps children safe today while {one.code} is not in place, and by when will it be?",
                f"{one.code} is critical and at 0: {_shorten(one.text)}",
                one.key,
            )


def _overdue_panel_actions(facts: Facts) -> Iterable[Suggestion]:
    for one in facts.actions:
        if one.is_from_panel and not one.is_finished and one.due_on < facts.today:
            yield Suggestion(
                f"overdue-action:{one.pk}",
                f"What has kept you from ‘{_shorten(one.what)}’, and what will be done by when?",
                f"Agreed with a panel and due on {_date(one.due_on)}",
            )


def _unanswered_recommendations(facts: Facts) -> Iterable[Suggestion]:
    for pk, words in facts.unanswered:
        yield Suggestion(
            f"unanswered:{pk}",
            f"What will you do about ‘{_shorten(words)}’?",
            "Recommended by an earlier panel, and not answered",
        )


def _moderated_lower(facts: Facts) -> Iterable[Suggestion]:
    for one in facts.answers:
        if one.score is not None and one.own_score is not None and one.score < one.own_score:
            said = f": {_shorten(one.moderator_said)}" if one.moderator_said else ""
            yield Suggestion(
                f"moderated:{one.key}",
                f"You scored {one.code} {one.own_score} and the moderator {one.score}. What shows your score?",
                f"Moderated from {one.own_score} to {one.score}{said}",
                one.key,
            )


def _staff_say_less(facts: Facts) -> Iterable[Suggestion]:
    for one in facts.answers:
        if one.staff_said:
            yield Suggestion(
                f"staff:{one.key}",
                f"Your staff see {one.code} less well in place than you do. What do you make of that?",
                (
                    f"You scored {one.code} {one.own_score}; your staff’s answers come to {one.staff_said}, "
                    "where yes counts 2, partly 1 and no 0"
                ),
                one.key,
            )


def _fell(facts: Facts) -> Iterable[Suggestion]:
    for one in facts.answers:
        if one.score is not None and one.before is not None and one.score < one.before:
            yield Suggestion(
                f"fell:{one.key}",
                f"What has changed at {one.code} since last year?",
                f"{one.code} fell from {one.before} to {one.score}: {_shorten(one.text)}",
                one.key,
            )


def _unproven(facts: Facts) -> Iterable[Suggestion]:
    unproven = [one.code for one in facts.answers if one.score == HIGHEST and not one.has_evidence]
    if unproven:
        yield Suggestion(
            "unproven",
            f"What could you show us today for {_list(unproven)}?",
            f"{_count(unproven, 'indicator is', 'indicators are')} scored 2 without evidence",
        )


def _expired(facts: Facts) -> Iterable[Suggestion]:
    expired = [one.code for one in facts.answers if one.is_evidence_expired]
    if expired:
        yield Suggestion(
            "expired",
            f"What has replaced the evidence behind {_list(expired)}?",
            f"{_count(expired, 'indicator rests', 'indicators rest')} on evidence that has expired",
        )


def _without_action(facts: Facts) -> Iterable[Suggestion]:
    open_ones = [
        one.code
        for one in facts.answers
        if one.score is not None and one.score < HIGHEST and not one.has_action
    ]
    if open_ones:
        yield Suggestion(
            "no-action",
            f"What do you plan for {_list(open_ones)}?",
            f"{_count(open_ones, 'indicator is', 'indicators are')} below 2 without an action",
        )


def _below_sector(facts: Facts) -> Iterable[Suggestion]:
    for one in facts.standards:
        if not one.n or not one.sector_n:
            continue
        own, sector = Fraction(one.total, one.n), Fraction(one.sector_total, one.sector_n)
        if sector - own >= FAR_BELOW:
            yield Suggestion(
                f"below-sector:{one.code}",
                f"What makes {one.code} {one.title} harder for you than for others?",
                f"Mean {format_mean(one.total, one.n)}, "
                f"where agencies of the same kind have {format_mean(one.sector_total, one.sector_n)}",
            )


def _did_it_work(facts: Facts) -> Iterable[Suggestion]:
    for one in facts.actions:
        if one.is_from_panel and one.is_finished and not one.verified_as:
            yield Suggestion(
                f"unverified:{one.pk}",
                f"What is different for children since ‘{_shorten(one.what)}’ was done?",
                "Agreed with a panel and reported done; nobody has checked whether it worked",
            )


RULES: Final[tuple[Rule, ...]] = (
    _critical_zeros,
    _overdue_panel_actions,
    _unanswered_recommendations,
    _moderated_lower,
    _staff_say_less,
    _fell,
    _unproven,
    _did_it_work,
    _expired,
    _without_action,
    _below_sector,
)


def _list(codes: Sequence[str]) -> str:
    """‘A1.1, A1.2 and A2.4’; of many the first few, and how many more."""
    shown = list(codes[:LISTED])
    if len(codes) > LISTED:
        shown.append(f"{len(codes) - LISTED} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _count(codes: Sequence[str], one: str, many: str) -> str:
    return f"1 {one}" if len(codes) == 1 else f"{len(codes)} {many}"


def _date(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _shorten(text: str, most: int = 140) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
