"""The desk's risk list of a cycle, its files, and the paper for the executive."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accountability.forms.courses import RiskFilterForm
from accountability.risk_files import CONTENT_TYPES, RISK_FILES
from accountability.risk_list import get_risk_list, pick, say_change, say_list
from accountability.risk_permissions import check_can_see_risk
from s11.organisations.models import User
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk
from surveys.destroyed import check_is_whole
from surveys.document_requests import request_document
from surveys.enums import DocumentFormat, DocumentKind
from surveys.forms.overview import SeriesForm
from surveys.models import Cycle, Document
from surveys.views.built_files import hand_out_built

PAGE = 50
PAPERS_SHOWN = 5


def enter_risk(request: UserRequest, partnership: str, cycle: str) -> tuple[Desk, Cycle]:
    """Of an opened cycle; a planned one has nothing to show yet."""
    desk = enter_desk(request, partnership)
    check_can_see_risk(desk)
    opened = Cycle.objects.of(desk.partnership).opened().select_related("partnership")
    found = get_object_or_404(opened, slug=cycle)
    check_is_whole(found)
    return desk, found


@require_safe
def risk_list(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk, found = enter_risk(request, partnership, cycle)
    form = RiskFilterForm(request.GET, cycle=found)
    risks = get_risk_list(found)
    rows = pick(risks.rows, form.wanted)
    context = {
        "cycle": found,
        "risks": risks,
        "said": (say_list(risks), say_change(risks)),
        "filter": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "papers": get_papers(request.user, desk).filter(cycle=found)[:PAPERS_SHOWN],
    }
    return render(request, "accountability/risk_list.html", context)


@require_safe
def risk_list_file(request: UserRequest, partnership: str, cycle: str, file_format: str) -> HttpResponse:
    """What the filter in the address shows, all pages of it."""
    _, found = enter_risk(request, partnership, cycle)
    if file_format not in RISK_FILES:
        raise Http404
    rows = pick(get_risk_list(found).rows, RiskFilterForm(request.GET, cycle=found).wanted)
    content = RISK_FILES[file_format](found, rows)
    return hand_over(content, f"{found.slug}-risk-list-{timezone.localdate()}.{file_format}", file_format)


def hand_over(content: bytes, name: str, file_format: str) -> HttpResponse:
    """As a download that no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=CONTENT_TYPES[file_format], headers=headers)


# The paper ------------------------------------------------------------------------------------------------------------


def get_papers(user: User, desk: Desk) -> QuerySet[Document]:
    papers = Document.objects.visible_to(user).filter(
        kind=DocumentKind.EXECUTIVE, partnership=desk.partnership
    )
    return papers.select_related("cycle__partnership", "requested_by")


@require_POST
def risk_paper_request(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk, found = enter_risk(request, partnership, cycle)
    document = request_document(
        kind=DocumentKind.EXECUTIVE,
        file_format=DocumentFormat.PDF,
        by=request.user,
        partnership=desk.partnership,
        cycle=found,
        series=SeriesForm(request.POST).chosen,
    )
    return redirect("accountability:risk_paper", partnership, cycle, document.pk)


@require_safe
def risk_paper(request: UserRequest, partnership: str, cycle: str, document: int) -> HttpResponse:
    """While it is being made the page looks again by itself; without scripts there is a link to do so."""
    desk, found = enter_risk(request, partnership, cycle)
    paper = get_object_or_404(get_papers(request.user, desk), cycle=found, pk=document)
    return render(request, "accountability/risk_paper.html", {"document": paper, "cycle": found})


@require_safe
def risk_paper_file(request: UserRequest, partnership: str, cycle: str, document: int) -> HttpResponseBase:
    desk, found = enter_risk(request, partnership, cycle)
    paper = get_object_or_404(get_papers(request.user, desk), cycle=found, pk=document)
    return hand_out_built(paper)
