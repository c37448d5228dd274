"""Meetings whose letter has gone, with recommendations at any point of being followed."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.utils import timezone

from accountability.enums import LetterStatus, MeetingStatus, MinutesStatus
from accountability.models import GoodPractice, Letter, Meeting, Minutes, Recommendation
from accountability.recommending import accept_answer, answer_with_action, say_whether_it_worked
from s11.organisations.models import User
from surveys.actions import ActionInput, ProgressInput, report_progress
from surveys.enums import ActionOutcome, ActionPriority, ActionStatus
from surveys.models import Action, Theme

ENTERED = ActionInput(
    what="Every volunteer is trained.",
    measure="The register shows 100%.",
    owner="Head of training",
    owner_user=None,
    starts_on=None,
    due_on=datetime.date(2100, 6, 30),
    priority=ActionPriority.HIGH,
)


def follow(meeting: Meeting, by: User, *, recommendations: int = 1, is_sent: bool = True) -> None:
    """Held, with final minutes; the letter has gone unless said otherwise."""
    now = timezone.now()
    meeting.status, meeting.told_at = MeetingStatus.HELD, meeting.told_at or now
    meeting.save()
    Minutes.objects.create(meeting=meeting, status=MinutesStatus.FINAL, agreed_at=now, final_at=now)
    signed = {"status": LetterStatus.SENT, "sent_at": now, "signed_at": now, "signed_as": "The chair"}
    Letter.objects.create(
        meeting=meeting,
        subject="Thank you",
        body="…",
        due_on=timezone.localdate(),
        **(signed if is_sent else {}),
    )
    respond_by = timezone.localdate() + datetime.timedelta(days=28) if is_sent else None
    for number in range(1, recommendations + 1):
        Recommendation.objects.create(
            meeting=meeting,
            number=number,
            text=f"Train everybody, part {number}.",
            theme=Theme.objects.first(),
            respond_by=respond_by,
            created_by=by,
        )
    GoodPractice.objects.create(meeting=meeting, text="A log of every visit.", by=by)


def agree_on_action(
    asked: Recommendation, member: User, officer: User, due_on: datetime.date | None = None
) -> Action:
    """Answered, and the answer accepted."""
    action = answer_with_action(
        recommendation=asked, entered=replace(ENTERED, due_on=due_on or ENTERED.due_on), by=member
    )
    accept_answer(recommendation=asked, by=officer)
    asked.refresh_from_db()
    return action


def finish(action: Action, by: User) -> None:
    done = ProgressInput("Done.", ActionStatus.DONE, 100, "All are trained.")
    action.refresh_from_db()
    assert report_progress(action=action, entered=done, seen_version=action.version, by=by) is None


def verify(action: Action, by: User, outcome: ActionOutcome = ActionOutcome.WORKED) -> None:
    say_whether_it_worked(
        recommendation=action.recommendations.get(), outcome=outcome, text="The register of March.", by=by
    )
