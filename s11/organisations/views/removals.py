"""What was removed lately, and putting it back: from its own page, or at once by the button beside “it is removed”."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from s11.organisations import removals
from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.queries import Agency, Desk
from s11.organisations.requests import UserRequest, enter_agency, enter_desk, get_undo_address, tell_outcome

PAGE = 50


@require_safe
def removed(request: UserRequest, partnership: str) -> HttpResponse:
    return _show(request, enter_desk(request, partnership))


@require_safe
def agency_removed(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    return _show(request, enter_agency(request, partnership, organisation))


@require_POST
def put_back(request: UserRequest, partnership: str, removal: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    return _put_back(request, desk, removal, reverse("organisations:removed", args=[partnership]))


@require_POST
def agency_put_back(request: UserRequest, partnership: str, organisation: str, removal: int) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    page = reverse("organisations:agency_removed", args=[partnership, organisation])
    return _put_back(request, agency, removal, page)


def _find_above(place: Desk | Agency) -> tuple[str, str]:
    """Name and address of the place, for the breadcrumbs."""
    if isinstance(place, Desk):
        return place.partnership.name, reverse("desk", args=[place.partnership.slug])
    slugs = [place.partnership.slug, place.organisation.slug]
    return place.organisation.name, reverse("agency", args=slugs)


def _show(request: UserRequest, place: Desk | Agency) -> HttpResponse:
    """Everybody who works here sees what they may put back, and nothing else."""
    found = removals.list_removed(place, request.user).defer("rows", "links")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(one, get_undo_address(request, one)) for one in page]
    context = {"page": page, "rows": rows, "above": _find_above(place)}
    return render(request, "organisations/removed.html", context)


def _put_back(request: UserRequest, place: Desk | Agency, removal: int, page: str) -> HttpResponse:
    """To where the person was: the page that said that it was removed, or the list."""
    found = get_object_or_404(removals.list_here(place, request.user), pk=removal)
    removals.check_can_put_back(place, found, request.user)
    if removals.gives_access(found):
        ask_who_it_is(request)
    tell_outcome(request, f"{found} is back.", removals.put_back, removal=found, by=request.user)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else page)
