"""Who may do what with people, organisations and partnerships.

Each check raises NotAllowed with one sentence: the 403 page, the hint beside a disabled button, and the test's table.
"""

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Invitation, Membership, Officer
from s11.organisations.queries import Agency, Desk
from s11.web.errors import NotAllowed

# Who works with organisations and their people; scrutineers and panels read, publishers publish.
ORGANISERS = frozenset({OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER})


def check_can_administer(desk: Desk) -> None:
    """Settings, officers, cycles: what changes the partnership itself."""
    if OfficerRole.ADMINISTRATOR not in desk.roles:
        raise NotAllowed(f"Only an administrator of {desk.partnership} can do this. Ask one of them.")


def check_can_organise(desk: Desk) -> None:
    """Organisations that take part, and the people who act for them."""
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} can do this. Ask one of them."
        )


def check_can_manage_people(agency: Agency) -> None:
    """Invite, accept and end members of an organisation."""
    if not agency.is_lead:
        raise NotAllowed(f"Only a lead of {agency.organisation} can manage its people. Ask your lead.")


def check_can_end_membership(agency: Agency, membership: Membership) -> None:
    """A lead ends anybody's, and their own where another lead stays."""
    check_can_manage_people(agency)
    leads = agency.organisation.memberships.active().filter(role=MembershipRole.LEAD)
    if (
        membership.role == MembershipRole.LEAD
        and membership.is_active
        and not leads.exclude(pk=membership.pk).exists()
    ):
        raise NotAllowed(
            f"{membership.user} is the only lead of {agency.organisation}. Make somebody else a lead first."
        )


def check_can_end_office(desk: Desk, office: Officer) -> None:
    """An administrator ends anybody's, and their own where another administrator stays."""
    check_can_administer(desk)
    administrators = Officer.objects.active().filter(
        partnership=desk.partnership, role=OfficerRole.ADMINISTRATOR
    )
    if office.role == OfficerRole.ADMINISTRATOR and not administrators.exclude(pk=office.pk).exists():
        raise NotAllowed(
            f"{office.user} is the only administrator of {desk.partnership}. Make somebody else one first."
        )


def check_can_accept_invitation(invitation: Invitation, email: str) -> None:
    """An invitation is for the address it was sent to: a forwarded one opens nothing for somebody signed in."""
    if invitation.email != email:
        raise NotAllowed(
            f"This invitation was sent to {invitation.email}. Sign out, then open the link again."
        )
