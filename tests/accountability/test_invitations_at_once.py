"""Two at once with one meeting: who gives a seat away, who names who comes. One is done, the other is told."""

from __future__ import annotations

import pytest
from django.db import connection

from accountability.models import CalendarFeed, Meeting, Panel, PanelMember, Seat
from accountability.releases import read_draft
from accountability.releasing import release_timetable
from accountability.representing import Named, name_representatives
from accountability.substituting import replace_member
from accountability.timetable_changes import make_digest
from s11.web.errors import NotInThisState
from surveys.models import Message
from tests.accountability.rounds import NINE, hold, make_round
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


@pytest.fixture
def panel(cast: Cast) -> Panel:
    panel = make_round(cast, agencies=1)
    hold(panel.meetings.get(), NINE, *panel.members.order_by("pk")[:3])
    release_timetable(panel=panel, note="", seen=make_digest(read_draft(panel, {})), by=cast.quality_officer)
    return panel


def get_meeting() -> Meeting:
    return Meeting.objects.with_place().get()


def test_of_two_who_give_one_seat_away_one_does(cast: Cast, panel: Panel) -> None:
    _, member, _, hugh = panel.members.order_by("pk")
    seat = Seat.objects.get(member=member)
    refused = []

    def replace() -> None:
        try:
            replace_member(
                meeting=get_meeting(),
                seat=seat,
                member=PanelMember.objects.get(pk=hugh.pk),
                by=cast.quality_officer,
            )
        except NotInThisState as late:
            refused.append(str(late))

    meanwhile(replace, replace)
    assert len(refused) == 1
    assert panel.releases.count() == 2
    assert Message.objects.filter(email="hugh@dock.example").count() == 1
    assert get_meeting().sequence == 1


def test_of_two_who_name_who_comes_both_count(cast: Cast, panel: Panel) -> None:
    """The second takes the first's people off: each step has its own number, so calendars end with the last."""
    name_representatives(meeting=get_meeting(), people=[Named("Ada", email="ada@x.example")], by=cast.lead)

    def name(person: str) -> None:
        people = [Named(person, email=f"{person.lower()}@x.example")]
        name_representatives(meeting=get_meeting(), people=people, by=cast.lead)

    meanwhile(lambda: name("Bea"), lambda: name("Cal"))
    assert [one.name for one in get_meeting().representatives.all()] == ["Cal"]
    assert get_meeting().sequence == 3
    assert Message.objects.filter(email="bea@x.example").count() == 2


def test_an_address_pressed_twice_is_one(cast: Cast) -> None:
    def make() -> None:
        CalendarFeed.objects.get_or_create(user=cast.lead)

    meanwhile(make, make)
    assert CalendarFeed.objects.count() == 1
