"""How the demonstration’s agency follows what its panel agreed: one action verified, one answer still to decide."""

from __future__ import annotations

import datetime

from accountability.enums import LetterStatus
from accountability.models import Meeting, Recommendation, RecommendationEvent
from accountability.recommending import accept_answer, answer_with_action
from s11.demo.audits import at
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import User
from surveys.actions import ActionInput, ProgressInput, report_progress, verify_action
from surveys.enums import ActionOutcome, ActionPriority, ActionStatus
from surveys.models import Action


def follow_agreed(meeting: Meeting, today: datetime.date) -> None:
    """Nothing, where the letter has not gone."""
    if not hasattr(meeting, "letter") or meeting.letter.status != LetterStatus.SENT:
        return
    lead = User.objects.filter(
        memberships__organisation=meeting.organisation, memberships__role=MembershipRole.LEAD
    ).earliest("pk")
    officer = User.objects.filter(
        offices__partnership=meeting.panel.cycle.partnership, offices__role=OfficerRole.QUALITY_OFFICER
    ).earliest("pk")
    sent_on = meeting.letter.sent_at.date() if meeting.letter.sent_at else today
    first, second = meeting.recommendations.order_by("number")[:2]
    follow_to_the_end(first, lead, officer, sent_on)
    action = answer_with_action(
        recommendation=second,
        entered=ActionInput(
            what="Governors see the safeguarding figures in each term’s first meeting, and minute what they ask.",
            measure="Three sets of minutes a year that hold a question and its answer.",
            owner="Clerk to the governors",
            owner_user=None,
            starts_on=None,
            due_on=today + datetime.timedelta(days=60),
            priority=ActionPriority.MEDIUM,
        ),
        by=lead,
    )
    set_moments(second, action, today - datetime.timedelta(days=2))


def follow_to_the_end(asked: Recommendation, lead: User, officer: User, sent_on: datetime.date) -> None:
    action = answer_with_action(
        recommendation=asked,
        entered=ActionInput(
            what="Every supply teacher is told whom to tell before the first lesson, and signs for it.",
            measure="The reception’s record: signatures over supply days, counted each month.",
            owner="Deputy safeguarding lead",
            owner_user=None,
            starts_on=None,
            due_on=sent_on + datetime.timedelta(days=75),
            priority=ActionPriority.HIGH,
        ),
        by=lead,
    )
    accept_answer(recommendation=asked, note="Clear, and it can be counted.", by=officer)
    set_moments(asked, action, sent_on + datetime.timedelta(days=8))
    report_progress(
        action=action,
        entered=ProgressInput(
            "The form is in use since the start of term.",
            ActionStatus.DONE,
            100,
            "Supply teachers whom we asked knew whom to tell.",
        ),
        seen_version=action.version,
        by=lead,
    )
    action.updates.filter(status_after=ActionStatus.DONE).update(
        at=at(sent_on + datetime.timedelta(days=70), 15)
    )
    seen = verify_action(
        action=action,
        outcome=ActionOutcome.PARTLY,
        text="58 of 64 supply days in the record carry a signature. Afternoon cover is what is missing.",
        by=officer,
    )
    action.verifications.filter(pk=seen.pk).update(at=at(sent_on + datetime.timedelta(days=84), 10))


def set_moments(asked: Recommendation, action: Action, day: datetime.date) -> None:
    """Answered on that day, decided a week later."""
    decided_on = day + datetime.timedelta(days=7)
    Recommendation.objects.filter(pk=asked.pk).update(responded_at=at(day, 11))
    Recommendation.objects.filter(pk=asked.pk, decided_at__isnull=False).update(decided_at=at(decided_on, 9))
    Action.objects.filter(pk=action.pk).update(created_at=at(day, 11))
    action.updates.update(at=at(day, 11))
    events = RecommendationEvent.objects.filter(recommendation=asked)
    events.filter(kind__in=("action", "refusal")).update(at=at(day, 11))
    events.filter(kind__in=("accepted", "returned")).update(at=at(decided_on, 9))
