"""The desk's room of the annual report: what of the year it can be written from, a part a line."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accountability.agency_return_permissions import check_can_see_annual_report
from accountability.annual_rooms import list_rooms, list_years
from accountability.reporting_years import ReportingYear
from s11.organisations.requests import UserRequest, enter_desk


@require_safe
def annual_report(request: UserRequest, partnership: str) -> HttpResponse:
    """Of the year that ended last, unless another is asked for by `year`."""
    desk = enter_desk(request, partnership)
    check_can_see_annual_report(desk)
    years = list_years(timezone.localdate())
    shown = ReportingYear.from_slug(request.GET.get("year", "")) or years[1]
    context = {"desk": desk, "shown": shown, "years": years, "rooms": list_rooms(desk, shown)}
    return render(request, "accountability/annual_report.html", context)
