"""What reports leave for one person to do: approve one in review, publish one approved, mend one that came back.

Who may is asked as report_permissions.py has it; what waits for nobody here is no line. One query for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from accountability.enums import AUTHORING, ReportEventKind, ReportStatus
from accountability.models import Publication, Report, ReportEvent
from s11.organisations.enums import ORGANISERS, OfficerRole
from s11.organisations.models import Officer, User
from s11.web.languages import say

Line = tuple[str, str]  # words and an address
# By the status in which it waits: what is to be done, and the page on which it is done.
WAITS = {
    ReportStatus.IN_REVIEW: (
        "Read and approve the report of {partnership}: {title}",
        "accountability:report_preview",
    ),
    ReportStatus.APPROVED: ("Publish the report of {partnership}: {title}", "accountability:report_publish"),
    ReportStatus.DRAFT: (
        "Put right and send again the report of {partnership}: {title}",
        "accountability:report",
    ),
}


def list_own_reports(user: User, offices: Iterable[Officer]) -> list[Line]:
    """On the desks on which the person works, the oldest first."""
    roles: dict[int, set[str]] = defaultdict(set)
    for office in offices:
        roles[office.partnership_id].add(office.role)
    events = ReportEvent.objects.filter(report=OuterRef("pk")).order_by("-at", "-pk")
    sent = events.filter(kind=ReportEventKind.SENT)
    turns = events.filter(kind__in=(ReportEventKind.SENT, ReportEventKind.RETURNED))
    found = Report.objects.filter(partnership__in=roles, status__in=WAITS).annotate(
        is_own=Exists(events.filter(kind__in=AUTHORING, by=user)),
        last_turn=Subquery(turns.values("kind")[:1]),
        sender=Subquery(sent.values("by")[:1]),
        is_being_published=Exists(Publication.objects.filter(report=OuterRef("pk"), finished_at=None)),
    )
    return [
        (
            say(WAITS[ReportStatus(one.status)][0], partnership=one.partnership, title=one.title),
            reverse(WAITS[ReportStatus(one.status)][1], args=[one.partnership.slug, one.pk]),
        )
        for one in found.with_place().order_by("created_at", "pk")
        if _waits_for(one, user, roles[one.partnership_id])
    ]


def _waits_for(report: Report, user: User, roles: set[str]) -> bool:
    """`report` with what list_own_reports asks of it."""
    told = vars(report)
    match report.status:
        case ReportStatus.IN_REVIEW:
            return bool(roles & ORGANISERS) and not told["is_own"] and report.created_by_id != user.pk
        case ReportStatus.APPROVED:
            return OfficerRole.PUBLISHER in roles and not told["is_being_published"]
    is_returned = told["last_turn"] == ReportEventKind.RETURNED
    return bool(roles & ORGANISERS) and is_returned and (told["sender"] or report.created_by_id) == user.pk
