"""Who may do what in moderation: officers on the desk, the agency with what they ask and find.

Each check raises NotAllowed with one sentence, as those of permissions.py.
"""

from __future__ import annotations

from s11.organisations.permissions import check_can_administer, check_can_organise
from s11.organisations.queries import Agency, Desk
from s11.web.errors import NotAllowed
from surveys.enums import COUNTED, AuditStatus, Series
from surveys.models import Audit, Clarification, SeriesClose
from surveys.models.audits import READERS
from surveys.reach import WRITERS


def check_can_see_moderation(desk: Desk) -> None:
    """The queue and what moderators found: for those who read audits."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers see the moderation; panel members read the packs for "
            "their own meetings."
        )


def check_can_draw_sample(desk: Desk) -> None:
    check_can_organise(desk)


def check_can_moderate(desk: Desk, audit: Audit) -> None:
    """Score, ask the agency, settle its replies, and make the scores final."""
    check_can_organise(desk)
    if audit.status != AuditStatus.SUBMITTED:
        raise NotAllowed(
            f"Only a submitted audit can be moderated; this one is {audit.get_status_display().lower()} now."
        )
    if is_closed(audit):
        raise NotAllowed(
            "The moderation of this audit is closed, so its scores stand. An administrator can open it again."
        )


def check_can_reopen_moderation(desk: Desk, audit: Audit) -> None:
    """By an administrator, with a reason: figures change by it."""
    check_can_administer(desk)
    if audit.status != AuditStatus.SUBMITTED:
        raise NotAllowed(
            f"Only a submitted audit can be moderated; this one is {audit.get_status_display().lower()} now."
        )
    if not is_closed(audit):
        raise NotAllowed("The moderation of this audit is open already.")


def is_closed(audit: Audit) -> bool:
    return SeriesClose.objects.filter(
        audit=audit, submission=audit.submission, series=Series.MODERATED
    ).exists()


def check_can_reply(agency: Agency, question: Clarification) -> None:
    """By those who may answer the audit; everybody else of the agency reads."""
    if not agency.roles & WRITERS:
        raise NotAllowed("Your role lets you read this question, not reply. Ask your lead to reply.")
    if question.closed_at is not None:
        raise NotAllowed("The partnership has settled this question, so it needs no reply.")
    if question.replied_at is not None:
        raise NotAllowed("The reply has been sent. The partnership says here whether it accepts it.")
    if question.answer.audit.status not in COUNTED:
        raise NotAllowed("The audit is not submitted any more, so there is nothing to reply to.")
