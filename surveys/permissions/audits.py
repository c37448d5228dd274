"""Who may start, answer, share, read, return and recall an audit, or return an own one in its place."""

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, User
from s11.organisations.permissions import check_can_organise
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from s11.web.languages import say
from surveys.enums import AuditStatus
from surveys.models import Audit, Indicator, Invitee
from surveys.models.audits import READERS
from surveys.moderation_carrying import has_moderation_begun
from surveys.permissions.cycles import check_cycle_is_open, check_is_not_exempt
from surveys.reach import WRITERS, Reach


def get_roles(user: User, audit_or_invitee: Audit | Invitee) -> frozenset[MembershipRole]:
    """What the person is in the organisation that the audit belongs to."""
    organisation = audit_or_invitee.organisation
    roles = (
        Membership.objects.active()
        .filter(user=user, organisation=organisation)
        .values_list("role", flat=True)
    )
    return frozenset(MembershipRole(role) for role in roles)


def check_can_start_audit(roles: frozenset[MembershipRole], invitee: Invitee) -> None:
    """The first to open an audit makes it."""
    check_cycle_is_open(invitee.cycle)
    if not roles & WRITERS:
        raise NotAllowed(say("Your role lets you read, not answer. Ask your lead to start the audit."))
    check_is_not_exempt(invitee)
    check_has_no_own_tool(invitee)


def check_can_answer(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Scores, commentary and the profile."""
    if not roles & WRITERS:
        raise NotAllowed(
            say("Your role lets you read this audit, not change it. Ask your lead if that is wrong.")
        )
    if audit.status == AuditStatus.AWAITING_SIGN_OFF:
        raise NotAllowed(
            say(
                "The audit is waiting for sign-off, so answers cannot change. "
                "A lead can take it back, or a signatory send it back."
            )
        )
    if audit.status == AuditStatus.SUBMITTED:
        raise NotAllowed(
            say(
                "The audit has been submitted, so answers cannot change. A lead can recall it while the cycle is open."
            )
        )
    check_cycle_is_open(audit.cycle)
    check_is_not_exempt(audit.invitee)
    check_has_no_own_tool(audit.invitee)


def check_can_answer_for_site(invitee: Invitee) -> None:
    """By a lead of a group that the site has accepted: while it is a draft, or before anybody has started.

    What is to be signed, was submitted or is being corrected is the site's own people's alone.
    """
    check_cycle_is_open(invitee.cycle)
    check_is_not_exempt(invitee)
    check_has_no_own_tool(invitee)
    if hasattr(invitee, "audit") and invitee.audit.status != AuditStatus.DRAFT:
        raise NotAllowed(
            f"The audit of {invitee.organisation} is {invitee.audit.get_status_display().lower()}, so only its own "
            "people can change it."
        )


def check_can_answer_indicator(reach: Reach, indicator: Indicator) -> None:
    """One answer of an audit that the person may answer: what a return left locked stays, and so does others' work."""
    if not reach.is_open(indicator):
        raise NotAllowed(
            say(
                "{code} stays as it was submitted: only what was returned for correction can change.",
                code=indicator.code,
            )
        )
    if not reach.holds(indicator):
        raise NotAllowed(
            say("{code} is not assigned to you. Ask your lead if that is wrong.", code=indicator.code)
        )


def check_can_change_profile(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Facts cannot be assigned, so every writer may give them. They decide what is asked: a return locks them."""
    check_can_answer(roles, audit)
    if audit.status == AuditStatus.RETURNED:
        raise NotAllowed(
            say("The facts stay as they were submitted: only what was returned for correction can change.")
        )


def check_can_bring_in(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """A passport: it may change every answer at once."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed(say("Only a lead can bring in a passport. Ask your lead."))
    check_can_answer(roles, audit)


def check_can_share(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Assign standards and indicators to colleagues."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed(say("Only a lead can share the work out. Ask your lead to assign standards."))
    check_can_answer(roles, audit)


def check_can_read(desk: Desk, audit: Audit) -> None:
    """By officers; an agency's own members always can. Before submission officers see progress, not answers."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            say(
                "Administrators, quality officers and scrutineers read audits; panel members read the packs for "
                "their own meetings."
            )
        )
    if not audit.is_counted:
        raise NotAllowed(
            f"{audit.organisation} has not submitted this audit, so only its own people can read the answers yet."
        )


def check_can_return(desk: Desk, audit: Audit) -> None:
    """Open chosen indicators of a submitted audit again, with a reason."""
    check_can_organise(desk)
    if audit.status != AuditStatus.SUBMITTED:
        raise NotAllowed(
            f"Only a submitted audit can be returned; this one is {audit.get_status_display().lower()} now."
        )
    check_cycle_is_open(audit.cycle)


def check_can_recall(roles: frozenset[MembershipRole], audit: Audit) -> None:
    if MembershipRole.LEAD not in roles:
        raise NotAllowed(say("Only a lead can recall the audit. Ask your lead."))
    if audit.status != AuditStatus.SUBMITTED:
        raise NotAllowed(say("Only a submitted audit can be recalled."))
    check_cycle_is_open(audit.cycle)
    if has_moderation_begun(audit):
        raise NotAllowed(
            say(
                "The partnership has begun to moderate this audit, so it cannot be recalled. Ask the partnership "
                "to return it for correction."
            )
        )


def check_can_recheck(roles: frozenset[MembershipRole]) -> None:
    """Say outside any cycle that an answer still holds, or that a new duty was looked at."""
    if not roles & WRITERS:
        raise NotAllowed(
            say("Your role lets you read what is due for another look, not say that it holds. Ask your lead.")
        )


def check_can_send_own_tool(roles: frozenset[MembershipRole], invitee: Invitee) -> None:
    """The organisation's own national audit in place of answers; never both."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed(say("Only a lead can return your own audit in place of answers. Ask your lead."))
    check_cycle_is_open(invitee.cycle)
    check_is_not_exempt(invitee)
    check_has_no_own_tool(invitee)
    if hasattr(invitee, "audit") and invitee.audit.answers.answered().exists():
        raise NotAllowed(
            say(
                "The audit has answers already, and counts by them. Clear them first to return your own audit instead."
            )
        )


def check_can_withdraw_own_tool(roles: frozenset[MembershipRole], invitee: Invitee) -> None:
    if MembershipRole.LEAD not in roles:
        raise NotAllowed(say("Only a lead can withdraw your own audit. Ask your lead."))
    check_cycle_is_open(invitee.cycle)


def check_can_read_own_tool(desk: Desk) -> None:
    """By officers: it was submitted, so who reads audits reads it."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            say("Administrators, quality officers and scrutineers read what was submitted. Ask one of them.")
        )


def check_has_no_own_tool(invitee: Invitee) -> None:
    if hasattr(invitee, "own_tool_return"):
        raise NotAllowed(
            f"{invitee.organisation} has returned its own audit in place of answers. A lead can withdraw it first."
        )
