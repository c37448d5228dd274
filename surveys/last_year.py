"""What the last submitted audit says beside this one: its answers, its grades, and what the question bank changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from s11.web.text import plural
from surveys.enums import Scope, Series
from surveys.models import Answer, Audit, Cycle, Indicator, Questionnaire
from surveys.progress import get_profile_questions
from surveys.queries import AskedIndicator
from surveys.wording import WordingChange, compare_wording


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """An indicator's answer in the audit that this one was started from."""

    answer: Answer
    cycle: Cycle
    bank: Questionnaire
    changes: tuple[WordingChange, ...]

    @property
    def code(self) -> str:
        return self.answer.indicator.code


@dataclass(frozen=True, slots=True)
class LastYear:
    """What a page shows of the last audit, by the indicators' row id in this audit."""

    answers: dict[int, LastAnswer]
    # Keys of the last audit's whole bank; none where this audit was not started from another.
    keys: frozenset[str]

    def is_new(self, indicator: Indicator) -> bool:
        return bool(self.keys) and indicator.key not in self.keys


NOTHING = LastYear({}, frozenset())


def get_last_year(audit: Audit, items: Iterable[AskedIndicator]) -> LastYear:
    """Beside these indicators. A fixed number of queries; none more where nothing was carried over."""
    items = list(items)
    last = get_last_audit(audit)
    if last is None:
        return NOTHING
    earlier = Answer.objects.filter(carried_to__in=[item.answer for item in items if item.answer])
    by_pk = {answer.pk: answer for answer in earlier.select_related("indicator", "updated_by")}
    answers = {}
    for item in items:
        before = by_pk.get(item.answer.carried_from_id or 0) if item.answer else None
        if before is not None:
            changes = compare_wording(before.indicator, item.indicator)
            answers[item.indicator.pk] = LastAnswer(before, last.cycle, last.questionnaire, changes)
    keys = frozenset(last.questionnaire.indicators.values_list("key", flat=True))
    return LastYear(answers, keys)


def get_last_audit(audit: Audit) -> Audit | None:
    if audit.carried_from_id is None:
        return None
    return (
        Audit.objects.filter(pk=audit.carried_from_id)
        .select_related("invitee__cycle__partnership", "invitee__cycle_questionnaire__questionnaire")
        .first()
    )


@dataclass(frozen=True, slots=True)
class LastGrades:
    """For the task list: last year's grade by standard code, and what is no longer asked."""

    cycle: Cycle
    grades: dict[str, int]
    removed: tuple[Indicator, ...]

    def get_line(self, code: str) -> str:
        """‘Grade 2 in Audit 2025’; nothing where that audit had no such standard, or no grade there."""
        return f"Grade {self.grades[code]} in {self.cycle}" if code in self.grades else ""

    @property
    def removed_line(self) -> str:
        """‘No longer asked: A1.3 Statement’; empty where everything still is."""
        if not self.removed:
            return ""
        named = "; ".join(f"{one.code} {one.text}" for one in self.removed)
        verb = "is" if len(self.removed) == 1 else "are"
        return f"{plural(len(self.removed), 'answer')} of {self.cycle} {verb} no longer asked for: {named}"


def get_last_grades(audit: Audit) -> LastGrades | None:
    """Three queries; none where this audit was not started from another.

    A grade stands only beside the same standard of the same variant: elsewhere the code means something else.
    """
    last = get_last_audit(audit)
    if last is None:
        return None
    grades: dict[str, int] = {}
    if last.variant == audit.variant:
        rows = last.scorecards.filter(submission=last.submission, series=Series.SELF, scope=Scope.STANDARD)
        found = rows.values_list("standard__code", "grade")
        grades = {code: grade for code, grade in found if grade is not None}
    removed = (
        Indicator.objects.filter(answers__in=last.answers.submitted())
        .exclude(key__in=audit.questionnaire.indicators.values("key"))
        .order_by("position")
    )
    return LastGrades(last.cycle, grades, tuple(removed))


def get_last_facts(audit: Audit) -> dict[str, str]:
    """What the last audit's profile said, by the codes of this one's questions, with the name of its cycle.

    Facts change yearly, so they are shown beside the empty field and never filled in. Questions have no key across
    banks: the same words and kind are the same question.
    """
    last = get_last_audit(audit)
    if last is None:
        return {}
    said = {
        (asked.question.text, asked.question.kind): asked.words
        for asked in get_profile_questions(last)
        if asked.value
    }
    questions = audit.questionnaire.profile_questions.values_list("code", "text", "kind")
    return {
        code: f"In {last.cycle}: {said[text, kind]}" for code, text, kind in questions if (text, kind) in said
    }
