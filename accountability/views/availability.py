"""When people can come, on the desk: the grids, asking, entering what somebody said, and an officer's own answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.availability import answer_as_member, answer_for_agency, ask_agencies, ask_members
from accountability.availability_grid import get_agency_grid, get_days, get_member_grid
from accountability.forms.availability import OnBehalfForm, make_member_form
from accountability.permissions import (
    check_can_answer_as_member,
    check_can_answer_own,
    check_can_plan_meetings,
    check_can_read_round,
)
from accountability.queries import get_member_or_404, is_released
from accountability.requests import enter_round
from accountability.views.members import enter_planning
from s11.organisations.requests import UserRequest, get_data
from s11.web.dates import date as in_words
from s11.web.errors import reason_why_not
from s11.web.text import list_words, plural

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def panel_availability(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """The grid of the panel, with who has not answered."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    grid = get_member_grid(here.panel)
    context = {
        "round": here,
        "grid": grid,
        "new_days": list_words([in_words(day) for day in grid.new_days]),
        "undeclared": [row.whose for row in grid.rows if row.whose.declared_at is None],  # type: ignore[union-attr]
        "called": here.panel.meetings.called().count(),
        "reason": reason_why_not(check_can_plan_meetings, here.desk),
    }
    return render(request, "accountability/panel_availability.html", context)


@require_POST
def panel_availability_ask(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Those who were never asked about a day to come, or those who were and have not answered."""
    here = enter_planning(request, partnership, cycle)
    is_again = request.POST.get("who") == "again"
    reachable = set(here.panel.members.reachable().values_list("pk", flat=True))
    grid = get_member_grid(here.panel)
    chosen = grid.silent if is_again else grid.to_ask
    count = ask_members(members=[one for one in chosen if one.pk in reachable], by=request.user)
    if count:
        messages.success(request, f"{plural(count, 'e-mail is', 'e-mails are')} in the outbox.")
    else:
        messages.warning(request, "Nobody is left to ask: they have answered, or were asked meanwhile.")
    return redirect("accountability:panel_availability", partnership, cycle)


@require_http_methods(BOTH)
def panel_answer(request: UserRequest, partnership: str, cycle: str, member: int) -> HttpResponse:
    """What a member said by telephone: entered by an officer, at any time."""
    here = enter_planning(request, partnership, cycle)
    found = get_member_or_404(here, member)
    given = list(found.availabilities.all())
    form = OnBehalfForm(get_data(request), days=get_days(here.panel), given=given, note=found.note)
    if request.method == "POST" and form.is_valid():
        answer_as_member(
            member=found, halves=form.get_halves(), note=form.cleaned_data["note"], by=request.user
        )
        messages.success(request, f"The answer of {found} is saved.")
        return redirect("accountability:panel_availability", partnership, cycle)
    context = {"round": here, "member": found, "form": form, "is_released": is_released(found)}
    return render(request, "accountability/panel_answer.html", context)


@require_http_methods(BOTH)
def own_availability(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """An officer who sits says it here, without their link."""
    here = enter_round(request, partnership, cycle)
    if here.own is None or not here.own.is_active or request.method == "POST":
        check_can_answer_own(here)
    assert here.own is not None  # the check has refused anybody else
    form = make_member_form(get_data(request), here.own)
    if request.method == "POST" and form.is_valid():
        answer_as_member(
            member=here.own,
            halves=form.get_halves(),
            note=form.cleaned_data["note"],
            declared=form.get_declared(),
            shown=form.get_shown(),
            by=request.user,
        )
        messages.success(request, "Your answer is saved. You can change it until the timetable has gone out.")
        return redirect("accountability:round", partnership, cycle)
    context = {
        "round": here,
        "member": here.own,
        "form": form,
        "reason": reason_why_not(check_can_answer_as_member, here.own),
    }
    return render(request, "accountability/own_availability.html", context)


# Agencies -------------------------------------------------------------------------------------------------------------


@require_safe
def agency_availability(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """When the agencies that are called can come."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    called = here.panel.meetings.called().with_place().order_by("invitee__organisation__name", "pk")
    page = Paginator(called, PAGE).get_page(request.GET.get("page"))
    context = {
        "round": here,
        "page": page,
        "grid": get_agency_grid(here.panel, list(page.object_list)),
        "unasked": here.panel.meetings.unasked().count(),
        "silent": here.panel.meetings.silent().count(),
        "reason": reason_why_not(check_can_plan_meetings, here.desk),
    }
    return render(request, "accountability/agency_availability.html", context)


@require_POST
def agency_availability_ask(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Tells them that they are called; whoever was told a time already is not asked any more."""
    here = enter_planning(request, partnership, cycle)
    meetings = here.panel.meetings.with_place()
    chosen = meetings.silent() if request.POST.get("who") == "again" else meetings.unasked()
    asked = list(chosen)
    unreachable = ask_agencies(meetings=asked, by=request.user)
    say_asked(request, len(asked) - len(unreachable), [one.organisation.name for one in unreachable])
    return redirect("accountability:agency_availability", partnership, cycle)


def say_asked(request: UserRequest, count: int, unreachable: list[str]) -> None:
    if count:
        messages.success(
            request,
            f"{plural(count, 'agency is', 'agencies are')} asked: the e-mails to leads and signatories are in the "
            "outbox.",
        )
    if unreachable:
        messages.warning(
            request,
            f"{list_words(unreachable)}: no lead or signatory is known, so nobody was told. Ask by telephone and enter "
            "the answer here.",
        )
    if not count and not unreachable:
        messages.warning(request, "Nobody is left to ask: they have answered, or were asked meanwhile.")


@require_http_methods(BOTH)
def agency_answer(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """What an agency said by telephone: entered by an officer."""
    here = enter_planning(request, partnership, cycle)
    called = here.panel.meetings.called().with_place()
    meeting = get_object_or_404(called, invitee__organisation__slug=organisation)
    given = list(meeting.availabilities.all())
    form = OnBehalfForm(
        get_data(request), days=get_days(here.panel), given=given, note=meeting.availability_note
    )
    if request.method == "POST" and form.is_valid():
        answer_for_agency(
            meeting=meeting, halves=form.get_halves(), note=form.cleaned_data["note"], by=request.user
        )
        messages.success(request, f"The answer of {meeting.organisation} is saved.")
        return redirect("accountability:agency_availability", partnership, cycle)
    context = {"round": here, "meeting": meeting, "form": form}
    return render(request, "accountability/agency_answer.html", context)
