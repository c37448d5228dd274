"""The desk's list of who has not looked through who has access, its file, and the reminders by the clock."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Membership, Organisation, Partnership
from s11.organisations.workflow.access_checks import Said, check_organisation, take_back_check
from surveys.access_reminders import stop_checked, write_access_reminders
from surveys.contact_trail import get_contact_trail
from surveys.enums import MessageStatus
from surveys.models import Message
from surveys.tick import run_due
from tests import factories
from tests.conftest import Cast

LIST = "/p/harbour/desk/access/"
SignIn = Callable[..., Client]
DAY = datetime.timedelta(days=1)


def make_older(days: int = 400) -> None:
    then = timezone.now() - days * DAY
    Organisation.objects.update(created_at=then)
    Partnership.objects.update(created_at=then)


def read_file(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{LIST}file/{query}")
    assert 'filename="access-harbour.csv"' in response.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_list_says_who_has_not_checked(cast: Cast, sign_in: SignIn) -> None:
    """Longest first; another partnership's organisations are not there; one that has no lead says so."""
    make_older()
    factories.make_organisation("Fell House", slug="fell", partnership=cast.elsewhere)
    Membership.objects.filter(user=cast.stranger).update(ended_at=timezone.now())
    check_organisation(organisation=cast.organisation, said=Said({}), by=cast.lead)
    client = sign_in(cast.quality_officer)
    page = client.get(LIST).text
    assert "Beacon Homes" in page
    assert "No lead: invite one" in page
    assert "Anchor Trust" not in page
    assert "Fell House" not in page
    assert "Anchor Trust" in client.get(f"{LIST}?show=all").text
    (beacon,) = read_file(client)
    assert (beacon["Organisation"], beacon["Last checked"], beacon["By"]) == ("Beacon Homes", "", "")
    anchor = read_file(client, "?show=all")[1]
    assert (anchor["Organisation"], anchor["By"], anchor["Due since"]) == ("Anchor Trust", str(cast.lead), "")


def test_the_list_asks_as_often_for_many(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.administrator)
    for number in (1, 3):
        for more in range(number):
            place = factories.make_organisation(f"Place {number} {more}", partnership=cast.partnership)
            lead = factories.make_member(f"{number}-{more}@place.example", organisation=place)
            check_organisation(organisation=place, said=Said({}), by=lead)
        make_older()
        with django_assert_num_queries(9):
            client.get(f"{LIST}?show=all")


def test_leads_and_administrators_are_reminded_three_times(cast: Cast) -> None:
    """By way of the outbox, each once a step; a second run writes nothing, and nobody who has checked is written to."""
    make_older(days=366)
    now = timezone.now()
    people = {cast.lead, cast.stranger, cast.administrator, cast.outsider}
    assert write_access_reminders(now) == len(people)
    assert write_access_reminders(now) == 0
    assert {one.user for one in Message.objects.all()} == people
    assert {one.status for one in Message.objects.all()} == {MessageStatus.WAITING}
    subjects = set(Message.objects.values_list("subject", flat=True))
    assert {"Check who can see the work of Anchor Trust", "Check who works for Harbour"} <= subjects
    first = check_organisation(organisation=cast.organisation, said=Said({}), by=cast.lead)
    assert stop_checked(now + 7 * DAY) == 1
    assert Message.objects.get(user=cast.lead).status == MessageStatus.CANCELLED
    assert [write_access_reminders(now + days * DAY) for days in (14, 15, 42, 60)] == [3, 0, 3, 0]
    take_back_check(access_check=first, by=cast.lead)
    assert write_access_reminders(now + 60 * DAY) == 1, "it is due as it was before"


@pytest.mark.parametrize(("days", "written"), [(365, 4), (0, 0)])
def test_the_clock_writes_them_unless_the_setting_asks_nobody(
    cast: Cast, settings: LazySettings, days: int, written: int
) -> None:
    make_older()
    settings.ACCESS_CHECK_DAYS = days
    assert run_due(timezone.now()).written == written


def test_a_check_stands_in_what_passed_with_the_organisation(cast: Cast) -> None:
    check_organisation(organisation=cast.organisation, said=Said({}), by=cast.lead)
    here = cast.organisation.participations.select_related("partnership").get()
    found = {(one.what, one.by) for one in get_contact_trail(here, None).contacts}
    assert ("Looked through who has access", str(cast.lead)) in found
