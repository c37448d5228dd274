"""Posters and briefings on the desk: looked at as they will hang, changed box by box, published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.enums import FindingStatus
from accountability.finding_permissions import (
    check_can_ask_sheet,
    check_can_change_poster,
    check_can_issue_anew,
    check_can_publish_poster,
    check_can_withdraw_poster,
)
from accountability.forms.findings import BoxForm, SeenForm, TitleForm
from accountability.models import Poster, PosterBox, PosterNumber, Report
from accountability.naming import find_named_in
from accountability.poster_issues import ChangedNumber, find_holding, get_standing, list_changed_numbers
from accountability.poster_numbers import PublicNumbers
from accountability.poster_publishing import ask_poster, withdraw_poster
from accountability.postering import (
    GONE,
    NotInThisState,
    change_box,
    discard_poster,
    find_unknown_numbers,
    issue_anew,
    rename_poster,
)
from accountability.report_content import get_documents
from accountability.report_permissions import check_can_draft
from accountability.views.reports import enter_report
from s11.organisations.models import User
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
        found.posters.select_related(
            "partnership", "report", "created_by", "published_by", "renamed_by", "replaces__report", "sheet"
        ).prefetch_related(Prefetch("own_numbers", PosterNumber.objects.select_related("confirmed_by"))),
        pk=poster,
    )
    return desk, found, one


@require_safe
def poster(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    boxes = list(one.boxes.select_related("edited_by"))
    standing = get_standing(one)
    context: dict[str, Any] = {
        "warned": warn(one, boxes),
        "poster": one,
        "boxes": boxes,
        "files": one.files.all(),
        "standing": standing,
        "may": {
            "change": reason_why_not(check_can_change_poster, desk, one),
            "publish": reason_why_not(check_can_publish_poster, desk, one, request.user),
            "withdraw": reason_why_not(check_can_withdraw_poster, desk, one),
            "sheet": reason_why_not(check_can_ask_sheet, desk, one),
            "anew": reason_why_not(check_can_issue_anew, desk, one, standing.holds),
        },
    }
    return render(request, "accountability/poster.html", context)


@dataclass(frozen=True, slots=True)
class Warned:
    """Whom a draft names; which numbers its report does not say, somebody confirmed, or the correction changed."""

    named: Sequence[str] = ()
    unknown: Sequence[str] = ()
    own: Sequence[PosterNumber] = ()
    changed: Sequence[ChangedNumber] = ()


def warn(poster: Poster, boxes: Sequence[PosterBox]) -> Warned:
    if poster.status != FindingStatus.DRAFT:
        return Warned()
    words = [poster.title, *(f"{box.heading}\n{box.figure}\n{box.text}" for box in boxes)]
    text = " ".join("\n".join(words).split())
    return Warned(
        named=find_named_in(poster.partnership, "\n".join(words)),
        unknown=find_unknown_numbers(poster, boxes),
        own=[one for one in poster.own_numbers.all() if one.words in text],
        changed=list_changed_numbers(poster, words),
    )


def get_number_check(poster: Poster, report: Report) -> dict[str, Any]:
    """What a form of its words holds them against."""
    return {
        "numbers": PublicNumbers(get_documents(report)),
        "confirmed": {one.words for one in poster.own_numbers.all()},
    }


@require_http_methods(BOTH)
def poster_title(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    """A stale save keeps both titles."""
    too_late = keep_typed(request, TitleForm, partnership, report, poster)
    if too_late:
        return too_late
    desk, source, one = enter_poster(request, partnership, report, poster)
    check_can_change_poster(desk, one)
    first = {"title": one.title, "seen": one.title}
    form = TitleForm(get_data(request), initial=first, **get_number_check(one, source))
    theirs = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            theirs = rename_poster(
                poster=one,
                title=data["title"],
                seen_title=data["seen"],
                own_numbers=form.own_numbers,
                by=request.user,
            )
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                messages.success(request, "The title is saved.")
                return redirect(PAGE, partnership, report, poster)
    context = {"poster": one, "form": form, "theirs": theirs}
    return render(request, "accountability/poster_title.html", context)


@require_http_methods(BOTH)
def poster_box(request: UserRequest, partnership: str, report: int, poster: int, box: int) -> HttpResponse:
    """A stale save keeps both texts."""
    too_late = keep_typed(request, BoxForm, partnership, report, poster, box=box)
    if too_late:
        return too_late
    desk, source, one = enter_poster(request, partnership, report, poster)
    check_can_change_poster(desk, one)
    found = get_object_or_404(one.boxes.select_related("poster", "edited_by"), pk=box)
    first = {name: getattr(found, name) for name in ("heading", "figure", "text", "version")}
    form = BoxForm(get_data(request), initial=first, **get_number_check(one, source))
    theirs = None
    if form.is_valid():
        try:
            theirs = save_box(found, form, request.user)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                messages.success(request, "The box is saved.")
                return redirect(PAGE, partnership, report, poster)
    context = {"poster": one, "box": found, "form": form, "theirs": theirs}
    return render(request, "accountability/poster_box.html", context)


def keep_typed(
    request: UserRequest,
    kind: type[BoxForm | TitleForm],
    partnership: str,
    report: int,
    poster: int,
    *,
    box: int | None = None,
) -> HttpResponse | None:
    """Words for what is published or gone by now are shown once more, with why; None where they can be saved."""
    if request.method != "POST":
        return None
    desk, source = enter_report(request, partnership, report)
    check_can_draft(desk)
    one = source.posters.filter(pk=poster).first()
    is_gone = one is None or (box is not None and not one.boxes.filter(pk=box).exists())
    reason = GONE if one is None or is_gone else reason_why_not(check_can_change_poster, desk, one)
    if not reason:
        return None
    form = kind(request.POST, numbers=PublicNumbers([]), confirmed=())
    # What is wrong with the words does not matter any more.
    form.errors.clear()
    form.add_error(None, f"Not saved. {reason} Copy what you typed if you still need it")
    context = {"report": source, "poster": one, "form": form}
    return render(request, "accountability/poster_typed.html", context, status=404 if is_gone else 403)


def save_box(box: PosterBox, form: BoxForm, by: User) -> PosterBox | None:
    data = form.cleaned_data
    return change_box(
        box=box,
        heading=data["heading"],
        figure=data["figure"],
        text=data["text"],
        own_numbers=form.own_numbers,
        seen_version=data["version"],
        by=by,
    )


@require_POST
def poster_anew(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    """Once its report was corrected: a draft with its words, of the version that holds."""
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_issue_anew(desk, one, find_holding(one))
    try:
        new = issue_anew(poster=one, by=request.user)
    except NotInThisState as late:
        messages.warning(request, str(late))
        return redirect(PAGE, partnership, report, poster)
    messages.success(
        request, "The new issue has the words of the earlier one. Hold them against the correction."
    )
    return redirect(PAGE, partnership, new.report_id, new.pk)


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
    form = SeenForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    done = "The draft is removed."
    if tell_outcome(request, done, discard_poster, poster=one, seen_version=version, by=request.user):
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
    context = {"warned": warn(poster, list(poster.boxes.all())), "poster": poster, "step": step}
    return render(request, "accountability/poster_step.html", context)
