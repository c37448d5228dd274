"""How far audits are: derived from answers, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.models import Audit, ProfileAnswer, ProfileQuestion
from surveys.queries import AskedIndicator, AskedStandard, get_asked_standards

# A bank's reason that ends ‘(explain it in the notes)’ or the like asks for a commentary.
NOTES = "notes"


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
    def is_profile_complete(self) -> bool:
        return not self.missing_profile

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
    def is_complete(self) -> bool:
        return bool(self.standards) and not (self.missing or self.missing_profile or self.missing_notes)


def needs_notes(item: AskedIndicator) -> bool:
    """Whether the reason given asks for a commentary and there is none."""
    answer = item.answer
    return answer is not None and NOTES in answer.not_applicable_reason and not answer.commentary.strip()


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
