"""Self-assessed against moderated against panel, like with like: over the audits that have both series.

For drawing: `SeriesComparison.steps` are the pairs of series, from the agencies' own scores to the moderated ones, from
those to the panel's, and from the first to the last. Each has `whole`, and a variant its `whole` and `standards`; each
of those is a `Shift`: `before` and `after` are `Marks` of the same audits (`.grades`, `.mean`), `up` and `down` count
answers whose score was raised and lowered, `set_aside` those that became not applicable and `scored` the reverse.
`have` says how many of the submitted audits have each series.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from s11.organisations.enums import Variant
from surveys.enums import Scope, Series
from surveys.figures import Share
from surveys.models import Cycle
from surveys.overview_banks import WHOLE, Subject
from surveys.overview_breaks import Questions
from surveys.overview_results import Marks, Result, Results, add_up
from surveys.overview_scores import Moved
from surveys.series import SET_ASIDE

Json = dict[str, Any]
STEPS: Final = (
    (Series.SELF, Series.MODERATED),
    (Series.MODERATED, Series.PANEL),
    (Series.SELF, Series.PANEL),
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One subject over the audits that have both series. `answers` is how many answers those hold there."""

    variant: Variant | None
    code: str
    title: str
    audits: int
    before: Marks
    after: Marks
    answers: int
    up: int = 0
    down: int = 0
    set_aside: int = 0
    scored: int = 0
    # Audits whose grade there rose and fell.
    grades_up: int = 0
    grades_down: int = 0

    @property
    def changed(self) -> Share:
        """Answers that say something else afterwards."""
        return Share(self.up + self.down + self.set_aside + self.scored, self.answers)

    def as_json(self) -> Json:
        return {
            "code": self.code,
            "audits": self.audits,
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "answers": self.answers,
            "up": self.up,
            "down": self.down,
            "set_aside": self.set_aside,
            "scored": self.scored,
            "grades_up": self.grades_up,
            "grades_down": self.grades_down,
        }


@dataclass(frozen=True, slots=True)
class VariantShifts:
    variant: Variant
    whole: Shift
    standards: tuple[Shift, ...]

    def as_json(self) -> Json:
        return {
            "variant": self.variant.value,
            **_without_code(self.whole),
            "standards": [shift.as_json() for shift in self.standards],
        }


def _without_code(shift: Shift) -> Json:
    return {key: value for key, value in shift.as_json().items() if key != "code"}


@dataclass(frozen=True, slots=True)
class Step:
    """From one series to the next; of an empty one `audits` is 0 and there is no variant."""

    before: Series
    after: Series
    whole: Shift
    variants: tuple[VariantShifts, ...]

    @property
    def audits(self) -> int:
        return self.whole.audits

    def as_json(self) -> Json:
        return {
            "from": self.before.value,
            "to": self.after.value,
            **_without_code(self.whole),
            "variants": [variant.as_json() for variant in self.variants],
        }


@dataclass(frozen=True, slots=True)
class SeriesComparison:
    have: Mapping[Series, Share]
    steps: tuple[Step, ...]

    @property
    def found(self) -> tuple[Step, ...]:
        """Those between series that some audit has both of."""
        return tuple(step for step in self.steps if step.audits)

    def as_json(self) -> Json:
        return {
            "have": {series.value: share.as_json() for series, share in self.have.items()},
            "steps": [step.as_json() for step in self.steps],
        }


def make_series_comparison(
    cycle: Cycle, questions: Questions, results: Results, moved: Sequence[Moved], submitted: int
) -> SeriesComparison:
    """Pure. `results` hold the cycle's three series, `submitted` counts returns of every kind.

    Of answers that nobody moderated all series say what the agency said: `moved` are the others.
    """
    by_series = {series: results[cycle.pk, series] for series in Series}
    return SeriesComparison(
        have={series: Share(len(found), submitted) for series, found in by_series.items()},
        steps=tuple(
            make_step(before, after, questions, _list_both(by_series, before, after), moved)
            for before, after in STEPS
        ),
    )


Both = Sequence[tuple[Result, Result]]


def _list_both(by_series: Mapping[Series, Mapping[int, Result]], before: Series, after: Series) -> Both:
    later = by_series[after]
    return [
        (one, later[organisation]) for organisation, one in by_series[before].items() if organisation in later
    ]


def make_step(
    before: Series, after: Series, questions: Questions, both: Both, moved: Iterable[Moved]
) -> Step:
    audits = {one.audit for one, _ in both}
    subjects = {held.pk: held.subjects for held in questions.keys.values()}
    variants = {held.pk: held.variant for held in questions.keys.values()}
    counts: dict[tuple[Subject, Variant | None], Counter[str]] = {}
    for one in moved:
        was, is_now = one.said[before], one.said[after]
        if one.audit not in audits or was == is_now or one.indicator not in subjects:
            continue
        for subject in subjects[one.indicator]:
            for variant in (variants[one.indicator], None):
                counts.setdefault((subject, variant), Counter())[_name_change(was, is_now)] += 1
    asked = {result.variant for result, _ in both}

    def make(subject: Subject, variant: Variant | None, title: str) -> Shift:
        return make_shift(subject, variant, title, both, counts.get((subject, variant), {}))

    return Step(
        before,
        after,
        make(WHOLE, None, "All variants"),
        tuple(
            VariantShifts(
                variant,
                make(WHOLE, variant, str(variant.label)),
                tuple(
                    make((Scope.STANDARD.value, code), variant, title)
                    for code, title in questions.list_standards(variant).items()
                ),
            )
            for variant in Variant
            if variant in asked
        ),
    )


def _name_change(was: int, is_now: int) -> str:
    if is_now == SET_ASIDE:
        return "set_aside"
    if was == SET_ASIDE:
        return "scored"
    return "up" if is_now > was else "down"


def make_shift(
    subject: Subject, variant: Variant | None, title: str, both: Both, counts: Mapping[str, int]
) -> Shift:
    pairs = [
        (one.marks[subject], other.marks[subject])
        for one, other in both
        if variant in (None, one.variant) and subject in one.marks and subject in other.marks
    ]
    graded = [(a.grade, b.grade) for a, b in pairs if a.grade is not None and b.grade is not None]
    return Shift(
        variant=variant,
        code=subject[1],
        title=title,
        audits=len(pairs),
        before=add_up(mark for mark, _ in pairs),
        after=add_up(mark for _, mark in pairs),
        answers=sum(mark.n + mark.not_applicable for mark, _ in pairs),
        up=counts.get("up", 0),
        down=counts.get("down", 0),
        set_aside=counts.get("set_aside", 0),
        scored=counts.get("scored", 0),
        grades_up=sum(was < is_now for was, is_now in graded),
        grades_down=sum(was > is_now for was, is_now in graded),
    )
