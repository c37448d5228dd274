"""The yearly check of who has access: where it is due, what there is to look at, and what earlier ones said.

Due is derived: so many days after the last check that stands, else after the place was entered. Nothing waits for it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from s11.organisations.enums import AccessOutcome
from s11.organisations.models import (
    AccessCheck,
    AccessCheckLine,
    Contact,
    GroupAccess,
    Organisation,
    Participation,
    Partnership,
    User,
)
from s11.organisations.queries import Member, get_members, get_officers
from s11.web.dates import as_london
from s11.web.text import plural

# So long a check can be taken back: afterwards those whom it ended have been gone for too long.
TAKE_BACK_DAYS: Final = 14


def with_last_check(places: QuerySet[Any], place: str) -> QuerySet[Any]:
    """With `last_check`, the key of the newest that stands, and `checked_at`, its moment or else that of entering.

    `place` leads from the row to the organisation or partnership, such as "organisation"; empty for themselves.
    """
    of = "partnership" if places.model is Partnership else "organisation"
    checks = AccessCheck.objects.standing().filter(**{of: OuterRef(place or "pk")}).order_by("-at", "-pk")
    entered = f"{place}__created_at" if place else "created_at"
    found: QuerySet[Any] = places.annotate(
        last_check=Subquery(checks.values("pk")[:1]),
        checked_at=Coalesce(Subquery(checks.values("at")[:1]), entered),
    )
    return found


def get_latest_unchecked(now: datetime.datetime) -> datetime.datetime | None:
    """Who was checked last at this moment or before is due; None where the setting asks nobody."""
    days = settings.ACCESS_CHECK_DAYS
    return now - datetime.timedelta(days=days) if days else None


def get_due_on(checked_at: datetime.datetime) -> datetime.date:
    return as_london(checked_at + datetime.timedelta(days=settings.ACCESS_CHECK_DAYS)).date()


def get_due_organisations(now: datetime.datetime) -> QuerySet[Organisation]:
    """Those that take part somewhere and have not closed, with `checked_at`."""
    latest = get_latest_unchecked(now)
    here = Participation.objects.active().filter(organisation=OuterRef("pk"))
    found = with_last_check(Organisation.objects.filter(Exists(here), closed_on=None), "")
    return found.none() if latest is None else found.filter(checked_at__lte=latest)


def get_due_partnerships(now: datetime.datetime) -> QuerySet[Partnership]:
    """Whose administrators have not looked through its officers for so long, with `checked_at`."""
    latest = get_latest_unchecked(now)
    found = with_last_check(Partnership.objects.all(), "")
    return found.none() if latest is None else found.filter(checked_at__lte=latest)


# What there is to look at ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holder:
    """One person with all that they are in a place."""

    user: User
    roles: str


@dataclass(frozen=True, slots=True)
class ToCheck:
    """Everybody and everything that reads an organisation's work, or is written to about it."""

    people: tuple[Holder, ...] = ()
    groups: tuple[GroupAccess, ...] = ()
    contacts: tuple[Contact, ...] = ()


def get_organisation_to_check(organisation: Organisation) -> ToCheck:
    """In all its partnerships, so that nobody is asked the same twice. Three queries."""
    return ToCheck(
        people=tuple(_make_holder(member) for member in get_members(organisation)),
        groups=tuple(GroupAccess.objects.active().filter(site=organisation).select_related("group")),
        contacts=tuple(
            Contact.objects.current()
            .filter(participation__organisation=organisation, participation__is_active=True)
            .select_related("participation__partnership")
            .order_by("participation__partnership__name", "kind", "name", "pk")
        ),
    )


def _make_holder(member: Member) -> Holder:
    return Holder(member.user, member.roles)


def get_officers_to_check(partnership: Partnership) -> ToCheck:
    """Each person once. One query."""
    roles: dict[User, list[str]] = {}
    for office in get_officers(partnership):
        roles.setdefault(office.user, []).append(office.get_role_display())
    return ToCheck(people=tuple(Holder(user, ", ".join(held)) for user, held in roles.items()))


# What was said --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one role, contact or group."""

    who: str
    what: str
    outcome: AccessOutcome


@dataclass(frozen=True, slots=True)
class Checked:
    """One check with all its answers."""

    check: AccessCheck
    answers: tuple[Answer, ...]
    is_newest: bool

    @property
    def due_on(self) -> datetime.date | None:
        """When the next one is; None where nobody is asked."""
        return get_due_on(self.check.at) if settings.ACCESS_CHECK_DAYS else None

    @property
    def last_day_to_take_back(self) -> datetime.date:
        return as_london(self.check.at + datetime.timedelta(days=TAKE_BACK_DAYS)).date()

    @property
    def can_be_taken_back(self) -> bool:
        today = timezone.localdate()
        return self.is_newest and not self.check.taken_back_at and today <= self.last_day_to_take_back

    @property
    def words(self) -> str:
        return count_outcomes(one.outcome for one in self.answers)


def count_outcomes(outcomes: Iterable[str]) -> str:
    """‘7 confirmed, 1 ended’, in the order of the outcomes; nothing of those there were none of."""
    said = list(outcomes)
    counted = [(said.count(one.value), one.label.lower()) for one in AccessOutcome]
    return ", ".join(f"{count} {label}" for count, label in counted if count) or plural(0, "role")


def get_last_check(place: Organisation | Partnership) -> AccessCheck | None:
    """The newest that stands. One query."""
    return place.access_checks.standing().select_related("by").first()


def get_check_or_404(place: Organisation | Partnership, access_check: int) -> Checked:
    """Also one that was taken back, so that its page can say so; never one of another place."""
    found = place.access_checks.filter(pk=access_check).select_related("by", "taken_back_by").first()
    if found is None:
        raise Http404
    newest = place.access_checks.standing().values_list("pk", flat=True).first()
    lines = found.lines.select_related(
        "membership__user", "office__user", "contact__participation__partnership", "group_access__group"
    )
    return Checked(found, tuple(map(_make_answer, lines)), is_newest=newest == found.pk)


def _make_answer(line: AccessCheckLine) -> Answer:
    outcome = AccessOutcome(line.outcome)
    if role := line.membership or line.office:
        return Answer(str(role.user), role.get_role_display(), outcome)
    if line.contact:
        what = f"Contact of {line.contact.participation.partnership}"
        return Answer(line.contact.name, what, outcome)
    assert line.group_access is not None  # the check constraint promises one of the four
    return Answer(str(line.group_access.group), "Group", outcome)
