"""One variant in an overview, on a page of its own: its standards, its indicators and what they are compared with."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s11.organisations.requests import UserRequest, enter_desk
from s11.web.errors import reason_why_not
from surveys.forms.overview import SeriesForm
from surveys.full_overview import get_full_overview
from surveys.permissions import check_can_export_overview, check_can_read_overview
from surveys.reports import make_report
from surveys.views.reports import get_compared, get_opened_cycle_or_404, make_query


@require_safe
def overview_variant(request: UserRequest, partnership: str, cycle: str, variant: str) -> HttpResponse:
    """For publishers too: no organisation is named here. A variant without a submitted audit has nothing to show."""
    desk = enter_desk(request, partnership)
    check_can_read_overview(desk)
    asked = get_opened_cycle_or_404(desk, cycle)
    full = get_full_overview(asked, SeriesForm(request.GET).chosen, get_compared(request))
    report = make_report(full, has_heat=False)
    found = next((one for one in report.findings.variants if one.figures.variant == variant), None)
    if found is None:
        raise Http404
    context = {
        "cycle": asked,
        "report": report,
        "found": found,
        "has_files": not reason_why_not(check_can_export_overview, desk),
        "query": make_query(request),
    }
    return render(request, "surveys/overview_variant.html", context)
