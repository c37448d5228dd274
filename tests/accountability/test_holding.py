"""The meeting: its agenda's time, notes by several people at once, attendance, scores that are proposed and agreed."""

from __future__ import annotations

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accountability.enums import MeetingStatus, MinutesStatus, ProposalStatus
from accountability.holding import (
    NotInThisState,
    add_agenda_item,
    add_representative,
    agree_score,
    close_meeting,
    note_good_practice,
    prepare_agenda,
    propose_score,
    record_attendance,
    reopen_meeting,
    save_note,
    share_minutes,
    start_meeting,
    withdraw_score,
)
from accountability.models import AgendaItem, Meeting, Minutes, Note, ScoreProposal
from surveys.enums import AuditStatus
from surveys.models import Answer, Audit
from tests import factories
from tests.accountability.factories import make_meeting, make_officer_member, make_panel, seat
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def meeting(cast: Cast) -> Meeting:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    return make_meeting(make_panel(cycle), cast.organisation)


@grounded
def item(meeting: Meeting) -> AgendaItem:
    return prepare_agenda(meeting=meeting, minutes=30)[0]


@grounded
def answer(meeting: Meeting) -> Answer:
    return Audit.objects.get(invitee=meeting.invitee).answers.order_by("pk")[0]


@given(st.integers(min_value=10, max_value=240))
def test_the_agendas_minutes_add_up(minutes: int) -> None:
    shares = [share for _, share in share_minutes(minutes)]

    assert sum(shares) == minutes
    assert min(shares) >= 1


def test_the_agenda_is_made_once(meeting: Meeting, cast: Cast) -> None:
    first = prepare_agenda(meeting=meeting, minutes=30)
    added = add_agenda_item(meeting=meeting, title="Visit", minutes=5, by=cast.administrator)

    assert [one.minutes for one in first] == [9, 6, 11, 4]
    assert prepare_agenda(meeting=meeting, minutes=60) == [*first, added]


def test_a_meeting_is_started_once_and_closed(meeting: Meeting, cast: Cast) -> None:
    with pytest.raises(NotInThisState, match="has not been started"):
        close_meeting(meeting=meeting, by=cast.administrator)
    start_meeting(meeting=meeting, by=cast.administrator)
    meeting.refresh_from_db()
    began = meeting.started_at
    start_meeting(meeting=meeting, by=cast.quality_officer)
    close_meeting(meeting=meeting, by=cast.administrator)

    meeting.refresh_from_db()
    assert (meeting.status, meeting.started_at) == (MeetingStatus.HELD, began)
    with pytest.raises(NotInThisState, match="held by now"):
        close_meeting(meeting=meeting, by=cast.administrator)


def test_a_meeting_is_open_again_until_its_minutes_are_agreed(meeting: Meeting, cast: Cast) -> None:
    start_meeting(meeting=meeting, by=cast.administrator)
    close_meeting(meeting=meeting, by=cast.administrator)
    minutes = Minutes.objects.create(meeting=meeting)
    reopen_meeting(meeting=meeting, by=cast.administrator)
    close_meeting(meeting=meeting, by=cast.administrator)
    Minutes.objects.update(status=MinutesStatus.AGREED, agreed_at=minutes.created_at)

    with pytest.raises(NotInThisState, match="agreed by now"):
        reopen_meeting(meeting=meeting, by=cast.administrator)


def test_each_has_a_note_of_their_own(item: AgendaItem, cast: Cast) -> None:
    assert save_note(item=item, text="One", seen_version=0, by=cast.administrator) is None
    assert save_note(item=item, text="Two", seen_version=0, by=cast.quality_officer) is None

    assert {note.text for note in item.notes.all()} == {"One", "Two"}


def test_a_save_that_comes_twice_is_one(item: AgendaItem, cast: Cast) -> None:
    for _ in range(2):
        assert save_note(item=item, text="One", seen_version=0, by=cast.administrator) is None
    assert save_note(item=item, text="One, more", seen_version=1, by=cast.administrator) is None
    assert save_note(item=item, text="One, more", seen_version=1, by=cast.administrator) is None

    assert Note.objects.get().version == 2


def test_another_window_of_the_same_person_is_told(item: AgendaItem, cast: Cast) -> None:
    save_note(item=item, text="Here", seen_version=0, by=cast.administrator)
    late = save_note(item=item, text="There", seen_version=0, by=cast.administrator)

    assert late is not None
    assert (late.text, late.version) == ("Here", 1)
    assert Note.objects.get().text == "Here"


def test_no_note_once_the_minutes_are_agreed(item: AgendaItem, cast: Cast) -> None:
    minutes = Minutes.objects.create(meeting=item.meeting)
    Minutes.objects.update(status=MinutesStatus.AGREED, agreed_at=minutes.created_at)

    with pytest.raises(NotInThisState, match="Ask for a correction"):
        save_note(item=item, text="x", seen_version=0, by=cast.administrator)


def test_who_came(meeting: Meeting, cast: Cast) -> None:
    seat(
        meeting,
        make_officer_member(meeting.panel, cast.panel_chair, may_chair=True),
        make_officer_member(meeting.panel, cast.panel_member),
    )
    chair, other = meeting.seats.all()
    with pytest.raises(NotInThisState, match="has not started"):
        add_representative(meeting=meeting, name="Ada", by=cast.administrator)
    start_meeting(meeting=meeting, by=cast.administrator)
    came = add_representative(meeting=meeting, name="Ada", substitute_for="Bea", by=cast.administrator)
    record_attendance(
        meeting=meeting, seats={chair.pk: True}, representatives={came.pk: False}, by=cast.administrator
    )

    chair.refresh_from_db()
    other.refresh_from_db()
    came.refresh_from_db()
    assert (chair.attended, other.attended, came.attended) == (True, None, False)


def test_the_newest_agreed_score_holds(meeting: Meeting, answer: Answer, cast: Cast) -> None:
    first = propose_score(
        meeting=meeting, answer=answer, score=0, justification="None shown.", by=cast.panel_chair
    )
    second = propose_score(
        meeting=meeting, answer=answer, score=1, justification="Some shown.", by=cast.panel_chair
    )
    agree_score(proposal=first, by=cast.administrator)
    agree_score(proposal=second, by=cast.administrator)

    assert list(ScoreProposal.objects.values_list("score", "status")) == [
        (0, ProposalStatus.WITHDRAWN),
        (1, ProposalStatus.AGREED),
    ]
    withdraw_score(proposal=second, by=cast.administrator)
    assert not ScoreProposal.objects.filter(status=ProposalStatus.AGREED).exists()


@pytest.mark.parametrize(
    "said",
    [(None, False, "Seen."), (3, False, "Seen."), (1, True, "Seen."), (1, False, " ")],
)
def test_a_proposal_says_one_thing_and_why(
    meeting: Meeting, answer: Answer, cast: Cast, said: tuple[int | None, bool, str]
) -> None:
    score, is_not_applicable, why = said
    with pytest.raises(ValueError, match=r"proposal|justification"):
        propose_score(
            meeting=meeting,
            answer=answer,
            score=score,
            is_not_applicable=is_not_applicable,
            justification=why,
            by=cast.panel_chair,
        )


def test_no_score_for_another_agency_or_a_draft(meeting: Meeting, answer: Answer, cast: Cast) -> None:
    other = factories.make_audit(
        meeting.panel.cycle, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED
    )
    Audit.objects.filter(pk=answer.audit_id).update(status=AuditStatus.RETURNED)
    answer.refresh_from_db()
    for one in (other.answers.order_by("pk")[0], Answer.objects.get(pk=answer.pk)):
        with pytest.raises(NotInThisState, match="not submitted now"):
            propose_score(meeting=meeting, answer=one, score=1, justification="x", by=cast.panel_chair)


def test_final_minutes_end_it(meeting: Meeting, answer: Answer, cast: Cast) -> None:
    proposal = propose_score(meeting=meeting, answer=answer, score=0, justification="x", by=cast.panel_chair)
    minutes = Minutes.objects.create(meeting=meeting)
    now = minutes.created_at
    Minutes.objects.update(status=MinutesStatus.FINAL, agreed_at=now, final_at=now)

    with pytest.raises(NotInThisState, match="final by now"):
        agree_score(proposal=proposal, by=cast.administrator)


def test_final_minutes_end_good_practice_too(meeting: Meeting, cast: Cast) -> None:
    now = timezone.now()
    Minutes.objects.create(meeting=meeting, status=MinutesStatus.FINAL, agreed_at=now, final_at=now)
    with pytest.raises(NotInThisState, match="what the panel found good stays as it is"):
        note_good_practice(meeting=meeting, text="Too late.", by=cast.panel_chair)


def test_nothing_is_written_to_a_cancelled_meeting(meeting: Meeting, cast: Cast) -> None:
    Meeting.objects.update(status=MeetingStatus.CANCELLED, cancel_reason="Merged.")

    with pytest.raises(NotInThisState, match="cancelled by now"):
        note_good_practice(meeting=meeting, text="x", by=cast.administrator)
