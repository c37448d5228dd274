"""The yearly look through who has access: most have done it, some have not, and the home organisation's is due."""

from __future__ import annotations

import datetime
from typing import Final

from s11.demo import content
from s11.demo.audits import at
from s11.organisations.enums import AccessOutcome, MembershipRole, OfficerRole
from s11.organisations.models import (
    AccessCheck,
    AccessCheckLine,
    Membership,
    Officer,
    Organisation,
    Partnership,
)

ENTERED, LAST_YEAR, OFFICERS = (datetime.timedelta(days=days) for days in (760, 383, 120))
# Of so many organisations one has never been looked through.
NEVER: Final = 6


def make_access_checks(partnership: Partnership, today: datetime.date) -> None:
    """Those who led then are those who lead now: the demonstration's people do not change post."""
    entered = at(today - ENTERED, 9)
    Partnership.objects.filter(pk=partnership.pk).update(created_at=entered)
    here = Organisation.objects.filter(participations__partnership=partnership)
    Organisation.objects.filter(pk__in=here.values("pk")).update(created_at=entered)
    lines = []
    unchecked = here.filter(access_checks=None).order_by("name", "pk")
    for number, organisation in enumerate(unchecked):
        is_home = organisation.name == content.HOME_ORGANISATION
        days = LAST_YEAR if is_home else datetime.timedelta(days=20 + 7 * (number % 40))
        members = list(Membership.objects.active().filter(organisation=organisation).order_by("pk"))
        lead = next((one for one in members if one.role == MembershipRole.LEAD), None)
        if lead is None or (number % NEVER == 0 and not is_home):
            continue
        found = AccessCheck.objects.create(
            organisation=organisation, by_id=lead.user_id, at=at(today - days, 11)
        )
        # Who was not there yet is asked about next time.
        lines += [
            AccessCheckLine(access_check=found, membership=one, outcome=AccessOutcome.CONFIRMED)
            for one in members
            if one.started_at and one.started_at <= found.at
        ]
    lines += _check_officers(partnership, today)
    AccessCheckLine.objects.bulk_create(lines)


def _check_officers(partnership: Partnership, today: datetime.date) -> list[AccessCheckLine]:
    offices = list(Officer.objects.active().filter(partnership=partnership).order_by("pk"))
    administrator = next(one for one in offices if one.role == OfficerRole.ADMINISTRATOR)
    found = AccessCheck.objects.create(
        partnership=partnership, by_id=administrator.user_id, at=at(today - OFFICERS, 15)
    )
    return [
        AccessCheckLine(access_check=found, office=one, outcome=AccessOutcome.CONFIRMED) for one in offices
    ]
