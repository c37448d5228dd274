"""Helping somebody who has lost their second step: an administrator resets it, after speaking to the person."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from s11.organisations.models import Membership, Officer, Partnership, User
from s11.organisations.permissions import check_can_administer
from s11.organisations.requests import UserRequest, enter_desk, tell_outcome
from s11.organisations.second_factor_permissions import check_can_reset
from s11.organisations.second_factors import has_factor
from s11.organisations.workflow.second_factors import reset_second_factor as reset
from s11.web.errors import reason_why_not


def get_person_or_404(partnership: Partnership, person: int) -> User:
    """An officer here, or somebody of an organisation that takes part here."""
    offices = Officer.objects.active().filter(partnership=partnership, user__pk=person)
    members = Membership.objects.active().filter(
        user__pk=person,
        organisation__participations__partnership=partnership,
        organisation__participations__is_active=True,
    )
    found = offices.select_related("user").first() or members.select_related("user").first()
    if found is None:
        raise Http404
    return found.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_second_factor(request: UserRequest, partnership: str, person: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    user = get_person_or_404(desk.partnership, person)
    response: HttpResponse = ask_or_reset(request, partnership=partnership, person=user)
    return response


@reauthentication_required
def ask_or_reset(request: UserRequest, *, partnership: str, person: User) -> HttpResponse:
    """Only by whoever has just signed in, or does so once more: a desk left open resets nobody."""
    desk = enter_desk(request, partnership)
    if request.method != "POST":
        context = {
            "partnership": desk.partnership,
            "person": person,
            "has_factor": has_factor(person),
            "reason": reason_why_not(check_can_reset, desk, request.user, person),
        }
        return render(request, "organisations/reset_second_factor.html", context)
    check_can_reset(desk, request.user, person)
    done = f"The second step of {person} is reset. We have told them and the other administrators."
    tell_outcome(request, done, reset, user=person, by=request.user, partnership=desk.partnership)
    return redirect("organisations:officers", partnership)
