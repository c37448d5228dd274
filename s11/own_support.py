"""What support and calibration leave for one person to do: an offer to answer, a sample to score."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from s11.organisations.enums import ORGANISERS
from s11.organisations.models import Officer, User
from s11.web.languages import say
from surveys.models import CalibrationScorer, SupportOffer

Line = tuple[str, str]  # words and an address


def list_offers_to_answer(led: Iterable[int]) -> list[Line]:
    """At organisations that the person leads. One query."""
    offers = SupportOffer.objects.open().filter(invitee__organisation__in=list(led), answer="")
    found = offers.select_related("invitee__organisation", "invitee__cycle__partnership")
    return [
        (
            say(
                "{partnership} offers {organisation} support: accept or decline it",
                partnership=offer.invitee.cycle.partnership,
                organisation=offer.invitee.organisation,
            ),
            reverse(
                "surveys:feedback_support",
                args=[offer.invitee.cycle.partnership.slug, offer.invitee.organisation.slug, offer.pk],
            ),
        )
        for offer in found
    ]


def list_samples_to_score(user: User, offices: Iterable[Officer]) -> list[Line]:
    """Where the person was chosen, has not finished, and still works. One query."""
    desks = {office.partnership_id for office in offices if office.role in ORGANISERS}
    rows = CalibrationScorer.objects.filter(
        user=user, finished_at=None, calibration__cycle__partnership__in=desks
    ).order_by("pk")
    return [
        (
            say("Score a sample of {cycle} alone, for calibration", cycle=row.calibration.cycle),
            reverse(
                "surveys:calibration",
                args=[
                    row.calibration.cycle.partnership.slug,
                    row.calibration.cycle.slug,
                    row.calibration_id,
                ],
            ),
        )
        for row in rows.select_related("calibration__cycle__partnership")
    ]
