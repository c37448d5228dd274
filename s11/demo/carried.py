"""Last year's school bank, and what became of last year's answers: confirmed, changed, or left to confirm."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from s11.organisations.enums import Variant
from surveys.models import Answer, AnswerChange, Indicator, Questionnaire

# Of eleven: the others were new this year, so that schools meet both what is carried over and what is new.
LAST_STANDARDS = 7
# Whoever signs in at the home organisation finds so many left to confirm.
TO_CONFIRM = 6
STILL_HOLDS = 0.7


def get_or_make_last_bank(bank: Questionnaire) -> Questionnaire:
    """The school bank as it was a year before: shorter, and worded otherwise here and there. Others were the same."""
    if bank.variant != Variant.SCHOOL:
        return bank
    year = int(bank.edition[:4]) - 1
    edition = f"{year}-{(year + 1) % 100:02}"
    made = Questionnaire.objects.filter(partnership=None, variant=bank.variant, edition=edition).first()
    return made or _make_last_bank(bank, edition)


def _make_last_bank(bank: Questionnaire, edition: str) -> Questionnaire:
    standards = list(bank.standards.prefetch_related("indicators"))[:LAST_STANDARDS]
    questions = list(bank.profile_questions.all())
    last = Questionnaire.objects.get(pk=bank.pk)
    last.pk, last.edition, last.revision, last.digest = None, edition, 1, f"demo {edition}"
    last.save()
    for question in questions:
        question.pk, question.questionnaire = None, last
        question.save()
    for standard in standards:
        indicators = list(standard.indicators.all())
        standard.pk, standard.questionnaire = None, last
        standard.save()
        for number, indicator in enumerate(indicators):
            indicator.pk, indicator.questionnaire, indicator.standard = None, last, standard
            _word_as_before(indicator, number)
        Indicator.objects.bulk_create(indicators)
    return last


def _word_as_before(indicator: Indicator, number: int) -> None:
    """The second of each standard said less; the fourth was not critical."""
    match number:
        case 1:
            indicator.guidance = indicator.guidance.partition(". ")[0].rstrip(".") + "."
            indicator.descriptor_2 = indicator.descriptor_2.partition(",")[0].rstrip(".") + "."
        case 3:
            indicator.is_critical = False


def choose_looked_at(
    indicators: Sequence[Indicator], carried: dict[int, Answer], share: float, *, is_home: bool
) -> list[Indicator]:
    """In the order of the questionnaire, up to the share; at home all that was carried over but the last few."""
    if is_home and carried:
        return [indicator for indicator in indicators if indicator.pk in carried][:-TO_CONFIRM]
    return list(indicators[: max(1, round(len(indicators) * min(share, 1)))])


def look_again(chance: random.Random, pairs: Iterable[tuple[Answer, Answer]]) -> None:
    """Of each carried-over answer and a new one: confirm the first, or say what the second says."""
    changed, changes = [], []
    for carried, new in pairs:
        changes.append(_look_again(carried, carried if chance.random() < STILL_HOLDS else new, new))
        changed.append(carried)
    columns = [
        "score",
        "not_applicable_reason",
        "commentary",
        "confirmed",
        "version",
        "updated_by",
        "updated_at",
    ]
    # As rows that are there already: `bulk_update` writes a condition for each row and column, and takes far longer.
    Answer.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["audit", "indicator"], update_fields=columns
    )
    AnswerChange.objects.bulk_create(changes)


def _look_again(carried: Answer, said: Answer, new: Answer) -> AnswerChange:
    """`new` says by whom and when; the carried-over answer is changed, unsaved."""
    return carried.change_to(
        score=said.score,
        reason=said.not_applicable_reason,
        commentary=said.commentary,
        by=new.updated_by,
        at=new.updated_at,
    )
