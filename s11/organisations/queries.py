"""Where a person is and what they are there, and what the pages about people and organisations show.

The lookup is also the permission check: a stranger gets 404 from here; what a role may do is in permissions.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404

from s11.organisations.enums import ORGANISERS, InvitationState, MembershipRole, OfficerRole
from s11.organisations.models import (
    Invitation,
    Membership,
    Officer,
    Organisation,
    Participation,
    ParticipationQuerySet,
    Partnership,
    User,
)
from s11.web.prepared import Later, Prepared

MEMBERSHIP_ROLE_ORDER = {role: position for position, role in enumerate(MembershipRole)}
OFFICER_ROLE_ORDER = {role: position for position, role in enumerate(OfficerRole)}


_OWN_ROLES: Final = Prepared(
    lambda: (
        Membership.objects.active()
        .filter(user=Later("user"), organisation__slug=Later("organisation"))
        .order_by()
        .values_list("role")
    )
)
_PARTICIPATION: Final = Prepared(
    lambda: (
        Participation.objects.filter(
            partnership__slug=Later("partnership"), organisation__slug=Later("organisation")
        )
        .select_related("partnership", "organisation")
        .order_by()
    )
)


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


def get_own_roles(user: User, organisation: str) -> frozenset[MembershipRole]:
    """What this person is now in the organisation with this slug. One query, put into words beforehand."""
    return frozenset(
        MembershipRole(role) for (role,) in _OWN_ROLES.fetch(user=user.pk, organisation=organisation)
    )


def get_agency_or_404(user: User, partnership: str, organisation: str) -> Agency:
    """The rooms of the organisation with this slug in that partnership, for its active members alone.

    Two queries, put into words beforehand: every page of an agency begins with them.
    """
    roles = get_own_roles(user, organisation)
    participation = _PARTICIPATION.first(partnership=partnership, organisation=organisation)
    if not roles or participation is None:
        raise Http404
    return Agency(participation, roles)


# Organisations --------------------------------------------------------------------------------------------------------


def find_organisations(urn: str, ods_code: str, ofsted_number: str) -> list[Organisation]:
    """Those that have one of these national identifiers, whatever partnership they are in; empty ones match nothing."""
    given = {"urn": urn, "ods_code": ods_code, "ofsted_number": ofsted_number}
    conditions = [Q(**{field: value}) for field, value in given.items() if value]
    if not conditions:
        return []
    either = conditions[0]
    for condition in conditions[1:]:
        either |= condition
    return list(Organisation.objects.filter(either))


def get_participations(
    partnership: Partnership, *, words: str = "", variant: str = ""
) -> ParticipationQuerySet:
    """The partnership's organisations with their leads at hand (`leads`); by name, local name or a whole identifier."""
    leads = Membership.objects.active().filter(role=MembershipRole.LEAD).select_related("user")
    found = (
        Participation.objects.filter(partnership=partnership)
        .select_related("organisation")
        .prefetch_related(Prefetch("organisation__memberships", queryset=leads, to_attr="leads"))
    )
    if variant:
        found = found.filter(organisation__variant=variant)
    for word in words.split():
        found = found.filter(
            Q(organisation__name__icontains=word)
            | Q(local_name__icontains=word)
            | Q(organisation__urn=word)
            | Q(organisation__ods_code__iexact=word)
            | Q(organisation__ofsted_number__iexact=word)
        )
    return found


def get_participation_or_404(partnership: Partnership, organisation: str) -> Participation:
    """An organisation of a partnership whose desk the person has already been let into."""
    participation = (
        Participation.objects.filter(partnership=partnership, organisation__slug=organisation)
        .select_related("organisation__parent", "organisation__successor")
        .first()
    )
    if participation is None:
        raise Http404
    participation.partnership = partnership
    return participation


def get_group_to_add(participation: Participation) -> Organisation | None:
    """What the organisation is part of, where that does not take part here. At most one query."""
    group = participation.organisation.parent
    if group is None or group.closed_on is not None:
        return None
    here = Participation.objects.active().filter(partnership=participation.partnership, organisation=group)
    return None if here.exists() else group


# People ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """One person with all that they are in an organisation."""

    user: User
    memberships: tuple[Membership, ...]

    @property
    def roles(self) -> str:
        return ", ".join(membership.get_role_display() for membership in self.memberships)

    @property
    def lead(self) -> Membership | None:
        return next((one for one in self.memberships if one.role == MembershipRole.LEAD), None)


def get_members(organisation: Organisation) -> list[Member]:
    """Active members, leads first, each once. One query."""
    by_person: dict[int, list[Membership]] = {}
    for membership in organisation.memberships.active().select_related("user"):
        membership.organisation = organisation
        by_person.setdefault(membership.user_id, []).append(membership)
    members = [
        Member(
            memberships[0].user,
            tuple(sorted(memberships, key=lambda one: MEMBERSHIP_ROLE_ORDER[MembershipRole(one.role)])),
        )
        for memberships in by_person.values()
    ]
    return sorted(members, key=lambda member: (member.lead is None, str(member.user).lower()))


def get_member_or_404(organisation: Organisation, person: int) -> Member:
    for member in get_members(organisation):
        if member.user.pk == person:
            return member
    raise Http404


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who waits to be let in, and which partnerships have agreed where there is no lead to ask."""

    membership: Membership
    approved_by: tuple[Partnership, ...]
    still_to_approve: tuple[Partnership, ...]

    def is_approved_by(self, partnership: Partnership) -> bool:
        return partnership in self.approved_by


def get_requests(organisation: Organisation) -> list[Request]:
    """Oldest first. Three queries, whatever their number."""
    memberships = (
        organisation.memberships.requested()
        .select_related("user", "requested_through")
        .prefetch_related("approvals")
        .order_by("requested_at", "pk")
    )
    participations = organisation.participations.select_related("partnership").order_by("partnership__name")
    partnerships = [participation.partnership for participation in participations]
    found = []
    for membership in memberships:
        membership.organisation = organisation
        agreed = {approval.partnership_id for approval in membership.approvals.all()}
        found.append(
            Request(
                membership,
                tuple(one for one in partnerships if one.pk in agreed),
                tuple(one for one in partnerships if one.pk not in agreed),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class DeskPeople:
    """What a partnership may see of an organisation's people."""

    members: tuple[Member, ...]
    requests: tuple[Request, ...]
    invitations: tuple[Invitation, ...]

    @property
    def has_lead(self) -> bool:
        return any(member.lead for member in self.members)


def get_desk_people(participation: Participation) -> DeskPeople:
    """Names and addresses only while the organisation takes part here; requests that this partnership can answer or
    made; its own invitations, not the lead's."""
    organisation, partnership = participation.organisation, participation.partnership
    members = get_members(organisation)
    has_lead = any(member.lead for member in members)
    requests = [
        request
        for request in get_requests(organisation)
        if not has_lead or request.membership.requested_through == partnership
    ]
    return DeskPeople(
        members=tuple(members) if participation.is_active else (),
        requests=tuple(requests),
        invitations=tuple(get_waiting_invitations(organisation=organisation, partnership=partnership)),
    )


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request that waits for this partnership's yes."""

    membership: Membership
    partnership: Partnership


def get_waiting_requests(partnerships: Iterable[Partnership]) -> list[WaitingRequest]:
    """At organisations without a lead, where the partnership has not agreed yet; oldest first. Three queries."""
    by_id = {partnership.pk: partnership for partnership in partnerships}
    leads = Membership.objects.active().filter(
        role=MembershipRole.LEAD, organisation=OuterRef("organisation")
    )
    memberships = (
        Membership.objects.requested()
        .filter(
            ~Exists(leads),
            organisation__in=Participation.objects.filter(partnership__in=by_id).values("organisation"),
        )
        .select_related("user", "organisation")
        .prefetch_related("approvals", "organisation__participations")
        .order_by("requested_at", "pk")
    )
    return [
        WaitingRequest(membership, by_id[participation.partnership_id])
        for membership in memberships
        for participation in membership.organisation.participations.all()
        if participation.partnership_id in by_id
        and participation.partnership_id not in {one.partnership_id for one in membership.approvals.all()}
    ]


def get_request_or_404(organisation: Organisation, membership: int) -> Membership:
    """Also one that has been answered meanwhile, so that the page can say so; never one of another organisation."""
    found = organisation.memberships.filter(pk=membership).select_related("user").first()
    if found is None:
        raise Http404
    found.organisation = organisation
    return found


def get_officers(partnership: Partnership) -> list[Officer]:
    """Active ones, by role in the order of the roles, then by name. One query."""
    officers = list(Officer.objects.active().filter(partnership=partnership).select_related("user"))
    for officer in officers:
        officer.partnership = partnership
    return sorted(
        officers, key=lambda one: (OFFICER_ROLE_ORDER[OfficerRole(one.role)], str(one.user).lower())
    )


# Invitations ----------------------------------------------------------------------------------------------------------


def is_backed(invitation: Invitation) -> bool:
    """Whether whoever sent it could still send it today: an invitation must not outlive its sender's role."""
    sender, organisation, partnership = (
        invitation.invited_by,
        invitation.organisation,
        invitation.partnership,
    )
    if partnership is None:
        assert organisation is not None  # the check constraint promises one
        return organisation.memberships.active().filter(user=sender, role=MembershipRole.LEAD).exists()
    if sender is None:
        return True  # an operator's command
    may_invite = {OfficerRole.ADMINISTRATOR} if organisation is None else ORGANISERS
    return Officer.objects.active().filter(user=sender, partnership=partnership, role__in=may_invite).exists()


def get_invitation_state(invitation: Invitation) -> InvitationState:
    """To an organisation, one whose sender has left still opens: it becomes a request. To an office it does not."""
    if invitation.accepted_at:
        return InvitationState.ACCEPTED
    if invitation.revoked_at:
        return InvitationState.REVOKED
    if invitation.is_expired:
        return InvitationState.EXPIRED
    if invitation.organisation_id is None and not is_backed(invitation):
        return InvitationState.UNBACKED
    return InvitationState.USABLE


def get_waiting_invitations(**place: Organisation | Partnership | None) -> list[Invitation]:
    """Neither accepted nor revoked, expired ones included: they can be sent again. Newest first, one query."""
    waiting = Invitation.objects.waiting().filter(**place)
    return list(waiting.select_related("invited_by", "organisation", "partnership"))


def get_invitation_or_404(invitation: int, **place: Organisation | Partnership | None) -> Invitation:
    """An invitation of this place; `place` holds `organisation` and, where an officer asks, `partnership`."""
    found = Invitation.objects.filter(pk=invitation, **place).first()
    if found is None:
        raise Http404
    return found


def get_own_invitations(email: str) -> list[Invitation]:
    """What was sent to this address and can still be accepted: to be shown to nobody but its owner.

    Two queries, whatever their number; the second judges what `is_backed` does for one.
    """
    invitations = list(
        Invitation.objects.usable()
        .filter(email=email)
        .select_related("organisation", "partnership", "invited_by")
    )
    to_desks = [invitation for invitation in invitations if invitation.organisation_id is None]
    administrators = set(
        Officer.objects.active()
        .filter(partnership__in={one.partnership for one in to_desks}, role=OfficerRole.ADMINISTRATOR)
        .values_list("partnership", "user")
    )
    return [
        one
        for one in invitations
        if one.organisation_id is not None
        or one.invited_by_id is None
        or (one.partnership_id, one.invited_by_id) in administrators
    ]
