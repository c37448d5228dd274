"""How far audits are and what they add up to: derived from answers, never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from s11.web.text import plural
from surveys.enums import Scope, Series
from surveys.figures import format_mean
from surveys.models import Audit, ProfileAnswer, ProfileQuestion
from surveys.queries import AskedIndicator, AskedStandard, get_asked_standards, get_submitted_standards
from surveys.scorecards import make_item
from surveys.scoring import Tally, make_tally

# A bank's reason that ends ‘(explain it in the notes)’ or the like asks for a commentary.
NOTES = "notes"
NOT_STARTED = "Not started"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A profile question and its answer, if there is one."""

    question: ProfileQuestion
    answer: ProfileAnswer | None

    @property
    def value(self) -> str:
        return self.answer.value if self.answer else ""

    @property
    def is_missing(self) -> bool:
        return self.question.is_required and not self.value


@dataclass(frozen=True, slots=True)
class Progress:
    """One audit as it stands."""

    standards: tuple[AskedStandard, ...]
    profile: tuple[AskedQuestion, ...]

    @property
    def asked(self) -> int:
        return sum(len(standard.items) for standard in self.standards)

    @property
    def answered(self) -> int:
        return sum(standard.answered for standard in self.standards)

    @property
    def profile_answered(self) -> int:
        return sum(bool(asked.value) for asked in self.profile)

    @property
    def profile_status(self) -> str:
        """The tag's word."""
        if not self.missing_profile:
            return "Complete"
        return (
            f"{self.profile_answered} of {len(self.profile)} answered"
            if self.profile_answered
            else NOT_STARTED
        )

    @property
    def missing(self) -> list[AskedIndicator]:
        return [item for standard in self.standards for item in standard.items if not item.is_answered]

    @property
    def missing_profile(self) -> list[AskedQuestion]:
        return [asked for asked in self.profile if asked.is_missing]

    @property
    def missing_notes(self) -> list[AskedIndicator]:
        """Set aside for a reason that asks for notes, without any."""
        return [item for standard in self.standards for item in standard.items if needs_notes(item)]

    @property
    def missing_count(self) -> int:
        return len(self.missing) + len(self.missing_profile) + len(self.missing_notes)

    @property
    def is_complete(self) -> bool:
        return bool(self.standards) and not (self.missing or self.missing_profile or self.missing_notes)


def needs_notes(item: AskedIndicator) -> bool:
    """Whether the reason given asks for a commentary and there is none."""
    answer = item.answer
    return answer is not None and NOTES in answer.not_applicable_reason and not answer.commentary.strip()


def get_standard_status(standard: AskedStandard) -> str:
    """The tag's word."""
    if not standard.is_complete:
        return f"{standard.answered} of {len(standard.items)} answered" if standard.answered else NOT_STARTED
    return "Notes missing" if any(needs_notes(item) for item in standard.items) else "Complete"


def get_profile_questions(audit: Audit) -> tuple[AskedQuestion, ...]:
    """Two queries."""
    answers = {answer.question_id: answer for answer in audit.profile_answers.all()}
    return tuple(
        AskedQuestion(question, answers.get(question.pk))
        for question in audit.questionnaire.profile_questions.all()
    )


def get_progress(audit: Audit) -> Progress:
    """A fixed number of queries, whatever the size of the audit."""
    questions = get_profile_questions(audit)
    profile = {asked.question.code: asked.value for asked in questions if asked.value}
    standards: Sequence[AskedStandard] = get_asked_standards(audit, profile or None)
    return Progress(tuple(standards), questions)


@dataclass(frozen=True, slots=True)
class StandardReading:
    """One standard's answers and what they add up to."""

    asked: AskedStandard
    tally: Tally

    @property
    def zeros(self) -> list[AskedIndicator]:
        return [item for item in self.asked.items if item.answer is not None and item.answer.score == 0]


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole audit to be read: as a submission said it, or as it stands (then `submission` is None)."""

    submission: int | None
    standards: tuple[StandardReading, ...]
    profile: tuple[AskedQuestion, ...]
    whole: Tally

    @property
    def asked(self) -> int:
        return sum(len(standard.asked.items) for standard in self.standards)

    @property
    def answered(self) -> int:
        return self.whole.n + self.whole.not_applicable

    @property
    def zeros(self) -> list[AskedIndicator]:
        """Listed whatever the average: nine 2s and one 0 are grade 2 too. Critical ones first."""
        zeros = [item for standard in self.standards for item in standard.zeros]
        return sorted(zeros, key=lambda item: not item.indicator.is_critical)


def explain(tally: Tally) -> str:
    """Why the grade is what it is, in counts: ‘Mean 1.75: 14 points over 8 scored indicators; 1 not applicable’."""
    set_aside = f"; {tally.not_applicable} not applicable" if tally.not_applicable else ""
    mean = format_mean(tally.total, tally.n)
    if mean is None:
        return f"No grade: nothing is scored{set_aside}"
    return (
        f"Mean {mean}: {plural(tally.total, 'point')} over {plural(tally.n, 'scored indicator')}{set_aside}"
    )


def count_scores(tally: Tally) -> tuple[int, int, int]:
    """How many 0s, 1s and 2s it is made of."""
    # Above zero there are only 1s and 2s, so what the total has more than their number is the 2s.
    twos = tally.total - (tally.n - tally.zeros)
    return tally.zeros, tally.n - tally.zeros - twos, twos


def get_reading(audit: Audit, submission: int | None) -> Reading:
    """A fixed number of queries. Figures of a submission are its frozen ones; of a draft, what is scored so far."""
    questions = get_profile_questions(audit)
    profile = {asked.question.code: asked.value for asked in questions if asked.value} or None
    if submission is None:
        standards = get_asked_standards(audit, profile)
        tallies: Mapping[int | None, Tally] = {}
    else:
        standards = get_submitted_standards(audit, submission, profile)
        tallies = _get_frozen_tallies(audit, submission)
    readings = tuple(
        StandardReading(
            asked,
            tallies.get(asked.standard.pk) or make_tally(make_item(item.answer) for item in asked.items),
        )
        for asked in standards
    )
    whole = tallies.get(None) or sum((reading.tally for reading in readings), Tally())
    return Reading(submission, readings, questions, whole)


def _get_frozen_tallies(audit: Audit, submission: int) -> dict[int | None, Tally]:
    """By standard; None is the whole."""
    rows = audit.scorecards.filter(submission=submission, series=Series.SELF).exclude(scope=Scope.THEME)
    return {row.standard_id: Tally(row.n, row.sum, row.zeros, row.not_applicable) for row in rows}
