"""Each recommendation is answered by an action or a reasoned refusal, and that answer is accepted or returned."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone

from accountability.enums import MinutesStatus, ResponseDecision, ResponseKind
from accountability.models import Meeting, Minutes, Recommendation
from accountability.recommending import (
    NotInThisState,
    accept_answer,
    answer_with_action,
    make_digest,
    recommend,
    refuse_recommendation,
    return_answer,
    reword_recommendation,
    withdraw_recommendation,
)
from s11.web import errors
from surveys.actions import ActionInput, ProgressInput, report_progress, verify_action
from surveys.enums import ActionOrigin, ActionOutcome, ActionPriority, ActionStatus
from surveys.models import Message
from tests import factories
from tests.accountability.factories import make_meeting, make_panel
from tests.conftest import Cast
from tests.ground import grounded

ENTERED = ActionInput(
    what="Every volunteer is trained.",
    measure="Register at 100%.",
    owner="Head of training",
    owner_user=None,
    starts_on=None,
    due_on=datetime.date(2027, 6, 30),
    priority=ActionPriority.HIGH,
)


@grounded
def meeting(cast: Cast) -> Meeting:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return make_meeting(make_panel(cycle), cast.organisation)


@grounded
def made(meeting: Meeting, cast: Cast) -> Recommendation:
    """Of a meeting whose minutes are final."""
    made = recommend(meeting=meeting, text="Train the volunteers.", by=cast.administrator)
    now = timezone.now()
    Minutes.objects.create(meeting=meeting, status=MinutesStatus.FINAL, agreed_at=now, final_at=now)
    return made


def test_numbers_count_in_their_meeting(meeting: Meeting, cast: Cast) -> None:
    first = recommend(meeting=meeting, text="One.", by=cast.administrator)
    second = recommend(meeting=meeting, text="Two.", by=cast.administrator)
    withdraw_recommendation(recommendation=first, by=cast.administrator)
    third = recommend(meeting=meeting, text="Three.", by=cast.administrator)

    assert [second.number, third.number] == [2, 3]
    with pytest.raises(NotInThisState, match="withdrawn meanwhile"):
        reword_recommendation(
            recommendation=first, text="x", due_on=None, seen=make_digest(first), by=cast.administrator
        )


def test_an_indicator_brings_its_theme(meeting: Meeting, cast: Cast) -> None:
    indicator = meeting.invitee.cycle_questionnaire.questionnaire.indicators.all()[0]
    made = recommend(meeting=meeting, text="One.", indicator=indicator, by=cast.administrator)

    assert made.theme == indicator.theme


def test_an_action_enters_the_plan(made: Recommendation, cast: Cast) -> None:
    action = answer_with_action(recommendation=made, entered=ENTERED, by=cast.lead)

    assert (action.origin, action.what, action.due_on) == (ActionOrigin.PANEL, ENTERED.what, ENTERED.due_on)
    assert action.participation.organisation == cast.organisation
    made.refresh_from_db()
    assert (made.response, made.action, made.responded_by) == (ResponseKind.ACTION, action, cast.lead)


def test_it_is_answered_once(made: Recommendation, cast: Cast) -> None:
    answer_with_action(recommendation=made, entered=ENTERED, by=cast.lead)
    with pytest.raises(NotInThisState, match="has answered this recommendation"):
        refuse_recommendation(recommendation=made, reason="We disagree.", by=cast.lead)


def test_a_refusal_has_its_reason(made: Recommendation, cast: Cast) -> None:
    with pytest.raises(ValueError, match="with a reason"):
        refuse_recommendation(recommendation=made, reason=" ", by=cast.lead)
    refuse_recommendation(recommendation=made, reason="We have no volunteers.", by=cast.lead)
    accept_answer(recommendation=made, by=cast.quality_officer)

    made.refresh_from_db()
    assert (made.refusal, made.decision) == ("We have no volunteers.", ResponseDecision.ACCEPTED)
    assert not Recommendation.objects.unanswered().exists()


def test_a_returned_answer_is_given_again_as_the_same_action(made: Recommendation, cast: Cast) -> None:
    action = answer_with_action(recommendation=made, entered=ENTERED, by=cast.lead)
    with pytest.raises(ValueError, match="what is missing"):
        return_answer(recommendation=made, note="", by=cast.quality_officer)
    return_answer(recommendation=made, note="By when?", by=cast.quality_officer)
    assert Recommendation.objects.unanswered().count() == 1
    [message] = Message.objects.all()
    assert message.user == cast.lead
    assert message.subject.startswith("Answer recommendation 1 again by ")
    assert "What is missing: By when?" in message.body
    sooner = replace(ENTERED, due_on=datetime.date(2027, 4, 30))
    again = answer_with_action(recommendation=made, entered=sooner, by=cast.lead)

    assert again == action
    action.refresh_from_db()
    assert (action.due_on, action.first_due_on) == (sooner.due_on, ENTERED.due_on)
    made.refresh_from_db()
    assert (made.decision, made.decision_note) == ("", "By when?")
    assert [event.kind for event in made.events.all()] == ["action", "returned", "action"]
    assert "Register at 100%." in made.events.all()[2].text


def test_an_action_that_is_refused_after_all_is_dropped(made: Recommendation, cast: Cast) -> None:
    action = answer_with_action(recommendation=made, entered=ENTERED, by=cast.lead)
    return_answer(recommendation=made, note="By when?", by=cast.quality_officer)
    refuse_recommendation(recommendation=made, reason="We have none.", by=cast.lead)

    action.refresh_from_db()
    assert action.status == ActionStatus.DROPPED


def test_a_decision_needs_a_new_answer(made: Recommendation, cast: Cast) -> None:
    with pytest.raises(NotInThisState, match="no new answer"):
        accept_answer(recommendation=made, by=cast.quality_officer)
    refuse_recommendation(recommendation=made, reason="No.", by=cast.lead)
    accept_answer(recommendation=made, by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="no new answer"):
        return_answer(recommendation=made, note="x", by=cast.quality_officer)


def test_nothing_is_answered_or_changed_at_the_wrong_time(
    meeting: Meeting, made: Recommendation, cast: Cast
) -> None:
    verbs: tuple[Callable[[], object], ...] = (
        lambda: recommend(meeting=meeting, text="x", by=cast.administrator),
        lambda: reword_recommendation(
            recommendation=made, text="x", due_on=None, seen=make_digest(made), by=cast.administrator
        ),
        lambda: withdraw_recommendation(recommendation=made, by=cast.administrator),
    )
    for verb in verbs:
        with pytest.raises(NotInThisState, match="final by now"):
            verb()
    Minutes.objects.update(status=MinutesStatus.DRAFT, final_at=None, agreed_at=None)
    with pytest.raises(NotInThisState, match="not final yet"):
        answer_with_action(recommendation=made, entered=ENTERED, by=cast.lead)


def test_an_officer_says_whether_it_worked(made: Recommendation, cast: Cast) -> None:
    action = answer_with_action(recommendation=made, entered=ENTERED, by=cast.lead)
    with pytest.raises(errors.NotInThisState, match="not started now"):
        verify_action(action=action, outcome=ActionOutcome.WORKED, text="Seen.", by=cast.quality_officer)
    done = ProgressInput("Done.", ActionStatus.DONE, 100, "All are trained.")
    report_progress(action=action, entered=done, seen_version=action.version, by=cast.lead)
    with pytest.raises(ValueError, match="what shows it"):
        verify_action(action=action, outcome=ActionOutcome.WORKED, text=" ", by=cast.quality_officer)
    verify_action(action=action, outcome=ActionOutcome.PARTLY, text="90 of 100.", by=cast.quality_officer)

    assert action.verifications.get().outcome == ActionOutcome.PARTLY
