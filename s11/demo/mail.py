"""The demonstration's mail: what went out, what waits, an address that was refused, and a ladder that was begun."""

from __future__ import annotations

import datetime

from s11.demo.audits import at
from s11.organisations.enums import ContactKind, OfficerRole
from s11.organisations.models import Contact, Officer, Organisation, Partnership, User
from surveys.cycle_texts import fill_words, get_shipped
from surveys.enums import CycleKind, EscalationStep, MessageKind, MessageStatus
from surveys.models import Cycle, Escalation, Message
from surveys.recipients import Addressee, Recipient, get_addressees, get_unreturned
from surveys.reminders import make_once

# So many of those that have not returned were written to by name.
REMINDED, WAITING = 12, 3
CONTACTS = (
    (ContactKind.CHIEF_EXECUTIVE, "Rowan Pike", "Chief executive", "chief"),
    (ContactKind.DEPUTY, "Isla Marsh", "Deputy designated safeguarding lead", "deputy"),
)
CALLED = "Spoke to the lead: two people are off sick. The audit is to be in by Friday week; call again if it is not."
GONE = "The mail server does not know the address (it answered 550)."


def make_mail(partnership: Partnership, today: datetime.date) -> None:
    """Of the open full audit."""
    cycle = Cycle.objects.filter(partnership=partnership, status="open", kind=CycleKind.FULL).get()
    officer = (
        Officer.objects.filter(partnership=partnership, role=OfficerRole.QUALITY_OFFICER)
        .select_related("user")
        .earliest("pk")
        .user
    )
    invitees = get_unreturned().filter(cycle=cycle).select_related("cycle__partnership", "organisation")
    found = get_addressees(invitees.order_by("pk")).values()
    reached = [one for one in found if one.to and one.to[0].user][:REMINDED]
    opened = at(cycle.opens_on, 9)
    for one in reached:
        write(one, MessageKind.OPENING, opened, status=MessageStatus.SENT)
    for one in reached[-WAITING:]:
        write(one, MessageKind.REMINDER, at(today + datetime.timedelta(days=1), 9), by=officer)
    lost, slow = reached[0], reached[1]
    refuse(lost, at(today - datetime.timedelta(days=4), 9))
    for one in (lost, slow):
        make_contacts(partnership, one.invitee.organisation, officer, opened)
    Escalation.objects.create(
        invitee=slow.invitee,
        step=EscalationStep.CALL,
        note=CALLED,
        by=officer,
        at=at(today - datetime.timedelta(days=2), 14),
    )


def write(
    one: Addressee,
    kind: MessageKind,
    moment: datetime.datetime,
    *,
    status: MessageStatus = MessageStatus.WAITING,
    by: User | None = None,
    error: str = "",
) -> None:
    to: Recipient = one.to[0]
    words = fill_words(get_shipped(kind), one, to)
    cycle = one.invitee.cycle
    Message.objects.create(
        partnership=cycle.partnership,
        cycle=cycle,
        invitee=one.invitee,
        organisation=one.invitee.organisation,
        kind=kind,
        email=to.email,
        user_id=to.user,
        subject=words.subject,
        body=words.body,
        status=status,
        by=by,
        created_at=moment - datetime.timedelta(days=1),
        due_at=moment,
        sent_at=moment if status == MessageStatus.SENT else None,
        attempts=0 if status == MessageStatus.WAITING else 1,
        error=error,
        once="" if by else make_once(one.invitee, kind, to.email),
    )


def refuse(one: Addressee, moment: datetime.datetime) -> None:
    """Its lead's address is gone."""
    write(one, MessageKind.FOUR_WEEKS, moment, status=MessageStatus.REFUSED, error=GONE)


def make_contacts(
    partnership: Partnership, organisation: Organisation, by: User, moment: datetime.datetime
) -> None:
    place = organisation.participations.get(partnership=partnership)
    for kind, name, job_title, mailbox in CONTACTS:
        Contact.objects.create(
            participation=place,
            kind=kind,
            name=name,
            job_title=job_title,
            email=f"{mailbox}@{organisation.slug[:40].strip('-')}.example",
            created_by=by,
            created_at=moment,
        )
