"""What the outbox's pages show: messages by state, and who was reminded how often and when last."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet, TextChoices
from django.utils import timezone

from s11.organisations.models import Partnership
from surveys.enums import MessageKind, MessageStatus
from surveys.models import Message

# What an organisation is told about its return; letters and questions are no reminders.
REMINDING = (
    MessageKind.INVITATION,
    MessageKind.OPENING,
    MessageKind.FOUR_WEEKS,
    MessageKind.ONE_WEEK,
    MessageKind.TWO_DAYS,
    MessageKind.OVERDUE,
    MessageKind.REMINDER,
)
LATELY = datetime.timedelta(days=7)


class Box(TextChoices):
    """The outbox's shelves."""

    WAITING = "waiting", "Waiting to go"
    HELD = "held", "Held"
    FAILED = "failed", "Not sent"
    REFUSED = "refused", "Refused"
    SENT = "sent", "Sent"
    CANCELLED = "cancelled", "Stopped"


# In a tag there is room for a word.
TAGS: Mapping[str, str] = {
    MessageStatus.WAITING: "Waiting",
    MessageStatus.HELD: "On hold",
    MessageStatus.SENDING: "Waiting",
    MessageStatus.SENT: "Sent",
    MessageStatus.REFUSED: "Refused",
    MessageStatus.FAILED: "Not sent",
    MessageStatus.CANCELLED: "Stopped",
}


@dataclass(frozen=True, slots=True)
class Reminded:
    """How often an organisation was reminded in a cycle, and when last."""

    count: int = 0
    last: datetime.datetime | None = None

    def is_lately(self, now: datetime.datetime) -> bool:
        return self.last is not None and self.last > now - LATELY


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One line of the outbox, with what went before to the same organisation in the same cycle."""

    message: Message
    before: Reminded

    @property
    def tag(self) -> str:
        return TAGS[self.message.status]


def get_messages(partnership: Partnership, *, box: str = Box.WAITING, search: str = "") -> QuerySet[Message]:
    """What waits by when it goes, what is over by when that was, newest first."""
    statuses = [MessageStatus.WAITING, MessageStatus.SENDING] if box == Box.WAITING else [box]
    found = Message.objects.of(partnership).filter(status__in=statuses)
    if search:
        found = found.filter(
            Q(organisation__name__icontains=search)
            | Q(email__icontains=search)
            | Q(subject__icontains=search)
        )
    order = ("due_at", "pk") if box in {Box.WAITING, Box.HELD} else ("-sent_at", "-created_at", "-pk")
    return found.select_related("organisation", "cycle").order_by(*order)


def count_boxes(partnership: Partnership) -> dict[str, int]:
    """How many lie in each. One query."""
    rows = Message.objects.of(partnership).order_by().values_list("status").annotate(number=Count("pk"))
    counts = dict.fromkeys(Box.values, 0)
    for status, number in rows:
        counts[Box.WAITING if status == MessageStatus.SENDING else status] += number
    return counts


def make_message_rows(messages: Iterable[Message]) -> list[MessageRow]:
    messages = list(messages)
    before = get_reminded(message.invitee_id for message in messages if message.invitee_id)
    return [MessageRow(message, before.get(message.invitee_id or 0, Reminded())) for message in messages]


def get_reminded(invitees: Iterable[int]) -> dict[int, Reminded]:
    """By invitee; days, not e-mails to three leads, are counted. One query."""
    rows = (
        Message.objects.gone()
        .filter(invitee__in=set(invitees), kind__in=REMINDING)
        .order_by()
        .values_list("invitee")
        .annotate(times=Count("sent_at__date", distinct=True), last=Max("sent_at"))
    )
    return {invitee: Reminded(times, last) for invitee, times, last in rows if invitee is not None}


def get_reminded_lately(now: datetime.datetime | None = None) -> QuerySet[Message]:
    """Reminders of the last seven days, and those that wait: for leaving out who has just been written to."""
    since = (now or timezone.now()) - LATELY
    return Message.objects.filter(kind__in=REMINDING).filter(
        Q(status=MessageStatus.SENT, sent_at__gt=since)
        | Q(status__in=(MessageStatus.WAITING, MessageStatus.HELD, MessageStatus.SENDING))
    )
