"""Posters and briefings for everybody: a page of their boxes, and the sheet byte for byte as it was published."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accountability.enums import FindingStatus, ReportStatus
from accountability.models import Poster, PublishedFile
from accountability.poster_files import has_words
from accountability.poster_issues import get_standing
from accountability.views.published import enter_public, keep_a_while, keep_for_good, read_file
from s11.organisations.models import Partnership


def get_poster_or_404(partnership: Partnership, number: int) -> Poster:
    """Also one that was withdrawn: its address says so."""
    known = Poster.objects.filter(partnership=partnership).exclude(status=FindingStatus.DRAFT)
    return get_object_or_404(known.select_related("report", "partnership"), number=number)


def is_gone(poster: Poster) -> bool:
    """What must not be read in its report must not hang on a wall either."""
    of_gone = poster.report is not None and poster.report.status == ReportStatus.WITHDRAWN
    return of_gone or poster.status == FindingStatus.WITHDRAWN


@login_not_required
@require_safe
def published_poster(request: HttpRequest, partnership: str, number: int) -> HttpResponse:
    """With a note where its report was corrected since, or where there is a newer issue."""
    found = enter_public(request, partnership)
    poster = get_poster_or_404(found, number)
    if is_gone(poster):
        return show_withdrawn(request, poster)
    context = {
        "partnership": found,
        "poster": poster,
        "standing": get_standing(poster),
        "boxes": [box for box in poster.boxes.all() if has_words(box)],
        "files": poster.files.all(),
    }
    return keep_a_while(render(request, "accountability/published_poster.html", context))


def show_withdrawn(request: HttpRequest, poster: Poster) -> HttpResponse:
    """In its place: that it is gone, and where to read on."""
    context = {"partnership": poster.partnership, "poster": poster, "standing": get_standing(poster)}
    page = render(request, "accountability/published_poster_withdrawn.html", context, status=HTTPStatus.GONE)
    return keep_a_while(page)


@login_not_required
@require_safe
def published_poster_file(request: HttpRequest, partnership: str, number: int, file: str) -> HttpResponseBase:
    poster = get_poster_or_404(enter_public(request, partnership), number)
    if is_gone(poster):
        return show_withdrawn(request, poster)
    kept = get_object_or_404(PublishedFile, poster=poster, name=file)
    etag = quote_etag(kept.sha256)
    return keep_for_good(get_conditional_response(request, etag=etag) or read_file(kept), etag)
