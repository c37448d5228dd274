"""‘Agencies to call’: proposals with their reasons, calling many or one, and dropping one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accountability.call_list import CallRow, CallState, count_states, get_call_rows, pick
from accountability.calling import make_chosen
from accountability.calling_off import call_off
from accountability.calls import call_agencies
from accountability.forms.calls import CallFilterForm, DropForm, OwnReasonForm
from accountability.models import Panel
from accountability.permissions import check_can_plan_meetings, check_can_read_round
from accountability.requests import enter_round
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.text import plural

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
def calls(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """The most concerning first; a post calls those ticked, or all that the filter shows."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    rows = get_call_rows(here.panel)
    form = CallFilterForm(request.GET, cycle=here.cycle)
    shown = pick(rows, form.get_wanted())
    if request.method == "POST":
        check_can_plan_meetings(here.desk)
        call_ticked(request, here.panel, shown)
        return redirect(request.get_full_path())
    context = {
        "round": here,
        "filter": form,
        "counts": count_states(rows),
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "callable": sum(can_be_called(row) for row in shown),
        "reason": reason_why_not(check_can_plan_meetings, here.desk),
    }
    return render(request, "accountability/calls.html", context)


def can_be_called(row: CallRow) -> bool:
    """With the rules' own reasons, without another word."""
    return row.state != CallState.CALLED and bool(row.now)


def call_ticked(request: UserRequest, panel: Panel, rows: list[CallRow]) -> None:
    ticked = set(request.POST.getlist("invitees"))
    picked = [
        row
        for row in rows
        if can_be_called(row) and ("all" in request.POST or str(row.known.invitee.pk) in ticked)
    ]
    if not picked:
        messages.error(request, "Nobody was chosen. Tick one or more agencies.")
        return
    called = call_agencies(
        panel=panel, reasons={row.known.invitee: row.now for row in picked}, by=request.user
    )
    messages.success(
        request,
        f"{plural(called, 'agency is', 'agencies are')} called.",
    )


@require_http_methods(BOTH)
def call(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """One agency, with a reason of one's own; the rules' reasons stand beside it."""
    here = enter_round(request, partnership, cycle)
    check_can_plan_meetings(here.desk)
    row = get_row_or_404(here.panel, organisation)
    form = OwnReasonForm(get_data(request), is_needed=not row.now)
    if row.state == CallState.CALLED:
        messages.warning(request, f"{row.name} is called already.")
        return redirect("accountability:calls", partnership, cycle)
    if request.method == "POST" and form.is_valid():
        own = form.cleaned_data["reason"]
        reasons = [*row.now, *([make_chosen(own)] if own else [])]
        call_agencies(panel=here.panel, reasons={row.known.invitee: reasons}, by=request.user)
        messages.success(request, f"{row.name} is called.")
        return redirect("accountability:calls", partnership, cycle)
    return render(request, "accountability/call.html", {"round": here, "row": row, "form": form})


def get_row_or_404(panel: Panel, organisation: str) -> CallRow:
    for row in get_call_rows(panel):
        if row.known.invitee.organisation.slug == organisation:
            return row
    raise Http404


@require_http_methods(BOTH)
def call_drop(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    here = enter_round(request, partnership, cycle)
    check_can_plan_meetings(here.desk)
    meetings = here.panel.meetings.called().select_related("panel", "invitee__organisation", "day")
    meeting = get_object_or_404(meetings, invitee__organisation__slug=organisation)
    form = DropForm(get_data(request))
    if request.method == "POST" and form.is_valid():
        done = f"{meeting.organisation} is dropped. Its time is free for others."
        tell_outcome(request, done, call_off, meeting=meeting, by=request.user, **form.cleaned_data)
        return redirect("accountability:calls", partnership, cycle)
    return render(request, "accountability/call_drop.html", {"round": here, "meeting": meeting, "form": form})
