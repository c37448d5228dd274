"""What became of what the demonstration's panels asked: actions that worked and did not, refusals, one overdue."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accountability.following_up import WAITED_WORKING_DAYS, chase_overdue
from accountability.models import Meeting, Recommendation, RecommendationEvent
from accountability.recommending import (
    accept_answer,
    answer_with_action,
    refuse_recommendation,
    return_answer,
    say_whether_it_worked,
)
from s11.demo.audits import at
from s11.demo.held import People
from s11.demo.outcomes import get_lead, say_sent
from s11.demo.stories import BAYVIEW, MARINA, OYSTER
from s11.organisations.models import User
from surveys.actions import ActionInput, ProgressInput, report_progress
from surveys.enums import ActionOutcome, ActionPriority, ActionStatus
from surveys.models import Action, ActionReminder, ActionVerification
from surveys.working_days import add_working_days


@dataclass(frozen=True, slots=True)
class Planned:
    """An action in the agency's words."""

    what: str
    measure: str
    owner: str
    due_on: datetime.date


A_DAY: Final = datetime.timedelta(days=1)
# Days before today on which the action that nobody reports on was due: both reminders have gone since.
OVERDUE: Final = 25


def follow_agreed(meetings: Mapping[str, Meeting], people: People, today: datetime.date) -> None:
    bayview, oyster, marina = (meetings[one.name] for one in (BAYVIEW, OYSTER, MARINA))
    follow_bayview(bayview, people.officer, today)
    follow_oyster(oyster, people.officer, today)
    answer_marina(marina, people.officer, today)


def get_asked(meeting: Meeting) -> list[Recommendation]:
    return list(meeting.recommendations.select_related("meeting__letter").order_by("number"))


def get_sent_on(asked: Recommendation) -> datetime.date:
    sent_at = asked.meeting.letter.sent_at
    assert sent_at is not None  # only letters that went are followed
    return sent_at.date()


def follow_bayview(meeting: Meeting, officer: User, today: datetime.date) -> None:
    """One that worked, and one on its way."""
    first, second = get_asked(meeting)
    lead, sent_on = get_lead(meeting), get_sent_on(first)
    worked = act(
        first,
        Planned(
            "Every supply teacher is told whom to tell before the first lesson, and signs for it.",
            "The reception’s record: signatures over supply days, counted each month.",
            "Deputy safeguarding lead",
            sent_on + 75 * A_DAY,
        ),
        lead,
    )
    accept(first, officer, "Clear, and it can be counted.")
    finish(
        worked,
        "The form is in use since the start of term.",
        "Supply teachers whom we asked knew whom to tell.",
        lead,
        sent_on + 70 * A_DAY,
    )
    check(
        first,
        ActionOutcome.WORKED,
        "All 64 supply days in the record carry a signature, and five of five supply teachers knew whom to tell.",
        officer,
        sent_on + 90 * A_DAY,
    )
    act(
        second,
        Planned(
            "Governors see the safeguarding figures in each term’s first meeting, and minute what they ask.",
            "Three sets of minutes a year that hold a question and its answer.",
            "Clerk to the governors",
            today + 60 * A_DAY,
        ),
        lead,
    )
    accept(second, officer)


def follow_oyster(meeting: Meeting, officer: User, today: datetime.date) -> None:
    """One that did not work, one refused with a reason, and one overdue after both reminders."""
    first, second, third = get_asked(meeting)
    lead, sent_on = get_lead(meeting), get_sent_on(first)
    failed = act(
        first,
        Planned(
            "What a child says on return from missing is in their record within three days.",
            "The manager reads each record on the fourth day: 10 of 10.",
            "Registered manager",
            sent_on + 80 * A_DAY,
        ),
        lead,
    )
    accept(first, officer)
    finish(
        failed,
        "There is a form for it now.",
        "Children are asked the same questions by everybody.",
        lead,
        sent_on + 78 * A_DAY,
    )
    refuse_recommendation(
        recommendation=second,
        reason="With six staff we cannot send anybody each month. Our provider’s training lead goes, and tells us.",
        by=lead,
    )
    set_moments(second, sent_on + 9 * A_DAY)
    accept(second, officer, "The provider’s lead came to the last two meetings.")
    leave_overdue(third, lead, officer, today - OVERDUE * A_DAY)
    check(
        first,
        ActionOutcome.FAILED,
        "Seven of the twelve records since then hold nothing of what the child said.",
        officer,
        today - A_DAY,
    )
    say_sent(meeting, at(today - A_DAY, 10))


def leave_overdue(asked: Recommendation, lead: User, officer: User, due_on: datetime.date) -> None:
    action = act(
        asked,
        Planned(
            "Everybody who works nights is supervised every four weeks.",
            "Supervision log: no gap longer than five weeks.",
            "Deputy manager",
            due_on,
        ),
        lead,
    )
    accept(asked, officer)
    # The plan's own reminder went to the owner, so the ladder's first step is a row without an e-mail.
    ActionReminder.objects.create(action=action, due_on=due_on, sent_at=at(due_on + A_DAY, 7))
    chase_overdue(at(due_on + A_DAY, 8))
    second = add_working_days(due_on + A_DAY, WAITED_WORKING_DAYS)
    chase_overdue(at(second, 8))
    say_sent(asked.meeting, at(second, 8))


def answer_marina(meeting: Meeting, officer: User, today: datetime.date) -> None:
    """In these weeks: an answer to decide, one that was returned, and one that has not come."""
    first, second, _ = get_asked(meeting)
    lead, sent_on = get_lead(meeting), get_sent_on(first)
    act(
        first,
        Planned(
            "The second site has a named lead, and both waiting rooms say who it is.",
            "The partnership’s officer reads both notices on a visit.",
            "Practice manager",
            today + 45 * A_DAY,
        ),
        lead,
        answered_on=sent_on + A_DAY,
    )
    refuse_recommendation(recommendation=second, reason="Our software has no list of missed visits.", by=lead)
    set_moments(second, sent_on + A_DAY)
    return_answer(
        recommendation=second,
        note="A list on paper would do. Say who could keep it, or whom else you tell when a child is not brought.",
        by=officer,
    )
    set_decided(second, sent_on + 2 * A_DAY)
    say_sent(meeting, at(sent_on + 2 * A_DAY, 9))


# Each step, and its moment --------------------------------------------------------------------------------------------


def act(
    asked: Recommendation, planned: Planned, lead: User, answered_on: datetime.date | None = None
) -> Action:
    entered = ActionInput(
        what=planned.what,
        measure=planned.measure,
        owner=planned.owner,
        owner_user=None,
        starts_on=None,
        due_on=planned.due_on,
        priority=ActionPriority.HIGH if asked.number == 1 else ActionPriority.MEDIUM,
    )
    action = answer_with_action(recommendation=asked, entered=entered, by=lead)
    day = answered_on or get_sent_on(asked) + 8 * A_DAY
    set_moments(asked, day)
    Action.objects.filter(pk=action.pk).update(created_at=at(day, 11))
    action.updates.update(at=at(day, 11))
    return action


def accept(asked: Recommendation, officer: User, note: str = "") -> None:
    accept_answer(recommendation=asked, note=note, by=officer)
    set_decided(asked, get_sent_on(asked) + 15 * A_DAY)


def finish(action: Action, text: str, impact: str, lead: User, day: datetime.date) -> None:
    report_progress(
        action=action,
        entered=ProgressInput(text, ActionStatus.DONE, 100, impact),
        seen_version=action.version,
        by=lead,
    )
    action.updates.filter(status_after=ActionStatus.DONE).update(at=at(day, 15))


def check(
    asked: Recommendation, outcome: ActionOutcome, text: str, officer: User, day: datetime.date
) -> None:
    say_whether_it_worked(recommendation=asked, outcome=outcome, text=text, by=officer)
    ActionVerification.objects.filter(action__recommendations=asked).update(at=at(day, 10))
    if outcome == ActionOutcome.FAILED:
        Recommendation.objects.filter(pk=asked.pk).update(decided_at=at(day, 10))
        RecommendationEvent.objects.filter(recommendation=asked, kind="returned").update(at=at(day, 10))


def set_moments(asked: Recommendation, day: datetime.date) -> None:
    Recommendation.objects.filter(pk=asked.pk).update(responded_at=at(day, 11))
    RecommendationEvent.objects.filter(recommendation=asked).update(at=at(day, 11))


def set_decided(asked: Recommendation, day: datetime.date) -> None:
    Recommendation.objects.filter(pk=asked.pk).update(decided_at=at(day, 9))
    events = RecommendationEvent.objects.filter(recommendation=asked, kind__in=("accepted", "returned"))
    events.update(at=at(day, 9))
