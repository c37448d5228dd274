"""Who is told where their packs are: each once, when they are ready, without those whom a conflict keeps out."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accountability import pack_telling
from accountability.models import Meeting, PanelMember, Paper, Release, ReleasedMeeting, ReleasedSeat
from accountability.pack_telling import tell_packs
from surveys.enums import DocumentKind
from surveys.models import Message
from surveys.models.messages import PERSONAL_LINK
from tests import factories
from tests.accountability.factories import make_contact_member, make_interest, put_in_timetable
from tests.accountability.pack_world import PackWorld, make_pack_world
from tests.conftest import Cast
from tests.ground import grounded
from tests.trails import lifted

NOW = timezone.now()


@grounded
def world(cast: Cast) -> PackWorld:
    return make_pack_world(cast)


def prepare(*meetings: Meeting) -> None:
    Meeting.objects.filter(pk__in=[one.pk for one in meetings]).update(pack_prepared_at=NOW)


def test_each_once_when_all_of_theirs_are_ready(world: PackWorld, cast: Cast, client: Client) -> None:
    prepare(world.meeting)
    assert tell_packs(NOW) == 0
    prepare(world.other)
    assert (tell_packs(NOW), tell_packs(NOW)) == (3, 0)
    mail = Message.objects.get(contact=world.contact.contact)
    assert mail.subject.startswith("Read your packs before ")
    assert mail.body.startswith("Read the packs of the meetings in which you sit")
    # One link, which opens without a login; the log keeps none.
    assert mail.body.count(PERSONAL_LINK) == 1
    assert "http" not in mail.body.replace(PERSONAL_LINK, "")
    page = client.get(mail.personal_link.replace("http://localhost:8000", ""))
    assert "Your packs" in page.text
    # Their PDFs were asked for with the e-mail, once for all who sit by a link.
    papers = Paper.objects.filter(document__kind=DocumentKind.PACK, reader=None)
    assert {one.meeting for one in papers} == {world.meeting, world.other}
    assert "Make the PDF" not in page.text
    officer = Message.objects.get(user=cast.panel_chair)
    assert "/p/harbour/desk/meetings/2026/packs/" in officer.body
    assert not officer.personal_link


def test_each_pack_is_renewed_by_itself(world: PackWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(world.meeting, world.other)
    # Within a transaction there would be one more: SQLite lets nobody write until it ends.
    outside, seen = len(connection.savepoint_ids), {}

    def note(*, meeting: Meeting) -> None:
        seen[meeting.pk] = len(connection.savepoint_ids) - outside

    monkeypatch.setattr(pack_telling, "renew_pack", note)
    assert tell_packs(NOW) == 3
    assert seen == {world.meeting.pk: 0, world.other.pk: 0}


def test_at_the_latest_some_days_before(world: PackWorld) -> None:
    assert tell_packs(NOW + datetime.timedelta(days=20)) == 0
    assert tell_packs(NOW + datetime.timedelta(days=26)) == 3


def test_nobody_whose_packs_are_closed_or_who_has_left(world: PackWorld, cast: Cast) -> None:
    prepare(world.meeting, world.other)
    for one in (world.meeting, world.other):
        make_interest(world.contact, one.organisation)
    PanelMember.objects.filter(pk=world.member.pk).update(is_active=False)
    assert tell_packs(NOW) == 1
    assert Message.objects.get().user == cast.panel_chair


def test_nothing_before_the_timetable_has_gone_out_or_after_the_day(world: PackWorld) -> None:
    prepare(world.meeting, world.other)
    assert tell_packs(NOW + datetime.timedelta(days=31)) == 0
    with lifted(Release, ReleasedMeeting, ReleasedSeat):
        Release.objects.all().delete()
    assert tell_packs(NOW) == 0


def test_who_is_only_planned_to_sit_is_told_nothing_yet(world: PackWorld, cast: Cast) -> None:
    prepare(world.meeting, world.other)
    dock = factories.make_organisation("Dune Health", partnership=cast.partnership)
    world.meeting.seats.create(member=make_contact_member(world.panel, dock, email="new@dune.example"))
    assert tell_packs(NOW) == 3
    assert not Message.objects.filter(email="new@dune.example").exists()


def count_queries(world: PackWorld, cast: Cast, members: int) -> int:
    """Of a run that tells nobody: each e-mail is a write of its own."""
    dock = factories.make_organisation(f"Dune {members}", partnership=cast.partnership)
    for number in range(members):
        member = make_contact_member(world.panel, dock, email=f"m{members}{number}@example.org")
        world.meeting.seats.create(member=member)
    put_in_timetable(world.meeting)
    with CaptureQueriesContext(connection) as found:
        assert tell_packs(NOW) == 0
    return len(found)


def test_its_reads_do_not_grow(world: PackWorld, cast: Cast) -> None:
    assert count_queries(world, cast, 1) == count_queries(world, cast, 3) == 8
