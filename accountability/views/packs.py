"""Packs on the desk: those of a round, one agency's, and their files."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accountability.enquiring import renew_pack
from accountability.models import Meeting, MeetingDay, Paper
from accountability.pack_files import get_day_packs, list_parts
from accountability.pack_permissions import (
    NOT_SEATED,
    check_can_ask_privately,
    check_can_read_pack,
    check_can_work_on_pack,
    get_closed,
    get_open_meetings,
)
from accountability.pack_tasks import prepare_round
from accountability.packs import View, get_pack
from accountability.paper_requests import request_paper
from accountability.permissions import check_can_plan_meetings, check_can_read_round
from accountability.queries import Round
from accountability.requests import enter_round
from s11.organisations.models import Participation
from s11.organisations.requests import UserRequest
from s11.web.errors import NotAllowed, reason_why_not
from surveys.enums import DocumentKind
from surveys.models import Document
from surveys.views.built_files import hand_out_built

PAGE = 50
OUTDATED = (
    "The day has changed since this file was made, or a pack in it is closed to you by now. Make it again."
)


def enter_pack(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> tuple[Round, Meeting]:
    """For officers who read and for those who sit; nobody who has a conflict of interest."""
    here = enter_round(request, partnership, cycle)
    found = get_open_meetings(here).filter(invitee__organisation__slug=organisation).first()
    if found is None:
        if reason_why_not(check_can_read_round, here.desk):
            raise NotAllowed(NOT_SEATED)
        raise Http404
    found.panel, found.invitee.cycle = here.panel, here.cycle
    check_can_read_pack(here, request.user, found)
    return here, found


@require_safe
def packs(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """By the time of their meetings; one that is closed to the reader says why and nothing else."""
    here = enter_round(request, partnership, cycle)
    asked = Q(enquiries__is_private=False, enquiries__is_dropped=False)
    meetings = get_open_meetings(here).order_by(
        F("day__date").asc(nulls_last=True), "starts_at", "track", "pk"
    )
    counted = meetings.annotate(lines=Count("enquiries", filter=asked, distinct=True))
    page = Paginator(counted, PAGE).get_page(request.GET.get("page"))
    for meeting in page.object_list:
        meeting.invitee.cycle = here.cycle
    closed = get_closed(here, request.user, page.object_list)
    places = Participation.objects.filter(
        partnership=here.partnership,
        organisation__in=[meeting.invitee.organisation_id for meeting in page.object_list],
    ).select_related("organisation")
    names = {place.organisation_id: place.name for place in places}
    context = {
        "round": here,
        "page": page,
        "rows": [
            (meeting, names.get(meeting.invitee.organisation_id), closed.get(meeting.pk, ""))
            for meeting in page.object_list
        ],
        "days": MeetingDay.objects.filter(meetings__in=meetings.order_by()).distinct(),
        "prepared": meetings.filter(pack_prepared_at__isnull=False).count(),
        "reason": reason_why_not(check_can_plan_meetings, here.desk),
    }
    return render(request, "accountability/packs.html", context)


@require_POST
def packs_prepare(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_round(request, partnership, cycle)
    check_can_plan_meetings(here.desk)
    prepare_round.enqueue(here.panel.pk)
    messages.success(
        request, "Lines of enquiry are suggested in the background. What was dropped is not suggested again."
    )
    return redirect("accountability:packs", partnership, cycle)


@require_safe
def pack(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    here, meeting = enter_pack(request, partnership, cycle, organisation)
    shown = get_pack(meeting, View(reader=request.user))
    reason = reason_why_not(check_can_work_on_pack, here, request.user, meeting)
    context = {
        "round": here,
        "pack": shown,
        "sections": list_parts(shown),
        "reason": reason,
        "may_ask": not reason_why_not(check_can_ask_privately, here, request.user, meeting),
        "dropped": [] if reason else list(meeting.enquiries.filter(is_dropped=True)),
        "file": get_newest_file(request, meeting=meeting),
    }
    return render(request, "accountability/pack.html", context)


@require_POST
def pack_request(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Suggestions come first: a pack without them would have to be made twice."""
    _, meeting = enter_pack(request, partnership, cycle, organisation)
    renew_pack(meeting=meeting)
    paper = request_paper(kind=DocumentKind.PACK, by=request.user, meeting=meeting, reader=request.user)
    return redirect("accountability:pack_document", partnership, cycle, paper.document_id)


@require_POST
def day_packs_request(request: UserRequest, partnership: str, cycle: str, day: int) -> HttpResponse:
    """All that the person may read of one day."""
    here = enter_round(request, partnership, cycle)
    found = get_object_or_404(here.panel.days, pk=day)
    found.panel = here.panel
    if not get_day_packs(here, request.user, found).meetings:
        raise NotAllowed("There is no pack that you may read on that day.")
    paper = request_paper(kind=DocumentKind.DAY_PACKS, by=request.user, day=found, reader=request.user)
    return redirect("accountability:pack_document", partnership, cycle, paper.document_id)


@require_safe
def pack_document(request: UserRequest, partnership: str, cycle: str, document: int) -> HttpResponse:
    """While it is being made the page looks again by itself; without scripts there is a link to do so."""
    here, paper, reason = enter_file(request, partnership, cycle, document)
    return render(
        request,
        "accountability/pack_document.html",
        {"round": here, "paper": paper, "document": paper.document, "reason": reason},
    )


@require_safe
def pack_file(request: UserRequest, partnership: str, cycle: str, document: int) -> HttpResponseBase:
    _, paper, reason = enter_file(request, partnership, cycle, document)
    if reason:
        raise NotAllowed(reason)
    return hand_out_built(paper.document)


def enter_file(request: UserRequest, partnership: str, cycle: str, document: int) -> tuple[Round, Paper, str]:
    """One's own file alone, and nothing where a pack is closed by now; the last is why a day's file is outdated."""
    here = enter_round(request, partnership, cycle)
    paper = get_object_or_404(get_own_files(request), document__cycle=here.cycle, document__pk=document)
    if paper.day is None:
        assert paper.meeting is not None  # a pack is of one or the other
        enter_pack(request, partnership, cycle, paper.meeting.organisation.slug)
        return here, paper, ""
    day = get_day_packs(here, request.user, paper.day)
    if not day.meetings:
        raise NotAllowed("There is no pack that you may read on that day.")
    is_outdated = paper.document.is_built and paper.document.draft_state != day.state
    return here, paper, OUTDATED if is_outdated else ""


def get_own_files(request: UserRequest) -> QuerySet[Paper]:
    return Paper.objects.filter(
        reader=request.user, document__kind__in=(DocumentKind.PACK, DocumentKind.DAY_PACKS)
    ).select_related("document", "meeting__invitee__organisation", "day")


def get_newest_file(request: UserRequest, **subject: object) -> Document | None:
    """The newest that was built for this person."""
    paper = get_own_files(request).filter(**subject).exclude(document__file="").first()
    return paper.document if paper else None
