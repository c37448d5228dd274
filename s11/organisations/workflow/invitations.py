"""Invitations by e-mail: sent, sent again, revoked, accepted. Until it is accepted one gives nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from s11.organisations import emails
from s11.organisations.enums import InvitationState, MembershipRole, OfficerRole
from s11.organisations.models import Invitation, Membership, Officer, Organisation, Partnership, User
from s11.organisations.queries import get_invitation_state, is_backed
from s11.organisations.workflow.people import (
    add_member,
    appoint_officer,
    can_join_at_once,
    get_or_make_user,
    lock_organisation,
)
from s11.web.errors import NotInThisState


@transaction.atomic
def invite(
    *,
    email: str,
    role: MembershipRole | OfficerRole,
    organisation: Organisation | None = None,
    partnership: Partnership | None = None,
    by: User,
) -> Invitation:
    """To an organisation, or else to a partnership. A waiting invitation for the same is sent again, not doubled.

    An officer who invites to an organisation names both; its own lead names the organisation alone.
    """
    email = User.objects.normalize_email(email)
    invitation = (
        Invitation.objects.waiting()
        .filter(email=email, role=role, organisation=organisation, partnership=partnership)
        .first()
    ) or Invitation(email=email, role=role, organisation=organisation, partnership=partnership)
    send_invitation(invitation=invitation, by=by)
    return invitation


@transaction.atomic
def send_invitation(*, invitation: Invitation, by: User | None = None) -> None:
    """Send (again), with a new link: the earlier one stops working. Whoever sends it answers for it from now on."""
    if invitation.pk is not None:
        _lock(invitation)
    if by is not None:
        invitation.invited_by = by
    token = invitation.set_new_token()
    invitation.sent_at = timezone.now()
    invitation.save()
    transaction.on_commit(lambda: emails.send_invitation(invitation, token))


@transaction.atomic
def revoke_invitation(*, invitation: Invitation) -> None:
    _lock(invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])


def _lock(invitation: Invitation) -> None:
    """The invitation as it is now, while nobody else can use or change it."""
    Invitation.objects.select_for_update().get(pk=invitation.pk)
    invitation.refresh_from_db(fields=["accepted_at", "revoked_at", "sent_at", "token_hash"])
    if invitation.accepted_at or invitation.revoked_at:
        was = "accepted" if invitation.accepted_at else "revoked"
        raise NotInThisState(f"The invitation of {invitation.email} has been {was} already.")


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, name: str = "", password: str | None = None
) -> Membership | Officer:
    """The person who opened the link takes the role. Whoever opened it has shown that the address is theirs."""
    _lock(invitation)
    if get_invitation_state(invitation) != InvitationState.USABLE:
        raise NotInThisState("This invitation can no longer be used. Ask whoever invited you for a new one.")
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
    return _join(user, invitation, invitation.organisation)


def _join(user: User, invitation: Invitation, organisation: Organisation) -> Membership:
    """A lead's yes was the invitation itself, as long as they lead still; an officer's falls under Tenancy's rule."""
    lock_organisation(organisation)
    may_join = is_backed(invitation) and (
        invitation.partnership is None or can_join_at_once(organisation, invitation.partnership)
    )
    return add_member(
        user=user,
        organisation=organisation,
        role=MembershipRole(invitation.role),
        at_once=may_join,
        through=invitation.partnership,
    )
