"""Makers of offers of support, and of audits that give cause for one."""

from __future__ import annotations

from s11.organisations.models import User
from surveys.enums import ConcernKind, Series, SupportStatus
from surveys.models import Audit, SupportOffer


def make_offer(audit: Audit, by: User, *, status: SupportStatus = SupportStatus.CONTACTED) -> SupportOffer:
    """An offer about the whole audit, as making it would leave it; closed ones gave support."""
    offer = SupportOffer.objects.create(
        invitee=audit.invitee,
        series=Series.SELF,
        submission=1,
        message="We would like to help you with training.",
        status=status,
        outcome="supported" if status == SupportStatus.CLOSED else "",
        owner=by,
        made_by=by,
    )
    offer.concerns.create(kind=ConcernKind.OVERALL, words="The whole audit is at grade 1 (mean 1.00)")
    offer.notes.create(status=SupportStatus.CONTACTED, owner=by, by=by)
    return offer
