"""The desk's list of organisations where nobody has looked through who has access, and the same as CSV."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s11.organisations.access_checks import get_last_check
from s11.organisations.permissions import check_can_check_officers, check_can_organise
from s11.organisations.requests import UserRequest, enter_desk
from s11.web.errors import reason_why_not
from surveys.access_list import get_participations, make_csv, make_rows
from surveys.views.reports import as_file

PAGE = 50


@require_safe
def access_list(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    is_all = request.GET.get("show") == "all"
    found = get_participations(desk.partnership, is_due=not is_all)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "partnership": desk.partnership,
        "page": page,
        "rows": list(make_rows(list(page.object_list))),
        "is_all": is_all,
        "days": settings.ACCESS_CHECK_DAYS,
        "officers": get_last_check(desk.partnership),
        "reason": reason_why_not(check_can_check_officers, desk),
    }
    return render(request, "surveys/access_list.html", context)


@require_safe
def access_list_file(request: UserRequest, partnership: str) -> HttpResponse:
    """All that the list shows, or those alone that are due, as the page it was asked on."""
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    found = get_participations(desk.partnership, is_due=request.GET.get("show") != "all")
    return as_file(make_csv(make_rows(list(found))), "text/csv; charset=utf-8", f"access-{partnership}.csv")
