"""How far audits are: derived from answers, never stored."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass

from s11.web import dates
from s11.web.languages import say
from s11.web.spoken import list_words, plural
from surveys.enums import ProfileKind
from surveys.models import Audit, ProfileAnswer, ProfileChange, ProfileQuestion
from surveys.queries import AskedIndicator, AskedStandard, get_answers, list_asked
from surveys.reach import get_open_indicators

# A bank's reason that ends ‘(explain it in the notes)’ or the like asks for a commentary.
NOTES = "notes"
NOT_STARTED = "Not started"
TO_CONFIRM = "To confirm"


def say_fact(question: ProfileQuestion, value: str) -> str:
    """A value as people write it."""
    match ProfileKind(question.kind):
        case ProfileKind.DATE if value:
            return dates.date(datetime.date.fromisoformat(value))
        case ProfileKind.YES_NO:
            return value.capitalize()
        case _:
            return value


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A profile question and its answer, if there is one."""

    question: ProfileQuestion
    answer: ProfileAnswer | None

    @property
    def value(self) -> str:
        return self.answer.value if self.answer else ""

    @property
    def words(self) -> str:
        """The answer as people write it."""
        return say_fact(self.question, self.value)

    @property
    def is_missing(self) -> bool:
        return self.question.is_required and not self.value


@dataclass(frozen=True, slots=True)
class Progress:
    """One audit as it stands."""

    standards: tuple[AskedStandard, ...]
    profile: tuple[AskedQuestion, ...]
    # While a return is corrected, the indicators that it opened: what stays locked was submitted, and lacks nothing.
    opened: frozenset[int] | None = None

    @property
    def open_items(self) -> list[AskedIndicator]:
        """What can change: everything, or what a return opened."""
        items = [item for standard in self.standards for item in standard.items]
        return [item for item in items if self.opened is None or item.indicator.pk in self.opened]

    @property
    def asked(self) -> int:
        return sum(len(standard.items) for standard in self.standards)

    @property
    def answered(self) -> int:
        return sum(standard.answered for standard in self.standards)

    @property
    def to_confirm(self) -> int:
        return sum(standard.to_confirm for standard in self.standards)

    @property
    def words(self) -> str:
        """‘41 of 78 answered, 6 to confirm’."""
        if not self.to_confirm:
            return say("{answered} of {asked} answered", answered=self.answered, asked=self.asked)
        return say(
            "{answered} of {asked} answered, {waiting} to confirm",
            answered=self.answered,
            asked=self.asked,
            waiting=self.to_confirm,
        )

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
        return [item for item in self.open_items if not item.is_answered]

    @property
    def missing_profile(self) -> list[AskedQuestion]:
        return [asked for asked in self.profile if asked.is_missing] if self.opened is None else []

    @property
    def missing_notes(self) -> list[AskedIndicator]:
        """Set aside for a reason that asks for notes, without any."""
        return [item for item in self.open_items if needs_notes(item)]

    @property
    def missing_by_standard(self) -> list[tuple[AskedStandard, list[AskedIndicator]]]:
        """Each standard with what it lacks: answers, or notes on why something does not apply."""
        found = (
            (standard, [item for item in standard.items if not item.is_answered or needs_notes(item)])
            for standard in self.standards
        )
        return [(standard, items) for standard, items in found if items]

    @property
    def missing_words(self) -> str:
        """‘39 answers and 2 facts missing’; empty where nothing is."""
        counts = ((self.missing, "answer"), (self.missing_profile, "fact"), (self.missing_notes, "note"))
        parts = [plural(len(items), noun) for items, noun in counts if items]
        return say("{things} missing", things=list_words(parts)) if parts else ""

    @property
    def is_complete(self) -> bool:
        return bool(self.standards) and not (self.missing or self.missing_profile or self.missing_notes)


def needs_notes(item: AskedIndicator) -> bool:
    """Whether the reason given asks for a commentary and there is none."""
    answer = item.answer
    return answer is not None and NOTES in answer.not_applicable_reason and not answer.commentary.strip()


def is_to_do(item: AskedIndicator) -> bool:
    """Not answered yet, or set aside without the notes that its reason asks for."""
    return not item.is_answered or needs_notes(item)


def get_standard_status(standard: AskedStandard) -> str:
    """The tag's word."""
    if standard.to_confirm:
        return TO_CONFIRM
    if not standard.is_complete:
        return f"{standard.answered} of {len(standard.items)} answered" if standard.answered else NOT_STARTED
    return "Notes missing" if any(needs_notes(item) for item in standard.items) else "Complete"


def get_profile_questions(audit: Audit, moment: datetime.datetime | None = None) -> tuple[AskedQuestion, ...]:
    """The profile as it is, or as it was at a moment; then the answers are copies, never to be saved.

    Two queries, and one more for a moment.
    """
    answers = {answer.question_id: answer for answer in audit.profile_answers.select_related("updated_by")}
    if moment is not None:
        answers = wind_back_profile(audit, answers, moment)
    return tuple(
        AskedQuestion(question, answers.get(question.pk))
        for question in audit.questionnaire.profile_questions.all()
    )


def read_profile(questions: Iterable[AskedQuestion]) -> dict[str, str] | None:
    """What was answered, by question code. Facts that were all emptied again are a profile; None is an import's."""
    answered = [asked for asked in questions if asked.answer]
    return {asked.question.code: asked.value for asked in answered if asked.value} if answered else None


def wind_back_profile(
    audit: Audit, answers: Mapping[int, ProfileAnswer], moment: datetime.datetime
) -> dict[int, ProfileAnswer]:
    """By question, with each fact as the first change after the moment found it. An empty one is as good as none."""
    later = ProfileChange.objects.filter(answer__audit=audit, at__gt=moment).order_by("-version")
    before = {change.answer_id: change.value_before for change in later}
    past = {}
    for question, answer in answers.items():
        past[question] = then = copy(answer)
        then.value = before.get(answer.pk, answer.value)
    return past


def get_progress(audit: Audit) -> Progress:
    """A fixed number of queries, whatever the size of the audit."""
    questions = get_profile_questions(audit)
    standards = list_asked(audit, get_answers(audit), read_profile(questions))
    return Progress(tuple(standards), questions, get_open_indicators(audit))
