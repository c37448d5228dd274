"""Where an audit stands between its answers and its submission: who is awaited, what was sent back or returned."""

from __future__ import annotations

from dataclasses import dataclass

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from surveys.enums import AuditStatus, SignOffDecision
from surveys.models import Audit, Correction, Indicator, SignOff
from surveys.reach import get_correction


@dataclass(frozen=True, slots=True)
class Standing:
    """`sign_off` is the one that waits or is signed; `sent_back` the last refusal, while its draft is changed."""

    signatories: tuple[User, ...] = ()
    sign_off: SignOff | None = None
    sent_back: SignOff | None = None
    correction: Correction | None = None

    @property
    def is_signed(self) -> bool:
        return self.sign_off is not None and bool(self.sign_off.decision)

    @property
    def returned_indicators(self) -> list[Indicator]:
        """In the order of the questionnaire."""
        if self.correction is None:
            return []
        return sorted(self.correction.indicators.all(), key=lambda one: one.position)


def get_standing(audit: Audit) -> Standing:
    """At most three queries."""
    if audit.status == AuditStatus.RETURNED:
        return Standing(correction=get_correction(audit))
    if not audit.needs_signature:
        return Standing()
    last = audit.sign_offs.select_related("asked_by", "decided_by").last()
    is_waiting = audit.status == AuditStatus.AWAITING_SIGN_OFF
    was_sent_back = last is not None and last.decision == SignOffDecision.SENT_BACK
    return Standing(
        signatories=get_signatories(audit),
        sign_off=last if is_waiting else None,
        sent_back=last if was_sent_back and not is_waiting else None,
    )


def get_signatories(audit: Audit) -> tuple[User, ...]:
    """Who can sign off for the organisation. One query."""
    members = audit.organisation.memberships.active().filter(role=MembershipRole.SIGNATORY)
    return tuple(membership.user for membership in members.select_related("user").order_by("pk"))
