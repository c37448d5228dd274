"""Queries put into words once find what Django’s own would."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from s11.organisations.models import Membership
from s11.web.prepared import Later, Prepared
from tests.conftest import Cast


def select_memberships(user: int | Later) -> QuerySet[Membership]:
    others = Membership.objects.filter(organisation=OuterRef("organisation")).exclude(user=user)
    found = Membership.objects.filter(user=user).select_related("organisation__parent", "ended_by")
    return found.annotate(has_others=Exists(others), where=Lower("organisation__name"))


def test_rows_come_as_django_gives_them(cast: Cast) -> None:
    prepared = Prepared(lambda: select_memberships(Later("user")))
    for user in (cast.lead, cast.contributor, cast.administrator):
        with CaptureQueriesContext(connection) as asked:
            found = prepared.fetch(user=user.pk)
        assert len(asked) == 1
        plain = list(select_memberships(user.pk))
        assert [vars(one) | {"_state": None} for one in found] == [
            vars(one) | {"_state": None} for one in plain
        ]
        with CaptureQueriesContext(connection) as asked:
            assert [one.organisation.parent for one in found] == [None for _ in plain]
        assert not asked
    assert found == []
    assert prepared.first(user=cast.administrator.pk) is None


def test_its_words_are_made_once(cast: Cast) -> None:
    made = []

    def select() -> QuerySet[Membership]:
        made.append(1)
        return select_memberships(Later("user"))

    prepared = Prepared(select)
    assert prepared.first(user=cast.lead.pk) == Membership.objects.get(user=cast.lead)
    assert prepared.first(user=cast.contributor.pk) == Membership.objects.get(user=cast.contributor)
    assert len(made) == 1


def test_a_moment_is_given_by_its_field(cast: Cast) -> None:
    prepared = Prepared(
        lambda: (
            Membership.objects.filter(requested_at__lte=Later("moment", DateTimeField()))
            .order_by("pk")
            .values_list("pk", "requested_at", "organisation__name")
        )
    )
    now = timezone.now()
    plain = Membership.objects.order_by("pk").values_list("pk", "requested_at", "organisation__name")
    assert prepared.fetch(moment=now) == list(plain)
    assert prepared.fetch(moment=now - datetime.timedelta(days=4000)) == []


@pytest.mark.django_db(transaction=True)
def test_no_row_is_locked_outside_a_transaction() -> None:
    """Also the second time, when Django writes no statement any more."""
    prepared = Prepared(lambda: Membership.objects.select_for_update().filter(pk=Later("pk")).order_by())
    with transaction.atomic():
        assert prepared.fetch(pk=0) == []
    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            prepared.fetch(pk=0)
