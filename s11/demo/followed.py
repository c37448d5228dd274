"""What became of what the demonstration's panels asked: actions that worked and did not, refusals, one overdue."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accountability.following_up import WAITED_WORKING_DAYS, chase_overdue
from accountability.models import Meeting, Recommendation
from accountability.recommending import (
    accept_answer,
    answer_with_action,
    refuse_recommendation,
    return_answer,
    say_whether_it_worked,
)
from s11.demo.audits import at
from s11.demo.held import People
from s11.demo.moments import writing_at
from s11.demo.outcomes import get_lead, say_sent
from s11.demo.stories import BAYVIEW, MARINA, OYSTER
from s11.organisations.models import User
from surveys.actions import ActionInput, ProgressInput, report_progress
from surveys.enums import ActionOutcome, ActionPriority, ActionStatus
from surveys.models import Action, ActionReminder
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
    refuse(
        second,
        "With six staff we cannot send anybody each month. Our provider’s training lead goes, and tells us.",
        lead,
        sent_on + 9 * A_DAY,
    )
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
    refuse(second, "Our software has no list of missed visits.", lead, sent_on + A_DAY)
    decided_at = at(sent_on + 2 * A_DAY, 9)
    with writing_at(decided_at):
        return_answer(
            recommendation=second,
            note="A list on paper would do. Say who could keep it, or whom else you tell when a child is not brought.",
            by=officer,
        )
    Recommendation.objects.filter(pk=second.pk).update(decided_at=decided_at)
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
    moment = at(answered_on or get_sent_on(asked) + 8 * A_DAY, 11)
    with writing_at(moment):
        action = answer_with_action(recommendation=asked, entered=entered, by=lead)
    Recommendation.objects.filter(pk=asked.pk).update(responded_at=moment)
    Action.objects.filter(pk=action.pk).update(created_at=moment)
    return action


def refuse(asked: Recommendation, reason: str, lead: User, day: datetime.date) -> None:
    moment = at(day, 11)
    with writing_at(moment):
        refuse_recommendation(recommendation=asked, reason=reason, by=lead)
    Recommendation.objects.filter(pk=asked.pk).update(responded_at=moment)


def accept(asked: Recommendation, officer: User, note: str = "") -> None:
    moment = at(get_sent_on(asked) + 15 * A_DAY, 9)
    with writing_at(moment):
        accept_answer(recommendation=asked, note=note, by=officer)
    Recommendation.objects.filter(pk=asked.pk).update(decided_at=moment)


def finish(action: Action, text: str, impact: str, lead: User, day: datetime.date) -> None:
    with writing_at(at(day, 15)):
        report_progress(
            action=action,
            entered=ProgressInput(text, ActionStatus.DONE, 100, impact),
            seen_version=action.version,
            by=lead,
        )


def check(
    asked: Recommendation, outcome: ActionOutcome, text: str, officer: User, day: datetime.date
) -> None:
    moment = at(day, 10)
    with writing_at(moment):
        say_whether_it_worked(recommendation=asked, outcome=outcome, text=text, by=officer)
    if outcome == ActionOutcome.FAILED:
        Recommendation.objects.filter(pk=asked.pk).update(decided_at=moment)
