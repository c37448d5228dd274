"""Which of an audit's indicators a person may answer: all of a draft, what is given to them, what a return opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Organisation, User
from s11.organisations.queries import get_members
from s11.web.prepared import Later
from surveys.enums import AuditStatus
from surveys.models import Assignment, Audit, Correction, Indicator

WRITERS = frozenset({MembershipRole.LEAD, MembershipRole.CONTRIBUTOR})


@dataclass(frozen=True, slots=True)
class Given:
    """What is assigned to one person: standards and single indicators, by row id."""

    standards: frozenset[int] = frozenset()
    indicators: frozenset[int] = frozenset()

    def holds(self, indicator: Indicator) -> bool:
        return indicator.standard_id in self.standards or indicator.pk in self.indicators

    def __bool__(self) -> bool:
        return bool(self.standards or self.indicators)


@dataclass(frozen=True, slots=True)
class Reach:
    """`opened` are the indicators that a return opened, `given` is what the person may answer; None is all of them."""

    opened: frozenset[int] | None = None
    given: Given | None = None

    def is_open(self, indicator: Indicator) -> bool:
        return self.opened is None or indicator.pk in self.opened

    def holds(self, indicator: Indicator) -> bool:
        return self.is_open(indicator) and (self.given is None or self.given.holds(indicator))


EVERYTHING = Reach()


def get_reach(audit: Audit, user: User, roles: frozenset[MembershipRole]) -> Reach:
    """A fixed number of queries."""
    assignments = () if MembershipRole.LEAD in roles else get_assignments(audit)
    return make_reach(get_open_indicators(audit), assignments, user, roles)


def make_reach(
    opened: frozenset[int] | None,
    assignments: Collection[Assignment],
    user: User,
    roles: frozenset[MembershipRole],
) -> Reach:
    """A lead answers everything.

    Where anything is assigned, everybody else answers what is assigned to them; where nothing is, everything.
    """
    if MembershipRole.LEAD in roles or not assignments:
        return Reach(opened)
    return Reach(opened, make_given(assignments, user))


def get_correction(audit: Audit) -> Correction | None:
    """The return that the agency is answering now."""
    if audit.status != AuditStatus.RETURNED:
        return None
    found = audit.corrections.filter(submission=audit.submission)
    return found.select_related("by").prefetch_related("indicators").first()


def get_open_indicators(audit: Audit) -> frozenset[int] | None:
    """What a returned audit lets change; None where nothing is locked."""
    if audit.status != AuditStatus.RETURNED:
        return None
    opened = audit.corrections.filter(submission=audit.submission, indicators__isnull=False)
    return frozenset(opened.values_list("indicators", flat=True))


def get_assignments(audit: Audit) -> list[Assignment]:
    """One query."""
    return list(get_live_assignments(audit).select_related("user", "standard", "indicator"))


def get_live_assignments(audit: Audit) -> QuerySet[Assignment]:
    """Those of people who may still answer here: what somebody had who has left is nobody's."""
    return audit.assignments.filter(user__in=list_writers(audit.invitee.organisation_id))


def list_writers(organisation: int | Later) -> QuerySet[Membership, Any]:
    """For another query to look among."""
    return Membership.objects.active().filter(organisation=organisation, role__in=WRITERS).values("user")


def get_writers(organisation: Organisation) -> list[tuple[User, str]]:
    """Who may answer for an organisation, each once with their roles, leads first. One query."""
    return [
        (member.user, member.roles)
        for member in get_members(organisation)
        if any(one.role in WRITERS for one in member.memberships)
    ]


def make_given(assignments: Iterable[Assignment], user: User) -> Given:
    own = [one for one in assignments if one.user_id == user.pk]
    return Given(
        frozenset(one.standard_id for one in own if one.standard_id is not None),
        frozenset(one.indicator_id for one in own if one.indicator_id is not None),
    )
