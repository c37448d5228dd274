"""The desk's room of the annual report: what of the year it can be written from, a part a line."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accountability.agency_return_permissions import check_can_see_annual_report
from accountability.annual_rooms import list_rooms, list_years
from accountability.models import Report
from accountability.report_permissions import check_can_see_reports
from accountability.reporting_years import ReportingYear
from s11.organisations.requests import UserRequest, enter_desk
from s11.web.errors import reason_why_not


@require_safe
def annual_report(request: UserRequest, partnership: str) -> HttpResponse:
    """Of the year that ended last, unless another is asked for by `year`."""
    desk = enter_desk(request, partnership)
    check_can_see_annual_report(desk)
    years = list_years(timezone.localdate())
    shown = ReportingYear.from_slug(request.GET.get("year", "")) or years[1]
    context = {
        "desk": desk,
        "shown": shown,
        "years": years,
        "rooms": list_rooms(desk, shown),
        "may_see_reports": not reason_why_not(check_can_see_reports, desk),
        "report": Report.objects.of(desk.partnership).current().order_by("-published_at").first(),
    }
    return render(request, "accountability/annual_report.html", context)
