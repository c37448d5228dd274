"""Requests to take part on the desk: those that wait, one with what it may be the same as, the officer's yes or no."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.enums import Variant
from s11.organisations.forms.taking_part import IN_WORDS, AcceptForm, CycleChoice, DeclineForm
from s11.organisations.permissions import check_can_decide_application, check_can_organise
from s11.organisations.registration import get_application_or_404, get_applications, get_suggestions
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.organisations.workflow import decline_application
from s11.web.dates import date as in_words
from s11.web.errors import NotInThisState, reason_why_not
from s11.web.text import list_words
from surveys.taking_part import accept_and_invite, get_cycles_to_join

PAGE = 50


@require_safe
def applications(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    is_decided = request.GET.get("show") == "decided"
    found = get_applications(desk.partnership, is_decided=is_decided)
    context = {
        "partnership": desk.partnership,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "is_decided": is_decided,
    }
    return render(request, "surveys/applications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def application(request: UserRequest, partnership: str, application: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    found = get_application_or_404(desk.partnership, application)
    cycles = {cycle.slug: cycle for cycle in get_cycles_to_join(desk.partnership)}
    form = AcceptForm(
        get_data(request),
        suggestions=get_suggestions(found),
        new_name=found.organisation_name,
        cycles=[
            CycleChoice(slug, f"{cycle.title}, until {in_words(cycle.closes_on)}")
            for slug, cycle in cycles.items()
        ],
    )
    reason = reason_why_not(check_can_decide_application, desk, found)
    if request.method != "POST" or (not reason and not form.is_valid()):
        context = {
            "partnership": desk.partnership,
            "application": found,
            "asked": IN_WORDS[Variant(found.variant)],
            "form": form,
            "reason": reason,
        }
        return render(request, "surveys/application.html", context)
    check_can_decide_application(desk, found)
    try:
        participation, joined = accept_and_invite(
            application=found,
            organisation=form.chosen,
            is_statutory=form.cleaned_data["is_statutory"],
            cycles=[cycles[slug] for slug in form.cleaned_data.get("cycles", ())],
            by=request.user,
        )
    except NotInThisState as late:
        messages.warning(request, str(late))
        return redirect("surveys:application", partnership, application)
    invited = f" It is invited to {list_words([cycle.title for cycle in joined])}." if joined else ""
    messages.success(request, f"{participation.name} takes part. We have written to {found.name}.{invited}")
    return redirect("organisations:organisation", partnership, participation.organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def application_decline(request: UserRequest, partnership: str, application: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    found = get_application_or_404(desk.partnership, application)
    check_can_decide_application(desk, found)
    form = DeclineForm(get_data(request))
    if request.method != "POST" or not form.is_valid():
        context = {"partnership": desk.partnership, "application": found, "form": form}
        return render(request, "surveys/application_decline.html", context)
    tell_outcome(
        request,
        f"You have declined the request of {found.name}. We have told them why.",
        decline_application,
        application=found,
        reason=form.cleaned_data["reason"],
        by=request.user,
    )
    return redirect("surveys:applications", partnership)
