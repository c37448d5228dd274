"""Minutes from the notes to the final word, and what becomes final with them."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from accountability.enums import AgendaKind, CorrectionDecision, MeetingStatus, MinutesStatus, ProposalStatus
from accountability.holding import add_agenda_item, reopen_meeting
from accountability.minuting import (
    agree_minutes,
    ask_correction,
    begin_minutes,
    change_passage,
    decide_correction,
    finalise_minutes,
    take_back_minutes,
)
from accountability.models import AgendaItem, Meeting, Minutes, Note, Passage, ScoreProposal
from s11.web.errors import NotInThisState
from surveys.enums import AuditStatus, Scope, Series
from surveys.models import Audit, Moderation, Scorecard, SeriesClose
from surveys.moderating import close_series, moderate_answer
from tests import factories
from tests.accountability.factories import make_meeting, make_panel
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def meeting(cast: Cast) -> Meeting:
    """Held, about a submitted audit at 2, with two agenda items and notes of two people under the first."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    meeting = make_meeting(make_panel(cycle), cast.organisation)
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD)
    for position, kind in enumerate((AgendaKind.PRESENTATION, AgendaKind.ENQUIRY)):
        item = AgendaItem.objects.create(
            meeting=meeting, kind=kind, title=kind.label, minutes=5, position=position
        )
        if not position:
            Note.objects.create(item=item, by=cast.quality_officer, text="A good start.")
            Note.objects.create(item=item, by=cast.administrator, text="Training is the worry.")
    meeting.refresh_from_db()
    return meeting


@grounded
def minutes(meeting: Meeting, cast: Cast) -> Minutes:
    return begin_minutes(meeting=meeting, by=cast.quality_officer)


@grounded
def agreed(minutes: Minutes, cast: Cast) -> Minutes:
    agree_minutes(minutes=minutes, by=cast.panel_chair)
    minutes.refresh_from_db()
    return minutes


def propose(meeting: Meeting, cast: Cast, score: int, status: ProposalStatus) -> ScoreProposal:
    audit = Audit.objects.get(invitee=meeting.invitee)
    return ScoreProposal.objects.create(
        meeting=meeting,
        answer=audit.answers.order_by("pk")[0],
        submission=1,
        score=score,
        justification="No policy was shown.",
        status=status,
        by=cast.panel_chair,
    )


def test_a_draft_is_made_of_the_notes(minutes: Minutes) -> None:
    first, second = minutes.passages.all()

    assert "A good start." in first.text
    assert "Training is the worry." in first.text
    assert second.text == ""


def test_a_second_draft_is_the_first(minutes: Minutes, meeting: Meeting, cast: Cast) -> None:
    passage = minutes.passages.all()[0]
    change_passage(passage=passage, text="Written out.", seen_version=1, by=cast.administrator)

    assert begin_minutes(meeting=meeting, by=cast.administrator) == minutes
    assert Passage.objects.get(pk=passage.pk).text == "Written out."


def test_a_stale_save_keeps_what_the_other_wrote(minutes: Minutes, cast: Cast) -> None:
    passage = minutes.passages.all()[0]
    assert change_passage(passage=passage, text="Mine", seen_version=1, by=cast.administrator) is None
    late = change_passage(passage=passage, text="Also mine", seen_version=1, by=cast.quality_officer)

    assert late is not None
    assert (late.text, late.updated_by) == ("Mine", cast.administrator)


def test_nobody_agrees_words_that_somebody_else_has_written_since(minutes: Minutes, cast: Cast) -> None:
    first, second = minutes.passages.all()
    seen = max(first.updated_at, second.updated_at)
    change_passage(passage=first, text="Mine", seen_version=1, by=cast.panel_chair)
    change_passage(passage=second, text="Theirs", seen_version=1, by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="has changed ‘Lines of enquiry’ since you opened this page"):
        agree_minutes(minutes=minutes, seen_at=seen, by=cast.panel_chair)
    second.refresh_from_db()
    agree_minutes(minutes=minutes, seen_at=second.updated_at, by=cast.panel_chair)
    minutes.refresh_from_db()
    assert minutes.status == MinutesStatus.AGREED


def test_an_item_added_later_has_its_part_in_the_minutes(
    minutes: Minutes, meeting: Meeting, cast: Cast
) -> None:
    reopen_meeting(meeting=meeting, by=cast.quality_officer)
    item = add_agenda_item(meeting=meeting, title="The building", minutes=5, by=cast.quality_officer)
    assert [one.item for one in minutes.passages.all()][-1] == item


def test_agreed_minutes_change_by_corrections_alone(agreed: Minutes, cast: Cast) -> None:
    passage = agreed.passages.all()[0]
    with pytest.raises(NotInThisState, match="agreed by the chair by now"):
        change_passage(passage=passage, text="x", seen_version=1, by=cast.administrator)
    correction = ask_correction(passage=passage, text="It was March.", by_name="Ada", by=cast.lead)
    decide_correction(
        correction=correction,
        decision=CorrectionDecision.ACCEPTED,
        new_text="In March.",
        by=cast.administrator,
    )

    passage.refresh_from_db()
    assert (passage.text, passage.version) == ("In March.", 2)


def test_a_correction_is_declined_with_its_reason(agreed: Minutes, cast: Cast) -> None:
    passage = agreed.passages.all()[0]
    correction = ask_correction(passage=passage, text="It was March.", by_name="Ada", by=None)
    declined = CorrectionDecision.DECLINED
    with pytest.raises(ValueError, match="reason"):
        decide_correction(correction=correction, decision=declined, by=cast.administrator)
    decide_correction(correction=correction, decision=declined, reply="It was May.", by=cast.administrator)
    with pytest.raises(NotInThisState, match="decided meanwhile"):
        decide_correction(correction=correction, decision=declined, reply="No.", by=cast.administrator)


def test_corrections_end_on_their_day(agreed: Minutes, cast: Cast) -> None:
    Minutes.objects.update(corrections_until=timezone.localdate() - datetime.timedelta(days=1))
    with pytest.raises(NotInThisState, match="could be asked for until"):
        ask_correction(passage=agreed.passages.all()[0], text="x", by_name="Ada", by=cast.lead)


def test_a_day_that_is_over_is_no_last_day(minutes: Minutes, cast: Cast) -> None:
    with pytest.raises(NotInThisState, match="over already"):
        agree_minutes(minutes=minutes, corrections_until=datetime.date(2020, 1, 1), by=cast.panel_chair)


def test_minutes_can_be_taken_back_and_agreed_again(agreed: Minutes, cast: Cast) -> None:
    take_back_minutes(minutes=agreed, by=cast.administrator)
    agreed.refresh_from_db()
    assert (agreed.status, agreed.agreed_at) == (MinutesStatus.DRAFT, None)
    agree_minutes(minutes=agreed, by=cast.panel_chair)


def test_final_minutes_freeze_the_panels_scores(agreed: Minutes, meeting: Meeting, cast: Cast) -> None:
    proposal = propose(meeting, cast, 0, ProposalStatus.AGREED)
    finalise_minutes(minutes=agreed, by=cast.administrator)

    row = Moderation.objects.get(answer=proposal.answer, series=Series.PANEL)
    assert (row.score, row.reason) == (0, "No policy was shown.")
    assert SeriesClose.objects.filter(series=Series.PANEL).count() == 1
    whole = Scorecard.objects.get(series=Series.PANEL, scope=Scope.WHOLE)
    own = Scorecard.objects.get(series=Series.SELF, scope=Scope.WHOLE)
    assert (whole.n, whole.sum, whole.zeros) == (own.n, own.sum - 2, 1)
    agreed.refresh_from_db()
    assert (agreed.status, agreed.final_by) == (MinutesStatus.FINAL, cast.administrator)


def test_final_minutes_of_an_agency_without_an_audit(cast: Cast, agreed: Minutes) -> None:
    Scorecard.objects.all().delete()
    Audit.objects.update(status=AuditStatus.DRAFT, submitted_at=None, first_submitted_at=None)
    finalise_minutes(minutes=agreed, by=cast.administrator)

    assert not SeriesClose.objects.exists()


def test_what_keeps_minutes_from_being_final(agreed: Minutes, meeting: Meeting, cast: Cast) -> None:
    correction = ask_correction(passage=agreed.passages.all()[0], text="x", by_name="Ada", by=cast.lead)
    with pytest.raises(NotInThisState, match="1 of the corrections asked for is not decided"):
        finalise_minutes(minutes=agreed, by=cast.administrator)
    decide_correction(correction=correction, decision=CorrectionDecision.ACCEPTED, by=cast.administrator)
    proposal = propose(meeting, cast, 1, ProposalStatus.PROPOSED)
    with pytest.raises(NotInThisState, match="neither agreed nor withdrawn"):
        finalise_minutes(minutes=agreed, by=cast.administrator)
    ScoreProposal.objects.update(status=ProposalStatus.AGREED, submission=2)
    with pytest.raises(NotInThisState, match="submitted again since"):
        finalise_minutes(minutes=agreed, by=cast.administrator)
    ScoreProposal.objects.update(submission=1)
    moderate_answer(answer=proposal.answer, seen=0, score=1, reason="Seen.", by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="moderation of Anchor Trust is still open"):
        finalise_minutes(minutes=agreed, by=cast.administrator)
    close_series(audit=proposal.answer.audit, by=cast.quality_officer)
    Meeting.objects.update(status=MeetingStatus.CALLED)
    with pytest.raises(NotInThisState, match="has not been closed"):
        finalise_minutes(minutes=agreed, by=cast.administrator)
    Meeting.objects.update(status=MeetingStatus.HELD)
    assert not Moderation.objects.filter(series=Series.PANEL).exists()
    finalise_minutes(minutes=agreed, by=cast.administrator)
    with pytest.raises(NotInThisState, match="final by now"):
        finalise_minutes(minutes=agreed, by=cast.administrator)


def test_no_moderation_after_the_panel(agreed: Minutes, cast: Cast) -> None:
    finalise_minutes(minutes=agreed, by=cast.administrator)
    answer = Audit.objects.get().answers.order_by("pk")[0]

    with pytest.raises(Exception, match="The panel has judged this audit by now"):
        moderate_answer(answer=answer, seen=0, score=1, reason="Seen.", by=cast.quality_officer)
