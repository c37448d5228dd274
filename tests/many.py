"""A partnership of many organisations, made in bulk: for tests whose point is size. Some twenty queries each."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone

from s11.organisations.enums import ContactKind, MembershipRole, OfficerRole, Variant
from s11.organisations.models import (
    Application,
    Contact,
    Invitation,
    Membership,
    Officer,
    Organisation,
    Participation,
    Partnership,
    User,
)
from s11.organisations.models.invitations import hash_token
from surveys.enums import (
    AuditStatus,
    DocumentFormat,
    DocumentKind,
    EscalationStep,
    MessageKind,
    MessageStatus,
)
from surveys.models import (
    Answer,
    Audit,
    Clarification,
    Cycle,
    Document,
    Escalation,
    Invitee,
    Message,
    Moderation,
    Questionnaire,
    Scorecard,
)
from tests import factories

# Every third audit is still being answered; the others are in.
DRAFTS = 3
# Every third organisation has no lead, so that officers decide who joins it.
WITHOUT_A_LEAD = 3


def make_organisations(partnership: Partnership, number: int) -> list[Organisation]:
    """They take part; each has a lead, or every third somebody else, and somebody who asks to join, and a contact."""
    now = timezone.now()
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Place {index:04}", slug=f"{partnership.slug}-{index}", variant=Variant.STANDARD)
        for index in range(number)
    )
    participations = Participation.objects.bulk_create(
        Participation(partnership=partnership, organisation=one) for one in organisations
    )
    Contact.objects.bulk_create(
        Contact(
            participation=one, kind=ContactKind.CHIEF_EXECUTIVE, name="Chief", email="chief@place.example"
        )
        for one in participations
    )
    people = User.objects.bulk_create(
        User(email=f"{who}@{partnership.slug}-{index}.example", password="!")
        for who in ("lead", "asking")
        for index in range(number)
    )
    Membership.objects.bulk_create(
        Membership(
            user=person,
            organisation=one,
            role=MembershipRole.LEAD if index % WITHOUT_A_LEAD else MembershipRole.CONTRIBUTOR,
            started_at=now,
        )
        for index, (person, one) in enumerate(zip(people[:number], organisations, strict=True))
    )
    Membership.objects.bulk_create(
        Membership(user=person, organisation=one, role=MembershipRole.VIEWER, requested_through=partnership)
        for person, one in zip(people[number:], organisations, strict=True)
    )
    return organisations


def make_audits(cycle: Cycle, organisations: Sequence[Organisation], at: datetime.datetime) -> list[Audit]:
    """Every one is invited and has answered all."""
    pin = cycle.cycle_questionnaires.get()
    invitees = Invitee.objects.bulk_create(
        Invitee(cycle=cycle, cycle_questionnaire=pin, organisation=one) for one in organisations
    )
    sent = {
        "status": AuditStatus.SUBMITTED,
        "submission": 1,
        "first_submitted_at": at,
        "submitted_at": at,
    }
    audits = Audit.objects.bulk_create(
        Audit(invitee=one, **({} if index % DRAFTS == 0 else sent)) for index, one in enumerate(invitees)
    )
    indicators = list(pin.questionnaire.indicators.all())
    Answer.objects.bulk_create(
        (
            Answer(
                audit=audit,
                indicator=indicator,
                score=(index + place) % 3,
                submitted_score=(index + place) % 3 if audit.is_counted else None,
                commentary=f"What we do, {place}.",
                updated_at=at,
            )
            for index, audit in enumerate(audits)
            for place, indicator in enumerate(indicators)
        ),
        batch_size=2_000,
    )
    freeze(audits, at)
    return audits


def freeze(audits: Sequence[Audit], at: datetime.datetime) -> None:
    """What those that are in add up to: the whole alone."""
    Scorecard.objects.bulk_create(
        Scorecard(
            audit=audit,
            series="self",
            submission=1,
            scope="whole",
            frozen_at=at,
            n=0,
            sum=0,
            zeros=0,
            not_applicable=0,
        )
        for audit in audits
        if audit.is_counted
    )


def moderate(audits: Sequence[Audit], by: User) -> None:
    """The first answer of each that is in was looked at and asked about."""
    counted = [audit.pk for audit in audits if audit.is_counted]
    answers = Answer.objects.filter(audit__in=counted, indicator__position=1)
    Moderation.objects.bulk_create(
        Moderation(answer=one, submission=1, series="moderated", version=1, by=by) for one in answers
    )
    Clarification.objects.bulk_create(
        Clarification(answer=one, submission=1, question="Who saw it?", asked_by=by) for one in answers
    )


def write_to(invitees: Sequence[Invitee], by: User) -> None:
    """One e-mail to each has gone and one waits; and somebody called."""
    now = timezone.now()
    for status, sent_at in ((MessageStatus.SENT, now), (MessageStatus.WAITING, None)):
        Message.objects.bulk_create(
            Message(
                partnership=one.cycle.partnership,
                cycle=one.cycle,
                invitee=one,
                organisation=one.organisation,
                kind=MessageKind.REMINDER,
                email=f"lead@{one.organisation.slug}.example",
                subject="Send your audit",
                body="It is due.",
                status=status,
                sent_at=sent_at,
            )
            for one in invitees
        )
    Escalation.objects.bulk_create(
        Escalation(invitee=one, step=EscalationStep.CALL, note="No answer.", by=by) for one in invitees
    )


def build_for(audits: Sequence[Audit], by: User) -> None:
    """A copy of each that is in waits to be built."""
    Document.objects.bulk_create(
        Document(
            kind=DocumentKind.AUDIT_COPY,
            format=DocumentFormat.PDF,
            audit=audit,
            submission=1,
            requested_by=by,
        )
        for audit in audits
    )


def make_officers(partnership: Partnership, number: int, by: User) -> None:
    """So many more work there, are asked to, and ask to take part."""
    people = User.objects.bulk_create(
        User(email=f"officer-{index}@{partnership.slug}.example", password="!") for index in range(number)
    )
    Officer.objects.bulk_create(
        Officer(user=one, partnership=partnership, role=OfficerRole.PANEL_MEMBER) for one in people
    )
    now = timezone.now()
    Invitation.objects.bulk_create(
        Invitation(
            email=f"asked-{index}@{partnership.slug}.example",
            invited_by=by,
            partnership=partnership,
            role=OfficerRole.PUBLISHER,
            token_hash=hash_token(f"officer {partnership} {index}"),
            sent_at=now,
        )
        for index in range(number)
    )
    Application.objects.bulk_create(
        Application(
            partnership=partnership,
            organisation_name=f"Newcomer {index:04}",
            variant=Variant.SCHOOL,
            name="A Newcomer",
            email=f"newcomer-{index}@example.org",
            token_hash=hash_token(f"newcomer {partnership} {index}"),
            verified_at=now,
        )
        for index in range(number)
    )


def make_partnership(slug: str, number: int, bank: Questionnaire, by: User) -> Partnership:
    """All of the above for so many organisations, in a cycle named 2026 that is open."""
    partnership = factories.make_partnership(slug.title(), slug=slug)
    Officer.objects.create(user=by, partnership=partnership, role=OfficerRole.ADMINISTRATOR)
    cycle = factories.make_cycle(partnership, questionnaires=(bank,))
    organisations = make_organisations(partnership, number)
    audits = make_audits(cycle, organisations, timezone.now())
    moderate(audits, by)
    write_to([audit.invitee for audit in audits], by)
    build_for(audits, by)
    make_officers(partnership, number, by)
    return partnership
