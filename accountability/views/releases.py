"""Timetables that went out: the list, each as it was told, and what differs between two."""

from __future__ import annotations

from itertools import groupby

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accountability.models import Panel, Release
from accountability.permissions import check_can_read_round
from accountability.releases import read_release
from accountability.requests import enter_round
from accountability.timetable_changes import compare
from s11.organisations.requests import UserRequest

PAGE = 50


@require_safe
def releases(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """The newest first."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    found = here.panel.releases.select_related("by").order_by("-number")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "accountability/releases.html", {"round": here, "page": page})


@require_safe
def release(request: UserRequest, partnership: str, cycle: str, number: int) -> HttpResponse:
    """As it was told, and what it changed: against the one before, or against ?against=…, 0 for nothing."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    shown = get_release_or_404(here.panel, number)
    against = request.GET.get("against", "")
    other = int(against) if against.isascii() and against.isdigit() and len(against) < 6 else number - 1
    before = get_release_or_404(here.panel, other) if other else None
    told = read_release(shown)
    days = groupby(told.values(), key=lambda one: one.date)
    context = {
        "round": here,
        "release": shown,
        "days": [(day, list(rows)) for day, rows in days],
        "against": before,
        "numbers": list(here.panel.releases.order_by("number").values_list("number", flat=True)),
        "changes": compare(read_release(before), told),
    }
    return render(request, "accountability/release.html", context)


def get_release_or_404(panel: Panel, number: int) -> Release:
    if number < 1:
        raise Http404
    found = get_object_or_404(panel.releases.select_related("by"), number=number)
    found.panel = panel
    return found
