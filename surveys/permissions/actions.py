"""Who may keep evidence and plan actions: both live all year, whatever has become of the cycle and the audit."""

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web.errors import NotAllowed
from surveys.enums import AGREED, ActionOrigin
from surveys.models import Action, Audit, Indicator
from surveys.permissions.audits import check_can_answer, check_can_answer_indicator
from surveys.reach import WRITERS, Reach


def check_can_keep_evidence(roles: frozenset[MembershipRole]) -> None:
    """Add to the organisation's library, replace, and take out. What backs an answer is part of answering it."""
    if not roles & WRITERS:
        raise NotAllowed("Your role lets you read evidence, not change it. Ask your lead if that is wrong.")


def check_can_erase_evidence(roles: frozenset[MembershipRole]) -> None:
    """Have the files of an item deleted everywhere, as where one shows who a child is."""
    if MembershipRole.LEAD not in roles:
        raise NotAllowed("Only a lead can have a file deleted everywhere. Tell your lead which file it is.")


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
    if action.origin in AGREED:
        by = "with the panel" if action.origin == ActionOrigin.PANEL else "after a multi-agency audit"
        raise NotAllowed(
            f"This action was agreed {by}, so its words and dates stay. Report progress instead."
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
