"""The demonstration's cycles and audits: two years, every state, scores that a real area might have."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from enum import Enum

from django.utils import timezone

from s11.demo import content
from s11.demo.carried import choose_looked_at, get_or_make_last_bank, look_again
from s11.demo.facts import write_facts
from s11.demo.people import make_deputy, make_lead
from s11.organisations.models import Invitation, Partnership, User
from surveys.carry_over import carry_over
from surveys.enums import AuditEventKind, CycleStatus, Obligation
from surveys.models import (
    Answer,
    Audit,
    AuditEvent,
    Cycle,
    CycleQuestionnaire,
    Indicator,
    Invitee,
)
from surveys.progress import get_progress
from surveys.queries import get_newest_questionnaires
from surveys.workflow import freeze_answers, mark_submitted, recall_audit


class State(Enum):
    """How far an organisation has come this year; the value is the share of indicators that it has answered."""

    INVITED = -2.0
    REGISTERED = -1.0
    EXEMPT = -1.5
    STARTED = 0.1
    HALF = 0.5
    NEARLY = 0.92
    COMPLETE = 1.0
    RECALLED = 1.01
    SUBMITTED = 1.02


# This year, three weeks before closing: dealt out in turn, so that every variant has some of each.
THIS_YEAR = (
    State.SUBMITTED,
    State.HALF,
    State.SUBMITTED,
    State.STARTED,
    State.SUBMITTED,
    State.REGISTERED,
    State.SUBMITTED,
    State.NEARLY,
    State.SUBMITTED,
    State.INVITED,
    State.SUBMITTED,
    State.COMPLETE,
    State.SUBMITTED,
    State.RECALLED,
    State.SUBMITTED,
    State.HALF,
    State.EXEMPT,
)
# Last year, closed: most returned, some never finished.
LAST_YEAR = (
    *[State.SUBMITTED] * 5,
    State.HALF,
    *[State.SUBMITTED] * 6,
    State.INVITED,
    *[State.SUBMITTED] * 3,
    State.REGISTERED,
)

# Whoever signs in as a lead finds work half done this year, and last year's to read.
LOGINS = {content.HOME_ORGANISATION: State.HALF, content.SHARED_LEAD[2]: State.NEARLY}

# What areas find hard, by theme: the share that is taken from the chance of a 2.
HARD_THEMES = {"T3": 0.10, "T5": 0.12, "T7": 0.20, "T10": 0.08}
EASY_THEMES = {"T6": 0.12, "T1": 0.06}


@dataclass(frozen=True, slots=True)
class Year:
    """One cycle of the demonstration."""

    slug: str
    title: str
    opens_on: datetime.date
    closes_on: datetime.date
    is_closed: bool
    states: tuple[State, ...]
    # How much better than last year the area has become.
    gain: float


def make_years(today: datetime.date) -> tuple[Year, Year]:
    """Last year's cycle, closed, and this year's, which closes in three weeks."""
    closes_on = today + datetime.timedelta(days=21)
    opens_on = today - datetime.timedelta(days=56)
    year = closes_on.year
    a_year = datetime.timedelta(days=364)
    last = Year(
        f"{year - 1}",
        f"Safeguarding audit {year - 1}",
        opens_on - a_year,
        closes_on - a_year,
        True,
        LAST_YEAR,
        0.0,
    )
    return last, Year(f"{year}", f"Safeguarding audit {year}", opens_on, closes_on, False, THIS_YEAR, 0.06)


def at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


def make_cycle(partnership: Partnership, year: Year) -> Cycle:
    cycle = Cycle.objects.create(
        partnership=partnership,
        slug=year.slug,
        title=year.title,
        status=CycleStatus.OPEN,
        opens_on=year.opens_on,
        closes_on=year.closes_on,
        opened_at=at(year.opens_on, 9),
    )
    for variant, questionnaire in get_newest_questionnaires(partnership).items():
        asked = get_or_make_last_bank(questionnaire) if year.is_closed else questionnaire
        CycleQuestionnaire.objects.create(cycle=cycle, variant=variant, questionnaire=asked)
    return cycle


def fill_cycle(chance: random.Random, cycle: Cycle, year: Year, today: datetime.date) -> None:
    """Invite everybody, and bring each organisation to its state."""
    pinned = {one.variant: one for one in cycle.cycle_questionnaires.all()}
    participations = cycle.partnership.participations.select_related("organisation").order_by(
        "organisation__variant", "pk"
    )
    for number, participation in enumerate(participations):
        organisation = participation.organisation
        state = year.states[number % len(year.states)]
        state = get_state(organisation.name, year) or state
        invitee = Invitee.objects.create(
            cycle=cycle,
            cycle_questionnaire=pinned[organisation.variant],
            organisation=organisation,
            obligation=Obligation.MUST if participation.is_statutory else Obligation.MAY,
            exempt_reason="It closes at the end of this term." if state is State.EXEMPT else "",
            invited_at=at(year.opens_on, 9),
        )
        bring_to(chance, invitee, state, year, today)
    if not year.is_closed:
        extend(cycle)
    else:
        cycle.status = CycleStatus.CLOSED
        cycle.closed_at = at(year.closes_on + datetime.timedelta(days=10), 16)
        cycle.save()


def get_state(name: str, year: Year) -> State | None:
    """Where an organisation's part in the story is fixed."""
    if name in content.UNREGISTERED:
        return State.INVITED
    if name in content.STRUGGLING:
        return State.SUBMITTED
    if name in LOGINS:
        return State.SUBMITTED if year.is_closed else LOGINS[name]
    return None


def extend(cycle: Cycle) -> None:
    """Two weeks more for those who asked."""
    cycle.invitees.filter(organisation__name__in=content.EXTENDED).update(
        extended_to=cycle.closes_on + datetime.timedelta(days=14),
        extension_reason="The safeguarding lead has been ill.",
    )


def bring_to(chance: random.Random, invitee: Invitee, state: State, year: Year, today: datetime.date) -> None:
    if state is State.INVITED:
        _invite_lead(invitee)
        return
    lead = make_lead(
        invitee.organisation, at(year.opens_on, 9) + datetime.timedelta(days=chance.randrange(5))
    )
    if not invitee.organisation.memberships.exclude(user=lead).exists() and chance.random() < 0.7:
        make_deputy(invitee.organisation, at(year.opens_on, 10))
    if state.value < 0:
        return
    opened_at = at(year.opens_on + datetime.timedelta(days=chance.randrange(3, 20)), 10)
    audit = Audit.objects.create(invitee=invitee, created_at=opened_at)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.OPENED, by=lead, at=opened_at)
    carry_over(audit, by=lead)
    is_submitted = state in (State.SUBMITTED, State.RECALLED)
    # Yesterday at the latest: today's hours may not have come yet.
    yesterday = today - datetime.timedelta(days=1)
    moment = choose_moment(chance, opened_at, min(yesterday, year.closes_on + datetime.timedelta(days=4)))
    fill_audit(chance, audit, lead, state.value, year, latest=moment if is_submitted else timezone.now())
    if is_submitted:
        submit(audit, lead, moment)
    if state is State.RECALLED:
        recall_audit(audit=audit, by=lead)


def choose_moment(
    chance: random.Random, opened_at: datetime.datetime, last_day: datetime.date
) -> datetime.datetime:
    """When it is submitted: most returns come in the last days before they are due."""
    days = (last_day - opened_at.date()).days
    day = opened_at.date() + datetime.timedelta(days=max(1, round(days * (1 - chance.random() ** 2 * 0.8))))
    return at(min(day, last_day), chance.randrange(8, 18), chance.randrange(60))


def _invite_lead(invitee: Invitee) -> None:
    """Nobody has accepted yet: an unaccepted invitation is no registration."""
    partnership = invitee.cycle.partnership
    email = f"office@{invitee.organisation.slug}.example"
    if invitee.cycle.closes_on > timezone.localdate():
        invitation = Invitation(
            email=email,
            role="lead",
            organisation=invitee.organisation,
            partnership=partnership,
            sent_at=invitee.invited_at,
        )
        invitation.set_new_token()
        invitation.save()


@dataclass(frozen=True, slots=True)
class Writer:
    """Who answers an audit, and how well their organisation does."""

    chance: random.Random
    lead: User
    ability: float
    # Nobody answers after the submission.
    latest: datetime.datetime

    def make_answer(self, audit: Audit, indicator: Indicator, position: int) -> Answer:
        # Eight answers a working day, one an hour.
        when = audit.created_at + datetime.timedelta(days=position // 8, hours=position % 8)
        answer = Answer(
            audit=audit, indicator=indicator, updated_by=self.lead, updated_at=min(when, self.latest)
        )
        if indicator.may_be_not_applicable and self.chance.random() < 0.12:
            answer.not_applicable_reason = audit.questionnaire.not_applicable_reasons[0]
            return answer
        theme = indicator.theme.code
        good = 0.82 + self.ability + EASY_THEMES.get(theme, 0) - HARD_THEMES.get(theme, 0)
        roll = self.chance.random()
        # Few keep a 0 on what the law asks of everybody.
        poor = 0.985 if indicator.is_critical else 0.96
        answer.score = 2 if roll < good else 1 if roll < poor else 0
        answer.commentary = make_commentary(self.chance, indicator, answer.score)
        return answer


def fill_audit(
    chance: random.Random, audit: Audit, lead: User, share: float, year: Year, *, latest: datetime.datetime
) -> None:
    """Answers in the order of the questionnaire, up to the share, over the weeks since the audit was opened."""
    behind = 0.4 if audit.organisation.name in content.STRUGGLING else 0.0
    writer = Writer(chance, lead, chance.gauss(0.0, 0.09) + year.gain - behind, latest)
    carried = {answer.indicator_id: answer for answer in audit.answers.all()}
    looked_at = choose_looked_at(
        list(audit.questionnaire.indicators.select_related("theme")),
        carried,
        share,
        is_home=audit.organisation.name == content.HOME_ORGANISATION and not year.is_closed,
    )
    entered = [writer.make_answer(audit, indicator, position) for position, indicator in enumerate(looked_at)]
    Answer.objects.bulk_create(answer for answer in entered if answer.indicator_id not in carried)
    look_again(chance, [(carried[new.indicator_id], new) for new in entered if new.indicator_id in carried])
    write_facts(chance, audit, lead, min(audit.created_at + datetime.timedelta(minutes=40), latest))


def make_commentary(chance: random.Random, indicator: Indicator, score: int) -> str:
    if not indicator.evidence or chance.random() < 0.35:
        return ""
    proof = indicator.evidence[chance.randrange(len(indicator.evidence))]
    match score:
        case 2:
            return f"{proof}: seen and up to date. {indicator.descriptor_2}"
        case 1:
            return f"{indicator.descriptor_1} {proof} will be ready next term."
        case _:
            return f"{indicator.descriptor_0} We have asked the partnership for an example to start from."


def submit(audit: Audit, lead: User, moment: datetime.datetime) -> None:
    """As a person's submission would, at a moment in the past and without mail."""
    mark_submitted(audit, at=moment, by=lead)
    freeze_answers(audit, [item for standard in get_progress(audit).standards for item in standard.items])
    audit.scorecards.update(frozen_at=moment)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SUBMITTED, by=lead, at=moment)
