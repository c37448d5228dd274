"""The demonstration's requests about personal data: an export to look through, and a name that goes soon."""

from __future__ import annotations

import datetime
from typing import Final

from s11.demo import content
from s11.demo.audits import at
from s11.organisations.enums import AnonymisationReason, MembershipRole, OfficerRole
from s11.organisations.models import (
    Anonymisation,
    AnonymisationApproval,
    Membership,
    Organisation,
    Partnership,
    User,
)
from s11.privacy.exporting import request_export

GONE: Final = ("robin.ashe@bayview.example", "Robin Ashe")
ALSO_GONE: Final = ("noor.haddad@bayview.example", "Noor Haddad")
DAYS_AGO: Final = 40
DAYS_LEFT: Final = 9


def make_privacy(partnership: Partnership, today: datetime.date) -> None:
    """Two colleagues have left the home organisation; one of them loses their name unless somebody stops it."""
    administrator = User.objects.filter(
        offices__partnership=partnership, offices__role=OfficerRole.ADMINISTRATOR
    ).earliest("pk")
    home = Organisation.objects.get(name=content.HOME_ORGANISATION)
    ended = at(today - datetime.timedelta(days=DAYS_AGO), 17)
    people = [make_leaver(home, email, name, ended) for email, name in (GONE, ALSO_GONE)]
    asked = at(today - datetime.timedelta(days=5), 10)
    going = Anonymisation.objects.create(
        user=people[0],
        reason=AnonymisationReason.ASKED,
        asked_by=people[0],
        asked_at=asked,
        due_at=at(today + datetime.timedelta(days=DAYS_LEFT), 10),
    )
    AnonymisationApproval.objects.create(
        anonymisation=going, partnership=partnership, by=administrator, at=asked
    )
    lead = User.objects.filter(
        memberships__organisation=home, memberships__role=MembershipRole.LEAD, memberships__ended_at=None
    ).earliest("pk")
    # The worker puts it together.
    request_export(partnership=partnership, user=lead, email=lead.email, name=lead.name, by=administrator)


def make_leaver(home: Organisation, email: str, name: str, ended: datetime.datetime) -> User:
    person = User.objects.create_user(email=email, name=name)
    Membership.objects.create(
        user=person,
        organisation=home,
        role=MembershipRole.CONTRIBUTOR,
        requested_at=ended - datetime.timedelta(days=500),
        started_at=ended - datetime.timedelta(days=500),
        ended_at=ended,
    )
    return person
