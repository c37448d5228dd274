"""What the overview's figures say, in sentences: the finding over each section, and what to look at next.

Written from the figures alone; nothing here knows what any cycle found. Ties are said, never broken. A percentage
stands with its count. Titles have no full stop, what stands below them has.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from s11.web import dates
from s11.web.text import list_words, plural
from surveys.figures import GradeCounts, ParticipationFigures, Share
from surveys.overview import IndicatorFigures, Overview, VariantFigures
from surveys.overview_indicators import Cut, find_weakest

# More names than this in one sentence is a list: then their number is said and the chart shows which.
MOST_NAMES = 3
LAST_DAYS = datetime.timedelta(days=7)

Named = Sequence[tuple[str, Share]]


def is_or_are(count: int) -> str:
    return "is" if count == 1 else "are"


def say_submitted(figures: ParticipationFigures, *, is_closed: bool = False) -> str:
    if not figures.invited:
        return "Nobody was invited" if is_closed else "Nobody has been invited yet"
    if not figures.submitted:
        if figures.invited == 1:
            return (
                f"The one invited organisation {'did not submit' if is_closed else 'has not submitted yet'}"
            )
        nobody = f"None of {figures.invited:,} invited organisations"
        return f"{nobody} submitted" if is_closed else f"{nobody} has submitted yet"
    return f"{figures.submitted_of_invited} invited organisations {'' if is_closed else 'have '}submitted"


def say_outstanding(figures: ParticipationFigures, *, is_closed: bool = False) -> str:
    """Who is still to be chased; of a closed cycle, who did not come."""
    if not figures.invited:
        return ""
    outstanding = figures.invited - figures.submitted
    if not outstanding:
        return f"Every invited organisation {'' if is_closed else 'has '}submitted."
    started = figures.started - figures.submitted
    who = f"{outstanding:,} of {figures.invited:,}"
    if is_closed:
        return f"{who} did not submit{say_had_started(started, outstanding)}."
    return f"Still to come: {who}. {say_have_started(started, outstanding)}."


def say_had_started(started: int, outstanding: int) -> str:
    if not started:
        return " and had not started"
    if started == outstanding:
        return " but had started"
    return f": {started:,} had started and {outstanding - started:,} had not"


def say_have_started(started: int, outstanding: int) -> str:
    waiting = outstanding - started
    if outstanding == 1:
        return "It has started" if started else "It has not started"
    if not started or not waiting:
        return "All of them have started" if started else "None of them has started"
    return (
        f"{started:,} of them {'has' if started == 1 else 'have'} started and {waiting:,} "
        f"{'has' if waiting == 1 else 'have'} not"
    )


def say_returns(overview: Overview) -> str:
    """When the returns came, seen from the closing day."""
    closes_on, is_closed = overview.cycle.closes_on, overview.cycle.is_closed
    total = sum(overview.returns.values())
    if not total:
        return "No audit was submitted" if is_closed else "No audit has been submitted yet"
    if dates.as_london(overview.made_at).date() <= closes_on:
        so_far = f"{plural(total, 'audit')} submitted"
        if is_closed:
            return (
                f"{so_far}; the cycle was closed before the end of its closing day, {dates.date(closes_on)}"
            )
        return f"{so_far} so far; the cycle closes on {dates.date(closes_on)}"
    last = sum(count for day, count in overview.returns.items() if closes_on - LAST_DAYS < day <= closes_on)
    late = sum(count for day, count in overview.returns.items() if day > closes_on)
    return f"{Share(last, total)} came in the last 7 days, {late or 'none'} after the closing day"


def say_grades(grades: GradeCounts) -> str:
    if not grades.total:
        return "No audit has a grade yet"
    if grades.grade_2 == grades.total:
        return f"{Share(grades.total, grades.total)} audits are at grade 2 overall"
    return f"{grades.at_grade_2} audits are at grade 2 overall, {say_below(grades)}"


def say_below(grades: GradeCounts) -> str:
    parts = [(grades.grade_1, "at grade 1"), (grades.grade_0, "at grade 0")]
    return list_words([f"{count:,} {words}" for count, words in parts if count])


def fraction(share: Share) -> Fraction:
    return Fraction(share.count, share.of)


def say_shares(shares: Iterable[Share]) -> str:
    """The counts behind one percentage, each once: equal shares may have different counts."""
    return list_words(list(dict.fromkeys(str(share) for share in shares)))


def say_weakest(named: Named, one: str, many: str) -> str:
    """Which has the lowest share at grade 2; those without a grade are in no comparison."""
    graded = [(name, share) for name, share in named if share.of]
    if not graded:
        return f"No {one} has a grade yet"
    least = min(fraction(share) for _, share in graded)
    if least == 1:
        return f"Every {one} is at grade 2 in every audit"
    tied = [(name, share) for name, share in graded if fraction(share) == least]
    names, shares = list_words([name for name, _ in tied]), say_shares(share for _, share in tied)
    if len(graded) == 1:
        return f"{names}: {shares} at grade 2"
    if len(tied) == 1:
        return f"{names} is the weakest {one}: {shares} at grade 2"
    if len(tied) == len(graded):
        return f"All {len(graded)} {many} are level: {shares} at grade 2"
    if len(tied) > MOST_NAMES:
        return f"{len(tied)} of {len(graded)} {many} share the lowest figure: {shares} at grade 2"
    return f"{names} are the weakest {many}: {shares} at grade 2"


def say_strongest(named: Named, one: str, many: str) -> str:
    """Nothing where all are level, which the title has said."""
    graded = [(name, share) for name, share in named if share.of]
    if len({fraction(share) for _, share in graded}) < 2:
        return ""
    most = max(fraction(share) for _, share in graded)
    tied = [(name, share) for name, share in graded if fraction(share) == most]
    names = list_words([name for name, _ in tied])
    if most == 1 and len(tied) > MOST_NAMES:
        return f"{len(tied)} of {len(graded)} {many} are at grade 2 in every audit."
    if most == 1:
        return f"{names} {is_or_are(len(tied))} at grade 2 in every audit."
    shares = say_shares(share for _, share in tied)
    if len(tied) > MOST_NAMES:
        return f"{len(tied)} of {len(graded)} {many} share the highest figure: {shares} at grade 2."
    return f"{names} {is_or_are(len(tied))} the strongest: {shares} at grade 2."


def say_strong_indicators(variant: VariantFigures) -> str:
    scored = [one for one in variant.indicators if one.n]
    if not scored:
        return "No indicator has a score yet."
    best = Share(sum(one.total == 2 * one.n for one in scored), len(scored))
    return f"{best} scored indicators are at 2 in every audit that scored them."


def say_weak_indicator(weakest: Cut) -> str:
    """What to look at first."""
    if not weakest.indicators:
        return ""
    first = weakest.indicators[0]
    level = [one for one in weakest.indicators if one.total * first.n == first.total * one.n]
    if len(level) == 1:
        return f"Look first at {first.code}: its mean is {first.mean} ({say_scores(first)})."
    # All that are shown are level, so the others are level with the first too.
    count = len(level) + (weakest.more if len(level) == len(weakest.indicators) else 0)
    if count > MOST_NAMES:
        return f"Look first at the {count} indicators that share the lowest mean, {first.mean}."
    return (
        f"Look first at {list_words([one.code for one in level])}: they share the lowest mean, {first.mean}."
    )


def say_scores(indicator: IndicatorFigures) -> str:
    """‘2 of 14 audits scored 0, 3 scored 1’."""
    zeros, ones, of = indicator.zeros, indicator.ones, plural(indicator.n, "audit")
    if zeros and ones:
        return f"{zeros:,} of {of} scored 0, {ones:,} scored 1"
    return f"{zeros or ones:,} of {of} scored {0 if zeros else 1}"


def say_critical_zeros(overview: Overview) -> str:
    count = len(overview.critical_zeros)
    if not overview.submitted:
        return "No critical indicator has been scored yet"
    if not count:
        return "No critical indicator is scored 0"
    if count == 1:
        return "A critical indicator is scored 0 once"
    return f"Critical indicators are scored 0 in {count:,} answers"


def say_below_grade_2(overview: Overview) -> str:
    count = overview.grades.total - overview.grades.grade_2
    if not overview.grades.total:
        return "No organisation has a grade yet"
    if not count:
        return "No organisation is below grade 2 overall"
    said = f"{plural(count, 'organisation')} {is_or_are(count)} below grade 2 overall"
    both = overview.grades.grade_0 and overview.grades.grade_1
    return f"{said}, {say_below(overview.grades)}" if both else said


@dataclass(frozen=True, slots=True)
class VariantFindings:
    """What one variant's figures say."""

    figures: VariantFigures
    grades: str
    weakest: str
    strongest: str
    indicators: str
    weakest_indicators: Cut
    look_first: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the whole overview says, section by section."""

    submitted: str
    outstanding: str
    returns: str
    grades: str
    variants: tuple[VariantFindings, ...]
    themes: str
    strongest_themes: str
    critical_zeros: str
    below_grade_2: str


def make_findings(overview: Overview) -> Findings:
    themes = [(theme.title, theme.at_grade_2) for theme in overview.themes]
    is_closed = overview.cycle.is_closed
    return Findings(
        submitted=say_submitted(overview.participation, is_closed=is_closed),
        outstanding=say_outstanding(overview.participation, is_closed=is_closed),
        returns=say_returns(overview),
        grades=say_grades(overview.grades),
        variants=tuple(make_variant_findings(variant) for variant in overview.variants),
        themes=say_weakest(themes, "theme", "themes"),
        strongest_themes=say_strongest(themes, "theme", "themes"),
        critical_zeros=say_critical_zeros(overview),
        below_grade_2=say_below_grade_2(overview),
    )


def make_variant_findings(variant: VariantFigures) -> VariantFindings:
    standards = [(standard.title, standard.grades.at_grade_2) for standard in variant.standards]
    weakest = find_weakest(variant)
    return VariantFindings(
        figures=variant,
        grades=say_grades(variant.grades),
        weakest=say_weakest(standards, "standard", "standards"),
        strongest=say_strongest(standards, "standard", "standards"),
        indicators=say_strong_indicators(variant),
        weakest_indicators=weakest,
        look_first=say_weak_indicator(weakest),
    )
