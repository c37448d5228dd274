"""What to say to somebody who presses a button twice: that it is done, by whom and when. Empty where it is not.

The permissions stay strict: the second press may not do it again. But a 403 would read as if the first had failed.
"""

from __future__ import annotations

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web import dates
from surveys.enums import AuditStatus, SignOffDecision
from surveys.models import Audit
from surveys.queries import get_current_sign_off

Roles = frozenset[MembershipRole]


def say_submitted(audit: Audit, roles: Roles) -> str:
    if MembershipRole.LEAD not in roles or audit.status != AuditStatus.SUBMITTED or not audit.submitted_at:
        return ""
    by = f" by {audit.submitted_by}" if audit.submitted_by else ""
    return f"The audit was submitted{by} on {dates.datetime(audit.submitted_at)}. It was not submitted again."


def say_asked(audit: Audit, roles: Roles) -> str:
    if MembershipRole.LEAD not in roles or audit.status != AuditStatus.AWAITING_SIGN_OFF:
        return ""
    found = get_current_sign_off(audit)
    if found is None:
        return ""
    by = f" by {found.asked_by}" if found.asked_by else ""
    return f"Sign-off was asked for{by} on {dates.datetime(found.asked_at)}. Nobody was asked again."


def say_signed(audit: Audit, user: User, roles: Roles) -> str:
    """To whoever signed; another signatory is told who did (permissions)."""
    if MembershipRole.SIGNATORY not in roles or audit.status not in _SIGNED:
        return ""
    last = audit.sign_offs.last()
    if last is None or last.decision != SignOffDecision.SIGNED or last.decided_by_id != user.pk:
        return ""
    if last.submission not in (None, audit.submission) or last.decided_at is None:
        return ""
    return f"You signed off this audit on {dates.datetime(last.decided_at)}. It was not signed again."


_SIGNED = (AuditStatus.AWAITING_SIGN_OFF, AuditStatus.SUBMITTED)
