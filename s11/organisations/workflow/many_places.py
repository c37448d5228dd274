"""Organisations that nobody knew yet, by the hundred: what adding each with its people does, in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from s11.organisations.bulk_trail import write_creations
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Organisation, Participation, Partnership, User
from s11.organisations.models.organisations import make_organisation_slug

# How many addresses are asked for in one query: a database takes only so many parameters.
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class NewPlace:
    """The first of its addresses is the lead's, the others contribute. No mail is sent to them."""

    name: str
    variant: str
    urn: str
    is_statutory: bool
    emails: Sequence[str]


@transaction.atomic
def add_new_organisations(*, partnership: Partnership, places: Sequence[NewPlace]) -> list[Organisation]:
    """In their order. By Tenancy's rule their people join at once: it has no lead yet, and is nowhere else."""
    organisations = Organisation.objects.bulk_create(
        Organisation(name=one.name, slug=make_organisation_slug(one.name), variant=one.variant, urn=one.urn)
        for one in places
    )
    participations = Participation.objects.bulk_create(
        Participation(partnership=partnership, organisation=organisation, is_statutory=one.is_statutory)
        for organisation, one in zip(organisations, places, strict=True)
    )
    write_creations([*organisations, *participations])
    people = _get_or_make_users(email for one in places for email in one.emails)
    now = timezone.now()
    memberships = Membership.objects.bulk_create(
        Membership(
            user=people[email],
            organisation=organisation,
            role=MembershipRole.CONTRIBUTOR if position else MembershipRole.LEAD,
            requested_at=now,
            requested_through=partnership,
            started_at=now,
        )
        for organisation, one in zip(organisations, places, strict=True)
        for position, email in enumerate(one.emails)
    )
    write_creations(memberships)
    return organisations


def _get_or_make_users(emails: Iterable[str]) -> dict[str, User]:
    """By address, in lower case as they are given. As get_or_make_user does."""
    wanted = list(dict.fromkeys(emails))
    found: dict[str, User] = {}
    for begin in range(0, len(wanted), AT_ONCE):
        part = User.objects.filter(email__in=wanted[begin : begin + AT_ONCE]).order_by()
        found.update({one.email: one for one in part})
    new = [User(email=email) for email in wanted if email not in found]
    for user in new:
        user.set_unusable_password()
    User.objects.bulk_create(new)
    write_creations(new)
    return found | {one.email: one for one in new}
