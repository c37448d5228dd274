"""Statements put into words once find and write what Django's own would."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from s11.organisations.models import Membership, Organisation
from s11.web.prepared import Later, Prepared, insert_row, update_row
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


def test_a_row_is_written_as_save_writes_it(cast: Cast) -> None:
    """On both databases: a text that SQL might read otherwise, a day, nothing, another row, and what is left out."""
    slow, quick = (Organisation.objects.create(name="Before", variant="standard") for _ in range(2))
    for one in (slow, quick):
        one.name, one.closed_on, one.parent = "It’s 100% 'odd'", datetime.date(2026, 3, 31), cast.organisation
    quick.variant = "health"
    slow.save()
    update_row(quick, ("name", "closed_on", "parent", "successor"))
    quick.refresh_from_db()
    columns = ("name", "variant", "closed_on", "parent", "successor")
    assert [getattr(slow, one) for one in columns] == [getattr(quick, one) for one in columns]


def test_a_row_is_added_as_save_adds_it(cast: Cast) -> None:
    now = timezone.now()
    for user, write in ((cast.lead, Membership.save), (cast.viewer, insert_row)):
        write(Membership(user=user, organisation=cast.other_organisation, role="signatory", started_at=now))
    added = Membership.objects.filter(organisation=cast.other_organisation, role="signatory")
    columns = ("role", "started_at", "ended_at", "ended_by", "requested_through")
    slow, quick = added.order_by("pk").values_list(*columns)
    assert slow == quick
