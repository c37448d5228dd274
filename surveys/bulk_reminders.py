"""Reminding many at once, by an officer: whom, with what words, and one message an address into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from s11.organisations.models import User
from surveys.cycle_texts import fill_words
from surveys.enums import MessageKind
from surveys.invitees import get_invitees
from surveys.models import Cycle, Invitee, Message
from surveys.outbox_rows import Reminded, get_reminded, get_reminded_lately
from surveys.placeholders import Words
from surveys.recipients import Addressee, get_addressees, get_unreturned

if TYPE_CHECKING:
    from surveys.invitees import ListedInvitee


@dataclass(frozen=True, slots=True)
class RemindRow:
    """One organisation that could be reminded, to which addresses, and how often it was."""

    addressee: Addressee
    word: str
    before: Reminded

    @property
    def addresses(self) -> str:
        return ", ".join(one.email for one in self.addressee.to)


def get_remindable(
    cycle: Cycle, *, search: str = "", state: str = "", again: bool = False, only: Iterable[int] = ()
) -> QuerySet[ListedInvitee]:
    """Who has not returned; without `again` those to whom a reminder went lately, or waits, are left out."""
    found = get_invitees(cycle, search=search, state=state).filter(pk__in=get_unreturned().values("pk"))
    if only := list(only):
        found = found.filter(pk__in=only)
    return found if again else found.exclude(Exists(get_reminded_lately().filter(invitee=OuterRef("pk"))))


def make_remind_rows(cycle: Cycle, invitees: Sequence[Invitee]) -> list[RemindRow]:
    """The same number of queries for any number."""
    for invitee in invitees:
        invitee.cycle = cycle
    addressees = get_addressees(invitees)
    before = get_reminded(invitee.pk for invitee in invitees)
    return [
        RemindRow(
            addressees[one.pk], str(getattr(one, "state", "")).capitalize(), before.get(one.pk, Reminded())
        )
        for one in invitees
    ]


@transaction.atomic
def remind(*, cycle: Cycle, invitees: Iterable[Invitee], words: Words, by: User) -> int:
    """One message an address; how many organisations are written to. Nobody who has returned is."""
    chosen = list(invitees)
    for invitee in chosen:
        invitee.cycle = cycle
    addressees = get_addressees(chosen).values()
    rows = []
    for one in addressees:
        for to in one.to:
            filled = fill_words(words, one, to)
            rows.append(
                Message(
                    partnership=cycle.partnership,
                    cycle=cycle,
                    invitee=one.invitee,
                    organisation_id=one.invitee.organisation_id,
                    kind=MessageKind.REMINDER,
                    email=to.email,
                    user_id=to.user,
                    contact_id=to.contact,
                    subject=filled.subject,
                    body=filled.body,
                    by=by,
                )
            )
    Message.objects.bulk_create(rows)
    return sum(bool(one.to) for one in addressees)
