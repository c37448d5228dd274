"""Writes of the outbox: what is put into it, held, changed, stopped, and sent, with a second try where one fails.

Sending claims a row first, so that of two workers only one sends it. One that dies in between leaves the row claimed:
after a while it is sent again, under the same Message-ID, so that a mail program can tell that it is the same.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from enum import Enum, auto
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from s11.organisations.models import Contact, Participation, User
from s11.web import errors
from s11.web.outages import is_mail_down
from surveys.enums import MESSAGE_MOVES, MessageKind, MessageStatus
from surveys.models import Cycle, Document, Invitee, Message
from surveys.models.messages import PERSONAL_LINK, MessageAttachment
from surveys.recipients import get_unreturned

logger = logging.getLogger(__name__)

# Before the second try, the third, …: a mail server that is down in the evening is mostly up in the morning.
WAITS = tuple(datetime.timedelta(minutes=minutes) for minutes in (5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
# A claim older than this was left by a worker that died.
CLAIM_LASTS = datetime.timedelta(minutes=15)
# These ask for a return: once it has come, or nothing is asked any more, they say what is wrong.
CHASING = (
    MessageKind.INVITATION,
    MessageKind.OPENING,
    MessageKind.FOUR_WEEKS,
    MessageKind.ONE_WEEK,
    MessageKind.TWO_DAYS,
    MessageKind.OVERDUE,
    MessageKind.REMINDER,
)
# In a row: with a server that keeps us waiting, five hundred tries would take hours.
ENOUGH_OF_IT = 3
UNREACHED = "The mail server could not be reached."
NO_SUCH_ADDRESS = range(550, 555)  # SMTP: permanent answers about the address
CALENDAR = "text/calendar"


class Outcome(Enum):
    """Of one try."""

    SENT = auto()
    REFUSED = auto()
    UNREACHABLE = auto()


class NotInThisState(errors.NotInThisState):
    """The message has gone or was stopped meanwhile."""


def put_in_outbox(
    *,
    kind: MessageKind,
    email: str,
    subject: str,
    body: str,
    by: User | None,
    invitee: Invitee | None = None,
    cycle: Cycle | None = None,
    participation: Participation | None = None,
    user: User | None = None,
    contact: Contact | None = None,
    due_at: datetime.datetime | None = None,
    once: str = "",
    **columns: Any,
) -> Message | None:
    """One message to one address about an organisation's place in a cycle; without `invitee` about the `cycle` alone.

    What concerns no cycle is about a `participation`: an organisation in the partnership.

    With `once`, a second message of the same key is not written: then None is returned.
    """
    about = invitee.cycle if invitee is not None else cycle
    of, place = about or participation, invitee or participation
    if of is None:
        raise ValueError("A message is about an invitee, a cycle or a participation: give one of them.")
    values = {
        "partnership": of.partnership,
        "cycle": about,
        "invitee": invitee,
        "organisation": place.organisation if place is not None else None,
        "kind": kind,
        "email": email,
        "user": user,
        "contact": contact,
        "subject": " ".join(subject.split()),  # a line break would begin another header
        "body": body,
        "by": by,
        "due_at": due_at or timezone.now(),
        **columns,
    }
    if not once:
        return Message.objects.create(**values)
    message, is_new = Message.objects.get_or_create(once=once, defaults=values)
    return message if is_new else None


def hold_message(*, message: Message) -> None:
    """It stays in the outbox until an officer lets it go."""
    _move(message, MessageStatus.HELD, "hold_message")


def release_message(*, message: Message) -> None:
    _move(message, MessageStatus.WAITING, "release_message")


def cancel_message(*, message: Message) -> None:
    """It never goes; its row stays, and says so."""
    _move(message, MessageStatus.CANCELLED, "cancel_message")


def change_message(*, message: Message, subject: str, body: str) -> None:
    """Other words, while it has not gone."""
    before = (MessageStatus.HELD, MessageStatus.WAITING)
    changed = Message.objects.filter(pk=message.pk, status__in=before).update(
        subject=" ".join(subject.split()), body=body
    )
    _refuse_unless(changed)


def retry_message(*, message: Message) -> None:
    """An officer's wish to try again what was given up; the tries begin anew."""
    _move(message, MessageStatus.WAITING, "retry_message", attempts=0, due_at=timezone.now(), error="")


def _move(message: Message, to: MessageStatus, verb: str, **columns: Any) -> None:
    before = [start for (start, end), verbs in MESSAGE_MOVES.items() if end == to and verb in verbs]
    changed = Message.objects.filter(pk=message.pk, status__in=before).update(status=to, **columns)
    _refuse_unless(changed)


def _refuse_unless(changed: int) -> None:
    if not changed:
        raise NotInThisState("The e-mail has gone or was stopped meanwhile. Nothing was changed.")


def cancel_settled(now: datetime.datetime) -> int:
    """Stop what would go now to an organisation that has returned meanwhile, is exempt, or whose cycle has closed."""
    due = Message.objects.filter(status=MessageStatus.WAITING, due_at__lte=now, kind__in=CHASING)
    return due.exclude(invitee__in=get_unreturned().values("pk")).update(
        status=MessageStatus.CANCELLED,
        error="It asks for nothing any more: returned, exempt or closed meanwhile.",
    )


# What an officer does with many at once, and the state it leaves them in.
ACTS = {
    "hold": ("hold_message", MessageStatus.HELD),
    "release": ("release_message", MessageStatus.WAITING),
    "cancel": ("cancel_message", MessageStatus.CANCELLED),
    "retry": ("retry_message", MessageStatus.WAITING),
}


def list_acts(message: Message) -> list[str]:
    """Which of them its state allows."""
    return [
        act for act, (verb, to) in ACTS.items() if verb in MESSAGE_MOVES.get((_get_status(message), to), ())
    ]


def _get_status(message: Message) -> MessageStatus:
    return MessageStatus(message.status)


def act_on(*, messages: QuerySet[Message], act: str) -> int:
    """One of the acts on all of these that are in a state for it; how many those were."""
    verb, to = ACTS[act]
    before = [start for (start, end), verbs in MESSAGE_MOVES.items() if end == to and verb in verbs]
    anew = {"attempts": 0, "due_at": timezone.now(), "error": ""} if act == "retry" else {}
    return messages.filter(status__in=before).order_by().update(status=to, **anew)


def claim_due(now: datetime.datetime, limit: int) -> list[int]:
    """Up to so many messages whose time has come, marked as being sent; no other worker gets them."""
    due = Q(status=MessageStatus.WAITING, due_at__lte=now) | Q(
        status=MessageStatus.SENDING, due_at__lte=now - CLAIM_LASTS
    )
    with transaction.atomic():
        rows = Message.objects.select_for_update(skip_locked=True).filter(due).order_by("due_at", "pk")
        keys = list(rows.values_list("pk", flat=True)[:limit])
        # The claim's moment stands in due_at: what was due has no other use for it.
        Message.objects.filter(pk__in=keys).update(
            status=MessageStatus.SENDING, due_at=now, attempts=F("attempts") + 1
        )
    return keys


def send_due(now: datetime.datetime, limit: int = 500) -> tuple[int, int]:
    """Send what is due; how many went, and how many did not. One that fails keeps no other from going.

    A server that takes nothing is not asked for each of them: the rest go back, and count no try.
    """
    cancel_settled(now)
    keys = claim_due(now, limit)
    begun, sent, in_a_row = monotonic(), 0, 0
    messages = list(Message.objects.filter(pk__in=keys).select_related("partnership").order_by("pk"))
    for position, message in enumerate(messages):
        if in_a_row == ENOUGH_OF_IT:
            _give_back(messages[position:], now)
            break
        moment = now + datetime.timedelta(seconds=monotonic() - begun)
        if not _renew_claim(message, now, moment):
            continue
        outcome = _send(message, now)
        sent += outcome == Outcome.SENT
        in_a_row = in_a_row + 1 if outcome == Outcome.UNREACHABLE else 0
    return sent, len(keys) - sent


def _renew_claim(message: Message, claimed_at: datetime.datetime, moment: datetime.datetime) -> bool:
    """Whether it is still ours: behind a slow server the last of many waits for longer than a claim lasts."""
    mine = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, due_at=claimed_at)
    return bool(mine.update(due_at=moment))


def _give_back(messages: Iterable[Message], claimed_at: datetime.datetime) -> None:
    mine = Message.objects.filter(
        pk__in=[one.pk for one in messages], status=MessageStatus.SENDING, due_at=claimed_at
    )
    mine.update(
        status=MessageStatus.WAITING,
        due_at=claimed_at + WAITS[0],
        attempts=F("attempts") - 1,
        error=UNREACHED,
    )


def _send(message: Message, now: datetime.datetime) -> Outcome:
    try:
        make_mail(message).send()
    except (SMTPRecipientsRefused, SMTPResponseException) as error:
        code = _get_code(error, message.email)
        if code in NO_SUCH_ADDRESS:
            _refuse(message, now, code)
        else:
            _fail(message, now, f"The mail server answered {code}.")
        return Outcome.REFUSED
    except Exception as error:
        logger.exception("Message %s could not be sent", message.pk)
        _fail(message, now, UNREACHED)
        return Outcome.UNREACHABLE if is_mail_down(error) else Outcome.REFUSED
    # The log keeps the words, not the secret.
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.SENT, sent_at=now, error="", personal_link=""
    )
    return Outcome.SENT


def make_mail(message: Message) -> EmailMessage:
    """As it goes out; the Message-ID is the row's, so that a second copy of it is known for one."""
    reply_to = [message.partnership.contact_email] if message.partnership.contact_email else None
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body.replace(PERSONAL_LINK, message.personal_link).strip() + "\n",
        to=[message.email],
        reply_to=reply_to,
        headers={"Message-ID": f"<message-{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    if message.kind == MessageKind.ESCALATION:
        # The letter, if it is made by now; its words stand in the e-mail too.
        for letter in Document.objects.filter(escalation__message=message).exclude(file=""):
            with letter.file.open("rb") as file:
                mail.attach(f"letter.{letter.format}", file.read(), "application/pdf")
    for attachment in message.attachments.all():
        _attach(mail, attachment)
    return mail


def _attach(mail: EmailMultiAlternatives, attachment: MessageAttachment) -> None:
    """What is for a calendar goes twice: beside the text, where Outlook and Gmail look for what they put buttons to,
    and as a file, which is all that some others take in (RFC 6047, 2.4 and 2.5).
    """
    content = bytes(attachment.content)
    if attachment.content_type.startswith(CALENDAR):
        # The charset is said by the mail itself.
        kind = "; ".join(part for part in attachment.content_type.split("; ") if "charset=" not in part)
        mail.attach_alternative(content.decode(), kind)
        mail.attach(attachment.name, content, "application/ics")
    else:
        mail.attach(attachment.name, content, attachment.content_type)


def _get_code(error: SMTPRecipientsRefused | SMTPResponseException, email: str) -> int:
    if isinstance(error, SMTPResponseException):
        return error.smtp_code
    code, _ = error.recipients.get(email, (0, b""))
    return int(code)


def _refuse(message: Message, now: datetime.datetime, code: int) -> None:
    """There is no such mailbox: trying again helps nobody, and who is in charge of the address must know."""
    error = f"The mail server does not know the address (it answered {code})."
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.REFUSED, error=error)
    if message.contact_id:
        Contact.objects.filter(pk=message.contact_id, refused_at=None).update(refused_at=now)


def _fail(message: Message, now: datetime.datetime, error: str) -> None:
    if message.attempts > len(WAITS):
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.FAILED, error=error)
        return
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.WAITING, due_at=now + WAITS[message.attempts - 1], error=error
    )
