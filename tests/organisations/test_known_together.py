"""Who knows the results of several organisations."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.known_together import get_known_together
from s11.organisations.models import Contact, GroupAccess, Membership, Organisation, Partnership
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

DAY = datetime.timedelta(days=1)


@grounded
def schools(cast: Cast) -> list[Organisation]:
    return [
        factories.make_organisation(f"School {number}", partnership=cast.partnership) for number in range(5)
    ]


def find(
    schools: list[Organisation], partnership: Partnership, since: datetime.datetime | None = None
) -> list[list[int]]:
    """As places in the list."""
    keys = [school.pk for school in schools]
    found = get_known_together(keys, partnership, since or timezone.now())
    return sorted(sorted(keys.index(one) for one in known) for known in found)


def test_one_organisation_is_nothing_together(cast: Cast, schools: list[Organisation]) -> None:
    for number, school in enumerate(schools):
        factories.make_member(f"lead{number}@schools.example", organisation=school)
    assert find(schools, cast.partnership) == []


def test_a_person_of_several(cast: Cast, schools: list[Organisation]) -> None:
    for school in schools[:3]:
        factories.make_member("lead@schools.example", organisation=school)
    assert find(schools, cast.partnership) == [[0, 1, 2]]
    since = timezone.now() + DAY
    Membership.objects.filter(organisation=schools[0]).update(ended_at=timezone.now())
    # Since before they left, they know it still.
    assert find(schools, cast.partnership, since - 2 * DAY) == [[0, 1, 2]]
    assert find(schools, cast.partnership, since) == [[1, 2]]


def test_who_only_asks_knows_nothing(cast: Cast, schools: list[Organisation]) -> None:
    for school in schools[:2]:
        factories.make_member("lead@schools.example", organisation=school)
        factories.make_access(school, cast.organisation, by=cast.lead, is_accepted=False)
    Membership.objects.filter(organisation=schools[0]).update(started_at=None)
    assert find(schools, cast.partnership) == []


def test_a_group_with_its_sites_and_its_people_s_own(cast: Cast, schools: list[Organisation]) -> None:
    for school in schools[:2]:
        factories.make_access(school, cast.organisation, by=cast.lead)
    factories.make_member(cast.lead.email, organisation=schools[4])
    assert find(schools, cast.partnership) == [[0, 1], *[[0, 1]] * 3, [0, 1, 4]]
    GroupAccess.objects.update(ended_at=timezone.now())
    assert find(schools, cast.partnership, timezone.now() + DAY) == []


def test_a_parent_and_one_who_takes_part_itself(cast: Cast, schools: list[Organisation]) -> None:
    for school in schools[1:3]:
        school.parent = schools[0]
        school.save()
    assert find(schools, cast.partnership) == [[0, 1, 2]]


def test_one_address_for_several(cast: Cast, schools: list[Organisation]) -> None:
    """Theirs alone: another partnership's contacts are none of this one's business."""
    for school, partnership in zip(schools, [cast.partnership] * 2 + [cast.elsewhere], strict=False):
        place = school.participations.get_or_create(partnership=partnership)[0]
        Contact.objects.create(
            participation=place, kind="chief_executive", name="Ada", email="Ada@trust.example"
        )
    assert find(schools, cast.partnership) == [[0, 1]]


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_as_for_three(
    cast: Cast, schools: list[Organisation], number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for school in schools[:number]:
        factories.make_access(school, cast.organisation, by=cast.lead)
        factories.make_member("lead@schools.example", organisation=school)
    with django_assert_num_queries(4):
        find(schools[:number], cast.partnership)
