"""A change of lead in one step: another member leads from now on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.enums import MembershipRole
from s11.organisations.forms.people import HandOverForm
from s11.organisations.permissions import check_can_manage_people
from s11.organisations.queries import get_members
from s11.organisations.requests import UserRequest, enter_agency, get_data, tell_outcome
from s11.organisations.workflow import hand_over_lead


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_people(agency)
    ask_who_it_is(request)
    others = [member for member in get_members(agency.organisation) if member.user != request.user]
    form = HandOverForm(get_data(request), others=others)
    if request.method != "POST" or not form.is_valid():
        context = {"agency": agency, "form": form, "has_others": bool(others)}
        return render(request, "organisations/hand_over.html", context)
    successor = next(member.user for member in others if member.user.pk == form.cleaned_data["person"])
    stays_as = form.cleaned_data["stays_as"]
    tell_outcome(
        request,
        f"{successor} leads {agency.organisation} now. We have told them.",
        hand_over_lead,
        organisation=agency.organisation,
        to=successor,
        stays_as=MembershipRole(stays_as) if stays_as else None,
        by=request.user,
    )
    # Whoever took no other role, and had none, does not come back here.
    return redirect("home")
