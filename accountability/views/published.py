"""The public site of reports: for everybody alike, without cookies, kept by caches; it shows what was frozen."""

from __future__ import annotations

import hashlib
import logging
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from accountability.enums import ReportStatus
from accountability.models import PublishedFile, Report
from accountability.report_content import read_snapshot
from accountability.report_pages import make_page
from accountability.reports import (
    get_public_errata,
    get_public_report_or_404,
    get_public_versions,
    get_published,
    get_published_posters,
    group_by_year,
)
from s11.organisations.models import Partnership
from s11.web.language_middleware import speak_alike

logger = logging.getLogger(__name__)

FIVE_MINUTES = 300
A_YEAR = 31_536_000


def enter_public(request: HttpRequest, partnership: str) -> Partnership:
    """Nobody is signed in here, whoever they are: the page asks no session, so that every cache may keep it."""
    request.user = AnonymousUser()
    speak_alike(request)
    if hasattr(request, "_messages"):
        # Reading messages would open the session; those that wait are shown on the next page of one's own.
        del request._messages
    found = get_object_or_404(Partnership, slug=partnership)
    request.place = found  # type: ignore[attr-defined]  # for the header; see s11.navigation
    return found


def keep_a_while(response: HttpResponse) -> HttpResponse:
    """A few minutes, so that a correction is soon seen."""
    response["Cache-Control"] = f"public, max-age={FIVE_MINUTES}"
    return response


@login_not_required
@require_safe
def published_reports(request: HttpRequest, partnership: str) -> HttpResponse:
    """Every report that holds, by the year in which it was published."""
    found = enter_public(request, partnership)
    context = {
        "partnership": found,
        "years": group_by_year(get_published(found)),
        "posters": get_published_posters(found),
    }
    return keep_a_while(render(request, "accountability/published_reports.html", context))


@login_not_required
@require_safe
def published_report(
    request: HttpRequest, partnership: str, number: int, version: int | None = None
) -> HttpResponse:
    """The version that holds; an older one by its own address, with what was put right since."""
    found = enter_public(request, partnership)
    report = get_public_report_or_404(found, number, version)
    if report.status == ReportStatus.WITHDRAWN:
        return show_withdrawn(request, found, report)
    content = read_snapshot(report.snapshot)
    context = {
        "partnership": found,
        "report": report,
        "page": make_page(content),
        "files": list(report.files.all()),
        "errata": get_public_errata(report),
        "versions": get_public_versions(report),
        "posters": get_published_posters(found).filter(report=report),
    }
    return keep_a_while(render(request, "accountability/published_report.html", context))


def show_withdrawn(request: HttpRequest, partnership: Partnership, report: Report) -> HttpResponse:
    readable = [one for one in get_public_versions(report) if one.is_readable]
    context = {"partnership": partnership, "report": report, "readable": readable}
    page = render(request, "accountability/published_withdrawn.html", context, status=HTTPStatus.GONE)
    return keep_a_while(page)


@login_not_required
@require_safe
def published_file(
    request: HttpRequest, partnership: str, number: int, version: int, file: str
) -> HttpResponseBase:
    """Byte for byte as it was published: held against its checksum each time, and never changed at this address."""
    found = enter_public(request, partnership)
    report = get_public_report_or_404(found, number, version)
    if report.status == ReportStatus.WITHDRAWN:
        return show_withdrawn(request, found, report)
    kept = get_object_or_404(PublishedFile, report=report, name=file)
    etag = quote_etag(kept.sha256)
    return keep_for_good(get_conditional_response(request, etag=etag) or read_file(kept), etag)


def keep_for_good(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """What never changes at its address; a file that is not handed out is kept by nobody.

    Caches that many share ask again after a while: what is withdrawn must not be handed out by them for a year.
    """
    response["ETag"] = etag
    if response.status_code != HTTPStatus.INTERNAL_SERVER_ERROR:
        response["Cache-Control"] = f"public, max-age={A_YEAR}, s-maxage={FIVE_MINUTES}, immutable"
    return response


def read_file(file: PublishedFile) -> HttpResponse:
    try:
        with file.file.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        logger.error("Published file %s is not what was published", file.pk)
        return HttpResponse(
            "This file is not as it was published, so it is not handed out. Tell the partnership.\n",
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
        )
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    return HttpResponse(
        content, content_type=file.content_type, headers={"Content-Disposition": disposition or "attachment"}
    )
