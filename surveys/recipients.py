"""To whom the mail about an organisation's place in a cycle goes, and who still has something to return.

Its leads; where there is none who can be reached, the partnership's own contacts there; else nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from s11.organisations.enums import ContactKind, MembershipRole
from s11.organisations.models import Contact, Membership, Participation, User
from surveys.enums import COUNTED, CycleStatus, MessageStatus
from surveys.models import Invitee, Message

# The chief executive is written to by the escalation ladder alone.
IN_PLACE_OF_LEADS = (ContactKind.DEPUTY, ContactKind.OTHER)

Place = tuple[int, int]  # a partnership and an organisation in it


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address; a lead, or a contact without an account."""

    email: str
    name: str
    user: int | None = None
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """An invited organisation with its name here and those who are written to; `to` may be empty."""

    invitee: Invitee
    name: str
    to: tuple[Recipient, ...]


def get_unreturned() -> QuerySet[Invitee]:
    """Of open cycles: neither exempt nor returned, by answers or by its own audit, and still taking part."""
    here = Participation.objects.filter(
        is_active=True, partnership=OuterRef("cycle__partnership"), organisation=OuterRef("organisation")
    )
    return Invitee.objects.not_exempt().filter(
        Q(audit=None) | ~Q(audit__status__in=COUNTED),
        Exists(here),
        cycle__status=CycleStatus.OPEN,
        own_tool_return=None,
    )


def get_addressees(invitees: Iterable[Invitee]) -> dict[int, Addressee]:
    """By invitee; their cycles must be at hand. Four queries, whatever their number."""
    invitees = list(invitees)
    places = get_places(invitees)
    leads = get_leads(invitees)
    contacts = get_contacts(places.values())
    refused = get_refused({one.cycle.partnership_id for one in invitees})
    found = {}
    for invitee in invitees:
        partnership, organisation = invitee.cycle.partnership_id, invitee.organisation_id
        place = places.get((partnership, organisation))
        bad = refused.get(partnership, set())
        to = [one for one in leads.get(organisation, ()) if one.email not in bad]
        if not to and place:
            to = [one for one in contacts.get(place.pk, ()) if one.email not in bad]
        name = place.name if place else str(invitee.organisation)
        found[invitee.pk] = Addressee(invitee, name, tuple({one.email: one for one in to}.values()))
    return found


def get_places(invitees: Iterable[Invitee]) -> dict[Place, Participation]:
    invitees = list(invitees)
    found = Participation.objects.filter(
        partnership__in={one.cycle.partnership_id for one in invitees},
        organisation__in={one.organisation_id for one in invitees},
    ).select_related("organisation")
    return {(one.partnership_id, one.organisation_id): one for one in found}


def get_leads(invitees: Iterable[Invitee]) -> Mapping[int, list[Recipient]]:
    """By organisation."""
    found = find_leads(one.organisation_id for one in invitees)
    return defaultdict(
        list,
        {
            organisation: [Recipient(one.email, one.name, user=one.pk) for one in leads]
            for organisation, leads in found.items()
        },
    )


def find_leads(organisations: Iterable[int]) -> Mapping[int, list[User]]:
    """By organisation. One query."""
    found: dict[int, list[User]] = defaultdict(list)
    memberships = Membership.objects.active().filter(
        role=MembershipRole.LEAD, organisation__in=set(organisations), user__is_active=True
    )
    for one in memberships.select_related("user").order_by("pk"):
        found[one.organisation_id].append(one.user)
    return found


def get_contacts(participations: Iterable[Participation]) -> Mapping[int, list[Recipient]]:
    """By participation: those who stand in for a lead."""
    found: dict[int, list[Recipient]] = defaultdict(list)
    contacts = Contact.objects.reachable().filter(
        participation__in=list(participations), kind__in=IN_PLACE_OF_LEADS
    )
    for one in contacts.order_by("pk"):
        found[one.participation_id].append(Recipient(one.email, one.name, contact=one.pk))
    return found


def get_refused(partnerships: Iterable[int]) -> dict[int, set[str]]:
    """By partnership, the addresses to which the last thing sent was refused."""
    last = {}
    rows = (
        Message.objects.filter(
            partnership__in=list(partnerships), status__in=(MessageStatus.REFUSED, MessageStatus.SENT)
        )
        .order_by()
        .values_list("partnership", "email")
        .annotate(
            refused=Max("pk", filter=Q(status=MessageStatus.REFUSED)),
            sent=Max("pk", filter=Q(status=MessageStatus.SENT)),
        )
        .filter(refused__isnull=False)
    )
    last = {(partnership, email): refused > (sent or 0) for partnership, email, refused, sent in rows}
    found: dict[int, set[str]] = defaultdict(set)
    for (partnership, email), is_refused in last.items():
        if is_refused:
            found[partnership].add(email)
    return found


def get_trail_address(participation: Participation) -> str:
    """For the same page: the timeline of all that passed with the organisation."""
    slugs = {"partnership": participation.partnership.slug, "organisation": participation.organisation.slug}
    return reverse("surveys:contact_trail", kwargs=slugs)


def say_refused(participation: Participation) -> list[str]:
    """For the organisation's page: to which address mail came back, while its person still counts."""
    partnership, organisation = participation.partnership_id, participation.organisation_id
    refused = get_refused([partnership]).get(partnership)
    if not refused:
        return []
    leads = Membership.objects.active().filter(
        organisation=organisation, role=MembershipRole.LEAD, user__email__in=refused
    )
    return [
        f"Mail to {one.user} ({one.user.email}), a lead, was refused: that address does not exist any more."
        for one in leads.select_related("user")
    ]
