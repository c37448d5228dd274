"""Planning a cycle from an earlier one, on one page that shows all of it before anything is made."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from s11.organisations.requests import UserRequest, enter_desk, get_data
from s11.web.errors import NotInThisState
from surveys.cycle_copies import copy_cycle, make_copy
from surveys.date_warnings import get_date_warnings
from surveys.forms.cycle_copies import CopyCycleForm
from surveys.pipeline_permissions import check_can_copy_cycle
from surveys.planning import get_titles
from surveys.queries import get_cycle_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_copy(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_copy_cycle(desk, found)
    copy = make_copy(found, timezone.localdate())
    form = CopyCycleForm(get_data(request), copy=copy, taken=get_titles(desk.partnership))
    if form.is_valid():
        try:
            planned = copy_cycle(copy=copy, by=request.user, **form.get_plan())
        except NotInThisState as late:
            messages.warning(request, str(late))
            return redirect("surveys:cycles", partnership)
        messages.success(request, f"{planned} is planned. Agencies can answer once you open it.")
        for warning in get_date_warnings(planned.opens_on, planned.closes_on):
            messages.warning(request, warning)
        return redirect(planned)
    context = {
        "cycle": found,
        "copy": copy,
        "form": form,
        "warnings": get_date_warnings(copy.dates.opens_on, copy.dates.closes_on),
    }
    return render(request, "surveys/cycle_copy.html", context)
