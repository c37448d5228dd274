"""Who may do what with people, organisations and partnerships.

Each check raises NotAllowed with one sentence: the 403 page, the hint beside a disabled button, and the test's table.
"""

from s11.organisations.enums import ORGANISERS, MembershipRole, OfficerRole
from s11.organisations.groups import Group
from s11.organisations.models import (
    Application,
    Invitation,
    MailDomain,
    Membership,
    Officer,
    Organisation,
    Participation,
)
from s11.organisations.queries import Agency, Desk, Member
from s11.web.errors import NotAllowed

# The desk -------------------------------------------------------------------------------------------------------------


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


def check_can_work_with(desk: Desk, participation: Participation) -> None:
    """Invite people to an organisation, and end a lead who has gone: while it takes part here."""
    check_can_organise(desk)
    if not participation.is_active:
        raise NotAllowed(
            f"{participation.name} no longer takes part in {desk.partnership}. Make it active again first."
        )


def check_can_check_officers(desk: Desk) -> None:
    """The yearly look through a partnership's own people."""
    if OfficerRole.ADMINISTRATOR not in desk.roles:
        raise NotAllowed(
            f"Only an administrator of {desk.partnership} can check who works for it. Ask one of them."
        )


def check_can_correct_identifiers(desk: Desk, organisation: Organisation) -> None:
    """National facts are nobody's alone: only a slip of the pen can be put right here, before others rely on it."""
    check_can_organise(desk)
    if organisation.participations.exclude(partnership=desk.partnership).exists():
        raise NotAllowed(
            f"{organisation} takes part in another partnership too, so its identifiers come from the register."
        )
    if organisation.has_lead():
        raise NotAllowed(f"{organisation} has a lead, so its identifiers come from the register.")


def check_can_answer_request(desk: Desk, organisation: Organisation) -> None:
    """Officers stand in for a lead only where there is none."""
    check_can_organise(desk)
    if organisation.has_lead():
        raise NotAllowed(f"{organisation} has a lead, who decides about this request.")


def check_can_end_lead(desk: Desk, participation: Participation, membership: Membership) -> None:
    """A lead who has gone, so that somebody else can be invited. Everybody else is the lead's to end."""
    check_can_work_with(desk, participation)
    if membership.role != MembershipRole.LEAD or not membership.is_active:
        raise NotAllowed(f"{membership.user} is not a lead of {participation.name} now.")


def check_can_decide_application(desk: Desk, application: Application) -> None:
    """Accept or decline a request to take part: once."""
    check_can_organise(desk)
    if application.decision:
        raise NotAllowed(f"The request of {application.name} has been {application.decision} already.")


def check_can_withdraw_domain(desk: Desk, participation: Participation, mail_domain: MailDomain) -> None:
    """Whoever's officer confirmed it answers for it."""
    check_can_work_with(desk, participation)
    if mail_domain.confirmed_in != desk.partnership:
        raise NotAllowed(
            f"{mail_domain.domain} was confirmed in {mail_domain.confirmed_in}, which alone can withdraw it."
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


# The agency -----------------------------------------------------------------------------------------------------------


def check_can_manage_people(agency: Agency) -> None:
    """Invite, accept and end members of an organisation."""
    if not agency.is_lead:
        raise NotAllowed(f"Only a lead of {agency.organisation} can manage its people. Ask your lead.")


def check_can_check_access(agency: Agency) -> None:
    """The yearly look through who has access, and what earlier ones said."""
    if not agency.is_lead:
        raise NotAllowed(f"Only a lead of {agency.organisation} can check who has access. Ask your lead.")


def check_can_change_details(agency: Agency) -> None:
    """The organisation's name is a national fact: it is the same in every partnership."""
    if not agency.is_lead:
        raise NotAllowed(f"Only a lead of {agency.organisation} can change its details. Ask your lead.")


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


def check_can_end_member(agency: Agency, member: Member) -> None:
    """All roles of a person at once."""
    check_can_manage_people(agency)
    if member.lead is not None:
        check_can_end_membership(agency, member.lead)


# Groups and their sites -----------------------------------------------------------------------------------------------


def check_can_manage_groups(agency: Agency) -> None:
    """Which group sees the organisation's audits: nobody else can let one in, no officer and no parent."""
    if not agency.is_lead:
        raise NotAllowed(
            f"Only a lead of {agency.organisation} can decide which group sees its audits. Ask your lead."
        )


def check_can_lead_sites(group: Group) -> None:
    """See the sites that have accepted the group, and answer for them."""
    if not group.is_lead:
        raise NotAllowed(f"Only a lead of {group.organisation} can see its sites. Ask your lead.")


# Invitations ----------------------------------------------------------------------------------------------------------


def check_can_accept_invitation(invitation: Invitation, email: str) -> None:
    """An invitation is for the address it was sent to: a forwarded one opens nothing for somebody signed in."""
    if invitation.email != email:
        raise NotAllowed(
            f"This invitation was sent to {invitation.email}. Sign out, then open the link again."
        )
