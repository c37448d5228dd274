"""Posters and briefings on the desk: looked at as they will hang, changed box by box, published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.finding_permissions import (
    check_can_change_poster,
    check_can_publish_poster,
    check_can_withdraw_poster,
)
from accountability.forms.findings import BoxForm, SeenForm, TitleForm
from accountability.models import Poster, Report
from accountability.postering import (
    NotInThisState,
    ask_poster,
    change_box,
    discard_poster,
    rename_poster,
    withdraw_poster,
)
from accountability.views.reports import enter_report
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not

BOTH = ["GET", "HEAD", "POST"]
PAGE = "accountability:poster"


def enter_poster(
    request: UserRequest, partnership: str, report: int, poster: int
) -> tuple[Desk, Report, Poster]:
    desk, found = enter_report(request, partnership, report)
    one = get_object_or_404(
        found.posters.select_related("partnership", "report", "created_by", "published_by"), pk=poster
    )
    return desk, found, one


@require_safe
def poster(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    context: dict[str, Any] = {
        "poster": one,
        "boxes": one.boxes.select_related("edited_by"),
        "files": one.files.all(),
        "change_reason": reason_why_not(check_can_change_poster, desk, one),
        "publish_reason": reason_why_not(check_can_publish_poster, desk, one, request.user),
        "withdraw_reason": reason_why_not(check_can_withdraw_poster, desk, one),
    }
    return render(request, "accountability/poster.html", context)


@require_http_methods(BOTH)
def poster_title(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_change_poster(desk, one)
    form = TitleForm(get_data(request), initial={"title": one.title})
    if form.is_valid():
        title = form.cleaned_data["title"]
        tell_outcome(request, "The title is saved.", rename_poster, poster=one, title=title)
        return redirect(PAGE, partnership, report, poster)
    context = {"poster": one, "box": None, "form": form, "theirs": None}
    return render(request, "accountability/poster_box.html", context)


@require_http_methods(BOTH)
def poster_box(request: UserRequest, partnership: str, report: int, poster: int, box: int) -> HttpResponse:
    """A stale save keeps both texts."""
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_change_poster(desk, one)
    found = get_object_or_404(one.boxes.select_related("poster", "edited_by"), pk=box)
    first = {name: getattr(found, name) for name in ("heading", "figure", "text", "version")}
    form = BoxForm(get_data(request), initial=first)
    theirs = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            theirs = change_box(
                box=found,
                heading=data["heading"],
                figure=data["figure"],
                text=data["text"],
                seen_version=data["version"],
                by=request.user,
            )
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                messages.success(request, "The box is saved.")
                return redirect(PAGE, partnership, report, poster)
    context = {"poster": one, "box": found, "form": form, "theirs": theirs}
    return render(request, "accountability/poster_box.html", context)


@require_POST
def poster_publish(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_publish_poster(desk, one, request.user)
    done = "It is being published, and public in a minute. Look again then."
    form = SeenForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    tell_outcome(request, done, ask_poster, poster=one, seen_version=version, by=request.user)
    return redirect(PAGE, partnership, report, poster)


@require_POST
def poster_discard(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_change_poster(desk, one)
    if tell_outcome(request, "The draft is gone.", discard_poster, poster=one):
        return redirect("accountability:findings", partnership, report)
    return redirect(PAGE, partnership, report, poster)


@require_POST
def poster_withdraw(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_withdraw_poster(desk, one)
    tell_outcome(request, "Nobody reads it any more.", withdraw_poster, poster=one)
    return redirect(PAGE, partnership, report, poster)
