"""What meetings put on the page after signing in: for an agency, for who sits, for officers, and for nobody else."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accountability.enums import MeetingStatus
from accountability.models import Meeting, Recommendation
from s11.organisations.models import User
from surveys.models import Cycle, Questionnaire
from tests import factories
from tests.accountability.factories import make_day, make_meeting, make_officer_member, make_panel
from tests.accountability.followed import agree_on_action, finish, follow
from tests.conftest import Cast

NOW = timezone.now()
ANSWERED = {"response": "refusal", "refusal": "No.", "responded_at": NOW}


@pytest.fixture
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


def test_queries_do_not_grow(cast: Cast, bank: Questionnaire, client: Client) -> None:
    found = []
    for slugs in (("one",), ("two", "three")):
        for slug in slugs:
            make_round(cast, bank, slug)
        for user in (cast.lead, cast.administrator, cast.panel_chair):
            client.force_login(user)
            client.get("/home/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/home/")
            found.append(len(queries))
    assert found[:3] == found[3:]
