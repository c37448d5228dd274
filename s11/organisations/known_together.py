"""Which organisations' results somebody has together: a person of several, a group that reads its sites, a trust's own.

What is told of a sector must leave enough that none of these knows already.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from s11.organisations.models import Contact, GroupAccess, Membership, Organisation, Partnership


def get_known_together(
    organisations: Collection[int], partnership: Partnership, since: datetime.datetime
) -> list[frozenset[int]]:
    """Sets of these organisations, each known to one group or person: now, or at some time since then, because whoever
    has left still knows what they have read. Four queries.

    A parent counts with its sites though it may not read them here: they pass their files on. So does an address to
    which the partnership writes for several.
    """
    sites = get_sites(organisations, since)
    people = get_people({*organisations, *sites}, partnership, since)
    inside = frozenset(organisations)
    together = [{group} | held for group, held in sites.items()]
    together += [places.union(*(sites.get(one, set()) for one in places)) for places in people.values()]
    return [inside & known for known in together if len(inside & known) > 1]


def get_sites(organisations: Collection[int], since: datetime.datetime) -> dict[int, set[int]]:
    """By group: its register's sites, and those that let it read."""
    accesses = GroupAccess.objects.filter(
        not_ended_by(since), site__in=organisations, started_at__isnull=False
    ).order_by()
    parents = Organisation.objects.filter(pk__in=organisations, parent__isnull=False).order_by()
    sites: dict[int, set[int]] = defaultdict(set)
    for group, site in (*accesses.values_list("group", "site"), *parents.values_list("parent", "pk")):
        if group is not None:
            sites[group].add(site)
    return sites


def get_people(
    organisations: Collection[int], partnership: Partnership, since: datetime.datetime
) -> dict[str, set[int]]:
    """By address: members, and the contacts that this partnership has there."""
    members = Membership.objects.filter(
        not_ended_by(since), organisation__in=organisations, started_at__isnull=False
    ).order_by()
    contacts = Contact.objects.filter(
        not_ended_by(since),
        participation__partnership=partnership,
        participation__organisation__in=organisations,
    ).order_by()
    people: dict[str, set[int]] = defaultdict(set)
    for email, organisation in (
        *members.values_list("user__email", "organisation"),
        *contacts.values_list("email", "participation__organisation"),
    ):
        people[email.lower()].add(organisation)
    return people


def not_ended_by(since: datetime.datetime) -> Q:
    return Q(ended_at=None) | Q(ended_at__gte=since)
