"""Who comes to a meeting for its agency: its lead or signatory names them, and each gets an invitation of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from accountability.calendars import Person
from accountability.invitations import Entries
from accountability.models import Meeting, Representative
from accountability.problems import is_settled
from accountability.releases import get_last, read_release
from accountability.releasing import tell_guest
from accountability.timetable_changes import Change
from accountability.workflow import lock_panel
from s11.organisations.models import Membership, User
from s11.web.dates import as_london
from s11.web.errors import NotInThisState
from s11.web.text import list_words

# So many, because each address is written to; and a panel of three does not face a crowd.
MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Named:
    """One who comes, as entered; `pk` where they were named before."""

    name: str
    job_title: str = ""
    email: str = ""
    substitute_for: str = ""
    pk: int | None = None


def make_seen(people: Iterable[Representative]) -> str:
    """Of a list that says the same it is the same: what a page showed."""
    rows = sorted((one.pk, one.name, one.job_title, one.email, one.substitute_for) for one in people)
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


@transaction.atomic
def name_representatives(*, meeting: Meeting, people: Sequence[Named], seen: str = "", by: User) -> None:
    """These come, and nobody else. Who is new is invited and who is not among them any more is told, where the time has
    gone out. Raises NotInThisState once the meeting has begun, was held or was dropped; and where the list is no longer
    what the page had `seen`.
    """
    panel = lock_panel(meeting.panel)
    panel.cycle = meeting.panel.cycle
    now = Meeting.objects.select_for_update(of=("self",)).with_place().get(pk=meeting.pk)
    now.panel = panel
    if is_settled(now, as_london(timezone.now()).replace(tzinfo=None)):
        raise NotInThisState("The meeting was held or dropped, or its time has come. Nothing was changed.")
    before = list(now.representatives.all())
    if seen and seen != make_seen(before):
        raise NotInThisState(
            f"Who comes was changed while this page was open: {list_words([one.name for one in before])}. Nothing was "
            "saved. Save again if it is to be what stands here."
        )
    _write(now, people)
    after = list(now.representatives.all())
    told = read_release(get_last(panel)).get(now.pk)
    if told is not None:
        _tell(now, before, after, Change(None, told), by)


def _write(meeting: Meeting, people: Sequence[Named]) -> None:
    known = {one.pk: one for one in meeting.representatives.all()}
    kept = {one.pk for one in people if one.pk in known}
    Representative.objects.filter(meeting=meeting).exclude(pk__in=kept).delete()
    # The database keeps an address once a meeting: two may have changed theirs for the other's.
    Representative.objects.filter(meeting=meeting).update(email="")
    users = _get_users(meeting, people)
    for one in people:
        row = known[one.pk] if one.pk in kept and one.pk is not None else Representative(meeting=meeting)
        row.name, row.job_title, row.email = one.name, one.job_title, one.email
        row.substitute_for = one.substitute_for
        row.user_id = users.get(one.email.lower())
        row.save()


def _get_users(meeting: Meeting, people: Sequence[Named]) -> dict[str, int]:
    """The accounts of those who belong to the agency; of others nobody learns whether they have one."""
    addresses = {one.email.lower() for one in people if one.email}
    members = Membership.objects.active().filter(organisation=meeting.invitee.organisation_id)
    rows = members.order_by().values_list("user__email", "user")
    return {email.lower(): pk for email, pk in rows if email.lower() in addresses}


def _tell(
    meeting: Meeting,
    before: Sequence[Representative],
    after: Sequence[Representative],
    change: Change,
    by: User,
) -> None:
    was = {one.email.lower(): one for one in before if one.email}
    comes = {one.email.lower(): one for one in after if one.email}
    gone = [one for email, one in was.items() if email not in comes]
    new = comes.keys() - was.keys()
    if gone or new:
        # Each counts on, so that it is newer than what was sent before (RFC 5546, 2.1.4): a cancellation, and an
        # invitation of somebody who had one before.
        meeting.sequence += 1
        meeting.save(update_fields=["sequence"])
    entries = Entries(meeting.panel, [meeting.pk], timezone.now())
    coming = entries.coming[meeting.pk]
    leads = {one.email.lower() for one in coming.to}
    for one in gone:
        # Leads stay invited: the time is their agency's.
        if one.email.lower() not in leads:
            entry = entries.make_for_agency(change, only=Person(one.name, one.email))
            tell_guest(meeting, change, one, entry, by)
    entry = entries.make_for_agency(change)
    for one in coming.guests:
        if one.email.lower() in new:
            tell_guest(meeting, change, one, entry, by)
