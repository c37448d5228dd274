"""The sheet of a poster before it is public: as a page that can be printed, and as a PDF that a worker makes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from accountability.finding_permissions import check_can_ask_sheet
from accountability.models import Poster, PosterSheet
from accountability.poster_files import choose_size, make_context, name_sheet
from accountability.poster_sheets import ask_sheet
from accountability.views.posters import PAGE, enter_poster
from accountability.views.published import keep_a_while
from s11.organisations.requests import UserRequest, tell_outcome
from s11.web.dates import as_london
from s11.web.downloads import hand_out


@require_safe
def poster_sheet(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    """Laid out as on paper, with a stylesheet of its own in place of the document's inline one."""
    _, _, one = enter_poster(request, partnership, report, poster)
    published_on = as_london(one.published_at).date() if one.published_at else None
    sheet = get_sheet(one)
    known = sheet.size if sheet and sheet.file and not sheet.is_old else None
    context = make_context(one, published_on, known or choose_size(one))
    response = render(request, "documents/poster_preview.html", context)
    response["Cache-Control"] = "no-store"
    return response


def get_sheet(poster: Poster) -> PosterSheet | None:
    return PosterSheet.objects.filter(poster=poster).select_related("poster").first()


@require_POST
def poster_sheet_make(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponse:
    desk, _, one = enter_poster(request, partnership, report, poster)
    check_can_ask_sheet(desk, one)
    tell_outcome(
        request, "The PDF is being made. Look again in a minute.", ask_sheet, poster=one, by=request.user
    )
    return redirect(PAGE, partnership, report, poster)


@require_safe
def poster_sheet_file(request: UserRequest, partnership: str, report: int, poster: int) -> HttpResponseBase:
    """As a download that no cache keeps."""
    _, _, one = enter_poster(request, partnership, report, poster)
    sheet = get_sheet(one)
    if sheet is None or not sheet.file:
        raise Http404
    return hand_out(sheet.file, name=name_sheet(one))


@login_not_required
@require_safe
def poster_sheet_style(request: HttpRequest) -> HttpResponse:
    """The rules of every sheet, for the page: no style may stand inline there. The same for everybody."""
    rules = render_to_string("documents/poster_preview.css", request=None)
    return keep_a_while(HttpResponse(rules, content_type="text/css; charset=utf-8"))
