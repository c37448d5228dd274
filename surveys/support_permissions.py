"""Who may see concerns and offers of support, make and follow them; and who answers for an agency.

Each check raises NotAllowed with one sentence, as those of permissions.py.
"""

from __future__ import annotations

from s11.organisations.permissions import check_can_organise
from s11.organisations.queries import Agency, Desk
from s11.web.errors import NotAllowed
from surveys.models import SupportOffer
from surveys.models.audits import READERS


def check_can_see_support(desk: Desk) -> None:
    """Concerns name agencies and scores: for those who read audits."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers see concerns and what was offered. Ask one of them."
        )


def check_can_offer_support(desk: Desk) -> None:
    check_can_organise(desk)


def check_can_follow_offer(desk: Desk, offer: SupportOffer) -> None:
    """Take it on, note what was said, hand it over, close it."""
    check_can_organise(desk)
    if not offer.is_open:
        raise NotAllowed(
            "This offer is closed, so it stays as it is. Make a further offer where one is needed."
        )


def check_can_answer_offer(agency: Agency, offer: SupportOffer) -> None:
    """By a lead, who speaks for the agency; everybody else of it reads."""
    if not agency.is_lead:
        raise NotAllowed("Only a lead can accept or decline an offer of support. Ask your lead.")
    if not offer.is_open:
        raise NotAllowed("The partnership has closed this offer, so there is nothing to answer.")
