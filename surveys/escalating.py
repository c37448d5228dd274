"""The escalation ladder's writes: each step is recorded for good; a letter is made as a file and, by e-mail, sent."""

from __future__ import annotations

import datetime

from django.db import transaction

from s11.organisations.models import Contact, User
from s11.web import errors
from surveys.document_requests import request_document
from surveys.enums import DocumentFormat, DocumentKind, EscalationStep, MessageKind
from surveys.escalation_steps import LETTERS, get_next_steps
from surveys.letters import make_letter_reference
from surveys.models import Escalation, Invitee
from surveys.outbox import put_in_outbox


class NotInThisState(errors.NotInThisState):
    """Somebody else took a step meanwhile."""


def get_last_step(invitee: Invitee) -> Escalation | None:
    return invitee.escalations.select_related("by", "contact", "message").last()


@transaction.atomic
def take_step(
    *,
    invitee: Invitee,
    step: EscalationStep,
    note: str,
    by: User,
    contact: Contact | None = None,
    subject: str = "",
    due_at: datetime.datetime | None = None,
) -> Escalation:
    """Record a step. A letter's words are its note; `contact` gets them by e-mail too, and the letter is attached."""
    # Two officers who take the same step queue here.
    Invitee.objects.select_for_update().only("pk").get(pk=invitee.pk)
    last = get_last_step(invitee)
    if step not in get_next_steps(last.step if last else None):
        raise NotInThisState(
            f"{last.by if last else 'Somebody'} has recorded a step meanwhile. Nothing was written; look at it first."
        )
    escalation = Escalation.objects.create(invitee=invitee, step=step, note=note, contact=contact, by=by)
    if step not in LETTERS:
        return escalation
    if contact is not None and contact.refused_at is None:
        escalation.message = put_in_outbox(
            kind=MessageKind.ESCALATION,
            invitee=invitee,
            email=contact.email,
            subject=subject,
            body=f"{note}\n\nThis letter is {make_letter_reference(escalation)}: quote it when you reply.",
            by=by,
            contact=contact,
            due_at=due_at,
        )
        escalation.save(update_fields=["message"])
    request_document(kind=DocumentKind.LETTER, file_format=DocumentFormat.PDF, by=by, escalation=escalation)
    return escalation
