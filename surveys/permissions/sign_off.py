"""Who may ask for sign-off, give it or send the audit back, and submit."""

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership
from s11.web.errors import NotAllowed
from s11.web.languages import say
from s11.web.spoken import chosen
from surveys.enums import AuditStatus
from surveys.models import Audit
from surveys.permissions.audits import check_can_answer
from surveys.permissions.cycles import check_cycle_is_open
from surveys.queries import get_current_sign_off


def check_can_submit(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """A draft at once where its cycle asks no sign-off, else once signed; a correction without a second signature."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed(say("Only a lead can submit the audit. Tell your lead that it is ready."))
    if audit.status != AuditStatus.AWAITING_SIGN_OFF:
        check_can_answer(roles, audit)
    check_cycle_is_open(audit.cycle)
    if not audit.needs_signature:
        return
    signature = get_current_sign_off(audit)
    if signature is None or not signature.decision:
        raise NotAllowed(
            say("The audit is not signed off yet. Ask a signatory to sign it off, then submit it.")
        )


def check_can_ask_sign_off(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """By a lead, where there is somebody to ask."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed(say("Only a lead can ask for sign-off. Tell your lead that the audit is ready."))
    if audit.status == AuditStatus.AWAITING_SIGN_OFF:
        raise NotAllowed(say("The audit is waiting for sign-off already."))
    check_can_answer(roles, audit)
    if not audit.cycle.asks_sign_off or audit.status == AuditStatus.RETURNED:
        raise NotAllowed(say("This audit needs no sign-off. Submit it once nothing is missing."))
    members = Membership.objects.active().filter(organisation=audit.organisation)
    if not members.filter(role=MembershipRole.SIGNATORY).exists():
        raise NotAllowed(
            say(
                "{organisation} has no signatory yet. Invite the senior person who signs off, or give somebody "
                "the role.",
                organisation=audit.organisation,
            )
        )


def check_can_withdraw_sign_off(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Take the audit back from the signatory, signed or not, to change it."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed(say("Only a lead can take the audit back from sign-off. Ask your lead."))
    _check_awaits_sign_off(audit)


def check_can_send_back(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """By a signatory, with a note; one who has signed may think again until the audit is submitted."""
    if MembershipRole.SIGNATORY not in roles:
        raise NotAllowed(
            say("Only a signatory can send the audit back. Ask your lead to take it back instead.")
        )
    _check_awaits_sign_off(audit)


def check_can_sign_off(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Once; a lead who is also a signatory may."""
    if MembershipRole.SIGNATORY not in roles:
        raise NotAllowed(say("Only a signatory can sign off the audit. Your lead asks them."))
    _check_awaits_sign_off(audit)
    signature = get_current_sign_off(audit)
    if signature is not None and signature.decision:
        raise NotAllowed(
            say("{person} has signed off this audit already.", person=signature.decided_by or say("Somebody"))
        )


def _check_awaits_sign_off(audit: Audit) -> None:
    if audit.status != AuditStatus.AWAITING_SIGN_OFF:
        raise NotAllowed(
            say(
                "The audit is not waiting for sign-off: it is {state} now.",
                state=chosen(audit.get_status_display().lower()),
            )
        )
    check_cycle_is_open(audit.cycle)
