"""The day's list: its meetings in order, each with its state and the way to its screen."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accountability.day_list import get_day_list_or_404, get_next_day
from accountability.requests import enter_round
from s11.organisations.requests import UserRequest


@require_safe
def day_meetings(request: UserRequest, partnership: str, cycle: str, date: str) -> HttpResponse:
    here = enter_round(request, partnership, cycle)
    context = {"round": here, "list": get_day_list_or_404(request.user, here, date)}
    return render(request, "accountability/day_meetings.html", context)


@require_safe
def day_next(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """The list of today, else of the next day that has meetings, else of the last one."""
    here = enter_round(request, partnership, cycle)
    day = get_next_day(here, timezone.localdate())
    if day is None:
        return redirect("accountability:round", partnership, cycle)
    return redirect("accountability:day_meetings", partnership, cycle, day.date.isoformat())
