"""The days of meetings: their hours, breaks and slots, and where each panel at a time meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.availability_grid import get_days
from accountability.day_strips import Strip, make_strip
from accountability.day_warnings import get_day_warnings
from accountability.forms.days import DayForm, PlacesForm
from accountability.meeting_days import (
    Break,
    DayPlan,
    add_day,
    change_day,
    delete_day,
    list_losing,
    list_placed,
    save_places,
    say_losing,
)
from accountability.models import MeetingDay
from accountability.permissions import check_can_plan_meetings, check_can_read_round
from accountability.queries import Round
from accountability.requests import enter_round
from accountability.slots import Slot
from accountability.views.members import enter_planning
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.dates import date as in_words
from s11.web.errors import NotInThisState, reason_why_not
from surveys.date_warnings import say_day

BOTH = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day as a page draws it."""

    day: MeetingDay | None
    title: str
    strip: Strip
    slots: list[Slot]
    warnings: list[str]


def show_plan(here: Round, plan: DayPlan, day: MeetingDay | None = None) -> ShownDay:
    hours = (plan.starts_at, plan.ends_at)
    breaks = [(one.name, one.starts_at, one.ends_at) for one in plan.breaks]
    slots = plan.slots
    warnings = get_day_warnings(plan.date, hours, breaks, slots, here.cycle.closes_on)
    if day is not None and (lost := list_losing(day, plan)):
        warnings.insert(0, say_losing(lost))
    return ShownDay(day, say_day(plan.date), make_strip(hours, slots, breaks), slots, warnings)


def show_day(here: Round, day: MeetingDay) -> ShownDay:
    """As it is kept; asks the database nothing."""
    breaks = [Break(one.name, one.starts_at, one.ends_at) for one in day.breaks.all()]
    plan = DayPlan(day.date, day.starts_at, day.ends_at, day.minutes, breaks)
    hours = [(one.name, one.starts_at, one.ends_at) for one in breaks]
    slots = plan.slots
    warnings = get_day_warnings(day.date, (day.starts_at, day.ends_at), hours, slots, here.cycle.closes_on)
    return ShownDay(
        day, say_day(day.date), make_strip((day.starts_at, day.ends_at), slots, hours), slots, warnings
    )


def get_day_or_404(here: Round, day: int) -> MeetingDay:
    found = get_object_or_404(here.panel.days.prefetch_related("breaks", "places"), pk=day)
    found.panel = here.panel
    return found


@require_safe
def meeting_days(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    context = {
        "round": here,
        "shown": [show_day(here, day) for day in get_days(here.panel)],
        "tracks": range(here.panel.tracks),
        "reason": reason_why_not(check_can_plan_meetings, here.desk),
    }
    return render(request, "accountability/meeting_days.html", context)


@require_http_methods(BOTH)
def meeting_day_add(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    form = DayForm(get_data(request))
    context: dict[str, Any] = {"round": here, "form": form, "day": None, "shown": None}
    if request.method == "POST" and form.is_valid():
        context["shown"] = show_plan(here, form.plan)
        if "preview" not in request.POST:
            try:
                day = add_day(panel=here.panel, plan=form.plan)
            except NotInThisState as late:
                form.add_error("date", str(late))
            else:
                messages.success(
                    request, f"{in_words(day.date)} is a day of meetings. Next: where they meet."
                )
                return redirect("accountability:meeting_day_places", partnership, cycle, day.pk)
    return render(request, "accountability/meeting_day.html", context)


@require_http_methods(BOTH)
def meeting_day(request: UserRequest, partnership: str, cycle: str, day: int) -> HttpResponse:
    """Changing it; the sentence about meetings that would lose their slot is said before and, if need be, after."""
    here = enter_planning(request, partnership, cycle)
    found = get_day_or_404(here, day)
    form = DayForm(get_data(request), day=found)
    context: dict[str, Any] = {"round": here, "form": form, "day": found, "shown": show_day(here, found)}
    context["placed"] = list_placed(found)
    if request.method == "POST" and form.is_valid():
        context["shown"] = show_plan(here, form.plan, found)
        if "preview" not in request.POST:
            try:
                change_day(day=get_day_or_404(here, day), plan=form.plan)
            except NotInThisState as late:
                form.add_error(None, str(late))
            else:
                messages.success(request, f"{in_words(form.plan.date)} is changed.")
                return redirect("accountability:meeting_days", partnership, cycle)
    return render(request, "accountability/meeting_day.html", context)


@require_http_methods(BOTH)
def meeting_day_places(request: UserRequest, partnership: str, cycle: str, day: int) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    found = get_day_or_404(here, day)
    form = PlacesForm(get_data(request), day=found, tracks=here.panel.tracks)
    if request.method == "POST" and form.is_valid():
        save_places(day=found, places=form.get_places())
        messages.success(request, f"The places of {in_words(found.date)} are saved.")
        return redirect("accountability:meeting_days", partnership, cycle)
    return render(
        request, "accountability/meeting_day_places.html", {"round": here, "day": found, "form": form}
    )


@require_POST
def meeting_day_delete(request: UserRequest, partnership: str, cycle: str, day: int) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    found = get_day_or_404(here, day)
    done = f"{in_words(found.date)} is no day of meetings any more."
    tell_outcome(request, done, delete_day, day=found, by=request.user)
    return redirect("accountability:meeting_days", partnership, cycle)
