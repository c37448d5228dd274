"""What a standard's page shows: a card for each indicator, with its form as stored or typed, and what others saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import Http404

from surveys.forms.answers import AnswerForm, make_initial
from surveys.models import Answer, Audit, Indicator, Standard
from surveys.queries import AskedIndicator, AskedStandard, get_asked_standards


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator. `theirs` is what somebody else saved while this person was typing."""

    item: AskedIndicator
    form: AnswerForm
    theirs: Answer | None = None

    @property
    def indicator(self) -> Indicator:
        return self.item.indicator

    @property
    def answer(self) -> Answer | None:
        return self.item.answer


@dataclass(frozen=True, slots=True)
class StandardPage:
    """One standard among those that the audit asks."""

    standards: Sequence[AskedStandard]
    position: int
    cards: tuple[Card, ...]

    @property
    def asked(self) -> AskedStandard:
        return self.standards[self.position]

    @property
    def standard(self) -> Standard:
        return self.asked.standard

    @property
    def previous(self) -> Standard | None:
        return self.standards[self.position - 1].standard if self.position else None

    @property
    def next(self) -> Standard | None:
        is_last = self.position + 1 == len(self.standards)
        return None if is_last else self.standards[self.position + 1].standard

    @property
    def forms(self) -> list[AnswerForm]:
        return [card.form for card in self.cards]

    @property
    def last_saved(self) -> Answer | None:
        return get_last_saved(self.asked)


def get_last_saved(asked: AskedStandard) -> Answer | None:
    """The answer of a standard that was saved last."""
    answers = (item.answer for item in asked.items if item.answer is not None)
    return max(answers, key=lambda answer: answer.updated_at, default=None)


def find_standard(standards: Sequence[AskedStandard], code: str) -> int:
    """Its place in the audit; one that is unknown or not asked is 404."""
    for position, asked in enumerate(standards):
        if asked.standard.code == code:
            return position
    raise Http404


def get_standard_page(
    audit: Audit, code: str, *, typed: Iterable[AnswerForm] = (), theirs: Iterable[Answer] = ()
) -> StandardPage:
    """The page as stored now; forms in `typed` keep what the person typed, for it is not saved."""
    standards = get_asked_standards(audit)
    position = find_standard(standards, code)
    kept = {form.indicator.pk: form for form in typed}
    others = {answer.indicator_id: answer for answer in theirs}
    cards = []
    for item in standards[position].items:
        pk = item.indicator.pk
        stored = AnswerForm(item.indicator, audit.questionnaire, initial=make_initial(item.answer))
        cards.append(Card(item, kept.get(pk, stored), others.get(pk)))
    return StandardPage(standards, position, tuple(cards))
