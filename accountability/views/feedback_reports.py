"""Feedback reports: on the desk all of a cycle, given out at once; in the agency's rooms its own."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.feedback_charts import make_sector_chart, name_others
from accountability.feedback_files import list_own_offers, make_sections
from accountability.feedback_permissions import (
    check_can_issue_feedback,
    check_can_read_feedback,
    check_can_tell_agencies,
)
from accountability.feedback_reports import (
    fetch_reports,
    get_agency_report,
    get_progress,
    get_told_reports,
    list_audits,
)
from accountability.feedback_steps import list_next_steps
from accountability.issuing_feedback import issue_feedback, tell_agencies
from accountability.models import FeedbackReading, FeedbackReport
from s11.organisations.models import Participation, User
from s11.organisations.queries import Agency, Desk
from s11.organisations.requests import UserRequest, enter_agency, enter_desk, tell_outcome
from s11.web.errors import reason_why_not
from surveys.models import Cycle
from surveys.views.built_files import hand_out_built

PAGE = 50
HUB = "accountability:feedback_reports"

# On the desk ----------------------------------------------------------------------------------------------------------


def enter_feedback(request: UserRequest, partnership: str, cycle: str) -> tuple[Desk, Cycle]:
    desk = enter_desk(request, partnership)
    check_can_read_feedback(desk)
    found = get_object_or_404(Cycle, partnership=desk.partnership, slug=cycle)
    found.partnership = desk.partnership
    return desk, found


@require_safe
def feedback_reports(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """The newest issue: how far its files are, one line an agency, and what comes next."""
    desk, found = enter_feedback(request, partnership, cycle)
    issue = found.feedback_issues.select_related("asked_by", "told_by").first()
    reports = fetch_reports().filter(issue=issue).order_by("audit__invitee__organisation__name", "pk")
    page = Paginator(reports, PAGE).get_page(request.GET.get("page"))
    names = Participation.objects.filter(
        partnership=desk.partnership,
        organisation__in=[report.audit.invitee.organisation_id for report in page.object_list],
    ).select_related("organisation")
    context = {
        "desk": desk,
        "cycle": found,
        "issue": issue,
        "progress": get_progress(issue) if issue else None,
        "page": page,
        "names": {place.organisation_id: place.name for place in names},
        "agencies": list_audits(found).count(),
        "reasons": (
            reason_why_not(check_can_issue_feedback, desk, found),
            reason_why_not(check_can_tell_agencies, desk, issue) if issue else "",
        ),
    }
    return render(request, "accountability/feedback_reports.html", context)


@require_POST
def feedback_issue(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk, found = enter_feedback(request, partnership, cycle)
    check_can_issue_feedback(desk, found)
    done = "The reports are being made. Look at some of them, then tell the agencies."
    tell_outcome(request, done, issue_feedback, cycle=found, by=request.user)
    return redirect(HUB, partnership, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_tell(request: UserRequest, partnership: str, cycle: str, number: int) -> HttpResponse:
    desk, found = enter_feedback(request, partnership, cycle)
    issue = get_object_or_404(found.feedback_issues.select_related("cycle__partnership"), number=number)
    check_can_issue_feedback(desk, found)
    if not issue.is_told:
        check_can_tell_agencies(desk, issue)
    if request.method != "POST":
        context = {"cycle": found, "issue": issue, "agencies": issue.reports.count()}
        return render(request, "accountability/feedback_tell.html", context)
    done = "Each agency reads its report from now on, and its leads are told by e-mail."
    tell_outcome(request, done, tell_agencies, issue=issue, by=request.user)
    return redirect(HUB, partnership, cycle)


@require_safe
def feedback_of(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """One agency's, as it reads it or is going to."""
    _, report = enter_report(request, partnership, cycle, organisation)
    return show_report(request, report, is_desk=True)


@require_safe
def feedback_of_file(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> HttpResponseBase:
    _, report = enter_report(request, partnership, cycle, organisation)
    return hand_out_built(report.document)


def enter_report(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> tuple[Desk, FeedbackReport]:
    desk, found = enter_feedback(request, partnership, cycle)
    reports = fetch_reports().filter(issue__cycle=found, audit__invitee__organisation__slug=organisation)
    report = reports.order_by("-issue__number").first()
    if report is None:
        raise Http404
    return desk, report


# An agency's own ------------------------------------------------------------------------------------------------------


def enter_own(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Agency, FeedbackReport]:
    """For every member of the agency, once the agencies were told."""
    agency = enter_agency(request, partnership, organisation)
    reports = get_told_reports().filter(
        audit__invitee__organisation=agency.organisation,
        issue__cycle__partnership=agency.partnership,
        issue__cycle__slug=cycle,
    )
    report = reports.first()
    if report is None:
        raise Http404
    return agency, report


@require_safe
def feedback_report(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    _, report = enter_own(request, partnership, organisation, cycle)
    note_reading(report, request.user)
    return show_report(request, report, is_desk=False)


@require_safe
def feedback_report_file(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponseBase:
    _, report = enter_own(request, partnership, organisation, cycle)
    note_reading(report, request.user)
    return hand_out_built(report.document)


def note_reading(report: FeedbackReport, user: User) -> None:
    """The first time: then their home page says no more that it is there."""
    if not report.readings.filter(user=user).exists():
        FeedbackReading.objects.bulk_create(
            [FeedbackReading(report=report, user=user)], ignore_conflicts=True
        )


def show_report(request: UserRequest, row: FeedbackReport, *, is_desk: bool) -> HttpResponse:
    report = get_agency_report(row)
    offers = list_own_offers(report)
    context = {
        "report": report,
        "steps": list_next_steps(report),
        "sections": make_sections(report, offers),
        "chart": make_sector_chart(report),
        "others": name_others(report),
        "is_desk": is_desk,
        "offers": offers,
    }
    return render(request, "accountability/feedback_report.html", context)
