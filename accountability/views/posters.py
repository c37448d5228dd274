"""Posters and briefings on the desk: looked at as they will hang, changed box by box, published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accountability.enums import FindingStatus
from accountability.finding_permissions import (
    check_can_change_poster,
    check_can_publish_poster,
    check_can_withdraw_poster,
)
from accountability.forms.findings import BoxForm, SeenForm, TitleForm
from accountability.models import Poster, PosterBox, Report
from accountability.naming import find_named_in
from accountability.poster_numbers import PublicNumbers
from accountability.postering import (
    NotInThisState,
    ask_poster,
    change_box,
    discard_poster,
    find_unknown_numbers,
    rename_poster,
    withdraw_poster,
)
from accountability.report_content import get_documents
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
    boxes = list(one.boxes.select_related("edited_by"))
    context: dict[str, Any] = {
        **warn(one, boxes),
        "poster": one,
        "boxes": boxes,
        "files": one.files.all(),
        "change_reason": reason_why_not(check_can_change_poster, desk, one),
        "publish_reason": reason_why_not(check_can_publish_poster, desk, one, request.user),
        "withdraw_reason": reason_why_not(check_can_withdraw_poster, desk, one),
    }
    return render(request, "accountability/poster.html", context)


def warn(poster: Poster, boxes: Sequence[PosterBox]) -> dict[str, list[str]]:
    """Whom a draft names, and which numbers its report does not say."""
    if poster.status != FindingStatus.DRAFT:
        return {"named": [], "unknown": []}
    words = [poster.title, *(f"{box.heading}\n{box.figure}\n{box.text}" for box in boxes)]
    return {
        "named": find_named_in(poster.partnership, "\n".join(words)),
        "unknown": find_unknown_numbers(poster, boxes),
    }


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
    desk, source, one = enter_poster(request, partnership, report, poster)
    check_can_change_poster(desk, one)
    found = get_object_or_404(one.boxes.select_related("poster", "edited_by"), pk=box)
    first = {name: getattr(found, name) for name in ("heading", "figure", "text", "version")}
    numbers = PublicNumbers(get_documents(source))
    form = BoxForm(get_data(request), initial=first, numbers=numbers)
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


@require_http_methods(BOTH)
def poster_publish(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    """Asked for once more, beside whom it names and which numbers are in the way."""
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_publish_poster(desk, one, request.user)
    if request.method != "POST":
        return show_step(request, one, "publish")
    done = "It is being published, and public in a minute. Look again then."
    form = SeenForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    tell_outcome(request, done, ask_poster, poster=one, seen_version=version, by=request.user)
    return redirect(PAGE, partnership, report, poster)


@require_http_methods(BOTH)
def poster_discard(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_change_poster(desk, one)
    if request.method != "POST":
        return show_step(request, one, "discard")
    if tell_outcome(request, "The draft is gone.", discard_poster, poster=one):
        return redirect("accountability:findings", partnership, report)
    return redirect(PAGE, partnership, report, poster)


@require_http_methods(BOTH)
def poster_withdraw(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_withdraw_poster(desk, one)
    if request.method != "POST":
        return show_step(request, one, "withdraw")
    tell_outcome(request, "Nobody reads it any more.", withdraw_poster, poster=one)
    return redirect(PAGE, partnership, report, poster)


def show_step(request: UserRequest, poster: Poster, step: str) -> HttpResponse:
    context = {**warn(poster, list(poster.boxes.all())), "poster": poster, "step": step}
    return render(request, "accountability/poster_step.html", context)
