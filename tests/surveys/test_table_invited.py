"""Who is invited, as a table: what comes back changes what the page would change, and nothing where it is as it was."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from surveys.enums import AuditStatus, CycleStatus, DocumentFormat, Obligation
from surveys.models import Cycle, Invitee
from surveys.resources.invited import InvitedTable
from tests import factories
from tests.conftest import Cast
from tests.surveys.table_rows import count, export, preview, refuse, save, through


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    """Two are invited, one is not; the stranger's partnership has a cycle of the same organisation."""
    bank = factories.make_questionnaire(Variant.STANDARD)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    factories.make_invitee(cycle, cast.organisation)
    factories.make_invitee(cycle, cast.other_organisation, obligation=Obligation.MAY)
    factories.make_organisation("Cove Council", slug="cove", partnership=cast.partnership, urn="123456")
    there = factories.make_organisation("Dune Homes", slug="dune", partnership=cast.elsewhere)
    factories.make_invitee(factories.make_cycle(cast.elsewhere, questionnaires=(bank,)), there)
    return cycle


def make(cast: Cast, cycle: Cycle) -> InvitedTable:
    return InvitedTable(partnership=cast.partnership, by=cast.administrator, cycle=cycle)


def in_days(days: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


def test_it_holds_the_cycle_s_own_and_no_others(cast: Cast, cycle: Cycle) -> None:
    rows = export(make(cast, cycle))
    assert [(row["Organisation"], row["Must or may"], row["Progress"]) for row in rows] == [
        ("Anchor Trust", "must", "Registered"),
        ("Beacon Homes", "may", "Registered"),
    ]


@pytest.mark.parametrize("file_format", [DocumentFormat.XLSX, DocumentFormat.CSV])
def test_a_file_that_comes_back_as_it_was_changes_nothing(
    cast: Cast, cycle: Cycle, file_format: DocumentFormat
) -> None:
    Invitee.objects.filter(organisation=cast.organisation).update(
        extended_to=in_days(60), extension_reason="=1+1\nA long text, with a comma"
    )
    before = list(Invitee.objects.order_by("pk").values())
    found = make(cast, cycle).preview(through(make(cast, cycle), file_format))
    assert (found.faults, count(found)) == ([], {"unchanged": 2})
    assert not found.can_be_confirmed
    assert list(Invitee.objects.order_by("pk").values()) == before


def test_it_extends_exempts_and_changes_the_duty(cast: Cast, cycle: Cycle) -> None:
    anchor, beacon = export(make(cast, cycle))
    anchor |= {"Extended to": in_days(45), "Why it has more time": "A new lead", "Must or may": "may"}
    beacon |= {"Why it is exempt": "It closes"}
    assert count(save(make(cast, cycle), anchor, beacon)) == {"changed": 2}
    first, second = cycle.invitees.order_by("pk")
    assert (first.extended_to, first.extension_reason) == (
        datetime.date.fromisoformat(in_days(45)),
        "A new lead",
    )
    assert (first.obligation, second.obligation) == (Obligation.MAY, Obligation.MAY)
    assert second.exempt_reason == "It closes"
    # And back.
    anchor |= {"Extended to": "", "Why it has more time": "", "Must or may": "must"}
    save(make(cast, cycle), anchor, beacon | {"Why it is exempt": ""})
    assert not cycle.invitees.exclude(extended_to=None, extension_reason="", exempt_reason="").exists()


def test_a_new_row_invites_by_name_or_urn(cast: Cast, cycle: Cycle) -> None:
    found = save(
        make(cast, cycle), {"Key": "", "Organisation": "123456", "Must or may": "", "Extended to": ""}
    )
    assert count(found) == {"added": 1}
    invitee = cycle.invitees.get(organisation__slug="cove")
    assert invitee.obligation == Obligation.MUST
    # Once more, it means the same row.
    again = preview(make(cast, cycle), {"Key": "", "Organisation": "Cove Council", "Must or may": "must"})
    assert count(again) == {"unchanged": 1}


def test_a_row_stays_with_its_organisation(cast: Cast, cycle: Cycle) -> None:
    anchor, _ = export(make(cast, cycle))
    found = preview(make(cast, cycle), anchor | {"Organisation": "Cove Council"})
    assert count(found) == {"held": 1}
    assert "in a row of its own" in found.lines[0].changes[0].held


def test_what_is_wrong_is_said_by_line_and_heading(cast: Cast, cycle: Cycle) -> None:
    anchor, beacon = export(make(cast, cycle))
    closes_on = cycle.closes_on.isoformat()
    faults = refuse(
        make(cast, cycle),
        anchor | {"Extended to": closes_on, "Why it has more time": "Late"},
        beacon | {"Extended to": in_days(50)},
        {"Key": "", "Organisation": "Dune Homes"},
        {"Key": "4711", "Organisation": "Anchor Trust"},
        {"Key": "", "Organisation": ""},
    )
    assert faults == [
        f"line 2, Extended to: {closes_on} is not after the closing day, {closes_on}; write a later day",
        "line 3, Why it has more time: it is empty; write why it has more time",
        (
            'line 4, Organisation: "Dune Homes" is no organisation of Harbour; '
            "write its URN or its exact name, or add it to your organisations first"
        ),
        (
            'line 5, Key: nothing here has the key "4711"; '
            "leave it empty to add a new row, or copy the key from a fresh export"
        ),
        "line 6, Organisation: it is empty; write it in, for a new row needs it",
    ]


def test_a_row_of_another_partnership_has_no_key_here(cast: Cast, cycle: Cycle) -> None:
    theirs = Invitee.objects.get(organisation__slug="dune")
    faults = refuse(make(cast, cycle), {"Key": str(theirs.pk), "Must or may": "may"})
    assert "nothing here has the key" in faults[0]


def test_permissions_are_those_of_the_page(cast: Cast, cycle: Cycle) -> None:
    anchor, beacon = export(make(cast, cycle))
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    late = anchor | {"Extended to": in_days(45), "Why it has more time": "A new lead"}
    assert refuse(make(cast, cycle), late) == [
        (
            "line 2, Extended to: Anchor Trust has submitted its audit, so it needs no more time; "
            "leave the cell as it was"
        )
    ]
    assert "cannot be exempt" in refuse(make(cast, cycle), anchor | {"Why it is exempt": "Closes"})[0]
    by_quality = InvitedTable(partnership=cast.partnership, by=cast.quality_officer, cycle=cycle)
    assert "Only an administrator" in refuse(by_quality, beacon | {"Must or may": "must"})[0]
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    cycle.refresh_from_db()
    for row in (beacon | {"Must or may": "must"}, {"Key": "", "Organisation": "Cove Council"}):
        assert "is closed" in refuse(make(cast, cycle), row)[0]
    # As it was, it is no fault even then.
    assert count(preview(make(cast, cycle), beacon)) == {"unchanged": 1}


def test_queries_do_not_grow_with_the_rows(
    cast: Cast, cycle: Cycle, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (0, 2):
        for place in range(more):
            organisation = factories.make_organisation(f"Echo {place}", partnership=cast.partnership)
            factories.make_invitee(cycle, organisation)
        with django_assert_num_queries(1):
            rows = export(make(cast, cycle))
        with django_assert_num_queries(3):
            preview(make(cast, cycle), *rows)
