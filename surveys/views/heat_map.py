"""Organisation × standard, for officers alone: every row is a name."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s11.organisations.requests import UserRequest, enter_desk
from surveys.forms.overview import SeriesForm
from surveys.full_overview import get_full_overview
from surveys.permissions import check_can_export_overview
from surveys.reports import make_report
from surveys.views.reports import get_compared, get_opened_cycle_or_404, make_query

ROWS_A_PAGE = 50


@require_safe
def overview_heat_map(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """One variant at a time, for each has standards of its own; the first, or the one in the address."""
    desk = enter_desk(request, partnership)
    check_can_export_overview(desk)
    found = get_opened_cycle_or_404(desk, cycle)
    full = get_full_overview(found, SeriesForm(request.GET).chosen, get_compared(request))
    variants = full.heat_map.variants if full.heat_map is not None else ()
    shown = next((one for one in variants if one.variant == request.GET.get("variant")), None)
    shown = shown or next((one for one in variants if one.graded), None)
    context = {
        "cycle": found,
        "report": make_report(full),
        "variants": variants,
        "shown": shown,
        "page": Paginator(shown.graded if shown else (), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "query": make_query(request),
    }
    return render(request, "surveys/overview_heat_map.html", context)
