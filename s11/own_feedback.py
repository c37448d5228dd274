"""Feedback reports that a person may read and has not opened: a line a place, until they do."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accountability.feedback_reports import get_told_reports
from accountability.models import FeedbackReading, FeedbackReport
from s11.organisations.models import Partnership, User
from s11.web.languages import say

Line = tuple[str, str]  # words and an address


def list_reports_to_read(user: User, organisations: Iterable[int]) -> list[Line]:
    """Of each organisation in each of its partnerships the newest, where this person has not read it. One query."""
    return [
        (
            say(
                "The feedback report of {organisation} for {cycle} is here",
                organisation=report.audit.organisation,
                cycle=report.audit.cycle,
            ),
            get_address(report),
        )
        for report in get_newest(user, organisations)
    ]


def get_unread_report(
    user: User, organisation: int, partnership: Partnership
) -> tuple[FeedbackReport, str] | None:
    """Of one place, with its address. One query."""
    found = [
        (report, get_address(report))
        for report in get_newest(user, [organisation])
        if report.issue.cycle.partnership_id == partnership.pk
    ]
    return found[0] if found else None


def get_newest(user: User, organisations: Iterable[int]) -> list[FeedbackReport]:
    """Last year's is no news once this year's is there."""
    was_read = Exists(FeedbackReading.objects.filter(report=OuterRef("pk"), user=user))
    reports = (
        get_told_reports()
        .filter(audit__invitee__organisation__in=list(organisations))
        .annotate(was_read=was_read)
    )
    newest: dict[tuple[int, int], FeedbackReport] = {}
    for report in reports.select_related("issue__cycle"):
        invitee = report.audit.invitee
        newest.setdefault((invitee.organisation_id, invitee.cycle.partnership_id), report)
    return [report for report in newest.values() if not getattr(report, "was_read", False)]


def get_address(report: FeedbackReport) -> str:
    return reverse("accountability:feedback_report", kwargs=report.audit.slugs)
