"""How each e-mail about reports, posters and feedback comes to be sent, for tests/test_every_mail.py."""

from __future__ import annotations

from typing import Final
from unittest.mock import patch

from accountability.enums import ReportStatus
from accountability.issuing_feedback import issue_feedback, tell_agencies
from accountability.models import Poster
from accountability.report_emails import (
    tell_approvers,
    tell_authors,
    tell_failed,
    tell_poster_failed,
    tell_publishers,
)
from surveys.enums import CycleStatus
from surveys.models import Audit, Document
from tests.accountability.mails import Send
from tests.accountability.reports import make_report
from tests.conftest import Cast


def review(cast: Cast, audit: Audit) -> None:
    tell_approvers(make_report(audit.cycle, by=cast.administrator), "Look at the themes.", cast.administrator)


def send_back(cast: Cast, audit: Audit) -> None:
    report = make_report(audit.cycle, by=cast.administrator)
    tell_authors(report, "Say who took part.", cast.quality_officer)


def approve(cast: Cast, audit: Audit) -> None:
    report = make_report(
        audit.cycle, by=cast.administrator, status=ReportStatus.APPROVED, approver=cast.quality_officer
    )
    tell_publishers(report, cast.quality_officer)


def fail(cast: Cast, audit: Audit) -> None:
    report = make_report(audit.cycle, by=cast.administrator)
    tell_failed(report, cast.publisher, "Its files could not be made.")


def fail_poster(cast: Cast, audit: Audit) -> None:
    report = make_report(audit.cycle, by=cast.administrator)
    poster = Poster.objects.create(
        partnership=cast.partnership,
        report=report,
        kind="poster",
        title="Staff know whom to tell",
        created_by=cast.administrator,
    )
    tell_poster_failed(poster, cast.publisher, "The text does not fit on one page.")


def give_back(cast: Cast, audit: Audit) -> None:
    cycle = audit.cycle
    cycle.status, cycle.closed_at = CycleStatus.CLOSED, audit.submitted_at
    cycle.save()
    with patch("accountability.issuing_feedback._queue"):
        issue = issue_feedback(cycle=cycle, by=cast.administrator)
    Document.objects.filter(feedback_report__issue=issue).update(error="Not looked at here.")
    tell_agencies(issue=issue, by=cast.administrator)


# None of these has a day by which it is to be done: a report waits as long as it has to.
REPORT_MAILS: Final[dict[str, tuple[Send, str]]] = {
    "accountability/report_to_review": (review, "Read and approve"),
    "accountability/report_returned": (send_back, "Change"),
    "accountability/report_to_publish": (approve, "Publish"),
    "accountability/report_failed": (fail, "Publish a report again"),
    "accountability/poster_failed": (fail_poster, "Publish a poster again"),
    "accountability/feedback": (give_back, "Read what came of your audit"),
}
