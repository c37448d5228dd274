"""Where a person is and what they are there: the lookup that is also the permission check.

A stranger gets 404 from here; what a role may do is in permissions.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Membership, Officer, Organisation, Participation, Partnership, User


@dataclass(frozen=True, slots=True)
class Desk:
    """A partnership's rooms, and the roles of the person in them."""

    partnership: Partnership
    roles: frozenset[OfficerRole]


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation's rooms in one partnership, and the roles of the person in them."""

    participation: Participation
    roles: frozenset[MembershipRole]

    @property
    def organisation(self) -> Organisation:
        return self.participation.organisation

    @property
    def partnership(self) -> Partnership:
        return self.participation.partnership

    @property
    def is_lead(self) -> bool:
        return MembershipRole.LEAD in self.roles


def get_desk_or_404(user: User, partnership: str) -> Desk:
    """The desk of the partnership with this slug, for its officers alone."""
    offices = list(
        Officer.objects.active()
        .filter(user=user, partnership__slug=partnership)
        .select_related("partnership")
    )
    if not offices:
        raise Http404
    return Desk(offices[0].partnership, frozenset(OfficerRole(office.role) for office in offices))


def get_agency_or_404(user: User, partnership: str, organisation: str) -> Agency:
    """The rooms of the organisation with this slug in that partnership, for its active members alone."""
    roles = frozenset(
        MembershipRole(role)
        for role in Membership.objects.active()
        .filter(user=user, organisation__slug=organisation)
        .values_list("role", flat=True)
    )
    participation = (
        Participation.objects.filter(partnership__slug=partnership, organisation__slug=organisation)
        .select_related("partnership", "organisation")
        .first()
    )
    if not roles or participation is None:
        raise Http404
    return Agency(participation, roles)
