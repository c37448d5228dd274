"""Rows about mail for tests."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Participation, User
from surveys.enums import DocumentFormat, DocumentKind, EscalationStep, MessageKind, MessageStatus
from surveys.models import Document, Escalation, Invitee, Message


def make_contact(
    invitee: Invitee,
    kind: ContactKind = ContactKind.DEPUTY,
    *,
    email: str = "deputy@anchor.example",
    **more: Any,
) -> Contact:
    place = Participation.objects.get(
        organisation=invitee.organisation, partnership=invitee.cycle.partnership
    )
    return Contact.objects.create(participation=place, kind=kind, email=email, **{"name": "Dee Puty", **more})


def make_message(invitee: Invitee, status: MessageStatus = MessageStatus.WAITING, **more: Any) -> Message:
    values = {
        "kind": MessageKind.REMINDER,
        "email": "lead@anchor.example",
        "subject": "Audit 2026 is due",
        "body": "Submit it.",
        "sent_at": timezone.now() if status == MessageStatus.SENT else None,
        **more,
    }
    return Message.objects.create(
        partnership=invitee.cycle.partnership,
        cycle=invitee.cycle,
        invitee=invitee,
        organisation=invitee.organisation,
        status=status,
        **values,
    )


def make_step(invitee: Invitee, step: EscalationStep, **more: Any) -> Escalation:
    return Escalation.objects.create(invitee=invitee, step=step, note="They were called.", **more)


def make_mail_world(invitee: Invitee, by: User) -> dict[str, int]:
    """One row of each kind, for the walk over every address."""
    step = make_step(invitee, EscalationStep.CHIEF_EXECUTIVE, by=by)
    letter = Document(
        kind=DocumentKind.LETTER, format=DocumentFormat.PDF, escalation=step, built_at=timezone.now()
    )
    letter.file.save("letter.pdf", ContentFile(b"%PDF-1.7"))
    return {
        "message": make_message(invitee).pk,
        "desk_contact": make_contact(invitee).pk,
        "letter": letter.pk,
    }
