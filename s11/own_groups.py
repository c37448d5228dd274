"""What a person's home page says of groups and sites: those that they lead, and who asks whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from s11.organisations.groups import get_waiting_accesses
from s11.organisations.models import GroupAccess, Organisation
from s11.web.languages import say


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group that the person leads, and how many sites have accepted it."""

    group: Organisation
    sites: int


def get_own_groups(led: Iterable[int]) -> list[OwnGroup]:
    """Of these organisations, those that a site has accepted. One query."""
    active = Q(site_accesses__ended_at=None, site_accesses__started_at__isnull=False)
    found = Organisation.objects.filter(pk__in=list(led)).annotate(
        accepted=Count("site_accesses", filter=active)
    )
    return [OwnGroup(one, one.accepted) for one in found.filter(accepted__gt=0)]


def get_own_accesses(led: Iterable[int]) -> list[GroupAccess]:
    """What waits for an answer by a lead of these organisations. One query."""
    return list(get_waiting_accesses(led))


def describe_access(access: GroupAccess) -> str:
    if access.is_offer:
        return say("{site} offers {group} to see its audits", site=access.site, group=access.group)
    return say("{group} asks to see the audits of {site}", group=access.group, site=access.site)
