"""Reminders of the yearly check of who has access: to an organisation's leads, and to a partnership's administrators.

Written into the outbox a working day before they go, as all reminders are. `once` holds the place, the day on which its
check was due and the step, so that of two runs at once one writes, and a check that is taken back reminds anew.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from s11.organisations.access_checks import get_due_on, get_due_organisations, get_due_partnerships
from s11.organisations.emails import make_email, make_link
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Membership, Officer, Organisation, Participation, Partnership, User
from s11.web.dates import LONDON, as_london
from surveys.access_list import KEY
from surveys.enums import MessageKind, MessageStatus
from surveys.models import Message
from surveys.reminders import NINE
from surveys.working_days import add_working_days

# Days after the check became due. After the last one it stays on the home page and on the officers' list.
STEPS: Final = (0, 14, 42)
DONE_MEANWHILE: Final = "It asks for nothing any more: somebody has checked meanwhile."


@dataclass(frozen=True, slots=True)
class Asked:
    """A place whose check is due, with those who can do it; `partnership` is the one in whose outbox it stands."""

    place: Organisation | Partnership
    partnership: Partnership
    people: tuple[User, ...]
    due_on: datetime.date
    link: str

    def find_step(self, today: datetime.date) -> int:
        return max(step for step, days in enumerate(STEPS) if days <= max(0, (today - self.due_on).days))


def write_access_reminders(now: datetime.datetime) -> int:
    """How many were written. The same number of queries, whatever the number of places."""
    today = as_london(now).date()
    wanted = {
        make_once(asked, asked.find_step(today), person): (asked, person)
        for asked in (*_list_organisations(now), *_list_partnerships(now))
        for person in asked.people
    }
    had = set(Message.objects.filter(once__in=wanted).values_list("once", flat=True))
    rows = [
        _make_message(asked, person, once, today)
        for once, (asked, person) in wanted.items()
        if once not in had
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def stop_checked(now: datetime.datetime) -> int:
    """Stop what would go now although somebody has checked since it was written."""
    waiting = Message.objects.filter(
        status=MessageStatus.WAITING, due_at__lte=now, once__startswith=f"{KEY}:"
    )
    keys = dict(waiting.values_list("pk", "once"))
    if not keys:
        return 0
    due: list[Organisation | Partnership] = [*get_due_organisations(now), *get_due_partnerships(now)]
    still = set(map(_make_key, due))
    done = [pk for pk, once in keys.items() if ":".join(once.split(":")[:4]) not in still]
    return Message.objects.filter(pk__in=done, status=MessageStatus.WAITING).update(
        status=MessageStatus.CANCELLED, error=DONE_MEANWHILE
    )


def make_once(asked: Asked, step: int, person: User) -> str:
    """An address may be as long as the column: its hash is not."""
    return f"{_make_key(asked.place)}:{step}:{hashlib.sha256(person.email.encode()).hexdigest()[:32]}"


def _make_key(place: Organisation | Partnership) -> str:
    """`access:o:12:20261122`; a step and an address follow it."""
    letter = "o" if isinstance(place, Organisation) else "p"
    return f"{KEY}:{letter}:{place.pk}:{_get_due_on(place):%Y%m%d}"


def _list_organisations(now: datetime.datetime) -> Iterator[Asked]:
    """In the outbox of the partnership that it joined first. Three queries."""
    due = list(get_due_organisations(now))
    keys = [one.pk for one in due]
    members = Membership.objects.active().filter(role=MembershipRole.LEAD, organisation__in=keys)
    leads = _gather((one.organisation_id, one.user) for one in members.select_related("user").order_by("pk"))
    first: dict[int, Partnership] = {}
    here = Participation.objects.active().filter(organisation__in=keys).select_related("partnership")
    for one in here.order_by("joined_at", "pk"):
        first.setdefault(one.organisation_id, one.partnership)
    for place in due:
        partnership = first[place.pk]
        link = make_link("organisations:access_check", partnership.slug, place.slug)
        yield Asked(place, partnership, leads.get(place.pk, ()), _get_due_on(place), link)


def _list_partnerships(now: datetime.datetime) -> Iterator[Asked]:
    """Two queries."""
    due = list(get_due_partnerships(now))
    offices = Officer.objects.active().filter(role=OfficerRole.ADMINISTRATOR, partnership__in=due)
    administrators = _gather(
        (one.partnership_id, one.user) for one in offices.select_related("user").order_by("pk")
    )
    for place in due:
        link = make_link("organisations:officer_check", place.slug)
        yield Asked(place, place, administrators.get(place.pk, ()), _get_due_on(place), link)


def _gather(pairs: Iterable[tuple[int, User]]) -> dict[int, tuple[User, ...]]:
    found: dict[int, tuple[User, ...]] = {}
    for place, person in pairs:
        found[place] = (*found.get(place, ()), person)
    return found


def _get_due_on(place: Organisation | Partnership) -> datetime.date:
    return get_due_on(place.checked_at)  # type: ignore[union-attr]  # annotated by with_last_check


def _make_message(asked: Asked, person: User, once: str, today: datetime.date) -> Message:
    mail = make_email(
        "surveys/access_check",
        to=[person.email],
        partnership=asked.partnership,
        place=asked.place,
        is_organisation=isinstance(asked.place, Organisation),
        link=asked.link,
    )
    return Message(
        partnership=asked.partnership,
        organisation=asked.place if isinstance(asked.place, Organisation) else None,
        kind=MessageKind.NOTICE,
        email=person.email,
        user=person,
        subject=" ".join(str(mail.subject).split()),
        body=str(mail.body),
        due_at=datetime.datetime.combine(add_working_days(today, 1), NINE, tzinfo=LONDON),
        once=once,
    )
