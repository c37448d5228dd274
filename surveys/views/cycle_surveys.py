"""The desk's practitioner surveys of a cycle: what is asked, who asks, and one agency's."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.dates import date as in_words
from s11.web.errors import reason_why_not
from surveys.forms.practitioners import LastDayForm, SearchForm, StatementsForm
from surveys.models import Cycle, Invitee
from surveys.practitioner_permissions import (
    check_can_open_for_all,
    check_can_run_as_officer,
    check_can_see_surveys,
    check_can_switch_on,
    check_officers_may_read,
)
from surveys.practitioners import (
    count_without,
    get_cycle_survey,
    get_offered,
    get_statements,
    list_agencies,
)
from surveys.queries import get_cycle_or_404
from surveys.surveying import open_surveys, switch_off_survey, switch_on_survey
from surveys.views.own_survey import show_poster
from surveys.views.survey_running import Running, act, find_running

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


def enter(request: UserRequest, partnership: str, cycle: str) -> tuple[Desk, Cycle]:
    desk = enter_desk(request, partnership)
    check_can_see_surveys(desk)
    return desk, get_cycle_or_404(desk.partnership, cycle)


@require_safe
def cycle_survey(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Who asks and how many have answered; before that, what will be asked."""
    desk, found = enter(request, partnership, cycle)
    form = SearchForm(request.GET)
    page = Paginator(list_agencies(found, **form.get_filters()), PAGE).get_page(request.GET.get("page"))
    for invitee in page:
        invitee.cycle = found
    context = {
        "cycle": found,
        "survey": get_cycle_survey(found),
        "statements": get_statements(found),
        "filter": form,
        "page": page,
        "without": count_without(found),
        "reasons": get_reasons(desk, found),
    }
    return render(request, "surveys/cycle_survey.html", context)


def get_reasons(desk: Desk, cycle: Cycle) -> dict[str, str]:
    switch = reason_why_not(check_can_switch_on, desk, cycle)
    if not switch and get_cycle_survey(cycle) is None and not get_offered(cycle):
        switch = (
            f"None of the survey’s statements stands beside a standard that {cycle} asks about, so it cannot be "
            "switched on here. A full audit has them."
        )
    return {
        "switch": switch,
        "open": reason_why_not(check_can_open_for_all, desk, cycle),
    }


@require_http_methods(BOTH)
def cycle_survey_statements(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Switch it on with these statements, or off: before anybody asks."""
    desk, found = enter(request, partnership, cycle)
    check_can_switch_on(desk, found)
    if request.POST.get("act") == "off":
        tell_outcome(request, "The survey is switched off.", switch_off_survey, cycle=found, by=request.user)
        return redirect("surveys:cycle_survey", partnership, cycle)
    asked = {one.code for _, statements in get_statements(found) for one in statements}
    offered = get_offered(found)
    form = StatementsForm(
        get_data(request),
        offered=offered,
        initial={"statements": sorted(asked) or [one.code for one in offered]},
    )
    if form.is_valid():
        done = "Agencies can now ask their staff."
        tell_outcome(request, done, switch_on_survey, cycle=found, statements=form.chosen, by=request.user)
        return redirect("surveys:cycle_survey", partnership, cycle)
    context = {"cycle": found, "form": form, "is_on": bool(asked)}
    return render(request, "surveys/cycle_survey_statements.html", context)


@require_http_methods(BOTH)
def cycle_survey_open(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """For every agency that has none yet."""
    desk, found = enter(request, partnership, cycle)
    check_can_open_for_all(desk, found)
    form = LastDayForm(get_data(request), initial={"closes_on": found.closes_on})
    if form.is_valid():
        day = form.cleaned_data["closes_on"]
        done = f"The surveys are open until {in_words(day)}. Their links are on each agency’s page, here and there."
        agencies = list(list_agencies(found).values_list("pk", flat=True))
        tell_outcome(
            request, done, open_surveys, cycle=found, invitees=agencies, closes_on=day, by=request.user
        )
        return redirect("surveys:cycle_survey", partnership, cycle)
    context = {"cycle": found, "form": form, "without": count_without(found)}
    return render(request, "surveys/cycle_survey_open.html", context)


@require_http_methods(BOTH)
def cycle_survey_agency(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> HttpResponse:
    """One agency's; a post opens or closes it, or gives it another day or link."""
    desk, running = enter_running(request, partnership, cycle, organisation)
    if request.method == "POST":
        check_can_run_as_officer(desk, running.invitee)
        if act(request, running):
            return redirect("surveys:cycle_survey_agency", partnership, cycle, organisation)
    return render(request, "surveys/cycle_survey_agency.html", {"running": running})


def enter_running(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> tuple[Desk, Running]:
    """One agency's, with what staff say once it has submitted."""
    desk, found = enter(request, partnership, cycle)
    rows = Invitee.objects.filter(cycle=found, organisation__slug=organisation)
    invitee = get_object_or_404(
        rows.select_related("organisation", "cycle_questionnaire", "audit", "own_tool_return")
    )
    invitee.cycle = found
    running = find_running(
        request,
        invitee,
        reason=reason_why_not(check_can_run_as_officer, desk, invitee),
        unread=reason_why_not(check_officers_may_read, desk, invitee),
        is_submitted=True,
    )
    return desk, running


@require_safe
def cycle_survey_poster(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> HttpResponse:
    """For those who may pass the link on: whoever has it can answer."""
    desk, running = enter_running(request, partnership, cycle, organisation)
    check_can_run_as_officer(desk, running.invitee)
    back = reverse("surveys:cycle_survey_agency", args=[partnership, cycle, organisation])
    return show_poster(request, running, back)
