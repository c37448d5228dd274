"""Telling leads what has become due for another look: one e-mail a person and month at most, and nothing twice.

Each day the first run looks for everybody who was not told this month. Whoever sets `looked_on` in the person's row of
the month sends; where the e-mail fails, the row is given back and the next run tries again.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Participation, User
from s11.web.dates import as_london
from surveys.due_again import Due, get_due
from surveys.emails import send_due_again
from surveys.models import FreshnessReminder

logger = logging.getLogger(__name__)

# So many people are looked for together: enough to ask the database seldom, few enough to hold in memory.
BATCH = 50


@dataclass(frozen=True, slots=True)
class Told:
    """How many people one run told, and how many e-mails failed."""

    people: int = 0
    failed: int = 0


def remind_of_due(now: datetime.datetime) -> Told:
    """Leads of organisations that take part, who were not told this month and not looked for today."""
    waiting = get_waiting(as_london(now).date())
    sent = [
        is_sent
        for start in range(0, len(waiting), BATCH)
        for is_sent in remind_all(waiting[start : start + BATCH], now)
    ]
    return Told(sent.count(True), sent.count(False))


def remind_all(people: Sequence[User], now: datetime.datetime) -> Iterator[bool | None]:
    """Those for whom there is something new; for the others it is kept that they were looked for."""
    today = as_london(now).date()
    told = get_told(people)
    dues = dict(get_dues(people, today))
    new = [one for one in people if set(list_subjects(dues[one])) - told.get(one.pk, set())]
    keep_looked([one for one in people if one not in new], today)
    for person in new:
        yield remind(person, dues[person], now)


def get_waiting(today: datetime.date) -> list[User]:
    """One query."""
    done = FreshnessReminder.objects.filter(
        Q(sent_at__isnull=False) | Q(looked_on=today), month=today.replace(day=1)
    )
    leads = Membership.objects.active().filter(
        role=MembershipRole.LEAD, organisation__participations__is_active=True, user__is_active=True
    )
    found = User.objects.filter(pk__in=leads.values("user")).exclude(pk__in=done.values("user"))
    return list(found.order_by("pk"))


def get_dues(people: Sequence[User], today: datetime.date) -> Iterator[tuple[User, list[Due]]]:
    """What is due in the places that each of them leads."""
    led: dict[int, set[int]] = {}
    leads = Membership.objects.active().filter(role=MembershipRole.LEAD, user__in=people)
    for user, organisation in leads.values_list("user", "organisation"):
        led.setdefault(user, set()).add(organisation)
    places = list(
        Participation.objects.filter(
            is_active=True, organisation__in={one for own in led.values() for one in own}
        )
        .select_related("organisation", "partnership")
        .order_by("organisation__name", "partnership__name", "pk")
    )
    dues = get_due(places, today)
    for person in people:
        own = [dues[place.pk] for place in places if place.organisation_id in led.get(person.pk, ())]
        yield person, [due for due in own if due.count]


def list_subjects(dues: Iterable[Due]) -> list[str]:
    return [subject for due in dues for subject in due.subjects]


def get_told(people: Sequence[User]) -> dict[int, set[str]]:
    """By person, what they were ever told. One query."""
    told: dict[int, set[str]] = {}
    rows = FreshnessReminder.objects.filter(user__in=people).values_list("user", "told")
    for user, subjects in rows:
        told.setdefault(user, set()).update(subjects)
    return told


def keep_looked(people: Sequence[User], today: datetime.date) -> None:
    """Nothing new for them today. Two queries, for any number."""
    month = today.replace(day=1)
    rows = [FreshnessReminder(user=person, month=month) for person in people]
    FreshnessReminder.objects.bulk_create(rows, ignore_conflicts=True)
    FreshnessReminder.objects.filter(user__in=people, month=month, sent_at=None).update(looked_on=today)


def remind(person: User, dues: Sequence[Due], now: datetime.datetime) -> bool | None:
    """Whether the e-mail went out; None where another run sends it."""
    reminder = claim(person, as_london(now).date())
    if reminder is None:
        return None
    try:
        send_due_again(person, dues)
    except Exception:
        logger.exception("What is due for another look could not be sent to user %s", person.pk)
        FreshnessReminder.objects.filter(pk=reminder.pk).update(looked_on=None)
        return False
    FreshnessReminder.objects.filter(pk=reminder.pk).update(sent_at=now, told=list_subjects(dues))
    return True


def claim(person: User, today: datetime.date) -> FreshnessReminder | None:
    """Their row of this month, if it is this run that looks for them today: of two at once only one changes it."""
    reminder, _ = FreshnessReminder.objects.get_or_create(user=person, month=today.replace(day=1))
    free = FreshnessReminder.objects.filter(pk=reminder.pk, sent_at=None).exclude(looked_on=today)
    return reminder if free.update(looked_on=today) else None
