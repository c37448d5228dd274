"""The clock's reminders about returns: written into the outbox a working day before they go, so that they can be read.

Each kind once an organisation and cycle: `once` of a row says so to the database itself, so that of two runs at the
same moment one writes. Who has returned meanwhile is found when it is sent (outbox.py).
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import cast

from s11.web.dates import LONDON, as_london
from surveys.cycle_texts import fill_words, get_own_words, get_shipped
from surveys.enums import MessageKind, MessageStatus
from surveys.models import Invitee, Message
from surveys.placeholders import Words
from surveys.recipients import Addressee, Recipient, get_addressees, get_unreturned
from surveys.reminding import REMINDERS, Reminder, pick_due, plan_reminders
from surveys.working_days import add_working_days

NINE = datetime.time(9, 0)
# After a long pause, or in a cycle that was brought in from elsewhere, a reminder says nothing any more.
TOO_LATE = datetime.timedelta(days=14)
ONCE_LENGTH = 120


def write_reminders(now: datetime.datetime) -> int:
    """How many were written. The same number of queries, whatever the number of organisations."""
    today = as_london(now).date()
    ahead = add_working_days(today, 1)
    had = get_had()
    dues: list[tuple[Invitee, Reminder, datetime.date]] = []
    for invitee in get_unreturned().select_related("cycle__partnership", "organisation").order_by("pk"):
        planned = plan(invitee)
        kind = pick_due(planned, sent=had.get(invitee.pk, ()), today=ahead)
        if kind is not None and planned[kind] >= today - TOO_LATE:
            dues.append((invitee, kind, max(planned[kind], ahead)))
    if not dues:
        return 0
    addressees = get_addressees(invitee for invitee, _, _ in dues)
    own = get_own_words({invitee.cycle for invitee, _, _ in dues})
    rows = [
        make_reminder(addressees[invitee.pk], to, kind, day, own)
        for invitee, kind, day in dues
        for to in addressees[invitee.pk].to
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def plan(invitee: Invitee) -> dict[Reminder, datetime.date]:
    """Its days. Who was invited late, or to a cycle that was opened late, is told of it then."""
    cycle = invitee.cycle
    moments = [moment for moment in (cycle.opened_at, invitee.invited_at) if moment]
    opens_on = max(cycle.opens_on, *(as_london(moment).date() for moment in moments))
    return plan_reminders(min(opens_on, invitee.due_on), invitee.due_on)


def get_had() -> Mapping[int, set[str]]:
    """By invitee, the kinds that were written, whatever became of them. One query."""
    had: dict[int, set[str]] = defaultdict(set)
    kinds = (*REMINDERS, MessageKind.INVITATION)
    written = Message.objects.filter(invitee__in=get_unreturned().values("pk"), kind__in=kinds)
    for invitee, kind in written.exclude(once="").order_by().values_list("invitee", "kind").distinct():
        had[invitee].add("opening" if kind == MessageKind.INVITATION else kind)
    return had


def make_reminder(
    addressee: Addressee,
    to: Recipient,
    reminder: Reminder,
    day: datetime.date,
    own: Mapping[tuple[int, str], Words],
) -> Message:
    """Where nobody has an account, the first one is an invitation."""
    invitee, cycle = addressee.invitee, addressee.invitee.cycle
    kind = MessageKind(reminder)
    if kind == MessageKind.OPENING and to.user is None:
        kind = MessageKind.INVITATION
    words = fill_words(own.get((cycle.pk, kind)) or get_shipped(kind), addressee, to)
    return Message(
        partnership=cycle.partnership,
        cycle=cycle,
        invitee=invitee,
        organisation=invitee.organisation,
        kind=kind,
        email=to.email,
        user_id=to.user,
        contact_id=to.contact,
        subject=words.subject,
        body=words.body,
        due_at=datetime.datetime.combine(day, NINE, tzinfo=LONDON),
        once=make_once(invitee, reminder, to.email),
    )


def make_once(invitee: Invitee, kind: str, email: str) -> str:
    key = f"{invitee.cycle_id}:{invitee.pk}:{kind}:{email}"
    if len(key) <= ONCE_LENGTH:
        return key
    return f"{invitee.cycle_id}:{invitee.pk}:{kind}:{hashlib.sha256(email.encode()).hexdigest()}"


def stop_moved(now: datetime.datetime) -> int:
    """Stop what would go now, but whose day has moved since it was written; on the new day it is written anew."""
    due = Message.objects.filter(status=MessageStatus.WAITING, due_at__lte=now, kind__in=REMINDERS)
    waiting = due.exclude(once="").exclude(invitee=None).select_related("invitee__cycle")
    moved = [one.pk for one in waiting if is_moved(one)]
    # Without its key it stands in the way of no other.
    return Message.objects.filter(pk__in=moved, status=MessageStatus.WAITING).update(
        status=MessageStatus.CANCELLED,
        once="",
        error="The last day has moved, so it is written again in time for the new one.",
    )


def is_moved(message: Message) -> bool:
    assert message.invitee is not None  # the query asks for it
    planned = plan(message.invitee)
    day = planned.get(cast("Reminder", message.kind))
    return day is not None and day > as_london(message.due_at).date()
