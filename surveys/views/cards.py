"""What a standard's page shows: a card for each indicator, with its form as stored or typed, and what others saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.http import Http404
from django.urls import reverse

from s11.organisations.models import User
from s11.web.errors import reason_why_not
from surveys.action_plans import NO_PLAN, Plan, get_plans
from surveys.evidence import Backing, get_backings
from surveys.forms.answers import AnswerForm, make_initial
from surveys.forms.profile import ProfileForm, to_inputs
from surveys.last_year import NOTHING, LastYear, get_last_year
from surveys.models import Answer, Audit, Indicator, ProfileAnswer, Standard
from surveys.permissions import check_can_answer_indicator
from surveys.progress import AskedQuestion
from surveys.queries import AskedIndicator, AskedStandard, get_asked_standards
from surveys.reach import EVERYTHING, Reach, get_correction
from surveys.staff_says import StaffLine, get_staff_says


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator. `theirs` is what somebody else saved while this person was typing."""

    item: AskedIndicator
    form: AnswerForm
    theirs: Answer | None = None
    last_year: LastYear = NOTHING
    plan: Plan = NO_PLAN
    evidence: tuple[Backing, ...] = ()
    # Why this person cannot change it now; and, while a return is corrected, the officer's reason.
    locked: str = ""
    to_correct: str = ""
    # The address of this answer's trail.
    history: str = ""
    # What staff say of it, once a practitioner survey is over.
    staff: tuple[StaffLine, ...] = ()

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
    def is_open(self) -> bool:
        """Whether there is anything that this person can answer."""
        return any(not card.locked for card in self.cards)

    @property
    def forms(self) -> list[AnswerForm]:
        return [card.form for card in self.cards]

    @property
    def last_saved(self) -> Answer | None:
        return get_last_saved(self.asked)


def get_last_saved(asked: AskedStandard) -> Answer | None:
    """The answer of a standard that was saved last; one that was brought forward and left alone was not saved here."""
    answers = (item.answer for item in asked.items if item.answer is not None and item.answer.confirmed)
    return max(answers, key=lambda answer: answer.updated_at, default=None)


def find_standard(standards: Sequence[AskedStandard], code: str) -> int:
    """Its place in the audit; one that is unknown or not asked is 404."""
    for position, asked in enumerate(standards):
        if asked.standard.code == code:
            return position
    raise Http404


def get_standard_page(
    audit: Audit,
    code: str,
    *,
    reader: User,
    typed: Iterable[AnswerForm] = (),
    theirs: Iterable[Answer] = (),
    reach: Reach = EVERYTHING,
) -> StandardPage:
    """The page as stored now; forms in `typed` keep what the person typed, for it is not saved."""
    standards = get_asked_standards(audit)
    position = find_standard(standards, code)
    kept = {form.indicator.pk: form for form in typed}
    others = {answer.indicator_id: answer for answer in theirs}
    last_year = get_last_year(audit, standards[position].items)
    history = reverse("surveys:audit_history", kwargs=audit.slugs)
    correction = get_correction(audit)
    plans = get_plans(audit, [standards[position]])
    backings = get_backings(audit, submission=None, standard=standards[position].standard, reader=reader)
    staff = get_staff_says(audit.invitee)
    cards = []
    for item in standards[position].items:
        pk = item.indicator.pk
        stored = AnswerForm(item.indicator, audit.questionnaire, initial=make_initial(item.answer))
        locked = reason_why_not(check_can_answer_indicator, reach, item.indicator)
        cards.append(
            Card(
                item,
                kept.get(pk, stored),
                others.get(pk),
                last_year,
                plans.get(pk, NO_PLAN),
                backings.get(item.answer.pk, ()) if item.answer else (),
                locked=locked,
                history=f"{history}?part={item.indicator.code}",
                to_correct=correction.reason if correction and not locked else "",
                staff=staff.about(item.indicator.key),
            )
        )
    return StandardPage(standards, position, tuple(cards))


@dataclass(frozen=True, slots=True)
class FactCard:
    """One question of the profile. `seen` is what the page showed before anything was typed, `names` its inputs’."""

    asked: AskedQuestion
    field: BoundField
    seen: str

    @property
    def code(self) -> str:
        return self.asked.question.code

    @property
    def names(self) -> list[str]:
        return list(to_inputs(self.asked.question, ""))

    @property
    def answer(self) -> ProfileAnswer | None:
        return self.asked.answer

    @property
    def value(self) -> str:
        return self.asked.value


def make_fact_cards(
    form: ProfileForm, asked: Iterable[AskedQuestion], seen: Mapping[str, str]
) -> tuple[FactCard, ...]:
    """In the order of the form; what is not in `seen` was shown as it is stored."""
    return tuple(
        FactCard(one, form[one.question.code], seen.get(one.question.code, one.value)) for one in asked
    )
