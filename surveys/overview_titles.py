"""What the comparisons of an overview say: the finding over each chart that sets cycles, series or agencies together.

As in overview_sentences: from the figures alone, a percentage with its count, no full stop at the end of a title.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from s11.web.text import list_words, plural
from surveys.enums import Series
from surveys.figures import Share
from surveys.overview_actions import PlannedActions
from surveys.overview_groups import NOT_KNOWN, Breakdown
from surveys.overview_indicators import SharedIndicator
from surveys.overview_series import Step
from surveys.overview_years import Line, Pair


def say_line(line: Line) -> str:
    """‘At grade 2 overall: 32 of 37 (86%) in 2025, then 27 of 29 (93%) in 2026’; across a break no ‘then’."""
    known = [place for place, point in enumerate(line.points) if point.marks.grades.total]
    if not known:
        return "No audit has a grade yet"
    *_, now = known
    said = f"{line.points[now].marks.grades.at_grade_2} in {line.points[now].cycle}"
    if len(known) == 1:
        return f"At grade 2 overall: {said}"
    then = known[-2]
    before = line.points[then]
    if any(point.is_broken for point in line.points[then + 1 : now + 1]):
        return f"At grade 2 overall: {said}; not compared with {before.cycle}, because the questions changed"
    return f"At grade 2 overall: {before.marks.grades.at_grade_2} in {before.cycle}, then {said}"


def say_pair(pair: Pair) -> str:
    """Of the same agencies, over the same questions."""
    moves = [(pair.up, "rose a grade overall"), (pair.down, "fell"), (pair.same, "stayed where they were")]
    said = list_words([f"{count} {words}" for count, words in moves if count])
    return f"Of {plural(pair.organisations, 'agency', 'agencies')} in {pair.cycle} too, {said}"


def say_pairs(pairs: Sequence[tuple[Line, Pair]], one: str, many: str) -> str:
    """‘4 of 11 standards rose, 2 fell and 5 stayed in the same agencies’: by the exact share at grade 2."""
    shares = [
        (fraction(pair.before.grades.at_grade_2), fraction(pair.now.grades.at_grade_2)) for _, pair in pairs
    ]
    rose, fell = sum(was < is_now for was, is_now in shares), sum(was > is_now for was, is_now in shares)
    moves = [(rose, "rose"), (fell, "fell"), (len(pairs) - rose - fell, "stayed")]
    (first, verb), *more = [(count, words) for count, words in moves if count]
    said = [
        f"{first} of {plural(len(pairs), one, many)} {verb}",
        *(f"{count} {words}" for count, words in more),
    ]
    return f"{list_words(said)} in the same agencies"


def fraction(share: Share) -> Fraction:
    return Fraction(share.count, share.of) if share.of else Fraction(0)


def say_step(step: Step) -> str:
    """How far one series moved the one before it."""
    shift = step.whole
    # From the agencies' own scores to the panel's there is what moderators changed too.
    both = "Moderation and panels together" if step.before == Series.SELF else "Panels"
    who = both if step.after == Series.PANEL else "Moderation"
    if not shift.changed.count:
        return f"{who} changed none of {shift.answers:,} answers"
    moves = [(shift.up, "up"), (shift.down, "down"), (shift.set_aside, "set aside"), (shift.scored, "scored")]
    said = ", ".join(f"{count} {words}" for count, words in moves if count)
    return f"{who} changed {shift.changed} answers: {said}"


def say_breakdown(breakdown: Breakdown) -> str:
    """Which of them has the lowest share; what is not known of agencies is compared with nothing."""
    named = [
        (one.label, one.marks.grades.at_grade_2)
        for one in breakdown.groups
        if one.key != NOT_KNOWN and one.marks.grades.total
    ]
    least = min((fraction(share) for _, share in named), default=None)
    lowest = [(name, share) for name, share in named if fraction(share) == least]
    if len(lowest) == len(named):
        return (
            f"{breakdown.title} the shares at grade 2 do not differ"
            if named
            else f"{breakdown.title}: not known"
        )
    names, shares = list_words([name for name, _ in lowest]), dict.fromkeys(str(share) for _, share in lowest)
    return f"{breakdown.title} the lowest share at grade 2 is of {names}: {list_words([*shares])}"


def say_lacking(lacking: Sequence[SharedIndicator]) -> str:
    first = lacking[0]
    level = [one for one in lacking if one.lack.count == first.lack.count]
    if len(level) > 1:
        said = f"{plural(len(lacking), 'indicator')} are below 2 in several audits"
        return f"{said}, {len(level)} of them in {first.lack.count}"
    return f"Most often below 2 is {next(iter(first.codes.values()))}: in {first.lack} audits"


def say_actions(actions: PlannedActions) -> str:
    counts = actions.whole.counts
    if not counts.actions:
        return "No agency has planned an action for a 0 or a 1 yet"
    who = plural(counts.agencies, "agency plans", "agencies plan")
    said = f"{who} {plural(counts.actions, 'action')}: {counts.done:,} done, {counts.verified:,} of them verified"
    return f"{said}, {counts.overdue:,} overdue" if counts.overdue else said
