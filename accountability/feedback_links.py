"""An agency's feedback reports, as its Feedback room lists them."""

from __future__ import annotations

from django.urls import reverse

from accountability.feedback_reports import get_told_reports
from s11.organisations.queries import Agency
from surveys.feedback_links import FeedbackLink

MOST = 20


def list_feedback_reports(agency: Agency) -> list[FeedbackLink]:
    """The newest issue of each cycle. One query."""
    reports = get_told_reports().filter(
        audit__invitee__organisation=agency.organisation, issue__cycle__partnership=agency.partnership
    )
    newest = {report.issue.cycle_id: report for report in reversed(reports[:MOST])}
    return [
        FeedbackLink(
            title="Feedback report",
            about=str(report.audit.cycle),
            href=reverse(
                "accountability:feedback_report",
                args=(agency.partnership.slug, agency.organisation.slug, report.audit.cycle.slug),
            ),
            at=report.issue.told_at,
        )
        for report in newest.values()
        if report.issue.told_at is not None
    ]
