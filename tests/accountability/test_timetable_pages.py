"""The timetable's pages: what they say, what they change, who may, and that they cost the same for many as for one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accountability.enums import AvailabilityAnswer, MeetingStatus, RunStatus
from accountability.models import DayBreak, Meeting, Panel, PanelMember, Paper, Place, Release, TimetableRun
from accountability.models.timetables import TAKEN_UP_AFTER
from accountability.moves import make_seen
from accountability.releases import read_draft
from accountability.releasing import release_timetable
from accountability.timetable_changes import make_digest
from s11.organisations.models import User
from surveys.tasks import build_document
from tests import factories
from tests.accountability.factories import make_panel
from tests.accountability.rounds import HALF_PAST_NINE, NINE, TEN, add_agency, hold, make_round, say_when
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
ROUND = "/p/harbour/desk/meetings/2026/"
PAGE = f"{ROUND}timetable/"


@grounded
def panel(cast: Cast) -> Panel:
    """Two agencies have a time, the third none; elsewhere another officer's."""
    elsewhere = factories.make_cycle(
        cast.elsewhere, questionnaires=(factories.make_questionnaire(edition="x"),)
    )
    make_panel(elsewhere)
    panel = make_round(cast, agencies=3)
    members = get_members(panel)
    hold(get_meeting(0), NINE, *members[:3])
    hold(get_meeting(1), HALF_PAST_NINE, *members[:3])
    Meeting.objects.filter(pk=get_meeting(2).pk).update(
        why_unplaced="No chair is free on 4 March after 14:00."
    )
    return panel


def get_members(panel: Panel) -> list[PanelMember]:
    return list(panel.members.order_by("pk"))


def get_meeting(number: int) -> Meeting:
    return Meeting.objects.get(invitee__organisation__name=f"Agency {number}")


def read(client: Client, address: str = PAGE, **data: Any) -> str:
    return client.get(address, data).content.decode()


def read_hidden(page: str) -> dict[str, str]:
    """What the page sends back of what it showed."""
    found = re.findall(r'<input type="hidden" name="(seen|promised)" value="([^"]*)"', page)
    return dict(found)


def release(panel: Panel, cast: Cast) -> Release:
    return release_timetable(
        panel=panel, note="For the board", seen=make_digest(read_draft(panel, {})), by=cast.quality_officer
    )


def test_the_grid_and_what_has_no_place(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    DayBreak.objects.create(day=panel.days.get(), name="Tea", starts_at=TEN, ends_at=TEN.replace(minute=15))
    page = read(sign_in(cast.quality_officer))
    assert "2 of 3" in page
    assert "No chair is free on 4 March after 14:00." in page
    assert "Tea" in page
    assert page.index("Agency 0") < page.index("Agency 1") < page.index("Agency 2")
    assert page.count(" (chair), panel_member@harbour.example, Holly") == 2
    assert "Who sits how often" in page
    assert "Work out again" in page


def test_a_meeting_is_where_its_panel_meets(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    address = f"{PAGE}agencies/{get_meeting(0).organisation.slug}/"
    assert "at 09:00, Panel 1" in read(client, address)
    Place.objects.create(day=panel.days.get(), track=0, kind="room", name="Room 2")
    assert "at 09:00, Room 2" in read(client, address)


def test_nothing_yet(cast: Cast, sign_in: SignIn) -> None:
    panel = make_round(cast)
    client = sign_in(cast.quality_officer)
    assert "No agency is called yet." in read(client)
    assert "None has gone out yet." in read(client, f"{ROUND}releases/")
    assert "so there is nothing to release" in read(client, f"{PAGE}release/")
    panel.days.all().delete()
    assert "There are no days yet." in read(client)


def test_worked_out_on_asking(
    cast: Cast, panel: Panel, sign_in: SignIn, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    client = sign_in(cast.quality_officer)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{PAGE}work-out/", {"seconds": "10"})
    assert response.headers["Location"] == PAGE
    run = TimetableRun.objects.get()
    assert (run.seconds, run.status) == (10, RunStatus.DONE)
    page = read(client)
    assert "No better timetable is possible" in page
    assert "3 of 3" in page


def test_while_it_is_worked_out_the_page_looks_again(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    assert "Refresh" not in client.get(PAGE).headers
    TimetableRun.objects.create(panel=panel, status=RunStatus.RUNNING)
    response = client.get(PAGE)
    assert response.headers["Refresh"] == "3"
    assert "Work out again" not in response.content.decode()
    page = client.post(f"{PAGE}work-out/", {"seconds": "nonsense"}, follow=True).content.decode()
    assert "being worked out already" in page


def test_one_that_its_worker_has_left_can_be_asked_for_again(
    cast: Cast, panel: Panel, sign_in: SignIn
) -> None:
    before = timezone.now() - TAKEN_UP_AFTER
    TimetableRun.objects.create(panel=panel, seconds=5, status=RunStatus.RUNNING, started_at=before)
    client = sign_in(cast.quality_officer)
    assert "seems to have stopped" in read(client)
    client.post(f"{PAGE}work-out/", {"seconds": "10"})
    assert TimetableRun.objects.earliest("pk").status == RunStatus.DONE


def test_a_failure_is_said(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    run = TimetableRun.objects.create(panel=panel, status=RunStatus.FAILED, problems="It broke.\nTwice.")
    page = read(sign_in(cast.scrutineer))
    assert "<li>It broke.</li><li>Twice.</li>" in page
    run.status, run.proof, run.problems = RunStatus.DONE, "infeasible", "Agency 0 is locked there."
    run.save()
    page = read(sign_in(cast.scrutineer))
    assert "locked meetings break rules" in page
    assert "Agency 0 is locked there." in page


def test_what_no_longer_holds_is_said(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    chair, second, *_ = get_members(panel)
    client = sign_in(cast.quality_officer)
    assert "no longer holds" not in read(client)
    say_when(chair, answer=AvailabilityAnswer.BUSY)
    assert "It no longer holds: Agency 0: panel_chair@harbour.example cannot make" in read(client)
    say_when(chair)
    second.availabilities.all().delete()
    assert "1 member has not said when they can come" in read(client)
    PanelMember.objects.filter(pk=second.pk).update(is_active=False)
    assert "Agency 0 has somebody on its panel who is on it no longer." in read(client)
    panel.days.update(minutes=20)
    assert "Agency 1 has a time at which no meeting can begin any more." in read(client)


def test_moved_by_hand(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    day = panel.days.get()
    address = f"{PAGE}agencies/{get_meeting(0).organisation.slug}/"
    page = read(client, address)
    assert "Agency 1, which meets there then, loses its time" in page
    assert "Select when and where" in client.post(address, {}).content.decode()
    stale = read_hidden(page)
    assert set(stale) >= {"seen", "promised"}
    data = {**stale, "slot": f"{day.pk}-1000-0", "is_locked": "on"}
    response = client.post(address, data, follow=True)
    assert "Agency 0 meets on" in response.content.decode()
    meeting = get_meeting(0)
    assert (meeting.starts_at, meeting.is_locked) == (TEN, True)

    # A tab that shows what was: the page says what is so now.
    for name in ("lock/", "take-off/"):
        page = client.post(f"{address}{name}", {"locked": "0", **stale}, follow=True).content.decode()
        assert "Somebody changed this meanwhile. It meets on" in page
        assert "at 10:00, Panel 1 now, locked, with" in page
    client.post(f"{address}lock/", {"locked": "0", "seen": make_seen(get_meeting(0))})
    assert not get_meeting(0).is_locked
    client.post(f"{address}lock/", {"locked": "1", "seen": make_seen(get_meeting(0))})
    assert get_meeting(0).is_locked
    other = f"{PAGE}agencies/{get_meeting(1).organisation.slug}/"
    assert "Agency 0 is locked there." in read(client, other)
    TimetableRun.objects.create(panel=panel, status=RunStatus.DONE, proof="optimal", placed=3, unplaced=0)
    assert "No better timetable is possible" in read(client)
    client.post(f"{address}take-off/", {"seen": make_seen(get_meeting(0))})
    page = read(client)
    assert ("Changed by hand since" in page, "No better" in page) == (True, False)
    assert not get_meeting(0).is_placed


def test_a_search_that_would_find_nothing_is_not_advised(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    address = f"{PAGE}agencies/{get_meeting(2).organisation.slug}/"
    say_when(get_meeting(2), answer=AvailabilityAnswer.BUSY)
    page = read(client, address)
    assert "Working the timetable out again finds none before something changes" in page
    assert "may find one" not in page


def test_one_that_was_held_is_not_moved(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    address = f"{PAGE}agencies/{get_meeting(0).organisation.slug}/"
    Meeting.objects.filter(pk=get_meeting(0).pk).update(status=MeetingStatus.HELD)
    client = sign_in(cast.quality_officer)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}take-off/").status_code == 404
    assert "Held" in read(client)


def test_released_read_and_compared(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    page = read(client, f"{PAGE}release/")
    assert "The first timetable: 2 changes. 2 agencies and 3 panel members are told" in page
    seen = make_digest(read_draft(panel, {}))
    stale = client.post(f"{PAGE}release/", {"seen": "x"}, follow=True).content.decode()
    assert "changed meanwhile" in stale
    response = client.post(f"{PAGE}release/", {"seen": seen, "note": "For the board"}, follow=True)
    assert "Timetable 1 is out." in response.content.decode()
    assert "Nothing has changed since" in read(client, f"{PAGE}release/")

    Meeting.objects.filter(pk=get_meeting(0).pk).update(starts_at=TEN)
    page = read(client, f"{PAGE}release/")
    assert "1 change." in page
    assert "Other time" in page
    told = read_draft(panel, {})
    client.post(f"{PAGE}release/", {"seen": make_digest(told)})
    page = read(client, f"{ROUND}releases/")
    assert "Timetable 1" in page
    assert "Timetable 2" in page
    assert "For the board" in page
    page = read(client, f"{ROUND}releases/2/")
    assert "Compared with timetable 1: 1 change" in page
    assert "2 meetings" in read(client, f"{ROUND}releases/2/", against="0")
    assert "Compared with timetable 2: 1 change" in read(client, f"{ROUND}releases/1/", against="2")
    assert client.get(f"{ROUND}releases/3/").status_code == 404
    assert client.get(f"{ROUND}releases/1/?against=9").status_code == 404
    assert client.get(f"{ROUND}releases/0/").status_code == 404


def test_on_paper(
    cast: Cast, panel: Panel, sign_in: SignIn, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    release(panel, cast)
    client = sign_in(cast.scrutineer)
    address = f"{ROUND}releases/1/"
    assert client.get(f"{address}file/").status_code == 404
    client.post(f"{address}paper/")
    response = client.get(address)
    assert response.headers["Refresh"] == "3"
    assert "The PDF is being made." in response.content.decode()
    paper = Paper.objects.get()
    build_document.enqueue(paper.document_id)
    assert "This timetable, a page a day (PDF," in read(client, address)
    file = client.get(f"{address}file/")
    assert "timetable-1.pdf" in file.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(file.getvalue())) as pdf:
        assert len(pdf.pages) == 1
        width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
        assert width > height
    # A second press makes no second one.
    client.post(f"{address}paper/")
    assert Paper.objects.get() == paper
    assert sign_in(cast.outsider).get(f"{address}file/").status_code == 404


def test_a_reader_reads_and_is_told_why_they_change_nothing(
    cast: Cast, panel: Panel, sign_in: SignIn
) -> None:
    release(panel, cast)
    client = sign_in(cast.scrutineer)
    page = read(client)
    assert "Only an administrator or quality officer" in page
    assert "Work out again" not in page
    assert "/agencies/" not in page
    assert client.get(f"{ROUND}releases/1/").status_code == 200


def test_another_partnerships_officer_finds_nothing(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    release(panel, cast)
    slug = get_meeting(0).organisation.slug
    client = sign_in(cast.outsider)
    below = ("timetable/", "timetable/release/", "releases/", "releases/1/", f"timetable/agencies/{slug}/")
    for address in below:
        assert client.get(f"{ROUND}{address}").status_code == 404
    # Their own round has none of this partnership's rows.
    assert client.get(f"/p/moorland/desk/meetings/2026/timetable/agencies/{slug}/").status_code == 404
    assert client.get("/p/moorland/desk/meetings/2026/releases/1/").status_code == 404
    assert "Agency" not in read(client, "/p/moorland/desk/meetings/2026/timetable/").replace(
        "Agency</th>", ""
    )


@pytest.mark.parametrize("number", [1, 3])
def test_queries(cast: Cast, sign_in: SignIn, number: int) -> None:
    panel = make_round(cast, agencies=number)
    members = get_members(panel)
    for index in range(number):
        hold(get_meeting(index), (NINE, HALF_PAST_NINE, TEN)[index], *members[:3])
    add_agency(cast, panel, "Agency 9")
    release(panel, cast)
    client = sign_in(cast.quality_officer)
    slug = get_meeting(0).organisation.slug
    found = {}
    for name, address in (
        ("timetable", PAGE),
        ("release", f"{PAGE}release/"),
        ("meeting", f"{PAGE}agencies/{slug}/"),
        ("released", f"{ROUND}releases/1/"),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[name] = len(queries)
    assert found == {"timetable": 48, "release": 48, "meeting": 26, "released": 15}
