"""All that passed between one partnership and an organisation, newest first: what was written, agreed and decided.

Only this partnership's own: what another one does with the same organisation is its own affair, and so is what an
agency's people do among themselves before they submit. Names of its people are shown while it takes part here, as on
its page.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from s11.organisations.models import AccessCheck, Invitation, Membership, Participation
from s11.web.dates import as_london
from s11.web.dates import date as in_words
from surveys.enums import AuditEventKind, MessageStatus
from surveys.models import AuditEvent, Clarification, Escalation, Invitee, Message, OwnToolReturn, SupportNote

ROWS_A_PAGE = 50
# What an audit's events tell officers: how far it has come, and what the partnership did with it.
TOLD_EVENTS: Final = (
    AuditEventKind.OPENED,
    AuditEventKind.IMPORTED,
    AuditEventKind.SUBMITTED,
    AuditEventKind.RECALLED,
    AuditEventKind.SIGN_OFF_ASKED,
    AuditEventKind.SIGNED_OFF,
    AuditEventKind.RETURNED,
    AuditEventKind.SERIES_CLOSED,
    AuditEventKind.SERIES_REOPENED,
)
Row = tuple[datetime.datetime, int, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """One line. `text` is what was said or why; `word` is a status, where it has one."""

    at: datetime.datetime
    what: str
    by: str = ""
    text: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class ContactTrail:
    """One page of them; `page` is for the links between pages."""

    page: Page[Any]
    contacts: tuple[Contact, ...]

    @property
    def days(self) -> list[tuple[datetime.date, list[Contact]]]:
        """Of each day in England; a day may go on over the page."""
        grouped = groupby(self.contacts, key=lambda contact: as_london(contact.at).date())
        return [(day, list(contacts)) for day, contacts in grouped]


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one sort, the column that says when, and the words for one of them."""

    rows: QuerySet[Any]
    at: Any
    tell: Callable[[Any], dict[str, str]]


def get_contact_trail(participation: Participation, number: str | None) -> ContactTrail:
    """A fixed number of queries, whatever the length."""
    sources = list_sources(participation)
    rows = [_pick(source, kind) for kind, source in sources.items()]
    together = rows[0].union(*rows[1:], all=True).order_by("-moment", "source", "-number")
    page = Paginator(together, ROWS_A_PAGE).get_page(number)
    return ContactTrail(page, tuple(_tell(list(page.object_list), sources)))


def _pick(source: Source, kind: str) -> QuerySet[Any, Row]:
    labelled = source.rows.select_related(None).order_by()
    labelled = labelled.annotate(
        source=Value(kind, output_field=CharField()), moment=source.at, number=F("pk")
    )
    rows: QuerySet[Any, Row] = labelled.values_list("moment", "number", "source")
    return rows


def _tell(rows: Sequence[Row], sources: Mapping[str, Source]) -> Iterable[Contact]:
    """The rows of one page, looked up sort by sort."""
    things = {
        kind: source.rows.in_bulk([pk for _, pk, its_kind in rows if its_kind == kind])
        for kind, source in sources.items()
    }
    for at, pk, kind in rows:
        yield Contact(at, **sources[kind].tell(things[kind][pk]))


def list_sources(participation: Participation) -> dict[str, Source]:
    here = {"partnership": participation.partnership_id, "organisation": participation.organisation_id}
    invitees = Invitee.objects.filter(
        cycle__partnership=here["partnership"], organisation=here["organisation"]
    )
    return {
        "message": Source(
            Message.objects.filter(**here).select_related("by"),
            Coalesce("sent_at", "created_at"),
            tell_message,
        ),
        **_list_people(participation, here),
        "invited": Source(invitees.select_related("cycle"), F("invited_at"), tell_invited),
        "agreed": Source(_list_agreements(invitees), F("timestamp"), tell_agreement),
        "event": Source(
            AuditEvent.objects.filter(audit__invitee__in=invitees, kind__in=TOLD_EVENTS).select_related(
                "by", "audit__invitee__cycle"
            ),
            F("at"),
            _hide_people(participation, tell_event),
        ),
        "own_tool": Source(
            OwnToolReturn.objects.filter(invitee__in=invitees).select_related(
                "submitted_by", "invitee__cycle"
            ),
            F("submitted_at"),
            _hide_people(participation, tell_own_tool),
        ),
        "step": Source(
            Escalation.objects.filter(invitee__in=invitees).select_related("by", "contact", "invitee__cycle"),
            F("at"),
            tell_step,
        ),
        "support": Source(
            SupportNote.objects.filter(offer__invitee__in=invitees).select_related(
                "by", "owner", "offer__invitee__cycle"
            ),
            F("at"),
            _hide_people(participation, tell_support),
        ),
        **_list_questions(participation, invitees),
    }


def _list_people(participation: Participation, here: Mapping[str, int]) -> dict[str, Source]:
    """Invitations that this partnership sent; its people's coming and going since it joined, while it takes part."""
    invitations = Invitation.objects.filter(**here).select_related("invited_by", "accepted_by")
    members = Membership.objects.filter(organisation=here["organisation"], started_at__isnull=False)
    members = members.select_related("user", "ended_by")
    if not participation.is_active:
        members = members.none()
    return {
        "asked": Source(invitations, F("sent_at"), tell_asked),
        "accepted": Source(invitations.filter(accepted_at__isnull=False), F("accepted_at"), tell_accepted),
        "revoked": Source(invitations.filter(revoked_at__isnull=False), F("revoked_at"), tell_revoked),
        "checked": Source(
            AccessCheck.objects.filter(
                organisation=here["organisation"], at__gte=participation.joined_at
            ).select_related("by"),
            F("at"),
            _hide_people(participation, tell_checked),
        ),
        "begun": Source(members.filter(started_at__gte=participation.joined_at), F("started_at"), tell_begun),
        "ended": Source(members.filter(ended_at__gte=participation.joined_at), F("ended_at"), tell_ended),
    }


def _list_agreements(invitees: QuerySet[Invitee]) -> QuerySet[LogEntry]:
    """Extensions, exemptions and whether it must: from the trail of changes."""
    changed = Q(changes__has_key="extended_to") | Q(changes__has_key="exempt_reason")
    return LogEntry.objects.filter(
        changed | Q(changes__has_key="obligation"),
        content_type=ContentType.objects.get_for_model(Invitee),
        action=LogEntry.Action.UPDATE,
        object_id__in=invitees.values("pk"),
    ).select_related("actor")


def _list_questions(participation: Participation, invitees: QuerySet[Invitee]) -> dict[str, Source]:
    questions = Clarification.objects.filter(answer__audit__invitee__in=invitees).select_related(
        "asked_by", "replied_by", "closed_by", "answer__indicator", "answer__audit__invitee__cycle"
    )
    return {
        "question": Source(questions, F("asked_at"), tell_question),
        "reply": Source(
            questions.filter(replied_at__isnull=False),
            F("replied_at"),
            _hide_people(participation, tell_reply),
        ),
    }


def _hide_people(
    participation: Participation, tell: Callable[[Any], dict[str, str]]
) -> Callable[[Any], dict[str, str]]:
    """Without the name of whoever did it, once the organisation no longer takes part here."""
    return tell if participation.is_active else lambda one: tell(one) | {"by": ""}


def name(person: object | None) -> str:
    return str(person) if person else ""


# The words for one of each sort ---------------------------------------------------------------------------------------

MESSAGE_WORDS: Final = {
    MessageStatus.WAITING: "Waiting",
    MessageStatus.HELD: "Waiting",
    MessageStatus.SENDING: "Waiting",
    MessageStatus.SENT: "Sent",
    MessageStatus.REFUSED: "Refused",
    MessageStatus.FAILED: "Not sent",
    MessageStatus.CANCELLED: "Cancelled",
}


def tell_message(one: Message) -> dict[str, str]:
    return {
        "what": f"E-mail to {one.email}: {one.subject}",
        "by": name(one.by),
        "text": one.error,
        "word": MESSAGE_WORDS[MessageStatus(one.status)],
    }


def tell_asked(one: Invitation) -> dict[str, str]:
    return {
        "what": f"Invitation to {one.email} as {one.role_label.lower()}",
        "by": name(one.invited_by),
        "word": "Sent",
    }


def tell_accepted(one: Invitation) -> dict[str, str]:
    return {
        "what": f"The invitation to {one.email} as {one.role_label.lower()} was accepted",
        "by": name(one.accepted_by),
        "word": "Accepted",
    }


def tell_revoked(one: Invitation) -> dict[str, str]:
    return {
        "what": f"The invitation to {one.email} as {one.role_label.lower()} was revoked",
        "word": "Revoked",
    }


def tell_begun(one: Membership) -> dict[str, str]:
    return {"what": f"{one.user} became {one.get_role_display().lower()}"}


def tell_ended(one: Membership) -> dict[str, str]:
    return {
        "what": f"{one.user} is no longer {one.get_role_display().lower()}",
        "by": name(one.ended_by),
    }


def tell_checked(one: AccessCheck) -> dict[str, str]:
    text = "Taken back since: it counts no more." if one.taken_back_at else ""
    return {"what": "Looked through who has access", "by": name(one.by), "text": text}


def tell_invited(one: Invitee) -> dict[str, str]:
    return {"what": f"Invited to {one.cycle}"}


def tell_agreement(one: LogEntry) -> dict[str, str]:
    """What was changed about its place in a cycle, with the reason."""
    after = {field: pair[1] for field, pair in (one.changes or {}).items()}
    said, reasons = [], []
    if "extended_to" in after:
        day = parse_day(after["extended_to"])
        said.append(f"More time, until {in_words(day)}" if day else "The extension was taken back")
        reasons.append(after.get("extension_reason"))
    if "exempt_reason" in after:
        is_exempt = after["exempt_reason"] not in ("", "None", None)
        said.append("Made exempt" if is_exempt else "No longer exempt")
        reasons.append(after["exempt_reason"])
    if "obligation" in after:
        said.append(
            "It must take part" if after["obligation"] in ("must", "Must take part") else "It may take part"
        )
    text = " ".join(reason for reason in reasons if reason and reason != "None")
    return {"what": f"{'; '.join(said)}: {one.object_repr}", "by": name(one.actor), "text": text}


def parse_day(value: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value or "")
    except ValueError:
        return None


def tell_event(one: AuditEvent) -> dict[str, str]:
    return {"what": f"{one.audit.invitee.cycle}: {one.get_kind_display().lower()}", "by": name(one.by)}


def tell_own_tool(one: OwnToolReturn) -> dict[str, str]:
    return {
        "what": f"{one.invitee.cycle}: its own audit returned, {one.title}",
        "by": name(one.submitted_by),
        "word": "Own tool",
    }


def tell_step(one: Escalation) -> dict[str, str]:
    to = f", to {one.contact.name}" if one.contact else ""
    return {
        "what": f"{one.get_step_display()}{to}: {one.invitee.cycle}",
        "by": name(one.by),
        "text": one.note,
        "word": "Escalated",
    }


def tell_support(one: SupportNote) -> dict[str, str]:
    """A step with an offer of support, or the agency's answer."""
    said = one.get_status_display() or (f"the agency has {one.answer} it" if one.answer else "a note")
    return {
        "what": f"Support, {one.offer.invitee.cycle}: {said[:1].lower()}{said[1:]}",
        "by": name(one.by),
        "text": one.text,
    }


def tell_question(one: Clarification) -> dict[str, str]:
    about = f"{one.answer.audit.invitee.cycle}, {one.answer.indicator.code}"
    return {
        "what": f"Question on {about}",
        "by": name(one.asked_by),
        "text": one.question,
        "word": "Queried",
    }


def tell_reply(one: Clarification) -> dict[str, str]:
    about = f"{one.answer.audit.invitee.cycle}, {one.answer.indicator.code}"
    return {"what": f"Reply on {about}", "by": name(one.replied_by), "text": one.reply, "word": "Replied"}
