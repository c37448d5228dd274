"""Writes with a consequence: who may act for whom changes here, atomically, with mail on commit. `by` is who did it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from s11.organisations import emails
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import (
    Invitation,
    Membership,
    MembershipApproval,
    Officer,
    Organisation,
    Participation,
    Partnership,
    User,
)


def get_or_make_user(email: str, name: str = "") -> User:
    """The person with this address; a new one has no password and signs in first by password reset."""
    email = User.objects.normalize_email(email)
    return User.objects.filter(email=email).first() or User.objects.create_user(email=email, name=name)


@transaction.atomic
def create_partnership(*, name: str, slug: str, administrator: str = "") -> Partnership:
    """A new partnership; its administrator, if given by address, gets a mail to set a password."""
    partnership = Partnership.objects.create(name=name, slug=slug)
    if administrator:
        user = get_or_make_user(administrator)
        appoint_officer(user=user, partnership=partnership, role=OfficerRole.ADMINISTRATOR)
        transaction.on_commit(lambda: emails.send_set_password(user, partnership))
    return partnership


@transaction.atomic
def appoint_officer(*, user: User, partnership: Partnership, role: OfficerRole) -> Officer:
    """Idempotent: a role that is held already stays as it is."""
    officer, _ = Officer.objects.get_or_create(user=user, partnership=partnership, role=role, ended_at=None)
    return officer


@transaction.atomic
def add_participation(
    *, partnership: Partnership, organisation: Organisation, is_statutory: bool
) -> Participation:
    """An organisation that left and comes back keeps its row."""
    participation, is_new = Participation.objects.get_or_create(
        partnership=partnership, organisation=organisation, defaults={"is_statutory": is_statutory}
    )
    if not is_new and not participation.is_active:
        participation.is_active = True
        participation.save(update_fields=["is_active"])
    return participation


def can_join_at_once(organisation: Organisation, through: Partnership | None) -> bool:
    """Tenancy's rule: only where, before this step, the organisation had no lead and was in no other partnership.

    Ask it once before a step that adds several people, not between them.
    """
    # Two people who come at the same moment must not both find it empty.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    elsewhere = organisation.participations.exclude(partnership=through)
    return not organisation.has_lead() and not elsewhere.exists()


@transaction.atomic
def add_member(
    *,
    user: User,
    organisation: Organisation,
    role: MembershipRole,
    at_once: bool,
    through: Partnership | None = None,
) -> Membership:
    """An active membership, or else a request; one that exists already is returned as it is, or started."""
    now = timezone.now()
    membership = (
        Membership.objects.select_for_update()
        .filter(user=user, organisation=organisation, role=role, ended_at=None)
        .first()
    )
    if membership is None:
        membership = Membership.objects.create(
            user=user,
            organisation=organisation,
            role=role,
            requested_at=now,
            requested_through=through,
            started_at=now if at_once else None,
        )
        if not at_once:
            recipients = get_request_recipients(membership)
            transaction.on_commit(lambda: emails.send_request_waiting(membership, recipients))
    elif at_once and membership.is_request:
        membership.started_at = now
        membership.save(update_fields=["started_at"])
    return membership


def get_request_recipients(membership: Membership) -> list[str]:
    """Who is asked: the organisation's leads; where there is none, administrators of each partnership it is in."""
    organisation = membership.organisation
    leads = (
        organisation.memberships.active()
        .filter(role=MembershipRole.LEAD)
        .values_list("user__email", flat=True)
    )
    officers = (
        Officer.objects.active()
        .filter(
            role=OfficerRole.ADMINISTRATOR,
            partnership__in=organisation.participations.active().values("partnership"),
        )
        .values_list("user__email", flat=True)
    )
    return sorted(set(leads) or set(officers))


@transaction.atomic
def accept_request(*, membership: Membership, by: User) -> None:
    """A lead's yes."""
    membership.started_at = timezone.now()
    membership.save(update_fields=["started_at"])
    transaction.on_commit(lambda: emails.send_role_given(membership))


@transaction.atomic
def approve_request(*, membership: Membership, partnership: Partnership, by: User) -> bool:
    """One partnership's yes where there is no lead; True once an officer of each partnership it is in has said so."""
    MembershipApproval.objects.get_or_create(
        membership=membership, partnership=partnership, defaults={"by": by}
    )
    missing = membership.organisation.participations.active().exclude(
        partnership__in=membership.approvals.values("partnership")
    )
    if missing.exists():
        return False
    accept_request(membership=membership, by=by)
    return True


@transaction.atomic
def end_membership(*, membership: Membership, by: User, through: Partnership | None = None) -> None:
    """A refusal of a request too. A lead whom an officer ends is told. Access is lost at once."""
    membership.ended_at = timezone.now()
    membership.ended_by = by
    membership.save(update_fields=["ended_at", "ended_by"])
    if through is not None and membership.role == MembershipRole.LEAD and membership.started_at:
        transaction.on_commit(lambda: emails.send_lead_ended(membership, through))


@transaction.atomic
def end_office(*, office: Officer, by: User) -> None:
    office.ended_at = timezone.now()
    office.ended_by = by
    office.save(update_fields=["ended_at", "ended_by"])


@transaction.atomic
def invite(
    *,
    email: str,
    role: MembershipRole | OfficerRole,
    organisation: Organisation | None = None,
    partnership: Partnership | None = None,
    by: User,
) -> Invitation:
    """To an organisation, or else to a partnership. A waiting invitation for the same is sent again, not doubled."""
    email = User.objects.normalize_email(email)
    invitation = (
        Invitation.objects.waiting()
        .filter(email=email, role=role, organisation=organisation, partnership=partnership)
        .first()
    ) or Invitation(email=email, role=role, organisation=organisation, partnership=partnership)
    invitation.invited_by = by
    send_invitation(invitation=invitation)
    return invitation


@transaction.atomic
def send_invitation(*, invitation: Invitation) -> None:
    """Send (again), with a new link: the earlier one stops working."""
    token = invitation.set_new_token()
    invitation.sent_at = timezone.now()
    invitation.save()
    transaction.on_commit(lambda: emails.send_invitation(invitation, token))


@transaction.atomic
def revoke_invitation(*, invitation: Invitation) -> None:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, name: str = "", password: str | None = None
) -> Membership | Officer:
    """The person who opened the link takes the role. Whoever opened it has shown that the address is theirs."""
    user = get_or_make_user(invitation.email)
    if name:
        user.name = name
    if password and not user.has_usable_password():
        user.set_password(password)
    user.save()
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    if invitation.organisation is None:
        assert invitation.partnership is not None  # the check constraint promises one
        return appoint_officer(
            user=user, partnership=invitation.partnership, role=OfficerRole(invitation.role)
        )
    # A lead's yes was the invitation itself, as long as they are a lead still.
    invited_by_lead = (
        invitation.partnership is None
        and invitation.organisation.memberships.active()
        .filter(user=invitation.invited_by, role=MembershipRole.LEAD)
        .exists()
    )
    return add_member(
        user=user,
        organisation=invitation.organisation,
        role=MembershipRole(invitation.role),
        at_once=invited_by_lead or can_join_at_once(invitation.organisation, invitation.partnership),
        through=invitation.partnership,
    )


@transaction.atomic
def add_members(
    *, addresses: Iterable[str], organisation: Organisation, through: Partnership
) -> list[Membership]:
    """The first address is the lead, the others contribute; Tenancy's rule is asked once, before the first of them."""
    at_once = can_join_at_once(organisation, through)
    roles = [MembershipRole.LEAD]
    return [
        add_member(
            user=get_or_make_user(address),
            organisation=organisation,
            role=roles.pop() if roles else MembershipRole.CONTRIBUTOR,
            at_once=at_once,
            through=through,
        )
        for address in addresses
    ]
