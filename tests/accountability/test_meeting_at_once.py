"""A meeting at which several write in the very same moment: each note stands, and one seat goes to one person.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from accountability.enums import MeetingStatus
from accountability.holding import agree_score, prepare_agenda, propose_score, save_note
from accountability.minuting import agree_minutes, begin_minutes, finalise_minutes
from accountability.models import AgendaItem, Meeting, Note, ScoreProposal
from accountability.recommending import NotInThisState as NotFinal
from accountability.recommending import recommend
from accountability.substituting import substitute_member
from s11.web.errors import NotInThisState
from surveys.enums import AuditStatus
from tests import factories
from tests.accountability.factories import (
    make_contact_member,
    make_day,
    make_meeting,
    make_officer_member,
    make_panel,
    seat,
)
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    panel = make_panel(cycle)
    meeting = make_meeting(panel, cast.organisation, day=make_day(panel), told_at=timezone.now())
    chair = make_officer_member(panel, cast.panel_chair, may_chair=True)
    seat(meeting, chair, make_officer_member(panel, cast.panel_member))
    return meeting


def find(meeting: Meeting) -> Meeting:
    """As another connection reads it."""
    return Meeting.objects.with_place().get(pk=meeting.pk)


def test_two_open_the_page_and_there_is_one_agenda(meeting: Meeting) -> None:
    meanwhile(
        lambda: prepare_agenda(meeting=find(meeting), minutes=30),
        lambda: prepare_agenda(meeting=find(meeting), minutes=30),
    )
    assert AgendaItem.objects.count() == 4


def test_two_note_takers_keep_both_their_words(meeting: Meeting, cast: Cast) -> None:
    item = prepare_agenda(meeting=meeting, minutes=30)[0]

    def note(text: str, by: str) -> None:
        one = AgendaItem.objects.select_related("meeting").get(pk=item.pk)
        assert save_note(item=one, text=text, seen_version=0, by=cast.people[by]) is None

    meanwhile(lambda: note("What the chair heard", "panel_chair"), lambda: note("And I", "panel_member"))
    assert set(Note.objects.values_list("text", flat=True)) == {"What the chair heard", "And I"}


def test_the_same_save_twice_at_once_is_one(meeting: Meeting, cast: Cast) -> None:
    item = prepare_agenda(meeting=meeting, minutes=30)[0]

    def note() -> None:
        one = AgendaItem.objects.select_related("meeting").get(pk=item.pk)
        assert save_note(item=one, text="One", seen_version=0, by=cast.panel_chair) is None

    meanwhile(note, note)
    assert Note.objects.get().version == 1


def test_two_recommend_and_each_has_its_number(meeting: Meeting, cast: Cast) -> None:
    meanwhile(
        lambda: recommend(meeting=find(meeting), text="One", by=cast.panel_chair),
        lambda: recommend(meeting=find(meeting), text="Two", by=cast.panel_member),
    )
    assert list(meeting.recommendations.values_list("number", "text")) == [(1, "One"), (2, "Two")]


def test_nothing_enters_minutes_that_become_final_meanwhile(meeting: Meeting, cast: Cast) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD)
    minutes = begin_minutes(meeting=find(meeting), by=cast.panel_chair)
    agree_minutes(minutes=minutes, by=cast.panel_chair)
    told = []

    def add() -> None:
        try:
            recommend(meeting=find(meeting), text="One more", by=cast.panel_member)
        except NotFinal as late:
            told.append(str(late))

    meanwhile(lambda: finalise_minutes(minutes=find(meeting).minutes, by=cast.administrator), add)
    assert len(told) == 1
    assert not meeting.recommendations.exists()


def test_one_score_is_agreed(meeting: Meeting, cast: Cast) -> None:
    answer = meeting.invitee.audit.answers.order_by("pk")[0]
    proposals = [
        propose_score(meeting=meeting, answer=answer, score=score, justification="x", by=cast.panel_chair)
        for score in (0, 1)
    ]

    def agree(place: int) -> None:
        proposal = ScoreProposal.objects.select_related("meeting", "answer").get(pk=proposals[place].pk)
        agree_score(proposal=proposal, by=cast.panel_chair)

    meanwhile(lambda: agree(0), lambda: agree(1))
    assert ScoreProposal.objects.get(status="agreed").score == 1


def test_one_seat_goes_to_one_of_two(meeting: Meeting, cast: Cast) -> None:
    spare = [
        make_contact_member(meeting.panel, cast.other_organisation, email=f"{name}@example.org")
        for name in ("first", "second")
    ]
    taken = meeting.seats.get(is_chair=False)
    told = []

    def sit(place: int) -> None:
        try:
            substitute_member(meeting=find(meeting), seat=taken, member=spare[place], by=cast.administrator)
        except NotInThisState as late:
            told.append(str(late))

    meanwhile(lambda: sit(0), lambda: sit(1))
    assert meeting.seats.get(is_chair=False).member == spare[0]
    assert ["gone to somebody else" in one for one in told] == [True]
