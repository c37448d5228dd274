"""For whom a panel member may not sit, and why in words: the one place that says so, for timetables and for pages.

Their own organisation, another of its group, or one that they declared an interest in. A group is what stands under one
parent, and an organisation with the group that it has accepted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import Q

from accountability.models import Interest, Panel, PanelMember
from s11.organisations.models import Contact, GroupAccess, Membership, Organisation, User

OWN: Final = "belongs to it"
GROUP: Final = "belongs to another organisation of its group"
# A parent's parent's parent is as far up as trusts and councils go.
PARENTS: Final = ("parent", "parent__parent", "parent__parent__parent")

Conflicts = Mapping[int, Mapping[int, str]]


def get_conflicts(members: Iterable[PanelMember], organisations: Iterable[int]) -> Conflicts:
    """By member, by organisation of these: why not. Five queries, whatever their number.

    The members' officers and contacts must be at hand (`with_person`).
    """
    members = list(members)
    asked = set(organisations)
    own = _get_own(members)
    families = _get_families(asked.union(*own.values()))
    interests = _get_interests(members)
    found: dict[int, dict[int, str]] = {}
    for member in members:
        mine = own[member.pk]
        family = set().union(*(families.get(one, {one}) for one in mine))
        found[member.pk] = {
            one: why
            for one in asked
            if (why := _say_why(one, mine, family, families.get(one, {one}), interests[member.pk]))
        }
    return found


def find_conflict(user: User, panel: Panel, organisation: int) -> str:
    """Why an officer keeps out of this organisation's meeting; empty where nothing says so. At most five queries."""
    return get_own_conflicts(user, panel, [organisation]).get(organisation, "")


def get_own_conflicts(user: User, panel: Panel, organisations: Iterable[int]) -> Mapping[int, str]:
    """By organisation of these: why an officer keeps out of its meeting, on the panel or not.

    What they declared as a panel member holds for their other offices too. At most five queries, whatever their number.
    """
    asked = set(organisations)
    members = list(PanelMember.objects.filter(panel=panel, officer__user=user))
    mine = {member.organisation_id for member in members if member.organisation_id is not None}
    mine |= set(
        Membership.objects.active().filter(user=user).order_by().values_list("organisation", flat=True)
    )
    interests: dict[int, str] = {}
    for declared in _get_interests(members).values() if members else ():
        interests |= declared
    families = _get_families(asked | mine) if mine else {}
    family = set().union(*(families.get(one, {one}) for one in mine))
    said = {one: _say_why(one, mine, family, families.get(one, {one}), interests) for one in asked}
    return {one: why for one, why in said.items() if why}


def say_to_oneself(why: str) -> str:
    """‘belongs to it’ as ‘you belong to it’."""
    said = why.replace("belongs", "belong", 1) if why in (OWN, GROUP) else why.replace("has", "have", 1)
    return f"you {said}"


def _say_why(
    organisation: int, own: set[int], family: set[int], its_family: set[int], interests: Mapping[int, str]
) -> str:
    if organisation in own:
        return OWN
    if family & its_family:
        return GROUP
    if organisation in interests:
        return f"has declared an interest: {interests[organisation]}"
    return ""


def _get_own(members: Iterable[PanelMember]) -> dict[int, set[int]]:
    """By member, the organisations they belong to: whom they work for, and where they have a role or are a contact.

    One person is known by their address: who sits as a contact may have an account elsewhere, and the other way round.
    """
    members = list(members)
    found: dict[int, set[int]] = {member.pk: set() for member in members}
    of_address: dict[str, list[int]] = defaultdict(list)
    for member in members:
        of_address[member.email.lower()].append(member.pk)
        if member.organisation_id is not None:
            found[member.pk].add(member.organisation_id)
    sitting = [member.contact_id for member in members]
    roles = Membership.objects.active().filter(user__email__in=of_address)
    places = Contact.objects.filter(Q(pk__in=sitting) | Q(ended_at=None, email__in=of_address))
    for rows in (
        roles.order_by().values_list("user__email", "organisation"),
        places.order_by().values_list("email", "participation__organisation"),
    ):
        for email, organisation in rows:
            for pk in of_address[email.lower()]:
                found[pk].add(organisation)
    return found


def _get_families(organisations: Iterable[int]) -> dict[int, set[int]]:
    """By organisation: itself, those above it, and the groups that it has accepted. Two that share one are a group."""
    wanted = list(organisations)
    found: dict[int, set[int]] = defaultdict(set)
    rows = Organisation.objects.filter(pk__in=wanted).order_by().values_list("pk", *PARENTS)
    for pk, *parents in rows:
        found[pk] = {pk, *(parent for parent in parents if parent is not None)}
    accesses = GroupAccess.objects.active().filter(Q(site__in=wanted) | Q(group__in=wanted))
    for site, group in accesses.order_by().values_list("site", "group"):
        if site in found:
            found[site].add(group)
    return found


def _get_interests(members: Iterable[PanelMember]) -> Mapping[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for interest in Interest.objects.filter(member__in=list(members)).order_by():
        found[interest.member_id][interest.organisation_id] = interest.get_kind_display().lower()
    return found
