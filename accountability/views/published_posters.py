"""Posters and briefings for everybody: a page of their boxes, and the sheet byte for byte as it was published."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accountability.models import Poster, PublishedFile
from accountability.poster_files import has_words
from accountability.reports import get_published_posters
from accountability.views.published import enter_public, keep_a_while, keep_for_good, read_file
from s11.organisations.models import Partnership


def get_poster_or_404(partnership: Partnership, number: int) -> Poster:
    """What must not be read in its report must not hang on a wall either."""
    public = get_published_posters(partnership)
    return get_object_or_404(public.select_related("report", "partnership"), number=number)


@login_not_required
@require_safe
def published_poster(request: HttpRequest, partnership: str, number: int) -> HttpResponse:
    found = enter_public(request, partnership)
    poster = get_poster_or_404(found, number)
    context = {
        "partnership": found,
        "poster": poster,
        "boxes": [box for box in poster.boxes.all() if has_words(box)],
        "files": poster.files.all(),
    }
    return keep_a_while(render(request, "accountability/published_poster.html", context))


@login_not_required
@require_safe
def published_poster_file(request: HttpRequest, partnership: str, number: int, file: str) -> HttpResponseBase:
    poster = get_poster_or_404(enter_public(request, partnership), number)
    kept = get_object_or_404(PublishedFile, poster=poster, name=file)
    etag = quote_etag(kept.sha256)
    return keep_for_good(get_conditional_response(request, etag=etag) or read_file(kept), etag)
