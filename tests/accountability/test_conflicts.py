"""For whom a panel member may not sit: their own, their group's, and what they declared; everybody else they may."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.conflicts import GROUP, OWN, find_conflict, get_conflicts
from accountability.enums import InterestKind
from accountability.models import Interest, Panel, PanelMember
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Organisation
from tests import factories
from tests.accountability.factories import make_contact_member, make_officer_member, make_panel
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def panel(cast: Cast) -> Panel:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return make_panel(cycle)


def make_place(cast: Cast, name: str, parent: Organisation | None = None) -> Organisation:
    place = factories.make_organisation(name, slug=name.lower(), partnership=cast.partnership)
    place.parent = parent
    place.save()
    return place


def get_why(member: PanelMember, organisation: Organisation) -> str:
    [found] = get_conflicts(
        PanelMember.objects.with_person().filter(pk=member.pk), [organisation.pk]
    ).values()
    return found.get(organisation.pk, "")


def test_whom_they_work_for_and_nobody_else(cast: Cast, panel: Panel) -> None:
    member = make_officer_member(panel, cast.panel_member)
    member.organisation = cast.organisation
    member.save()
    assert get_why(member, cast.organisation) == OWN
    assert get_why(member, cast.other_organisation) == ""


def test_where_they_have_a_role(cast: Cast, panel: Panel) -> None:
    member = make_officer_member(panel, cast.panel_member)
    assert get_why(member, cast.organisation) == ""
    Membership.objects.create(
        user=cast.panel_member,
        organisation=cast.organisation,
        role=MembershipRole.VIEWER,
        started_at=timezone.now(),
    )
    assert get_why(member, cast.organisation) == OWN


def test_a_contact_belongs_to_the_place_it_is_of(cast: Cast, panel: Panel) -> None:
    member = make_contact_member(panel, cast.organisation)
    member.organisation = None
    member.save()
    assert get_why(member, cast.organisation) == OWN


def test_one_person_is_known_by_their_address(cast: Cast, panel: Panel) -> None:
    """A contact of one place who has an account in another, and an officer who is somebody's contact."""
    member = make_contact_member(panel, cast.other_organisation, email="Lee@panel.example")
    assert get_why(member, cast.organisation) == ""
    factories.make_member("lee@panel.example", organisation=cast.organisation)
    assert get_why(member, cast.organisation) == OWN
    officer = make_officer_member(panel, cast.panel_member)
    contact = make_contact_member(panel, cast.organisation, email=cast.panel_member.email).contact
    assert contact is not None
    assert get_why(officer, cast.organisation) == OWN
    contact.ended_at = timezone.now()
    contact.save()
    assert get_why(officer, cast.organisation) == ""


def test_the_same_parent_and_the_parents_parent(cast: Cast, panel: Panel) -> None:
    root = make_place(cast, "Root")
    trust, other_trust = make_place(cast, "Trust", root), make_place(cast, "Other", root)
    site, cousin = make_place(cast, "Site", trust), make_place(cast, "Cousin", other_trust)
    member = make_contact_member(panel, site)
    assert [get_why(member, one) for one in (root, trust, other_trust, cousin)] == [GROUP] * 4
    assert get_why(member, cast.organisation) == ""
    assert get_why(make_contact_member(panel, root, email="root@example.org"), cousin) == GROUP


def test_the_group_that_a_site_has_accepted(cast: Cast, panel: Panel) -> None:
    group, site, second = (make_place(cast, name) for name in ("Group", "Site", "Second"))
    member = make_contact_member(panel, group)
    assert get_why(member, site) == ""
    factories.make_access(site, group, by=cast.lead, is_accepted=False)
    assert get_why(member, site) == ""
    site.group_accesses.all().delete()
    factories.make_access(site, group, by=cast.lead)
    factories.make_access(second, group, by=cast.lead)
    assert get_why(member, site) == GROUP
    assert get_why(make_contact_member(panel, site, email="site@example.org"), second) == GROUP


def test_a_declared_interest(cast: Cast, panel: Panel) -> None:
    member = make_officer_member(panel, cast.panel_member)
    Interest.objects.create(member=member, organisation=cast.organisation, kind=InterestKind.COMMISSIONS)
    why = "has declared an interest: commissions or pays for its services"
    assert get_why(member, cast.organisation) == why


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(
    cast: Cast, panel: Panel, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    places = [make_place(cast, f"Place{number}") for number in range(rows)]
    for number, place in enumerate(places):
        make_contact_member(panel, place, email=f"m{number}@example.org")
    make_officer_member(panel, cast.panel_chair)
    members = list(panel.members.with_person())
    with django_assert_num_queries(5):
        found = get_conflicts(members, [place.pk for place in places])
    assert [list(one.values()) for one in found.values()] == [[OWN]] * rows + [[]]


def test_an_officer_keeps_out_of_their_own_on_the_panel_or_not(cast: Cast, panel: Panel) -> None:
    """Who also works for an agency, or for its group, neither runs its meeting nor reads what is said there."""
    site = make_place(cast, "Pier", cast.organisation)
    assert find_conflict(cast.administrator, panel, site.pk) == ""
    Membership.objects.create(
        user=cast.administrator,
        organisation=cast.organisation,
        role=MembershipRole.VIEWER,
        started_at=timezone.now(),
    )
    assert find_conflict(cast.administrator, panel, cast.organisation.pk) == OWN
    assert find_conflict(cast.administrator, panel, site.pk) == GROUP
    assert find_conflict(cast.administrator, panel, cast.other_organisation.pk) == ""


def test_what_was_declared_for_the_panel_holds_in_any_office(cast: Cast, panel: Panel) -> None:
    member = make_officer_member(panel, cast.quality_officer)
    Interest.objects.create(
        member=member, organisation=cast.organisation, kind=InterestKind.GOVERNS, note="A trustee."
    )
    assert "declared an interest" in find_conflict(cast.quality_officer, panel, cast.organisation.pk)
    member.is_active = False
    member.save()
    assert "declared an interest" in find_conflict(cast.quality_officer, panel, cast.organisation.pk)
    assert find_conflict(cast.administrator, panel, cast.organisation.pk) == ""
