"""What to say to somebody who presses a button twice: that it is done, by whom and when. Empty where it is not.

The permissions stay strict: the second press may not do it again. But a 403 would read as if the first had failed.
"""

from __future__ import annotations

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web import spoken
from s11.web.languages import say
from surveys.enums import AuditStatus, SignOffDecision
from surveys.models import Audit
from surveys.queries import get_current_sign_off

Roles = frozenset[MembershipRole]


def say_submitted(audit: Audit, roles: Roles) -> str:
    if MembershipRole.LEAD not in roles or audit.status != AuditStatus.SUBMITTED or not audit.submitted_at:
        return ""
    moment = spoken.datetime(audit.submitted_at)
    if not audit.submitted_by:
        return say("The audit was submitted on {moment}. It was not submitted again.", moment=moment)
    return say(
        "The audit was submitted by {person} on {moment}. It was not submitted again.",
        person=audit.submitted_by,
        moment=moment,
    )


def say_asked(audit: Audit, roles: Roles) -> str:
    if MembershipRole.LEAD not in roles or audit.status != AuditStatus.AWAITING_SIGN_OFF:
        return ""
    found = get_current_sign_off(audit)
    if found is None:
        return ""
    moment = spoken.datetime(found.asked_at)
    if not found.asked_by:
        return say("Sign-off was asked for on {moment}. Nobody was asked again.", moment=moment)
    return say(
        "Sign-off was asked for by {person} on {moment}. Nobody was asked again.",
        person=found.asked_by,
        moment=moment,
    )


def say_signed(audit: Audit, user: User, roles: Roles) -> str:
    """To whoever signed; another signatory is told who did (permissions)."""
    if MembershipRole.SIGNATORY not in roles or audit.status not in _SIGNED:
        return ""
    last = audit.sign_offs.last()
    if last is None or last.decision != SignOffDecision.SIGNED or last.decided_by_id != user.pk:
        return ""
    if last.submission not in (None, audit.submission) or last.decided_at is None:
        return ""
    return say(
        "You signed off this audit on {moment}. It was not signed again.",
        moment=spoken.datetime(last.decided_at),
    )


_SIGNED = (AuditStatus.AWAITING_SIGN_OFF, AuditStatus.SUBMITTED)
