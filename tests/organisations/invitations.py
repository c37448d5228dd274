"""Making invitations with a known link, as the e-mail would carry it."""

from __future__ import annotations

from django.urls import reverse

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Invitation, Organisation, Partnership, User


def make_invitation(
    *,
    email: str,
    role: MembershipRole | OfficerRole,
    by: User | None,
    organisation: Organisation | None = None,
    partnership: Partnership | None = None,
) -> tuple[Invitation, str]:
    """The invitation and the address that its e-mail leads to."""
    invitation = Invitation(
        email=email, role=role, organisation=organisation, partnership=partnership, invited_by=by
    )
    token = invitation.set_new_token()
    invitation.save()
    return invitation, reverse("organisations:join", args=[token])
