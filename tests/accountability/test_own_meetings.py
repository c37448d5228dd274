"""What meetings put on the page after signing in: for an agency, for who sits, for officers, and for nobody else."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accountability.enums import MeetingStatus, MinutesStatus
from accountability.models import Meeting, Minutes, Recommendation
from s11.organisations.models import User
from surveys.models import Cycle, Questionnaire
from tests import factories
from tests.accountability.factories import (
    make_day,
    make_meeting,
    make_officer_member,
    make_panel,
    put_in_timetable,
    seat,
)
from tests.accountability.followed import agree_on_action, finish, follow
from tests.conftest import Cast
from tests.ground import grounded

NOW = timezone.now()
ANSWERED = {"response": "refusal", "refusal": "No.", "responded_at": NOW}


@grounded
def bank(cast: Cast) -> Questionnaire:
    return factories.make_questionnaire()


def make_round(cast: Cast, bank: Questionnaire, slug: str = "held") -> Cycle:
    """Letters that have gone, one that has not; an agency and a chair who are asked when they can come."""
    cycle = factories.make_cycle(cast.partnership, slug=slug, questionnaires=(bank,))
    panel = make_panel(cycle)
    make_day(panel, timezone.localdate() + datetime.timedelta(days=60))
    member = make_officer_member(panel, cast.panel_chair)
    member.asked_at = NOW
    member.save()
    follow(make_meeting(panel, cast.organisation), cast.administrator, recommendations=3)
    first, second, _ = Recommendation.objects.filter(meeting__panel=panel)
    finish(agree_on_action(first, cast.lead, cast.quality_officer), cast.lead)
    Recommendation.objects.filter(pk=second.pk).update(**ANSWERED)
    late = factories.make_organisation(f"Late {slug}", partnership=cast.partnership)
    held = {"status": MeetingStatus.HELD, "started_at": NOW - datetime.timedelta(days=40)}
    Meeting.objects.filter(pk=make_meeting(panel, late).pk).update(**held, ended_at=NOW)
    # Beacon Homes is asked when it can come.
    make_meeting(panel, cast.other_organisation, asked_at=NOW)
    return cycle


def read(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get("/home/").text


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ({"lead", "contributor"}, "Answer 1 recommendation of the panel to Anchor Trust, by "),
        ({"stranger"}, "Say when Beacon Homes can come to its accountability meeting"),
        ({"panel_chair"}, "Say when you can sit on the panel of Audit held"),
        (
            {"administrator", "quality_officer"},
            "Send 1 letter after meetings of Audit held, 1 overdue",
        ),
        ({"administrator", "quality_officer"}, "Decide on 1 answer to the panel of Audit held"),
        ({"administrator", "quality_officer"}, "Verify 1 action agreed with the panel of Audit held"),
    ],
)
def test_whose_line_it_is(
    cast: Cast, bank: Questionnaire, client: Client, people: set[str], words: str
) -> None:
    make_round(cast, bank)
    assert {name for name, user in cast.people.items() if words in read(client, user)} == people


def test_nothing_is_left_of_what_is_done(cast: Cast, bank: Questionnaire, client: Client) -> None:
    make_round(cast, bank)
    Recommendation.objects.filter(response="").update(**ANSWERED)
    assert "recommendation of the panel" not in read(client, cast.lead)


def tell_coming(cast: Cast, bank: Questionnaire, slug: str = "coming") -> Meeting:
    """Told of: Anchor Trust comes on 5 March 2100, where the cast's chair has the chair and its member sits."""
    cycle = factories.make_cycle(cast.partnership, slug=slug, questionnaires=(bank,))
    panel = make_panel(cycle)
    day = make_day(panel, datetime.date(2100, 3, 5))
    meeting = make_meeting(panel, cast.organisation, day=day, told_at=NOW)
    chair = make_officer_member(panel, cast.panel_chair, may_chair=True)
    seat(meeting, chair, make_officer_member(panel, cast.panel_member))
    put_in_timetable(meeting)
    return meeting


def test_a_meeting_that_is_coming_is_on_home(cast: Cast, bank: Questionnaire, client: Client) -> None:
    meeting = tell_coming(cast, bank)
    asked = "Say by 26 February 2100 who comes to the meeting of Anchor Trust on 5 March 2100 at 09:30"
    assert {name for name, user in cast.people.items() if asked in read(client, user)} == {
        "lead",
        "signatory",
    }
    meeting.representatives.create(name="Ada")
    assert "Accountability meeting of Anchor Trust: 5 March 2100" in read(client, cast.lead)
    assert "You sit in 1 meeting of Audit coming, 1 as chair: 5 March 2100" in read(client, cast.panel_chair)
    assert "You sit in 1 meeting of Audit coming: 5 March 2100" in read(client, cast.panel_member)


def test_minutes_wait_for_who_had_the_chair(cast: Cast, bank: Questionnaire, client: Client) -> None:
    meeting = tell_coming(cast, bank)
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD, started_at=NOW, ended_at=NOW)
    Minutes.objects.create(meeting=meeting)
    line, link = "Read and agree the minutes of the meeting with Anchor Trust", "/anchor/minutes/"
    assert {name for name, user in cast.people.items() if line in read(client, user)} == {"panel_chair"}
    own = "/p/harbour/desk/meetings/coming/"
    for user, waits in ((cast.panel_chair, True), (cast.panel_member, False)):
        client.force_login(user)
        page = client.get(own).text
        assert "Held on" in page
        assert (link in page) is waits
    Minutes.objects.update(status=MinutesStatus.AGREED, agreed_at=NOW)
    assert line not in read(client, cast.panel_chair)


def test_a_meeting_that_was_held_does_not_read_as_if_it_were_coming(
    cast: Cast, bank: Questionnaire, client: Client
) -> None:
    meeting = tell_coming(cast, bank)
    client.force_login(cast.lead)
    page = client.get("/p/harbour/o/anchor/meetings/").text
    assert "Add to your calendar" in page
    held = datetime.datetime(2026, 3, 6, 12, tzinfo=datetime.UTC)
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD, started_at=held, ended_at=held)
    page = client.get("/p/harbour/o/anchor/meetings/").text
    assert "Held on" in page
    assert "6 March 2026" in page
    for word in ("Add to your calendar", "When you can come", "How to get in", "who comes"):
        assert word not in page


def test_queries_do_not_grow(cast: Cast, bank: Questionnaire, client: Client) -> None:
    found = []
    for slugs in (("one",), ("two", "three")):
        for slug in slugs:
            make_round(cast, bank, slug)
            tell_coming(cast, bank, f"{slug}-coming")
        for user in (cast.lead, cast.administrator, cast.panel_chair):
            client.force_login(user)
            client.get("/home/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/home/")
            found.append(len(queries))
    assert found[:3] == found[3:]
