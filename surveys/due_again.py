"""What is due for another look, outside any cycle: answers, evidence, and duties that have come into force.

About an organisation in one partnership, from what it submitted there: of each key the newest answer, back to the last
full audit. What an audit that is open now asks anyway is counted apart, for it is answered there.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from s11.organisations.models import Participation
from s11.web.dates import as_london
from s11.web.spoken import list_words, plural
from surveys.asked_now import Place, get_asked_now
from surveys.asking import is_applicable
from surveys.enums import CycleKind
from surveys.freshness import MONTHS_AHEAD, add_months, find_due_day, find_expiry, has_come_into_force
from surveys.models import (
    Answer,
    AnswerEvidence,
    Audit,
    Cycle,
    Evidence,
    Indicator,
    ProfileAnswer,
    Recheck,
)
from surveys.queries import get_newest_questionnaires


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """A submitted answer whose months have passed; `looked_at` is when it was last saved, confirmed or checked."""

    answer: Answer
    audit: Audit
    looked_at: datetime.datetime
    due_on: datetime.date

    @property
    def indicator(self) -> Indicator:
        return self.answer.indicator

    @property
    def subject(self) -> str:
        return f"answer:{self.indicator.key}:{self.due_on}"


@dataclass(frozen=True, slots=True)
class DueEvidence:
    """An item that backs current answers (their `codes`) and has expired or soon will."""

    evidence: Evidence
    codes: tuple[str, ...]
    has_expired: bool

    @property
    def subject(self) -> str:
        # Soon, and again once it has happened.
        state = "expired" if self.has_expired else "expiring"
        return f"evidence:{self.evidence.pk}:{self.evidence.expires_on}:{state}"


@dataclass(frozen=True, slots=True)
class NewDuty:
    """An indicator whose law has come into force since; `answer` is what was said of getting ready for it."""

    indicator: Indicator
    audit: Audit
    answer: Answer | None

    @property
    def subject(self) -> str:
        return f"duty:{self.indicator.key}:{self.indicator.in_force}"


@dataclass(frozen=True, slots=True)
class Due:
    """All that is due in one place. `elsewhere` counts by open cycle what is asked there anyway."""

    participation: Participation
    answers: tuple[DueAnswer, ...] = ()
    evidence: tuple[DueEvidence, ...] = ()
    duties: tuple[NewDuty, ...] = ()
    elsewhere: Mapping[Cycle, int] = field(default_factory=dict)
    has_submitted: bool = False

    @property
    def count(self) -> int:
        return len(self.answers) + len(self.evidence) + len(self.duties)

    @property
    def words(self) -> str:
        """‘3 answers, 1 item of evidence and 2 new duties’."""
        parts = (
            (len(self.answers), "answer", ""),
            (len(self.evidence), "item of evidence", "items of evidence"),
            (len(self.duties), "new duty", "new duties"),
        )
        return list_words([plural(count, one, many) for count, one, many in parts if count])

    @property
    def subjects(self) -> list[str]:
        """What was due, to be told once: by place, thing and day."""
        things: list[DueAnswer | DueEvidence | NewDuty] = [*self.answers, *self.evidence, *self.duties]
        return [f"{self.participation.pk}:{thing.subject}" for thing in things]

    def find(self, key: str) -> DueAnswer | NewDuty | None:
        """By the indicator's key."""
        things: list[DueAnswer | NewDuty] = [*self.duties, *self.answers]
        return next((one for one in things if one.indicator.key == key), None)


@dataclass(frozen=True, slots=True)
class _Said:
    """A submitted answer, in little: enough to tell whether it is due."""

    pk: int
    audit: Audit
    key: str
    refresh_months: int | None
    looked_at: datetime.datetime


def get_due(participations: Iterable[Participation], today: datetime.date) -> dict[int, Due]:
    """By the participation's id. The same number of queries for one place and for fifty in the same partnerships."""
    places = {(one.organisation_id, one.partnership_id): one for one in participations}
    audits = get_current_audits(places)
    if not audits:
        return {place.pk: Due(place) for place in places.values()}
    checked = get_checked(places.values())
    said = get_said(audits)
    duties = get_new_duties(places, audits, said, checked, today)
    answers = get_due_answers(places, said, checked, today)
    for place, found in answers.items():
        # A duty that has come into force since says more than the months of its answer.
        keys = {one.indicator.key for one in duties.get(place, ())}
        answers[place] = [one for one in found if one.indicator.key not in keys]
    asked = get_asked_now(place for place in places if answers.get(place) or duties.get(place))
    evidence = get_due_evidence(said, today)
    return {
        participation.pk: _make_due(
            participation,
            answers.get(place, []),
            evidence.get(place, []),
            duties.get(place, []),
            asked.get(place, {}),
            has_submitted=place in audits,
        )
        for place, participation in places.items()
    }


def _make_due(
    participation: Participation,
    answers: Iterable[DueAnswer],
    evidence: Iterable[DueEvidence],
    duties: Iterable[NewDuty],
    asked: Mapping[str, Cycle],
    *,
    has_submitted: bool,
) -> Due:
    answers, duties = list(answers), list(duties)
    keys = [one.indicator.key for one in answers] + [one.indicator.key for one in duties]
    elsewhere = Counter(asked[key] for key in keys if key in asked)
    return Due(
        participation,
        tuple(one for one in answers if one.indicator.key not in asked),
        tuple(evidence),
        tuple(one for one in duties if one.indicator.key not in asked),
        dict(elsewhere),
        has_submitted=has_submitted,
    )


def get_current_audits(places: Collection[Place]) -> dict[Place, list[Audit]]:
    """What stands of each organisation: submitted audits, the newest first, back to the last full one. One query."""
    found: dict[Place, list[Audit]] = {}
    audits = (
        Audit.objects.counted()
        .filter(
            invitee__organisation__in={organisation for organisation, _ in places},
            invitee__cycle__partnership__in={partnership for _, partnership in places},
        )
        .select_related(
            "invitee__organisation", "invitee__cycle__partnership", "invitee__cycle_questionnaire"
        )
        .order_by("-submitted_at", "-pk")
    )
    for audit in audits:
        place = get_place(audit)
        own = found.setdefault(place, [])
        if place in places and not (own and own[-1].cycle.kind == CycleKind.FULL):
            own.append(audit)
    return {place: own for place, own in found.items() if own}


def get_place(audit: Audit) -> Place:
    return audit.invitee.organisation_id, audit.cycle.partnership_id


def get_checked(participations: Iterable[Participation]) -> dict[tuple[Place, str], datetime.datetime]:
    """When each key was last checked outside a cycle. One query."""
    rows = Recheck.objects.filter(participation__in=[one.pk for one in participations]).order_by("at")
    columns = ("participation__organisation", "participation__partnership", "key", "at")
    return {
        ((organisation, partnership), key): at
        for organisation, partnership, key, at in rows.values_list(*columns)
    }


def get_said(audits: Mapping[Place, Sequence[Audit]]) -> dict[Place, dict[str, _Said]]:
    """By key, each organisation's newest submitted answer. One query, of few columns."""
    by_pk = {audit.pk: audit for own in audits.values() for audit in own}
    rows: dict[int, list[_Said]] = {}
    answers = Answer.objects.submitted().filter(audit__in=list(by_pk)).order_by()
    columns = ("pk", "audit", "indicator__key", "indicator__refresh_months", "updated_at")
    for pk, audit, key, months, at in answers.values_list(*columns):
        rows.setdefault(audit, []).append(_Said(pk, by_pk[audit], key, months, at))
    said: dict[Place, dict[str, _Said]] = {}
    for place, own in audits.items():
        newest = said.setdefault(place, {})
        for audit in own:
            for one in rows.get(audit.pk, ()):
                newest.setdefault(one.key, one)
    return said


def get_due_answers(
    places: Collection[Place],
    said: Mapping[Place, Mapping[str, _Said]],
    checked: Mapping[tuple[Place, str], datetime.datetime],
    today: datetime.date,
) -> dict[Place, list[DueAnswer]]:
    """The longest due first. One query, for those that are due."""
    due: dict[int, tuple[Place, datetime.datetime, datetime.date]] = {}
    for place in places:
        for one in said.get(place, {}).values():
            if one.refresh_months is None:
                continue
            looked_at = max(one.looked_at, checked.get((place, one.key), one.looked_at))
            due_on = find_due_day(looked_at, one.refresh_months)
            if due_on <= today:
                due[one.pk] = place, looked_at, due_on
    by_pk = {one.pk: one for own in said.values() for one in own.values()}
    found: dict[Place, list[DueAnswer]] = {}
    for pk, answer in get_answers(due).items():
        place, looked_at, due_on = due[pk]
        found.setdefault(place, []).append(DueAnswer(answer, by_pk[pk].audit, looked_at, due_on))
    for own in found.values():
        own.sort(key=lambda one: (one.due_on, one.indicator.position))
    return found


def get_answers(pks: Collection[int]) -> dict[int, Answer]:
    """With their indicators. None where there is nothing to fetch."""
    if not pks:
        return {}
    return {
        one.pk: one for one in Answer.objects.filter(pk__in=list(pks)).select_related("indicator__standard")
    }


def get_due_evidence(
    said: Mapping[Place, Mapping[str, _Said]], today: datetime.date
) -> dict[Place, list[DueEvidence]]:
    """What backs the current answers, the first to expire on top. One query."""
    place_of = {one.pk: place for place, own in said.items() for one in own.values()}
    audits = {one.audit.pk for own in said.values() for one in own.values()}
    links = (
        AnswerEvidence.objects.current()
        .known_to(None)
        .filter(answer__audit__in=audits, evidence__expires_on__lte=add_months(today, MONTHS_AHEAD))
        .select_related("evidence", "answer__indicator")
        .order_by("evidence__expires_on", "evidence__title", "evidence", "answer__indicator__position")
    )
    backed: dict[Place, dict[Evidence, list[str]]] = {}
    for link in links:
        place = place_of.get(link.answer_id)
        if place is not None:
            codes = backed.setdefault(place, {}).setdefault(link.evidence, [])
            codes.append(link.answer.indicator.code)
    return {
        place: [
            DueEvidence(
                evidence, tuple(dict.fromkeys(codes)), find_expiry(evidence.expires_on, today) == "expired"
            )
            for evidence, codes in items.items()
        ]
        for place, items in backed.items()
    }


def get_new_duties(
    places: Mapping[Place, Participation],
    audits: Mapping[Place, Sequence[Audit]],
    said: Mapping[Place, Mapping[str, _Said]],
    checked: Mapping[tuple[Place, str], datetime.datetime],
    today: datetime.date,
) -> dict[Place, list[NewDuty]]:
    """Of the bank that the last full audit asked, and of the newest one of its variant.

    Three queries and two a partnership; the rest only where the law has changed at all.
    """
    banks = _get_banks(places, audits)
    by_bank = _get_in_force(banks, today)
    if not by_bank:
        return {}
    profiles = _get_profiles(own[-1] for own in audits.values())
    found: dict[Place, list[tuple[Indicator, Audit, _Said | None]]] = {}
    for place, own in audits.items():
        base, taken = own[-1], set[str]()
        facts, here = profiles.get(base.pk, {}), said.get(place, {})
        for indicator in (one for bank in banks[place] for one in by_bank.get(bank, ())):
            one, at = here.get(indicator.key), checked.get((place, indicator.key))
            if indicator.key in taken or not _is_new(indicator, one.audit if one else base, at, today):
                continue
            if is_applicable(indicator.applies_if, profile=facts, has_row=False):
                found.setdefault(place, []).append((indicator, base, one))
            taken.add(indicator.key)
    answers = get_answers({one.pk for own in found.values() for _, _, one in own if one})
    return {
        place: [
            NewDuty(indicator, audit, answers.get(one.pk) if one else None) for indicator, audit, one in own
        ]
        for place, own in found.items()
    }


def _is_new(
    indicator: Indicator, asked_in: Audit, checked_at: datetime.datetime | None, today: datetime.date
) -> bool:
    """Since the audit that asked it last, which may be a newer topic; and nobody has looked at it since that day."""
    if not has_come_into_force(indicator.in_force, since=asked_in.cycle.opens_on, today=today):
        return False
    return checked_at is None or as_london(checked_at).date() < (indicator.in_force or today)


def _get_in_force(banks: Mapping[Place, Iterable[int]], today: datetime.date) -> dict[int, list[Indicator]]:
    """By bank, the indicators whose law has a first day that has come, in order. One query."""
    new = Indicator.objects.filter(
        questionnaire__in={bank for own in banks.values() for bank in own}, in_force__lte=today
    ).select_related("standard")
    by_bank: dict[int, list[Indicator]] = {}
    for indicator in new.order_by("position"):
        by_bank.setdefault(indicator.questionnaire_id, []).append(indicator)
    return by_bank


def _get_banks(
    places: Mapping[Place, Participation], audits: Mapping[Place, Sequence[Audit]]
) -> dict[Place, list[int]]:
    """By place the ids of the banks whose duties count, the newest first."""
    newest = {participation.partnership_id: participation.partnership for participation in places.values()}
    latest = {pk: get_newest_questionnaires(partnership) for pk, partnership in newest.items()}
    banks: dict[Place, list[int]] = {}
    for place, own in audits.items():
        pin = own[-1].invitee.cycle_questionnaire
        bank = latest[place[1]].get(pin.variant)
        banks[place] = list(dict.fromkeys([*([bank.pk] if bank else []), pin.questionnaire_id]))
    return banks


def _get_profiles(audits: Iterable[Audit]) -> dict[int, dict[str, str]]:
    """The facts by the codes of their questions, without blanks. One query."""
    profiles: dict[int, dict[str, str]] = {}
    facts = ProfileAnswer.objects.filter(audit__in=list(audits)).exclude(value="").order_by()
    for audit, code, value in facts.values_list("audit", "question__code", "value"):
        profiles.setdefault(audit, {})[code] = value
    return profiles
