"""Meetings and recommendations in the data feed: what officers who read the round see, and nothing of a conflict."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.enums import LetterStatus
from accountability.models import Letter, Meeting
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership
from tests import factories
from tests.accountability.factories import make_interest, make_meeting, make_officer_member, make_panel
from tests.accountability.followed import agree_on_action, finish, follow, verify
from tests.conftest import Cast
from tests.organisations.feed_tokens import let_read

FEED = "/p/harbour/feed/round/"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    cycle = factories.make_cycle(
        cast.partnership, slug="round", questionnaires=(factories.make_questionnaire(),)
    )
    meeting = make_meeting(make_panel(cycle), cast.organisation)
    follow(meeting, cast.administrator, recommendations=2)
    return meeting


def read(client: Client, table: str) -> list[dict[str, object]]:
    response = client.get(f"{FEED}{table}.json")
    assert response.status_code == 200, response.content
    rows: list[dict[str, object]] = response.json()["rows"]
    return rows


def test_what_is_read_of_a_meeting(meeting: Meeting, cast: Cast) -> None:
    [row] = read(let_read(cast.scrutineer, cast.partnership), "meetings")
    letter = Letter.objects.get(meeting=meeting)
    assert letter.sent_at is not None
    assert (row["key"], row["organisation"], row["status"]) == ("anchor", "Anchor Trust", "Held")
    assert (row["minutes"], row["letter"], row["recommendations"]) == ("Final", "Sent", 2)
    assert row["letter_sent_on"] == timezone.localdate(letter.sent_at).isoformat()


def test_what_is_read_of_a_recommendation(meeting: Meeting, cast: Cast) -> None:
    asked = meeting.recommendations.get(number=1)
    action = agree_on_action(asked, cast.lead, cast.quality_officer)
    finish(action, cast.lead)
    verify(action, cast.quality_officer)
    first, second = read(let_read(cast.scrutineer, cast.partnership), "recommendations")
    assert (first["number"], first["state"], first["action"]) == (1, "Worked", action.what)
    assert first["action_due_on"] == action.due_on.isoformat()
    assert (second["state"], second["action"], second["refusal"]) == ("Not answered", None, None)


def test_a_letter_that_has_not_gone_tells_nobody(meeting: Meeting, cast: Cast) -> None:
    Letter.objects.update(status=LetterStatus.SIGNED, sent_at=None)
    client = let_read(cast.scrutineer, cast.partnership)
    assert read(client, "recommendations") == []
    assert read(client, "meetings")[0]["letter_sent_on"] is None


@pytest.mark.parametrize("how", ["belongs", "declared"])
def test_whoever_has_a_conflict_reads_nothing_of_it(meeting: Meeting, cast: Cast, how: str) -> None:
    client = let_read(cast.scrutineer, cast.partnership)
    other = make_meeting(meeting.panel, cast.other_organisation)
    if how == "belongs":
        Membership.objects.create(
            user=cast.scrutineer,
            organisation=cast.organisation,
            role=MembershipRole.VIEWER,
            started_at=timezone.now(),
        )
    else:
        make_interest(make_officer_member(meeting.panel, cast.scrutineer), cast.organisation)
    assert [row["organisation"] for row in read(client, "meetings")] == [other.organisation.name]
    assert read(client, "recommendations") == []
    assert len(read(let_read(cast.quality_officer, cast.partnership), "recommendations")) == 2


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow(
    many: int, meeting: Meeting, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many - 1):
        place = factories.make_organisation(f"Place {number}", partnership=cast.partnership)
        follow(make_meeting(meeting.panel, place), cast.administrator, recommendations=2)
    client = let_read(cast.administrator, cast.partnership)
    read(client, "meetings")
    for table, queries in (("meetings", 9), ("recommendations", 10)):
        with django_assert_num_queries(queries):
            assert len(read(client, table)) == (many if table == "meetings" else 2 * many)


def test_a_cycle_without_meetings_has_neither(cast: Cast, meeting: Meeting) -> None:
    factories.make_cycle(cast.partnership, slug="quiet")
    client = let_read(cast.administrator, cast.partnership)
    for table in ("meetings", "recommendations"):
        assert client.get(f"/p/harbour/feed/quiet/{table}.csv").status_code == 404
