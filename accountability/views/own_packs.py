"""Packs elsewhere than on the desk: an agency's own, and those of a panel member without a login, by their link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accountability.enquiring import renew_pack
from accountability.enums import MeetingStatus
from accountability.models import Meeting, PanelMember, Paper
from accountability.pack_files import list_parts
from accountability.pack_permissions import get_meetings_of_member
from accountability.packs import View, get_pack
from accountability.paper_requests import request_paper
from accountability.views.links import get_member_by_link
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency
from s11.organisations.second_factors import is_required_of
from s11.web.errors import NotAllowed
from surveys.enums import DocumentKind
from surveys.models import Document
from surveys.views.built_files import hand_out_built

RELOAD_SECONDS: Final = 5

# An agency's own ------------------------------------------------------------------------------------------------------


def enter_own_pack(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Agency, Meeting]:
    """For every member of the agency, once it was told when it meets."""
    agency = enter_agency(request, partnership, organisation)
    meetings = Meeting.objects.filter(
        invitee__organisation=agency.organisation,
        panel__cycle__partnership=agency.partnership,
        told_at__isnull=False,
    )
    told = meetings.exclude(status=MeetingStatus.CANCELLED).with_place()
    return agency, get_object_or_404(told, panel__cycle__slug=cycle)


@require_safe
def agency_pack(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, meeting = enter_own_pack(request, partnership, organisation, cycle)
    pack = get_pack(meeting, View(for_agency=True))
    context = {
        "agency": agency,
        "pack": pack,
        "sections": list_parts(pack),
        "file": get_own_paper(agency, meeting),
    }
    return render(request, "accountability/agency_pack.html", context)


def get_own_paper(agency: Agency, meeting: Meeting) -> Paper | None:
    """The newest that was asked for: one for all of the agency."""
    papers = Paper.objects.filter(
        meeting=meeting, document__kind=DocumentKind.PACK, document__participation=agency.participation
    )
    return papers.select_related("document").first()


@require_POST
def agency_pack_request(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponse:
    agency, meeting = enter_own_pack(request, partnership, organisation, cycle)
    if meeting.pack_prepared_at is not None:
        renew_pack(meeting=meeting)
    request_paper(
        kind=DocumentKind.PACK, by=request.user, meeting=meeting, participation=agency.participation
    )
    return redirect("accountability:agency_pack_document", partnership, organisation, cycle)


@require_safe
def agency_pack_document(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponse:
    """How far the newest file is; while it is being made the page looks again by itself."""
    agency, meeting = enter_own_pack(request, partnership, organisation, cycle)
    paper = get_own_paper(agency, meeting)
    if paper is None:
        return redirect("accountability:agency_pack", partnership, organisation, cycle)
    context = {"agency": agency, "meeting": meeting, "document": paper.document}
    return render(request, "accountability/pack_own_document.html", context)


@require_safe
def agency_pack_file(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponseBase:
    agency, meeting = enter_own_pack(request, partnership, organisation, cycle)
    paper = get_own_paper(agency, meeting)
    if paper is None:
        raise Http404
    return hand_out_built(paper.document)


# By a personal link ---------------------------------------------------------------------------------------------------


def by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The address is the secret: to no other site, into no search engine, into no cache; and no guessing."""

    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **arguments: str) -> HttpResponseBase:
        if not consume(request, app="allauth.account", action="personal_link", limit_get=True):
            response: HttpResponseBase = respond_429(request)
        else:
            member = get_member_by_link(request, token)
            refuse_who_signs_in(member)
            response = view(request, member, token, **arguments)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def refuse_who_signs_in(member: PanelMember) -> None:
    """A link shows one thing, that it was sent: what officers read asks them for two, so it is no way round.

    When they can come they may still say by it.
    """
    if member.officer is not None and is_required_of(member.officer.user):
        raise NotAllowed(
            "You have a login, and officers sign in to read this. Sign in, then open Meetings on the desk."
        )


@by_link
@require_safe
def member_packs(request: HttpRequest, member: PanelMember, token: str) -> HttpResponse:
    """The meetings in which a member sits, once the timetable has gone out, each with its pack as a PDF."""
    rows = get_meetings_of_member(member)
    files = get_link_papers([meeting for meeting, closed in rows if not closed])
    context = {
        "member": member,
        "token": token,
        "rows": [(meeting, closed, files.get(meeting.pk)) for meeting, closed in rows],
    }
    response = render(request, "accountability/pack_link.html", context)
    if any(is_being_made(paper.document) for paper in files.values()):
        response["Refresh"] = str(RELOAD_SECONDS)
    return response


@by_link
@require_POST
def member_pack(request: HttpRequest, member: PanelMember, token: str, organisation: str) -> HttpResponse:
    """Ask for one of them as a PDF. It holds nobody's private questions, so those who sit share it."""
    meeting = get_open_or_refuse(member, organisation)
    renew_pack(meeting=meeting)
    request_paper(kind=DocumentKind.PACK, by=None, meeting=meeting)
    # No message: those need a session, and this page keeps none.
    return redirect("accountability:member_packs", token)


@by_link
@require_safe
def member_pack_file(
    request: HttpRequest, member: PanelMember, token: str, organisation: str
) -> HttpResponseBase:
    meeting = get_open_or_refuse(member, organisation)
    paper = get_link_papers([meeting]).get(meeting.pk)
    if paper is None:
        raise Http404
    return hand_out_built(paper.document)


def is_being_made(document: Document) -> bool:
    return not document.is_built and not document.has_failed


def get_open_or_refuse(member: PanelMember, organisation: str) -> Meeting:
    rows = get_meetings_of_member(member)
    for meeting, closed in rows:
        if meeting.organisation.slug == organisation:
            if closed:
                raise NotAllowed(closed)
            return meeting
    raise Http404


def get_link_papers(meetings: list[Meeting]) -> dict[int, Paper]:
    """By meeting, the newest that was made for no one person. One query."""
    papers = Paper.objects.filter(
        meeting__in=meetings,
        reader=None,
        document__kind=DocumentKind.PACK,
        document__participation=None,
    )
    found: dict[int, Paper] = {}
    for paper in papers.select_related("document"):
        assert paper.meeting_id is not None  # it is what they were found by
        found.setdefault(paper.meeting_id, paper)
    return found
