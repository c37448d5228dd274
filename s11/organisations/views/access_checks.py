"""The yearly check of who has access: a lead's of an organisation, an administrator's of the officers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.access_checks import (
    get_check_or_404,
    get_last_check,
    get_officers_to_check,
    get_organisation_to_check,
)
from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.forms.access_checks import AccessCheckForm
from s11.organisations.models import AccessCheck
from s11.organisations.permissions import check_can_check_access, check_can_check_officers
from s11.organisations.requests import UserRequest, enter_agency, enter_desk, get_data, tell_outcome
from s11.organisations.workflow.access_checks import check_officers, check_organisation, take_back_check
from s11.web.errors import NotInThisState

TAKEN_BACK = "The check is taken back. Whoever it ended has their roles again, and it is due as before."


def save(form: AccessCheckForm, verb: Callable[[], AccessCheck]) -> AccessCheck | None:
    """None where something has changed meanwhile: what was chosen still stands, and the page says what it was."""
    try:
        return verb()
    except NotInThisState as late:
        form.add_error(None, str(late))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def access_check(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_check_access(agency)
    where = agency.organisation
    form = AccessCheckForm(get_data(request), to_check=get_organisation_to_check(where), you=request.user)
    if request.method == "POST" and form.is_valid():
        done = save(form, lambda: check_organisation(organisation=where, said=form.said, by=request.user))
        if done is not None:
            return redirect("organisations:access_checked", partnership, organisation, done.pk)
    context = {"agency": agency, "form": form, "last": get_last_check(where)}
    return render(request, "organisations/access_check.html", context)


@require_safe
def access_checked(
    request: UserRequest, partnership: str, organisation: str, access_check: int
) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_check_access(agency)
    checked = get_check_or_404(agency.organisation, access_check)
    return render(request, "organisations/access_checked.html", {"agency": agency, "checked": checked})


@require_POST
def access_take_back(
    request: UserRequest, partnership: str, organisation: str, access_check: int
) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_check_access(agency)
    ask_who_it_is(request)
    found = get_check_or_404(agency.organisation, access_check).check
    tell_outcome(request, TAKEN_BACK, take_back_check, access_check=found, by=request.user)
    return redirect("organisations:access_check", partnership, organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def officer_check(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_check_officers(desk)
    where = desk.partnership
    form = AccessCheckForm(get_data(request), to_check=get_officers_to_check(where), you=request.user)
    if request.method == "POST" and form.is_valid():
        done = save(form, lambda: check_officers(partnership=where, said=form.said, by=request.user))
        if done is not None:
            return redirect("organisations:officers_checked", partnership, done.pk)
    context = {"partnership": where, "form": form, "last": get_last_check(where)}
    return render(request, "organisations/officer_check.html", context)


@require_safe
def officers_checked(request: UserRequest, partnership: str, access_check: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_check_officers(desk)
    checked = get_check_or_404(desk.partnership, access_check)
    context = {"partnership": desk.partnership, "checked": checked}
    return render(request, "organisations/officers_checked.html", context)


@require_POST
def officer_check_take_back(request: UserRequest, partnership: str, access_check: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_check_officers(desk)
    ask_who_it_is(request)
    found = get_check_or_404(desk.partnership, access_check).check
    tell_outcome(request, TAKEN_BACK, take_back_check, access_check=found, by=request.user)
    return redirect("organisations:officer_check", partnership)
