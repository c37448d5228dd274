"""Year on year, like with like: this cycle's figures beside those of earlier cycles of the same partnership.

For drawing: `YearOnYear.whole`, `.themes` and, a variant, `.variants[…].whole`, `.standards` are `Line`s. A line has a
`Point` a cycle, the oldest first and this cycle last: what all its audits say (`point.marks.grades.at_grade_2`,
`point.marks.mean`), and `point.change`, which says since the point before whether the line is broken there
(`change.is_break`, `change.reason`). And it has a `Pair` for each earlier cycle, the nearest last (`line.pair`):
`before` and `now` of the same agencies, those of the same variant with a grade in both, over the same indicators,
those that both cycles asked; `up` and `down` count agencies whose grade rose and fell. So a pair is like with like
even where the line is broken. `.variants[…].indicators` are `IndicatorLine`s (overview_indicator_years), likewise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from s11.organisations.enums import Variant
from surveys.enums import Scope
from surveys.models import Cycle
from surveys.overview_banks import WHOLE, Held, Subject
from surveys.overview_breaks import QuestionChange, Questions, compare_questions
from surveys.overview_indicator_years import IndicatorLine, make_indicator_lines
from surveys.overview_results import NO_MARK, Mark, Marks, Result, add_up
from surveys.overview_scores import Scores, Year, list_present
from surveys.scoring import grade_of
from surveys.series import SET_ASIDE

ALL: Final = "All variants"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """One cycle in a line: all its audits. `change` is since the point before it; None for the first."""

    cycle: str
    marks: Marks
    change: QuestionChange | None

    @property
    def is_broken(self) -> bool:
        return self.change is not None and self.change.is_break

    def as_json(self) -> Json:
        reason = self.change.reason if self.change is not None else ""
        return {"cycle": self.cycle, **self.marks.as_json(), "broken": self.is_broken, "reason": reason}


@dataclass(frozen=True, slots=True)
class Pair:
    """The same agencies, over the same indicators, in an earlier cycle and in this one."""

    cycle: str
    before: Marks
    now: Marks
    up: int
    down: int
    change: QuestionChange

    @property
    def organisations(self) -> int:
        """In both; each has a grade in both."""
        return self.now.grades.total

    @property
    def same(self) -> int:
        return self.organisations - self.up - self.down

    def as_json(self) -> Json:
        return {
            "cycle": self.cycle,
            "organisations": self.organisations,
            "before": self.before.as_json(),
            "now": self.now.as_json(),
            "up": self.up,
            "down": self.down,
            "same": self.same,
            "same_questions": not self.change.is_break,
            "indicators": self.change.shared,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One subject through the cycles that asked it. `variant` is None for all of them together."""

    scope: Scope
    variant: Variant | None
    code: str
    title: str
    points: tuple[Point, ...]
    pairs: tuple[Pair, ...]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    @property
    def pair(self) -> Pair | None:
        """Against the nearest earlier cycle in which the same agencies were asked some of the same."""
        return next((pair for pair in reversed(self.pairs) if pair.organisations), None)

    def as_json(self) -> Json:
        return {
            "code": self.code,
            "title": self.title,
            "all": [point.as_json() for point in self.points],
            "both": [pair.as_json() for pair in self.pairs],
        }


@dataclass(frozen=True, slots=True)
class VariantLines:
    variant: Variant
    whole: Line
    standards: tuple[Line, ...]
    indicators: tuple[IndicatorLine, ...]

    def as_json(self) -> Json:
        return {
            "variant": self.variant.value,
            **_without_name(self.whole),
            "standards": [line.as_json() for line in self.standards],
            "indicators": [line.as_json() for line in self.indicators],
        }


def _without_name(line: Line) -> Json:
    return {key: value for key, value in line.as_json().items() if key not in ("code", "title")}


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """`cycles` are the oldest first, this one last; with this one alone there is nothing to compare."""

    cycles: tuple[Cycle, ...]
    whole: Line
    variants: tuple[VariantLines, ...]
    themes: tuple[Line, ...]

    @property
    def earlier(self) -> tuple[Cycle, ...]:
        return self.cycles[:-1]

    def as_json(self) -> Json:
        return {
            "cycles": [cycle.slug for cycle in self.cycles],
            **_without_name(self.whole),
            "variants": [variant.as_json() for variant in self.variants],
            "themes": [line.as_json() for line in self.themes],
        }


# Making them ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Matching:
    """How a subject's figure is made from what another cycle asked too: these scorecards, less these indicators."""

    cards: Mapping[Variant, tuple[Subject, ...]]
    less: frozenset[int]


def make_year_on_year(years: Sequence[Year], scores: Scores) -> YearOnYear:
    """The last of the years against each of the others. No query: `scores` hold all that they answered."""
    now = years[-1]
    indicators = make_indicator_lines(years, scores)
    lines = {
        (subject, variant): make_line(years, subject, variant, title, scores)
        for subject, variant, title in list_subjects(now.questions)
    }
    return YearOnYear(
        cycles=tuple(year.cycle for year in years),
        whole=lines[WHOLE, None],
        variants=tuple(
            VariantLines(
                variant,
                lines[WHOLE, variant],
                tuple(
                    line for line in lines.values() if (line.scope, line.variant) == (Scope.STANDARD, variant)
                ),
                tuple(line for line in indicators if line.variant == variant),
            )
            for variant in now.questions.variants
        ),
        themes=tuple(line for line in lines.values() if line.scope == Scope.THEME),
    )


def make_line(
    years: Sequence[Year], subject: Subject, variant: Variant | None, title: str, scores: Scores
) -> Line:
    *earlier, now = years
    return Line(
        scope=Scope(subject[0]),
        variant=variant,
        code=subject[1],
        title=title,
        points=tuple(make_points(years, subject, variant)),
        pairs=tuple(
            make_pair((now, then), subject, variant, scores)
            for then in earlier
            if then.questions.under(subject, variant)
        ),
    )


def list_subjects(questions: Questions) -> list[tuple[Subject, Variant | None, str]]:
    """Each with its title: the whole, each variant, each standard in its bank's order, each theme in order."""
    found: dict[tuple[Subject, Variant | None], str] = {(WHOLE, None): ALL}
    for variant in questions.variants:
        found[WHOLE, variant] = str(variant.label)
        for code, title in questions.list_standards(variant).items():
            found[(Scope.STANDARD.value, code), variant] = title
    themes = {(held.theme_position, held.theme): held.theme_title for held in questions.keys.values()}
    found |= {((Scope.THEME.value, code), None): themes[_, code] for _, code in sorted(themes)}
    return [(subject, variant, title) for (subject, variant), title in found.items()]


def make_points(years: Iterable[Year], subject: Subject, variant: Variant | None) -> Iterable[Point]:
    last: Year | None = None
    for year in years:
        if not year.questions.under(subject, variant):
            continue
        change = compare_questions(year.questions, last.questions, subject, variant) if last else None
        marks = (
            one.marks[subject]
            for one in year.results.values()
            if variant in (None, one.variant) and subject in one.marks
        )
        yield Point(year.cycle.slug, add_up(marks), change)
        last = year


def make_matching(own: Questions, other: Questions, subject: Subject, variant: Variant | None) -> Matching:
    """The whole is made of those standards alone of which the other asked something."""
    mine, theirs = own.under(subject, variant), other.under(subject, variant)
    kept = [held for spine, held in mine.items() if spine in theirs]
    cards: dict[Variant, dict[Subject, None]] = {}
    for held in kept:
        cards.setdefault(held.variant, {})[_find_card(held, subject)] = None
    less = (
        held.pk
        for spine, held in mine.items()
        if spine not in theirs and _find_card(held, subject) in cards.get(held.variant, {})
    )
    return Matching({one: tuple(found) for one, found in cards.items()}, frozenset(less))


def _find_card(held: Held, subject: Subject) -> Subject:
    return (Scope.STANDARD.value, held.standard) if subject == WHOLE else subject


def make_pair(years: tuple[Year, Year], subject: Subject, variant: Variant | None, scores: Scores) -> Pair:
    """Where nothing changed the grades are the frozen ones; else those of what both cycles asked."""
    now, then = years
    change = compare_questions(now.questions, then.questions, subject, variant)
    own, former = (
        (
            make_matching(now.questions, then.questions, subject, variant),
            make_matching(then.questions, now.questions, subject, variant),
        )
        if change.is_break
        else (None, None)
    )
    before, after = [], []
    for result, past in list_present(now, then):
        if variant not in (None, result.variant):
            continue
        was = make_mark(past, former, scores) if former else past.marks.get(subject, NO_MARK)
        is_now = make_mark(result, own, scores) if own else result.marks.get(subject, NO_MARK)
        if was.grade is not None and is_now.grade is not None:
            before.append(was)
            after.append(is_now)
    grades = [(one.grade or 0, two.grade or 0) for one, two in zip(before, after, strict=True)]
    return Pair(
        cycle=then.cycle.slug,
        before=add_up(before),
        now=add_up(after),
        up=sum(was < is_now for was, is_now in grades),
        down=sum(was > is_now for was, is_now in grades),
        change=change,
    )


def make_mark(result: Result, matching: Matching, scores: Scores) -> Mark:
    cards = [result.marks.get(subject, NO_MARK) for subject in matching.cards.get(result.variant, ())]
    answers = scores.get(result.audit, {})
    less = [answers[one] for one in matching.less if answers.get(one, SET_ASIDE) != SET_ASIDE]
    n, total = sum(card.n for card in cards) - len(less), sum(card.total for card in cards) - sum(less)
    return Mark(n, total, grade_of(total, n))
