"""Organisations added by the hundred: the same rows and the same trail as one by one, in few queries for any number."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Organisation, Participation, Partnership, User
from s11.organisations.workflow import (
    NewPlace,
    add_member,
    add_new_organisations,
    add_participation,
    can_join_at_once,
    get_or_make_user,
)
from tests import factories
from tests.ground import grounded

# Of each row by itself; whose a role is stands in the trail by name.
MOMENTS = {"created_at", "joined_at", "requested_at", "started_at", "date_joined"}
OWN = {"id", "slug", "password", "organisation", "organisation_id", "user", "user_id", *MOMENTS}


@grounded
def harbour(db: None) -> Partnership:
    return factories.make_partnership("Harbour", slug="harbour")


def add_one_by_one(partnership: Partnership, place: NewPlace) -> None:
    organisation = Organisation.objects.create(name=place.name, variant=place.variant, urn=place.urn)
    add_participation(partnership=partnership, organisation=organisation, is_statutory=place.is_statutory)
    at_once = can_join_at_once(organisation, partnership)
    for email, role in zip(place.emails, (MembershipRole.LEAD, MembershipRole.CONTRIBUTOR), strict=False):
        user = get_or_make_user(email)
        add_member(
            user=user,
            organisation=organisation,
            role=role,
            at_once=at_once,
            through=partnership,
            notify=False,
        )


def list_rows(model: type[models.Model], after: int) -> list[dict[str, Any]]:
    rows = model._base_manager.filter(pk__gt=after).order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in OWN} for row in rows]


def list_trail(after: int) -> list[tuple[Any, ...]]:
    entries = LogEntry.objects.filter(pk__gt=after).order_by("content_type", "pk")
    return [
        (
            one.content_type_id,
            one.object_repr,
            one.action,
            one.actor_id,
            one.additional_data,
            # auditlog puts the still empty list of each table that refers to the row beside its facts.
            {
                name: (len(name) if name in OWN else value)
                for name, value in one.changes.items()
                if not str(value[1]).endswith(".None")
            },
        )
        for one in entries
    ]


def test_it_is_what_adding_each_does(harbour: Partnership) -> None:
    factories.make_user("known@example.org")
    places = [
        NewPlace("Anchor’s", "standard", "", True, ("lead@anchor.example", "known@example.org")),
        NewPlace("Beacon School", "school", "123456", False, ("known@example.org",)),
        NewPlace("Cove", "care_home", "", False, ()),
    ]
    tables = (Organisation, Participation, User, Membership)
    found = []
    for way in ("one by one", "by the hundred"):
        ContentType.objects.clear_cache()
        Membership.objects.all().delete()
        Participation.objects.all().delete()
        Organisation.objects.all().delete()
        User.objects.exclude(email="known@example.org").delete()
        begins = [
            model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in tables
        ]
        begun = LogEntry.objects.values_list("pk", flat=True).order_by("-pk").first() or 0
        if way == "one by one":
            for place in places:
                add_one_by_one(harbour, place)
        else:
            made = add_new_organisations(partnership=harbour, places=places)
            assert [one.name for one in made] == [one.name for one in places]
        rows = [list_rows(model, begin) for model, begin in zip(tables, begins, strict=True)]
        found.append((rows, list_trail(begun)))
    assert found[0] == found[1]
    assert not User.objects.get(email="lead@anchor.example").has_usable_password()


@pytest.mark.parametrize("number", [2, 20])
def test_as_many_queries_for_any_number(
    harbour: Partnership, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    ContentType.objects.get_for_models(Organisation, Participation, User, Membership)
    places = [
        NewPlace(f"Place {one}", "standard", "", True, (f"lead@place-{one}.example",))
        for one in range(number)
    ]
    with django_assert_num_queries(10):
        add_new_organisations(partnership=harbour, places=places)
