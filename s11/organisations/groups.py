"""Groups (trusts, providers) and their sites: who may enter which, and what the pages about it show.

A group is an organisation like any other. It sees a site only while the site's lead has accepted it: being its parent
gives nothing, and only the group's leads see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from s11.organisations.enums import MembershipRole
from s11.organisations.models import GroupAccess, Membership, Organisation, Participation, Partnership, User


@dataclass(frozen=True, slots=True)
class Group:
    """A group's own rooms, across partnerships, and the roles of the person in it."""

    organisation: Organisation
    roles: frozenset[MembershipRole]

    @property
    def is_lead(self) -> bool:
        return MembershipRole.LEAD in self.roles


@dataclass(frozen=True, slots=True)
class Site:
    """A site in one partnership, as a lead of a group that it has accepted reads it."""

    participation: Participation
    group: Organisation

    @property
    def organisation(self) -> Organisation:
        return self.participation.organisation

    @property
    def partnership(self) -> Partnership:
        return self.participation.partnership


def get_group_or_404(user: User, group: str) -> Group:
    """The organisation with this slug, for its active members alone."""
    memberships = list(
        Membership.objects.active().filter(user=user, organisation__slug=group).select_related("organisation")
    )
    if not memberships:
        raise Http404
    return Group(memberships[0].organisation, frozenset(MembershipRole(one.role) for one in memberships))


def get_site_or_404(user: User, partnership: str, organisation: str) -> Site:
    """A site of a group that the person leads, in a partnership where it takes or took part."""
    access = (
        GroupAccess.objects.of_leader(user)
        .filter(site__slug=organisation)
        .select_related("group")
        .order_by("pk")
        .first()
    )
    if access is None:
        raise Http404
    participation = (
        Participation.objects.filter(partnership__slug=partnership, organisation=access.site_id)
        .select_related("partnership", "organisation")
        .first()
    )
    if participation is None:
        raise Http404
    return Site(participation, access.group)


# What the pages show --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SiteGroups:
    """For a site: which groups see it, which ask to, which it has offered to; and which saw it once."""

    active: tuple[GroupAccess, ...]
    asking: tuple[GroupAccess, ...]
    offered: tuple[GroupAccess, ...]
    ended: tuple[GroupAccess, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.active or self.asking or self.offered or self.ended)


def get_site_groups(site: Organisation) -> SiteGroups:
    """One query, whatever their number."""
    rows = list(site.group_accesses.select_related("group", "asked_by", "accepted_by", "ended_by"))
    for row in rows:
        row.site = site
    return SiteGroups(
        active=tuple(one for one in rows if one.is_active),
        asking=tuple(one for one in rows if one.is_waiting and not one.is_offer),
        offered=tuple(one for one in rows if one.is_waiting and one.is_offer),
        # What was never accepted showed nobody anything.
        ended=tuple(one for one in rows if one.ended_at and one.started_at),
    )


@dataclass(frozen=True, slots=True)
class GroupSites:
    """For a group: the sites that have accepted it, those it has asked, those that offer, and those it could ask."""

    active: tuple[GroupAccess, ...]
    asked: tuple[GroupAccess, ...]
    offering: tuple[GroupAccess, ...]
    # The register names the group as their parent, and nobody has asked them.
    own: tuple[Organisation, ...]


def get_group_sites(group: Organisation) -> GroupSites:
    """Two queries, whatever their number."""
    rows = list(group.site_accesses.current().select_related("site", "asked_by", "accepted_by"))
    for row in rows:
        row.group = group
    known = {row.site_id for row in rows}
    own = [site for site in group.sites.filter(closed_on=None) if site.pk not in known]
    return GroupSites(
        active=tuple(one for one in rows if one.is_active),
        asked=tuple(one for one in rows if one.is_waiting and not one.is_offer),
        offering=tuple(one for one in rows if one.is_waiting and one.is_offer),
        own=tuple(own),
    )


def get_access_or_404(access: int, **side: Organisation) -> GroupAccess:
    """One of this `site` or `group`; also one that was answered or ended meanwhile, so that a page can say so."""
    found = GroupAccess.objects.filter(pk=access, **side).select_related("site", "group").first()
    if found is None:
        raise Http404
    return found


def get_waiting_accesses(organisations: Iterable[int]) -> QuerySet[GroupAccess]:
    """Which wait for an answer by a lead of one of these organisations, oldest first. One query."""
    ids = list(organisations)
    mine = Q(is_offer=False, site__in=ids) | Q(is_offer=True, group__in=ids)
    return (
        GroupAccess.objects.waiting().filter(mine).select_related("site", "group").order_by("asked_at", "pk")
    )


def find_by_words(words: str, near: Organisation) -> list[Organisation]:
    """By a whole identifier; by its parent or child, or one that takes part where `near` does, by its whole name.

    A name is not searched for in other partnerships: who takes part there is nobody else's to know.
    """
    code = words.replace(" ", "")
    partnerships = near.participations.active().values("partnership")
    beside = Participation.objects.active().filter(partnership__in=partnerships)
    related = Q(parent=near) | Q(pk=near.parent_id or 0)
    by_name = Q(name__iexact=words) & (related | Q(pk__in=beside.values("organisation")))
    by_local_name = Q(pk__in=beside.filter(local_name__iexact=words).values("organisation"))
    by_code = Q(urn=code) | Q(ods_code__iexact=code) | Q(ofsted_number__iexact=code)
    return list(Organisation.objects.filter(by_name | by_local_name | by_code).exclude(pk=near.pk))
