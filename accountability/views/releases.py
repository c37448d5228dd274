"""Timetables that went out: the list, each as it was told, and what differs between two."""

from __future__ import annotations

from itertools import groupby

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accountability.models import Panel, Paper, Release
from accountability.paper_requests import request_paper
from accountability.permissions import check_can_read_round
from accountability.releases import read_release
from accountability.requests import enter_round
from accountability.timetable_changes import compare
from s11.organisations.requests import UserRequest
from s11.web.text import read_number
from surveys.enums import DocumentKind
from surveys.views.built_files import hand_out_built

PAGE = 50
RELOAD_SECONDS = 3


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
    against = read_number(request.GET.get("against", ""), most_digits=5)
    other = against if against is not None else number - 1
    before = get_release_or_404(here.panel, other) if other else None
    told = read_release(shown)
    days = groupby(told.values(), key=lambda one: one.date)
    paper = find_paper(shown)
    context = {
        "round": here,
        "paper": paper,
        "release": shown,
        "days": [(day, list(rows)) for day, rows in days],
        "against": before,
        "numbers": list(here.panel.releases.order_by("number").values_list("number", flat=True)),
        "changes": compare(read_release(before), told),
    }
    response = render(request, "accountability/release.html", context)
    if paper is not None and not paper.document.is_built:
        response["Refresh"] = str(RELOAD_SECONDS)
    return response


@require_POST
def release_paper(request: UserRequest, partnership: str, cycle: str, number: int) -> HttpResponse:
    """Has its PDF made, once: a release never changes."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    shown = get_release_or_404(here.panel, number)
    if find_paper(shown) is None:
        request_paper(kind=DocumentKind.TIMETABLE, release=shown, by=request.user)
    return redirect("accountability:release", partnership, cycle, number)


@require_safe
def release_file(request: UserRequest, partnership: str, cycle: str, number: int) -> HttpResponseBase:
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    paper = find_paper(get_release_or_404(here.panel, number))
    if paper is None:
        raise Http404
    return hand_out_built(paper.document)


def find_paper(release: Release) -> Paper | None:
    """Made or being made; one that failed is asked for anew."""
    papers = release.papers.filter(document__kind=DocumentKind.TIMETABLE, document__error="")
    return papers.select_related("document").order_by("-pk").first()


def get_release_or_404(panel: Panel, number: int) -> Release:
    if number < 1:
        raise Http404
    found = get_object_or_404(panel.releases.select_related("by"), number=number)
    found.panel = panel
    return found
