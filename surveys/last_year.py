"""What earlier audits say beside this one: their answers, their grades, and what the question banks changed.

An answer may come from another audit than its neighbour, so each names its own. For members of the agency alone: one
may come from another partnership, of which this one's officers learn nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from s11.web.languages import find_bank_text, say, say_count, show_bank
from s11.web.text import list_words
from surveys.earlier import get_moments_before, get_submitted_audits, wind_back
from surveys.enums import CycleKind, Scope, Series
from surveys.models import Answer, Audit, Cycle, Indicator, Questionnaire, Scorecard
from surveys.progress import get_profile_questions
from surveys.queries import AskedIndicator
from surveys.wording import WordingChange, compare_wording


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """An indicator's answer in the earlier audit that this one's was brought forward from, as it said it then."""

    answer: Answer
    cycle: Cycle
    bank: Questionnaire
    changes: tuple[WordingChange, ...]
    is_elsewhere: bool = False

    @property
    def code(self) -> str:
        return self.answer.indicator.code

    @property
    def source(self) -> str:
        """‘Audit 2025’; of another partnership's, its name too."""
        return f"{self.cycle}, {self.cycle.partnership}" if self.is_elsewhere else str(self.cycle)


@dataclass(frozen=True, slots=True)
class LastYear:
    """What a page shows of earlier audits, by the indicators' row id in this audit."""

    answers: dict[int, LastAnswer]
    # Keys of the whole banks of the audits here that this one started from; none where it started from none.
    keys: frozenset[str]

    def is_new(self, indicator: Indicator) -> bool:
        return bool(self.keys) and indicator.key not in self.keys and indicator.pk not in self.answers

    @property
    def sources(self) -> str:
        """The audits that the answers are from, each once."""
        return list_words(list(dict.fromkeys(last.source for last in self.answers.values())))


NOTHING = LastYear({}, frozenset())


def get_last_year(audit: Audit, items: Iterable[AskedIndicator]) -> LastYear:
    """Beside these indicators. A fixed number of queries; none where nothing was carried over."""
    items = list(items)
    carried = [item.answer for item in items if item.answer and item.answer.carried_from_id]
    if audit.carried_from_id is None and not carried:
        return NOTHING
    rows = Answer.objects.filter(carried_to__in=carried).select_related(
        "indicator",
        "updated_by",
        "audit__invitee__cycle__partnership",
        "audit__invitee__cycle_questionnaire__questionnaire",
    )
    earlier = list(rows)
    moments = get_moments_before({one.audit_id for one in earlier}, audit.created_at)
    # Elsewhere it may have been a draft: it is shown as it was when this audit started from it.
    moments |= {one.audit_id: audit.created_at for one in earlier if _is_elsewhere(one, audit)}
    by_pk = {one.pk: one for one in wind_back(earlier, moments)}
    answers = {
        item.indicator.pk: _make_last(before, item.indicator, audit)
        for item in items
        if item.answer and (before := by_pk.get(item.answer.carried_from_id or 0))
    }
    return LastYear(answers, _get_keys(audit))


def _is_elsewhere(answer: Answer, audit: Audit) -> bool:
    return answer.audit.cycle.partnership_id != audit.cycle.partnership_id


def _make_last(before: Answer, indicator: Indicator, audit: Audit) -> LastAnswer:
    source = before.audit
    changes = compare_wording(before.indicator, indicator)
    return LastAnswer(before, source.cycle, source.questionnaire, changes, _is_elsewhere(before, audit))


def _get_keys(audit: Audit) -> frozenset[str]:
    """Of the banks of those audits here that this one started from. One query."""
    # From this audit's own answers: asked from the earlier ones, the database reads all answers of the partnership.
    brought = audit.answers.exclude(carried_from=None).order_by().values("carried_from__audit")
    sources = Audit.objects.filter(
        Q(pk=audit.carried_from_id) | Q(pk__in=brought),
        invitee__cycle__partnership=audit.cycle.partnership_id,
    )
    banks = sources.values("invitee__cycle_questionnaire__questionnaire")
    return frozenset(Indicator.objects.filter(questionnaire__in=banks).values_list("key", flat=True))


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
    """For the task list: the last grade by standard code and what is no longer asked, each with its cycle."""

    grades: dict[str, tuple[int, Cycle]]
    removed: tuple[tuple[Cycle, tuple[Indicator, ...]], ...]

    def get_line(self, code: str) -> str:
        """‘Grade 2 in Audit 2025’; nothing where no audit had such a standard, or no grade there."""
        if code not in self.grades:
            return ""
        grade, cycle = self.grades[code]
        return say("Grade {grade} in {cycle}", grade=grade, cycle=cycle)

    @property
    def removed_line(self) -> str:
        """‘1 answer of Audit 2025 is no longer asked for: A1.3 Statement’; empty where everything still is."""
        return ". ".join(_name_removed(cycle, indicators) for cycle, indicators in self.removed)


def _name_removed(cycle: Cycle, indicators: Sequence[Indicator]) -> str:
    return say_count(
        "{n} answer of {cycle} is no longer asked for: {indicators}",
        "{n} answers of {cycle} are no longer asked for: {indicators}",
        len(indicators),
        cycle=cycle,
        indicators="; ".join(f"{one.code} {show_bank(one.text)}" for one in indicators),
    )


def get_last_grades(audit: Audit) -> LastGrades | None:
    """Three queries; none where this audit was not started from another.

    Back to the last full audit: what came before that is no news.
    """
    if audit.carried_from_id is None:
        return None
    earlier = _up_to_full(_list_sources(audit))
    return LastGrades(_get_grades(audit, earlier), _get_removed(audit, earlier))


def _list_sources(audit: Audit) -> list[Audit]:
    """The submitted audits here, from the one that was the last when this one started; newest first."""
    found = get_submitted_audits(audit.invitee)
    place = next((number for number, one in enumerate(found) if one.pk == audit.carried_from_id), 0)
    return found[place:]


def _up_to_full(audits: Sequence[Audit]) -> list[Audit]:
    full = (number for number, one in enumerate(audits) if one.cycle.kind == CycleKind.FULL)
    return list(audits[: next(full, len(audits)) + 1])


def _get_grades(audit: Audit, earlier: Sequence[Audit]) -> dict[str, tuple[int, Cycle]]:
    """A grade stands only beside the same standard of the same variant: elsewhere the code means something else."""
    cycles = {one.pk: one.cycle for one in earlier if one.variant == audit.variant}
    rows = Scorecard.objects.of_last_submission().filter(
        audit__in=cycles, series=Series.SELF, scope=Scope.STANDARD
    )
    by_audit: dict[int, dict[str, tuple[int, Cycle]]] = {pk: {} for pk in cycles}
    for pk, code, grade in rows.values_list("audit", "standard__code", "grade"):
        if grade is not None:
            by_audit[pk][code] = (grade, cycles[pk])
    found: dict[str, tuple[int, Cycle]] = {}
    for grades in by_audit.values():
        found = grades | found
    return found


def _get_removed(audit: Audit, earlier: Sequence[Audit]) -> tuple[tuple[Cycle, tuple[Indicator, ...]], ...]:
    """By cycle, each key where it was answered last."""
    rows = (
        Answer.objects.submitted()
        .filter(audit__in=earlier)
        .exclude(indicator__key__in=audit.questionnaire.indicators.values("key"))
        .select_related("indicator")
        .order_by("indicator__position")
    )
    by_audit: dict[int, list[Indicator]] = {}
    for row in rows:
        by_audit.setdefault(row.audit_id, []).append(row.indicator)
    seen: set[str] = set()
    removed = []
    for one in earlier:
        new = tuple(row for row in by_audit.get(one.pk, []) if row.key not in seen)
        seen |= {row.key for row in new}
        if new:
            removed.append((one.cycle, new))
    return tuple(removed)


def get_last_facts(audit: Audit) -> dict[str, str]:
    """What the last audit's profile said when it was submitted, by the codes of this one's questions.

    Facts change yearly, so they are shown beside the empty field and never filled in. Questions have no key across
    banks: the same words and kind are the same question.
    """
    last = get_last_audit(audit)
    if last is None:
        return {}
    submitted_at = get_moments_before([last.pk], audit.created_at)[last.pk]
    said = {
        (asked.question.text, asked.question.kind): find_bank_text(asked.words) or asked.words
        for asked in get_profile_questions(last, submitted_at)
        if asked.value
    }
    questions = audit.questionnaire.profile_questions.values_list("code", "text", "kind")
    return {
        code: say("In {cycle}: {value}", cycle=last.cycle, value=said[text, kind])
        for code, text, kind in questions
        if (text, kind) in said
    }
