"""The room Meetings on the desk: the cycles with their rounds, the home of one round, and setting one up."""

from __future__ import annotations

import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accountability.conflicts import get_conflicts
from accountability.enums import MeetingStatus, MinutesStatus
from accountability.feeds import OwnMeeting, list_own_meetings
from accountability.forms.panels import PanelRulesForm
from accountability.minutes_text import get_held_on
from accountability.models import Meeting, Panel, PanelMember
from accountability.permissions import check_can_plan_meetings, check_can_read_round, check_can_see_meetings
from accountability.queries import Round
from accountability.requests import enter_round
from accountability.rounds import get_numbers, list_steps
from accountability.workflow import set_up_panel
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from surveys.models import Cycle
from surveys.queries import get_cycle_or_404

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def meetings(request: UserRequest, partnership: str) -> HttpResponse:
    """Every cycle, the latest first; a panel member finds those on whose panel they are."""
    desk = enter_desk(request, partnership)
    check_can_see_meetings(desk)
    is_reader = not reason_why_not(check_can_read_round, desk)
    found = Cycle.objects.of(desk.partnership).select_related("panel")
    if not is_reader:
        found = found.filter(panel__members__in=PanelMember.objects.of_user(request.user))
    context = {
        "desk": desk,
        "page": Paginator(found.distinct(), PAGE).get_page(request.GET.get("page")),
        "is_reader": is_reader,
        "reason": reason_why_not(check_can_plan_meetings, desk),
    }
    return render(request, "accountability/meetings.html", context)


@require_safe
def round_(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Its home: where everything about it starts; for a panel member their own part of it."""
    here = enter_round(request, partnership, cycle)
    if reason_why_not(check_can_read_round, here.desk):
        context = {"round": here, "meetings": get_own(here), "held": list_held(here)}
        return render(request, "accountability/own_round.html", context)
    numbers = get_numbers(here.panel)
    context = {
        "round": here,
        "numbers": numbers,
        "steps": list_steps(here, numbers),
        "reason": reason_why_not(check_can_plan_meetings, here.desk),
    }
    return render(request, "accountability/round.html", context)


def get_own(here: Round) -> list[OwnMeeting]:
    """Those in which the person sits, as they were last told: what is planned meanwhile is not theirs to know."""
    if here.own is None:
        return []
    found = list_own_meetings([here.own])
    return [one for one in found if not one.is_off and one.meeting.status != MeetingStatus.HELD]


def list_held(here: Round) -> list[tuple[Meeting, datetime.date, bool]]:
    """Those in which the person sat: each with its day, and whether its minutes wait for their word as its chair."""
    if here.own is None:
        return []
    found = here.panel.meetings.sat_in_by(here.own).filter(status=MeetingStatus.HELD)
    chaired = set(here.own.seats.filter(is_chair=True).values_list("meeting", flat=True))
    rows = list(found.with_place().select_related("minutes").order_by("started_at", "pk"))
    closed = get_conflicts([here.own], {one.invitee.organisation_id for one in rows})[here.own.pk]
    return [
        (one, get_held_on(one), one.pk in chaired and has_draft(one))
        for one in rows
        if one.invitee.organisation_id not in closed
    ]


def has_draft(meeting: Meeting) -> bool:
    minutes = getattr(meeting, "minutes", None)
    return minutes is not None and minutes.status == MinutesStatus.DRAFT


@require_http_methods(BOTH)
def set_up(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_plan_meetings(desk)
    found = get_cycle_or_404(desk.partnership, cycle)
    if Panel.objects.filter(cycle=found).exists():
        return redirect("accountability:round", partnership, cycle)
    form = PanelRulesForm(get_data(request))
    if request.method == "POST" and form.is_valid():
        done = f"The meetings of {found} are set up. Next: who sits on the panel."
        tell_outcome(request, done, set_up_panel, cycle=found, by=request.user, **form.cleaned_data)
        return redirect("accountability:round", partnership, cycle)
    return render(request, "accountability/set_up.html", {"cycle": found, "form": form})
