"""The demonstration's feedback reports: what each agency was given back of last year, whose files the worker makes."""

from __future__ import annotations

import datetime
from typing import Final

from accountability.issuing_feedback import issue_feedback
from accountability.models import FeedbackIssue
from s11.demo.audits import at
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Partnership, User
from surveys.enums import CycleKind, CycleStatus
from surveys.models import Document

WEEKS_AFTER: Final = 12


def make_feedback(partnership: Partnership) -> None:
    """Told once the panel's letters had gone; nobody is written to about last year."""
    officer = User.objects.filter(
        offices__partnership=partnership, offices__role=OfficerRole.QUALITY_OFFICER
    ).earliest("pk")
    last = partnership.cycles.get(status=CycleStatus.CLOSED, kind=CycleKind.FULL)
    issue = issue_feedback(cycle=last, by=officer)
    told_at = at(last.closes_on + datetime.timedelta(weeks=WEEKS_AFTER), 11)
    made_at = told_at - datetime.timedelta(days=1)
    FeedbackIssue.objects.filter(pk=issue.pk).update(asked_at=made_at, told_at=told_at, told_by=officer)
    Document.objects.filter(feedback_report__issue=issue).update(requested_at=made_at)
