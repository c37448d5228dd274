"""Who may do what with cycles, audits and reports.

Each check raises NotAllowed with one sentence: the 403 page, the hint beside a disabled button, and the test's table.
"""

from django.utils import timezone

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Membership, User
from s11.organisations.permissions import check_can_administer, check_can_organise
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.enums import ActionOrigin, AuditStatus, CycleKind, CycleStatus
from surveys.models import Action, Audit, Cycle, Indicator, Invitee
from surveys.models.audits import READERS
from surveys.moderation_carrying import has_moderation_begun
from surveys.queries import get_current_sign_off
from surveys.reach import WRITERS, Reach

# Who reads what a cycle shows about all agencies; panel members read the packs of their own panels.
OVERVIEW_READERS = frozenset(
    {OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER, OfficerRole.SCRUTINEER, OfficerRole.PUBLISHER}
)
# Publishers see figures; which agency is below a grade is for those who also read audits.
NAMED_FIGURES_READERS = OVERVIEW_READERS - {OfficerRole.PUBLISHER}


def get_roles(user: User, audit_or_invitee: Audit | Invitee) -> frozenset[MembershipRole]:
    """What the person is in the organisation that the audit belongs to."""
    organisation = audit_or_invitee.organisation
    roles = (
        Membership.objects.active()
        .filter(user=user, organisation=organisation)
        .values_list("role", flat=True)
    )
    return frozenset(MembershipRole(role) for role in roles)


def check_can_plan_cycles(desk: Desk) -> None:
    check_can_administer(desk)


def check_can_change_plan(desk: Desk, cycle: Cycle) -> None:
    """Title, dates and question banks stay open to change until the cycle is opened."""
    check_can_plan_cycles(desk)
    if cycle.status != CycleStatus.PLANNED:
        raise NotAllowed(
            f"{cycle} is {cycle.get_status_display().lower()}, so its plan can no longer change."
        )


def check_can_open_cycle(desk: Desk, cycle: Cycle) -> None:
    """A cycle that would ask nobody, or nothing, stays planned."""
    check_can_plan_cycles(desk)
    if cycle.status != CycleStatus.PLANNED:
        raise NotAllowed(f"{cycle} is {cycle.get_status_display().lower()} already.")
    if cycle.closes_on < timezone.localdate():
        raise NotAllowed("The closing day is in the past. Change the dates first.")
    pins = cycle.cycle_questionnaires.all()
    if not pins.exists():
        raise NotAllowed("The cycle has no question bank, so it would ask nothing. Plan another one.")
    if cycle.kind == CycleKind.TOPIC and (empty := pins.filter(standards=None).first()):
        raise NotAllowed(f"No standards are chosen for {empty.get_variant_display()}. Choose them first.")
    if cycle.kind == CycleKind.CORE and (
        empty := pins.exclude(questionnaire__indicators__is_core=True).first()
    ):
        raise NotAllowed(
            f"No indicator of {empty.questionnaire} is marked core, so the short form would ask nothing of "
            f"{empty.get_variant_display()}. Choose another question bank."
        )
    if not cycle.invitees.exists():
        raise NotAllowed("Nobody is invited yet. Invite organisations first.")


def check_can_close_cycle(desk: Desk, cycle: Cycle) -> None:
    check_can_plan_cycles(desk)
    if cycle.status != CycleStatus.OPEN:
        raise NotAllowed(
            f"{cycle} is {cycle.get_status_display().lower()}: only an open cycle can be closed."
        )


def check_can_move_closing_day(desk: Desk, cycle: Cycle) -> None:
    """Of an open cycle; a planned one's dates are part of its plan."""
    check_can_plan_cycles(desk)
    if cycle.status != CycleStatus.OPEN:
        raise NotAllowed(
            f"{cycle} is {cycle.get_status_display().lower()}: only an open cycle's closing day can be moved."
        )


def check_can_invite_to_cycle(desk: Desk, cycle: Cycle) -> None:
    """Organisations may be added while the cycle is planned or open."""
    check_can_plan_cycles(desk)
    if cycle.is_closed:
        raise NotAllowed(f"{cycle} is closed, so nobody can be invited to it any more.")


def check_can_change_invitee(desk: Desk, invitee: Invitee) -> None:
    """Whether it must or may take part."""
    check_can_plan_cycles(desk)
    if invitee.cycle.is_closed:
        raise NotAllowed(f"{invitee.cycle} is closed, so who was invited can no longer change.")


def check_can_extend(desk: Desk, invitee: Invitee) -> None:
    """An extension, and taking it back."""
    check_can_change_invitee(desk, invitee)
    if has_submitted(invitee):
        raise NotAllowed(f"{invitee.organisation} has submitted its audit, so it needs no more time.")


def check_can_exempt(desk: Desk, invitee: Invitee) -> None:
    """An exemption, and taking it back. What was submitted stays in the figures."""
    check_can_change_invitee(desk, invitee)
    if has_submitted(invitee) and not invitee.is_exempt:
        raise NotAllowed(f"{invitee.organisation} has submitted its audit, so it cannot be exempt.")


def check_can_remove_invitee(desk: Desk, invitee: Invitee) -> None:
    """As if never invited: only while there is nothing to lose."""
    check_can_change_invitee(desk, invitee)
    if has_submitted(invitee):
        raise NotAllowed(f"{invitee.organisation} has submitted its audit, so it cannot be removed.")
    if hasattr(invitee, "audit"):
        raise NotAllowed(
            f"{invitee.organisation} has opened its audit, so it cannot be removed. Make it exempt instead."
        )


def has_submitted(invitee: Invitee) -> bool:
    """Answers that count, or its own audit in their place."""
    has_answered = hasattr(invitee, "audit") and invitee.audit.is_counted
    return has_answered or hasattr(invitee, "own_tool_return")


def check_can_read_overview(desk: Desk) -> None:
    if not desk.roles & OVERVIEW_READERS:
        raise NotAllowed(
            "Panel members read the packs for their own meetings. Ask an administrator for the overview."
        )


def check_can_export_overview(desk: Desk) -> None:
    """The files name organisations and hide no small group, so they are for those who also read audits."""
    check_can_read_overview(desk)
    if not desk.roles & NAMED_FIGURES_READERS:
        raise NotAllowed(
            "The files name organisations. Ask an administrator for one, or read the figures on this page."
        )


def check_can_start_audit(roles: frozenset[MembershipRole], invitee: Invitee) -> None:
    """The first to open an audit makes it."""
    _check_cycle_is_open(invitee.cycle)
    if not roles & WRITERS:
        raise NotAllowed("Your role lets you read, not answer. Ask your lead to start the audit.")
    _check_is_not_exempt(invitee)
    _check_has_no_own_tool(invitee)


def check_can_answer(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Scores, commentary and the profile."""
    if not roles & WRITERS:
        raise NotAllowed("Your role lets you read this audit, not change it. Ask your lead if that is wrong.")
    if audit.status == AuditStatus.AWAITING_SIGN_OFF:
        raise NotAllowed(
            "The audit is waiting for sign-off, so answers cannot change. "
            "A lead can take it back, or a signatory send it back."
        )
    if audit.status == AuditStatus.SUBMITTED:
        raise NotAllowed(
            "The audit has been submitted, so answers cannot change. A lead can recall it while the cycle is open."
        )
    _check_cycle_is_open(audit.cycle)
    _check_is_not_exempt(audit.invitee)
    _check_has_no_own_tool(audit.invitee)


def check_can_answer_for_site(invitee: Invitee) -> None:
    """By a lead of a group that the site has accepted: while it is a draft, or before anybody has started.

    What is to be signed, was submitted or is being corrected is the site's own people's alone.
    """
    _check_cycle_is_open(invitee.cycle)
    _check_is_not_exempt(invitee)
    _check_has_no_own_tool(invitee)
    if hasattr(invitee, "audit") and invitee.audit.status != AuditStatus.DRAFT:
        raise NotAllowed(
            f"The audit of {invitee.organisation} is {invitee.audit.get_status_display().lower()}, so only its own "
            "people can change it."
        )


def check_can_answer_indicator(reach: Reach, indicator: Indicator) -> None:
    """One answer of an audit that the person may answer: what a return left locked stays, and so does others' work."""
    if not reach.is_open(indicator):
        raise NotAllowed(
            f"{indicator.code} stays as it was submitted: only what was returned for correction can change."
        )
    if not reach.holds(indicator):
        raise NotAllowed(f"{indicator.code} is not assigned to you. Ask your lead if that is wrong.")


def check_can_change_profile(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Facts cannot be assigned, so every writer may give them. They decide what is asked: a return locks them."""
    check_can_answer(roles, audit)
    if audit.status == AuditStatus.RETURNED:
        raise NotAllowed(
            "The facts stay as they were submitted: only what was returned for correction can change."
        )


def check_can_bring_in(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """A passport: it may change every answer at once."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can bring in a passport. Ask your lead.")
    check_can_answer(roles, audit)


def check_can_share(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Assign standards and indicators to colleagues."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can share the work out. Ask your lead to assign standards.")
    check_can_answer(roles, audit)


def check_can_keep_evidence(roles: frozenset[MembershipRole]) -> None:
    """Add to the organisation's library, replace, and take out. What backs an answer is part of answering it."""
    if not roles & WRITERS:
        raise NotAllowed("Your role lets you read evidence, not change it. Ask your lead if that is wrong.")


def check_can_erase_evidence(roles: frozenset[MembershipRole]) -> None:
    """Have the files of an item deleted everywhere, as where one shows who a child is."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can have a file deleted everywhere. Tell your lead which file it is.")


def check_can_read(desk: Desk, audit: Audit) -> None:
    """By officers; an agency's own members always can. Before submission officers see progress, not answers."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers read audits; panel members read the packs for their own "
            "meetings."
        )
    if not audit.is_counted:
        raise NotAllowed(
            f"{audit.organisation} has not submitted this audit, so only its own people can read the answers yet."
        )


def check_can_submit(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """A draft at once where its cycle asks no sign-off, else once signed; a correction without a second signature."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can submit the audit. Tell your lead that it is ready.")
    if audit.status != AuditStatus.AWAITING_SIGN_OFF:
        check_can_answer(roles, audit)
    _check_cycle_is_open(audit.cycle)
    if not audit.needs_signature:
        return
    signature = get_current_sign_off(audit)
    if signature is None or not signature.decision:
        raise NotAllowed("The audit is not signed off yet. Ask a signatory to sign it off, then submit it.")


def check_can_ask_sign_off(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """By a lead, where there is somebody to ask."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can ask for sign-off. Tell your lead that the audit is ready.")
    if audit.status == AuditStatus.AWAITING_SIGN_OFF:
        raise NotAllowed("The audit is waiting for sign-off already.")
    check_can_answer(roles, audit)
    if not audit.cycle.asks_sign_off or audit.status == AuditStatus.RETURNED:
        raise NotAllowed("This audit needs no sign-off. Submit it once nothing is missing.")
    members = Membership.objects.active().filter(organisation=audit.organisation)
    if not members.filter(role=MembershipRole.SIGNATORY).exists():
        raise NotAllowed(
            f"{audit.organisation} has no signatory yet. Invite the senior person who signs off, or give somebody the "
            "role."
        )


def check_can_withdraw_sign_off(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Take the audit back from the signatory, signed or not, to change it."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can take the audit back from sign-off. Ask your lead.")
    _check_awaits_sign_off(audit)


def check_can_send_back(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """By a signatory, with a note; one who has signed may think again until the audit is submitted."""
    if MembershipRole.SIGNATORY not in roles:
        raise NotAllowed("Only a signatory can send the audit back. Ask your lead to take it back instead.")
    _check_awaits_sign_off(audit)


def check_can_sign_off(roles: frozenset[MembershipRole], audit: Audit) -> None:
    """Once; a lead who is also a signatory may."""
    if MembershipRole.SIGNATORY not in roles:
        raise NotAllowed("Only a signatory can sign off the audit. Your lead asks them.")
    _check_awaits_sign_off(audit)
    signature = get_current_sign_off(audit)
    if signature is not None and signature.decision:
        raise NotAllowed(f"{signature.decided_by or 'Somebody'} has signed off this audit already.")


def _check_awaits_sign_off(audit: Audit) -> None:
    if audit.status != AuditStatus.AWAITING_SIGN_OFF:
        raise NotAllowed(
            f"The audit is not waiting for sign-off: it is {audit.get_status_display().lower()} now."
        )
    _check_cycle_is_open(audit.cycle)


def check_can_return(desk: Desk, audit: Audit) -> None:
    """Open chosen indicators of a submitted audit again, with a reason."""
    check_can_organise(desk)
    if audit.status != AuditStatus.SUBMITTED:
        raise NotAllowed(
            f"Only a submitted audit can be returned; this one is {audit.get_status_display().lower()} now."
        )
    _check_cycle_is_open(audit.cycle)


def check_can_send_own_tool(roles: frozenset[MembershipRole], invitee: Invitee) -> None:
    """The organisation's own national audit in place of answers; never both."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can return your own audit in place of answers. Ask your lead.")
    _check_cycle_is_open(invitee.cycle)
    _check_is_not_exempt(invitee)
    _check_has_no_own_tool(invitee)
    if hasattr(invitee, "audit") and invitee.audit.answers.answered().exists():
        raise NotAllowed(
            "The audit has answers already, and counts by them. Clear them first to return your own audit instead."
        )


def check_can_withdraw_own_tool(roles: frozenset[MembershipRole], invitee: Invitee) -> None:
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can withdraw your own audit. Ask your lead.")
    _check_cycle_is_open(invitee.cycle)


def check_can_read_own_tool(desk: Desk) -> None:
    """By officers: it was submitted, so who reads audits reads it."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers read what was submitted. Ask one of them."
        )


def _check_has_no_own_tool(invitee: Invitee) -> None:
    if hasattr(invitee, "own_tool_return"):
        raise NotAllowed(
            f"{invitee.organisation} has returned its own audit in place of answers. A lead can withdraw it first."
        )


def check_can_recall(roles: frozenset[MembershipRole], audit: Audit) -> None:
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can recall the audit. Ask your lead.")
    if audit.status != AuditStatus.SUBMITTED:
        raise NotAllowed("Only a submitted audit can be recalled.")
    _check_cycle_is_open(audit.cycle)
    if has_moderation_begun(audit):
        raise NotAllowed(
            "The partnership has begun to moderate this audit, so it cannot be recalled. Ask the partnership to return "
            "it for correction."
        )


def _check_is_not_exempt(invitee: Invitee) -> None:
    if invitee.is_exempt:
        raise NotAllowed(
            f"{invitee.organisation} is exempt from {invitee.cycle}. Ask the partnership if that is wrong."
        )


def _check_cycle_is_open(cycle: Cycle) -> None:
    if not cycle.is_open:
        raise NotAllowed(
            f"{cycle} is {cycle.get_status_display().lower()}, so nothing can change. You can still read and download."
        )


def check_can_recheck(roles: frozenset[MembershipRole]) -> None:
    """Say outside any cycle that an answer still holds, or that a new duty was looked at."""
    if not roles & WRITERS:
        raise NotAllowed(
            "Your role lets you read what is due for another look, not say that it holds. Ask your lead."
        )


# Actions: live all year, whatever has become of the cycle and the audit -----------------------------------------------


def check_can_plan_actions(roles: frozenset[MembershipRole]) -> None:
    """Add an action, freely or from a score."""
    if not roles & WRITERS:
        raise NotAllowed(
            "Your role lets you read the action plan, not change it. Ask your lead to add an action."
        )


def check_can_change_action(roles: frozenset[MembershipRole], action: Action) -> None:
    """Its words, owner and dates."""
    if not roles & WRITERS:
        raise NotAllowed(
            "Your role lets you read this action, not change it. Ask your lead if that is wrong."
        )
    if action.origin == ActionOrigin.PANEL:
        raise NotAllowed(
            "This action was agreed with the panel, so its words and dates stay. Report progress instead."
        )


def check_can_report_progress(roles: frozenset[MembershipRole], user: User, action: Action) -> None:
    """Whoever owns the action may too, whatever their role."""
    if not roles & WRITERS and action.owner_user_id != user.pk:
        raise NotAllowed(
            "Only this action’s owner, a lead or a contributor can report progress. Tell one of them."
        )


def check_can_give_no_action_reason(
    roles: frozenset[MembershipRole], audit: Audit, reach: Reach, indicator: Indicator
) -> None:
    """Part of the answer: it stands still when the answer does."""
    check_can_answer(roles, audit)
    check_can_answer_indicator(reach, indicator)
