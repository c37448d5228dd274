"""What became of the e-mails that carry a letter: it counts as sent once they are in the outbox, where one may stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accountability.models import Meeting
from s11.web.text import plural
from surveys.enums import MessageKind, MessageStatus
from surveys.models import Message

# Those that will not go unless somebody does something about it.
DID_NOT_GO = (MessageStatus.HELD, MessageStatus.REFUSED, MessageStatus.FAILED, MessageStatus.CANCELLED)


def get_letter_mails(meetings: Iterable[Meeting]) -> dict[int, list[Message]]:
    """By invitee, as each meeting has its own: to whom first written first. One query, without texts."""
    found: dict[int, list[Message]] = defaultdict(list)
    invitees = [one.invitee_id for one in meetings]
    mails = Message.objects.filter(invitee__in=invitees, kind=MessageKind.MEETING_LETTER)
    for one in mails.only("invitee", "email", "status", "sent_at", "subject").order_by("pk"):
        assert one.invitee_id is not None  # it is what they were found by
        found[one.invitee_id].append(one)
    return found


def say_not_gone(mails: Iterable[Message]) -> str:
    """One sentence where an e-mail did not go, else nothing."""
    mails = list(mails)
    stopped = sum(one.status in DID_NOT_GO for one in mails)
    if not stopped:
        return ""
    if stopped == len(mails):
        return "Nobody has it yet: no e-mail went out"
    return f"{stopped} of {plural(len(mails), 'e-mail')} did not go out"
