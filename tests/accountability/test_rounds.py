"""The room Meetings, and a round's home."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accountability.enums import MeetingStatus
from accountability.models import Meeting, Panel, Release
from s11.organisations.models import User
from surveys.models import Cycle
from tests import factories
from tests.accountability.factories import make_contact_member, make_day, make_meeting, make_panel
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
ROOM = "/p/harbour/desk/meetings/"


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


def test_an_officer_sets_a_round_up(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    assert "Set up meetings" in client.get(ROOM).content.decode()
    response = client.post(f"{ROOM}2026/set-up/", {"seats": "4", "sectors": "3", "tracks": "2"}, follow=True)

    panel = Panel.objects.get()
    assert (panel.cycle, panel.seats, panel.sectors, panel.tracks) == (cycle, 4, 3, 2)
    assert panel.created_by == cast.quality_officer
    assert response.redirect_chain == [(f"{ROOM}2026/", 302)]
    page = response.content.decode()
    assert "Next: who sits on the panel." in page
    assert "4 people in each meeting" in page
    # A second time leads to what is there.
    assert client.get(f"{ROOM}2026/set-up/").headers["Location"] == f"{ROOM}2026/"


def test_wrong_rules_are_said_at_their_field(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    page = sign_in(cast.quality_officer).post(
        f"{ROOM}2026/set-up/", {"seats": "3", "sectors": "4", "tracks": "1"}
    )
    assert "3 people cannot come from 4 sectors" in page.content.decode()
    assert not Panel.objects.exists()


def test_there_is_no_round_before_it_is_set_up(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    assert sign_in(cast.quality_officer).get(f"{ROOM}2026/").status_code == 404


def test_another_partnership_has_nothing_here(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    make_panel(cycle)
    client = sign_in(cast.outsider)
    assert client.get(f"{ROOM}2026/").status_code == 404
    assert client.get("/p/moorland/desk/meetings/2026/").status_code == 404
    assert "Audit 2026" not in client.get("/p/moorland/desk/meetings/").content.decode()


def test_invitations_go_out_with_the_timetable(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    panel = make_panel(cycle)
    client = sign_in(cast.scrutineer)
    assert "They go out with the timetable" in client.get(f"{ROOM}2026/").content.decode()
    Release.objects.create(panel=panel, number=1)
    page = client.get(f"{ROOM}2026/").content.decode()
    assert "Timetable 1 went out, with a calendar entry" in page
    assert f'href="{ROOM}2026/releases/"' in page


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_room(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    bank = factories.make_questionnaire()
    for index in range(number):
        make_panel(factories.make_cycle(cast.partnership, slug=f"{index}", questionnaires=(bank,)))
    client = sign_in(cast.scrutineer)
    with django_assert_num_queries(5):
        client.get(ROOM)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_a_round(
    cast: Cast, cycle: Cycle, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    panel = make_panel(cycle)
    for index in range(number):
        organisation = factories.make_organisation(f"Cove {index}", partnership=cast.partnership)
        make_contact_member(panel, organisation, email=f"a{index}@cove.example")
        day = make_day(panel, cycle.closes_on.replace(day=1 + index))
        make_meeting(panel, organisation, day=day)
    client = sign_in(cast.quality_officer)
    with django_assert_num_queries(12):
        page = client.get(f"{ROOM}2026/").content.decode()
    assert f"{number} of {number} agenc" in page


def test_what_is_past_is_shown_as_past(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    """Meetings that were held and not planned here: nothing of what comes before them is left to do."""
    panel = make_panel(cycle)
    make_contact_member(panel, cast.other_organisation)
    meeting = make_meeting(panel, cast.organisation, day=make_day(panel, datetime.date(2025, 3, 3)))
    client = sign_in(cast.quality_officer)
    assert "nobody has been told" in client.get(f"{ROOM}2026/").content.decode()
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD)
    page = client.get(f"{ROOM}2026/").content.decode()
    for words in (
        "0 of 1 member have answered; the days are over",
        "it was made elsewhere",
        "none went out from here",
    ):
        assert words in page
    for words in ("a room or link is missing", "nobody has been told"):
        assert words not in page
