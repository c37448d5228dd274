"""Days of meetings: planned with a preview, changed only so that meetings keep their slots; where each panel meets."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accountability.enums import AvailabilityAnswer, Half, MeetingStatus, PlaceKind
from accountability.models import Availability, DayBreak, MeetingDay, Panel, Place
from s11.organisations.models import User
from s11.web.dates import LONDON
from surveys.models import Cycle
from tests import factories
from tests.accountability.factories import FIRST_DAY, make_contact_member, make_day, make_meeting, make_panel
from tests.conftest import Cast

SignIn = Callable[[User], Client]
DAYS = "/p/harbour/desk/meetings/2026/days/"
WHEN = {"date_day": "3", "date_month": "3", "date_year": "2027"}
HOURS = {"starts_at": "09:30", "ends_at": "16:00", "minutes": "30"}
LUNCH = {"break-0-name": "Lunch", "break-0-starts_at": "12:30", "break-0-ends_at": "13.15"}


@pytest.fixture(autouse=True)
def _months_before() -> Iterator[None]:
    """The days of these tests are still to come, whenever they run."""
    with time_machine.travel(datetime.datetime(2026, 11, 23, 9, tzinfo=LONDON)):
        yield


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@pytest.fixture
def panel(cycle: Cycle) -> Panel:
    return make_panel(cycle)


@pytest.fixture
def officer(cast: Cast, panel: Panel, sign_in: SignIn) -> Client:
    return sign_in(cast.quality_officer)


def test_a_day_is_looked_at_and_then_planned(panel: Panel, officer: Client) -> None:
    data = {**WHEN, **HOURS, **LUNCH}
    page = officer.post(f"{DAYS}add/", {**data, "preview": "1"}).content.decode()
    assert "Wednesday 3 March 2027: 11 slots" in page
    assert not MeetingDay.objects.exists()
    response = officer.post(f"{DAYS}add/", data)
    day = MeetingDay.objects.get()
    assert response.headers["Location"] == f"{DAYS}{day.pk}/places/"
    assert [str(one) for one in day.breaks.all()] == ["Lunch, 12:30 to 13:15"]
    assert len(day.list_slots()) == 11
    # The same date again is said at its field.
    assert "is a day of meetings already" in officer.post(f"{DAYS}add/", data).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"date_year": "1999"}, "The day must be today or later"),
        ({"ends_at": "09:00"}, "The day must end after it starts"),
        ({"starts_at": "half past nine"}, "Enter a time such as 09:30"),
        ({"minutes": "240", "ends_at": "12:00"}, "No meeting of 240 minutes fits into this day"),
        ({"break-1-starts_at": "10:00"}, "Enter when the break ends"),
        ({"break-1-ends_at": "10:00"}, "Enter when the break starts"),
        ({"break-1-starts_at": "11:00", "break-1-ends_at": "10:00"}, "The break must end after it starts"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    panel: Panel, officer: Client, change: dict[str, str], sentence: str
) -> None:
    page = officer.post(f"{DAYS}add/", {**WHEN, **HOURS, **LUNCH, **change}).content.decode()
    assert sentence in page
    assert not MeetingDay.objects.exists()


def test_a_day_with_meetings_changes_only_so_that_they_keep_their_slot(
    cast: Cast, panel: Panel, officer: Client
) -> None:
    day = make_day(panel)
    meeting = make_meeting(panel, cast.organisation, day=day, starts_at=datetime.time(12, 30))
    address = f"{DAYS}{day.pk}/"
    for change in (LUNCH, {"minutes": "45"}, {"date_day": "4"}, {"ends_at": "12:00"}):
        page = officer.post(address, {**WHEN, **HOURS, **change}).content.decode()
        assert "Anchor Trust (12:30) would lose its slot. Move it in the timetable first." in page
    assert "would lose its slot" in officer.post(f"{address}delete/", follow=True).content.decode()
    day.refresh_from_db()
    assert (day.date, day.minutes, day.breaks.count()) == (FIRST_DAY, 30, 0)
    # What touches none of them is done.
    officer.post(address, {**WHEN, **HOURS, "ends_at": "17:00"})
    day.refresh_from_db()
    assert day.ends_at == datetime.time(17)
    # One that was cancelled holds nothing.
    meeting.status, meeting.cancel_reason = MeetingStatus.CANCELLED, "Merged."
    meeting.save()
    officer.post(f"{address}delete/")
    meeting.refresh_from_db()
    assert (MeetingDay.objects.count(), meeting.day, meeting.starts_at, meeting.track) == (
        0,
        None,
        None,
        None,
    )


def test_answers_for_what_is_no_more_are_forgotten(cast: Cast, panel: Panel, officer: Client) -> None:
    day = make_day(panel)
    member = make_contact_member(panel, cast.other_organisation)
    for half in Half:
        Availability.objects.create(day=day, half=half, member=member, answer=AvailabilityAnswer.FREE)
    officer.post(f"{DAYS}{day.pk}/", {**WHEN, **HOURS, "ends_at": "12:30"})
    assert list(member.availabilities.values_list("half", flat=True)) == ["morning"]
    officer.post(f"{DAYS}{day.pk}/", {**WHEN, **HOURS, "date_day": "4"})
    assert not member.availabilities.exists()


def test_rooms_and_links_go_on_to_the_next_day(panel: Panel, officer: Client) -> None:
    panel.tracks = 2
    panel.save()
    day = make_day(panel)
    address = f"{DAYS}{day.pk}/places/"
    room = {"place-0-kind": "room", "place-0-name": "Committee room 2", "place-0-joining": "Ring twice."}
    wrong = {**room, "place-1-kind": "online", "place-1-name": ""}
    assert "Enter a name for where panel 2 meets" in officer.post(address, wrong).content.decode()
    kindless = {**room, "place-1-name": "Video call A"}
    assert (
        "Select whether panel 2 meets in a room or online" in officer.post(address, kindless).content.decode()
    )
    online = {"place-1-kind": "online", "place-1-name": "Call A", "place-1-link": "meet.example/a"}
    officer.post(address, {**room, **online})
    assert [(one.track, one.kind, one.name, one.link) for one in day.places.all()] == [
        (0, PlaceKind.ROOM, "Committee room 2", ""),
        (1, PlaceKind.ONLINE, "Call A", "https://meet.example/a"),
    ]
    officer.post(f"{DAYS}add/", {**WHEN, **HOURS, "date_day": "4"})
    assert Place.objects.count() == 4
    officer.post(address, room)
    assert day.places.count() == 1


def test_a_day_of_another_round_is_not_here(cast: Cast, panel: Panel, officer: Client) -> None:
    bank = panel.cycle.cycle_questionnaires.get().questionnaire
    elsewhere = make_day(make_panel(factories.make_cycle(cast.elsewhere, questionnaires=(bank,))))
    assert officer.get(f"{DAYS}{elsewhere.pk}/").status_code == 404
    assert officer.get(f"{DAYS}{elsewhere.pk}/places/").status_code == 404
    assert officer.post(f"{DAYS}{elsewhere.pk}/delete/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_days(
    cast: Cast, panel: Panel, officer: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for index in range(number):
        day = make_day(panel, FIRST_DAY.replace(day=1 + index))
        DayBreak.objects.create(day=day, starts_at=datetime.time(11), ends_at=datetime.time(11, 30))
        Place.objects.create(day=day, track=0, kind=PlaceKind.ROOM, name="Room")
    with django_assert_num_queries(8):
        page = officer.get(DAYS).content.decode()
    assert page.count("Room (room)") == number
