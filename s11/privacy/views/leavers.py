"""People who have left: what would go, agreeing to it, stopping it; and a person's own request to be forgotten."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.enums import AnonymisationReason
from s11.organisations.models import Anonymisation, User
from s11.organisations.permissions import check_can_administer
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.privacy.anonymising import request_anonymisation, stop_anonymisation
from s11.privacy.forms import DeclineForm, RetypeForm
from s11.privacy.leaving import (
    find_last_stopped,
    find_obstacle,
    get_leavers,
    get_stand_in,
    list_touched,
    name_asker,
)
from s11.privacy.subjects import get_people

PAGE: Final = 50
WITHDRAWN: Final = "Withdrawn by the person."


@never_cache
@require_safe
def leavers(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    page = Paginator(get_leavers(desk.partnership), PAGE).get_page(request.GET.get("page"))
    waiting = Anonymisation.objects.open().filter(user__in=[user.pk for user in page])
    states = {one.user_id: one.state for one in waiting}
    context = {"desk": desk, "page": page, "states": states}
    return render(request, "privacy/leavers.html", context)


def get_leaver_or_404(request: UserRequest, partnership: str, person: int) -> tuple[Desk, User]:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    return desk, get_object_or_404(get_people(desk.partnership), pk=person)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leaver(request: UserRequest, partnership: str, person: int) -> HttpResponse:
    """What would go and what would stay; agreed to by writing the address once more."""
    desk, user = get_leaver_or_404(request, partnership, person)
    ask_who_it_is(request)
    obstacle = find_obstacle(user, desk.partnership)
    current = Anonymisation.objects.filter(user=user, stopped_at=None).first()
    form = RetypeForm(get_data(request), user=user)
    if request.method == "POST" and form.is_valid():
        said = f"It is recorded that {desk.partnership} agrees. This page says when the name goes."
        tell_outcome(
            request,
            said,
            request_anonymisation,
            user=user,
            reason=AnonymisationReason.LEFT,
            partnership=desk.partnership,
            by=request.user,
        )
        return redirect("privacy:leaver", partnership, person)
    context = {
        "desk": desk,
        "person": user,
        "obstacle": obstacle,
        "current": current,
        "stopped": find_last_stopped(user, desk.partnership),
        "asker": name_asker(current, desk.partnership) if current else "",
        "has_agreed": current is not None and current.approvals.filter(partnership=desk.partnership).exists(),
        "touched": list_touched(user),
        "stand_in": get_stand_in(user),
        "forms": {"retype": form, "decline": DeclineForm(), "days": settings.ANONYMISE_AFTER_DAYS},
    }
    return render(request, "privacy/leaver.html", context)


@require_POST
def leaver_stop(request: UserRequest, partnership: str, person: int) -> HttpResponse:
    desk, user = get_leaver_or_404(request, partnership, person)
    current = get_object_or_404(Anonymisation.objects.open(), user=user)
    form = DeclineForm(request.POST)
    if form.is_valid():
        said = f"It is stopped: {user} keeps their name. We have told them why."
        tell_outcome(
            request,
            said,
            stop_anonymisation,
            anonymisation=current,
            why=form.cleaned_data["why"],
            by=request.user,
            partnership=desk.partnership,
        )
        return redirect("privacy:leaver", partnership, person)
    context = {"person": user, "form": form, "partnership": partnership}
    return render(request, "privacy/leaver_stop.html", context)


# One's own ------------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_request(request: UserRequest) -> HttpResponse:
    """Ask to be forgotten: for whoever acts nowhere any more."""
    obstacle = find_obstacle(request.user, None)
    form = RetypeForm(get_data(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        said = "We have told the partnerships that know you. You see here what they decide."
        tell_outcome(
            request,
            said,
            request_anonymisation,
            user=request.user,
            reason=AnonymisationReason.ASKED,
            partnership=None,
            by=request.user,
        )
        return redirect("privacy:own_request")
    context = {
        "obstacle": obstacle,
        "current": Anonymisation.objects.filter(user=request.user).first(),
        "form": form,
        "stand_in": get_stand_in(request.user),
        "days": settings.ANONYMISE_AFTER_DAYS,
    }
    return render(request, "privacy/own_request.html", context)


@require_POST
def own_withdraw(request: UserRequest) -> HttpResponse:
    current = get_object_or_404(Anonymisation.objects.open(), user=request.user)
    said = "It is withdrawn: your name stays."
    tell_outcome(request, said, stop_anonymisation, anonymisation=current, why=WITHDRAWN, by=request.user)
    return redirect("privacy:own_request")
