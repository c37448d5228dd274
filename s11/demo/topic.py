"""The demonstration's topic: a few questions to all schools between two yearly audits."""

from __future__ import annotations

import datetime
import random

from s11.demo.audits import at, submit
from s11.demo.facts import write_facts
from s11.demo.people import make_lead
from s11.organisations.enums import Variant
from s11.organisations.models import Partnership
from surveys.enums import AuditEventKind, CycleKind, CycleStatus, Obligation
from surveys.models import Answer, Audit, AuditEvent, Cycle, CycleQuestionnaire, Invitee
from surveys.progress import get_progress
from surveys.queries import get_newest_questionnaires

SEED = 2
# What the topic holds, by a word of the standard's title, and who has answered it already.
ABOUT = "recruitment"
SUBMITTED = ("Castle Street Infant School", "Harbour Academy")


def make_topic(partnership: Partnership, today: datetime.date) -> Cycle:
    """Open since a week. Most have not begun: whoever signs in at a school can start it."""
    bank = get_newest_questionnaires(partnership)[Variant.SCHOOL]
    opens_on = today - datetime.timedelta(days=7)
    cycle = Cycle.objects.create(
        partnership=partnership,
        slug=f"safer-recruitment-{today.year}",
        title=f"Safer recruitment check {today.year}",
        kind=CycleKind.TOPIC,
        status=CycleStatus.OPEN,
        opens_on=opens_on,
        closes_on=today + datetime.timedelta(days=28),
        opened_at=at(opens_on, 9),
        asks_sign_off=False,
    )
    pin = CycleQuestionnaire.objects.create(cycle=cycle, variant=Variant.SCHOOL, questionnaire=bank)
    pin.standards.set(bank.standards.filter(title__icontains=ABOUT))
    schools = partnership.participations.filter(organisation__variant=Variant.SCHOOL)
    Invitee.objects.bulk_create(
        Invitee(
            cycle=cycle,
            cycle_questionnaire=pin,
            organisation=participation.organisation,
            obligation=Obligation.MUST if participation.is_statutory else Obligation.MAY,
            invited_at=at(opens_on, 9),
        )
        for participation in schools.select_related("organisation").order_by("pk")
    )
    chance = random.Random(SEED)  # noqa: S311  made-up data, not a secret
    for invitee in cycle.invitees.filter(organisation__name__in=SUBMITTED).order_by("pk"):
        answer_topic(chance, invitee, opens_on)
    return cycle


def answer_topic(chance: random.Random, invitee: Invitee, opens_on: datetime.date) -> None:
    lead = make_lead(invitee.organisation, at(opens_on, 10))
    audit = Audit.objects.create(invitee=invitee, created_at=at(opens_on, 11))
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.OPENED, by=lead, at=audit.created_at)
    when = audit.created_at + datetime.timedelta(days=1)
    write_facts(chance, audit, lead, audit.created_at)
    Answer.objects.bulk_create(
        Answer(
            audit=audit,
            indicator=item.indicator,
            score=2 if chance.random() < 0.8 else 1,
            commentary="Checked with the business manager.",
            updated_by=lead,
            updated_at=when,
        )
        for standard in get_progress(audit).standards
        for item in standard.items
    )
    submit(audit, lead, when + datetime.timedelta(hours=2))
