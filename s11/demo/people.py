"""The demonstration's partnerships, organisations and people."""

from __future__ import annotations

import datetime
import random

from django.utils.text import slugify

from s11.demo import content
from s11.organisations.enums import MembershipRole, OfficerRole, PageLanguage, Variant
from s11.organisations.models import Membership, Officer, Organisation, Participation, Partnership, User
from s11.organisations.models.organisations import SLUG_ALPHABET

FIRST_URN = 990_001  # above every number that the national register has given out


def make_partnerships() -> dict[str, Partnership]:
    return {
        one.slug: Partnership.objects.create(
            slug=one.slug,
            name=one.name,
            colour=one.colour,
            contact_email=f"safeguarding@{one.slug}.example",
            contact_text=one.contact_text,
        )
        for one in content.PARTNERSHIPS
    }


def make_organisations(
    chance: random.Random, partnerships: dict[str, Partnership]
) -> dict[str, Organisation]:
    """By name; each takes part in its partnerships since before last year's cycle."""
    organisations = {}
    for number, one in enumerate(content.ORGANISATIONS):
        short_id = "".join(chance.choices(SLUG_ALPHABET, k=6))
        organisations[one.name] = organisation = Organisation.objects.create(
            name=one.name,
            slug=f"{slugify(one.name)}-{short_id}",
            variant=one.variant,
            urn=str(FIRST_URN + number) if one.variant == Variant.SCHOOL else "",
        )
        Participation.objects.bulk_create(
            Participation(
                partnership=partnerships[slug], organisation=organisation, is_statutory=one.is_statutory
            )
            for slug in one.partnerships
        )
    return organisations


def make_login(email: str, name: str) -> User:
    return User.objects.create_user(email=email, name=name, password=content.PASSWORD)


def make_logins(
    partnerships: dict[str, Partnership], organisations: dict[str, Organisation], since: datetime.datetime
) -> None:
    """One login a role in each partnership, a lead of an organisation that is in both, and one who reads Welsh."""
    for slug, officers in (
        (content.HARBOURSIDE, content.OFFICER_LOGINS),
        (content.FELLSIDE, content.FELLSIDE_OFFICER_LOGINS),
    ):
        for role, (email, name) in officers.items():
            _appoint(make_login(email, name), partnerships[slug], role, since)
    for home, members in (
        (content.HOME_ORGANISATION, content.MEMBER_LOGINS),
        (content.FELLSIDE_HOME_ORGANISATION, content.FELLSIDE_MEMBER_LOGINS),
    ):
        for member_role, (email, name) in members.items():
            join(make_login(email, name), organisations[home], member_role, since)
    for email, name, organisation in (content.SHARED_LEAD, content.WELSH_LEAD):
        join(make_login(email, name), organisations[organisation], MembershipRole.LEAD, since)
    User.objects.filter(email=content.WELSH_LEAD[0]).update(language=PageLanguage.WELSH)


def _appoint(user: User, partnership: Partnership, role: OfficerRole, since: datetime.datetime) -> None:
    Officer.objects.create(user=user, partnership=partnership, role=role, started_at=since)


def join(user: User, organisation: Organisation, role: MembershipRole, since: datetime.datetime) -> None:
    Membership.objects.create(
        user=user, organisation=organisation, role=role, requested_at=since, started_at=since
    )


def make_lead(organisation: Organisation, since: datetime.datetime) -> User:
    """A lead without a password: like an imported one, they would sign in first by password reset."""
    lead = organisation.memberships.active().filter(role=MembershipRole.LEAD).select_related("user").first()
    if lead is not None:
        return lead.user
    user = User.objects.create_user(email=f"lead@{organisation.slug}.example")
    join(user, organisation, MembershipRole.LEAD, since)
    return user


def make_deputy(organisation: Organisation, since: datetime.datetime) -> None:
    join(
        User.objects.create_user(email=f"deputy@{organisation.slug}.example"),
        organisation,
        MembershipRole.CONTRIBUTOR,
        since,
    )
