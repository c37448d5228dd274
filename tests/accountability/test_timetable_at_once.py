"""Two at once: two workers with one run, two officers who release or move. One is done, the other told, nothing lost.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

import pytest
from django.db import connection

from accountability.enums import RunStatus
from accountability.models import Meeting, Panel, Release, Seat, TimetableRun
from accountability.releases import read_draft
from accountability.releasing import release_timetable
from accountability.tasks import search
from accountability.timetable_changes import make_digest
from accountability.timetabling import move_meeting
from s11.web.errors import NotInThisState
from tests.accountability.rounds import HALF_PAST_NINE, NINE, TEN, hold, make_round, see
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


@pytest.fixture
def panel(cast: Cast) -> Panel:
    panel = make_round(cast, agencies=2)
    members = list(panel.members.order_by("pk"))[:3]
    for starts_at, meeting in zip((NINE, HALF_PAST_NINE), panel.meetings.order_by("pk"), strict=True):
        hold(meeting, starts_at, *members)
    return panel


def get_meeting(number: int) -> Meeting:
    rows = Meeting.objects.select_related("panel__cycle", "invitee__organisation")
    return rows.get(invitee__organisation__name=f"Agency {number}")


def test_of_two_workers_one_searches(cast: Cast, panel: Panel) -> None:
    run = TimetableRun.objects.create(panel=panel, seconds=5)
    meanwhile(lambda: search(run.pk), lambda: search(run.pk))
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert Seat.objects.count() == 6


def test_of_two_who_release_one_does(cast: Cast, panel: Panel) -> None:
    seen = make_digest(read_draft(panel, {}))
    refused = []

    def release() -> None:
        found = Panel.objects.select_related("cycle__partnership").get(pk=panel.pk)
        try:
            release_timetable(panel=found, note="", seen=seen, by=cast.quality_officer)
        except NotInThisState as late:
            refused.append(str(late))

    meanwhile(release, release)
    assert refused == ["Nothing has changed since the last timetable went out, so nobody was told anything."]
    assert Release.objects.get().number == 1
    assert panel.meetings.filter(sequence=0, told_at__isnull=False).count() == 2


def test_of_two_who_want_one_slot_the_second_sees_the_first(cast: Cast, panel: Panel) -> None:
    day = panel.days.get()
    shown = [see(get_meeting(number), TEN) for number in range(2)]
    refused: list[str] = []

    def move(number: int) -> None:
        try:
            move_meeting(
                meeting=get_meeting(number),
                day=day.pk,
                starts_at=TEN,
                track=0,
                is_locked=False,
                **shown[number],
                by=cast.quality_officer,
            )
        except NotInThisState as late:
            refused.append(str(late))

    meanwhile(lambda: move(0), lambda: move(1))
    # The second page showed the slot as free: it overrides nobody, and says what it would cost now.
    assert get_meeting(0).starts_at == TEN
    assert get_meeting(1).starts_at != TEN
    assert "Agency 0 would lose its time." in refused[0]


def test_who_moves_while_an_answer_is_written_waits_for_it(cast: Cast, panel: Panel) -> None:
    day = panel.days.get()
    run = TimetableRun.objects.create(panel=panel, seconds=5)

    shown, refused = see(get_meeting(0), TEN), []

    def move() -> None:
        try:
            move_meeting(
                meeting=get_meeting(0),
                day=day.pk,
                starts_at=TEN,
                track=0,
                is_locked=True,
                **shown,
                by=cast.quality_officer,
            )
        except NotInThisState as late:
            refused.append(str(late))

    meanwhile(lambda: search(run.pk), move)
    # As the page promised, or not at all.
    assert (get_meeting(0).starts_at == TEN) != bool(refused)
    slots = list(Meeting.objects.filter(day__isnull=False).values_list("starts_at", "track"))
    assert len(slots) == len(set(slots))
