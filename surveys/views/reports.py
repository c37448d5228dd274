"""The desk's reports: what each cycle shows, and the overview report as files, made by a worker and kept."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from s11.organisations.models import User
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk
from s11.web.drawings.chart import Chart
from s11.web.errors import reason_why_not
from surveys.chart_files import make_svg, make_table, say_source
from surveys.destroyed import check_is_whole
from surveys.document_requests import request_document
from surveys.enums import DocumentKind
from surveys.forms.overview import FORMATS, SERIES, OverviewFileForm, SeriesForm
from surveys.full_overview import get_full_overview, list_offered
from surveys.invitees import get_returns
from surveys.models import Cycle, Document
from surveys.overview import Overview
from surveys.permissions import check_can_export_overview, check_can_read_overview
from surveys.reports import make_report
from surveys.views.built_files import hand_out_built

ROWS_A_PAGE = 50
# The newest files stand on the page; older ones show older figures, which the page itself now has newer.
FILES_SHOWN = 10


@require_safe
def reports(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_read_overview(desk)
    cycles = Cycle.objects.of(desk.partnership).opened()
    page = Paginator(cycles, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"desk": desk, "page": page, "returns": get_returns(page.object_list)}
    return render(request, "surveys/reports.html", context)


@require_safe
def overview(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """For publishers too, who read figures and no names, and so have none of the files."""
    desk = enter_desk(request, partnership)
    check_can_read_overview(desk)
    found = get_opened_cycle_or_404(desk, cycle)
    if destroyed := reason_why_not(check_is_whole, found):
        return render(request, "surveys/overview_destroyed.html", {"cycle": found, "reason": destroyed})
    reason = reason_why_not(check_can_export_overview, desk)
    full = get_full_overview(found, SeriesForm(request.GET).chosen, get_compared(request))
    if reason:
        full = full.without_names()
    context = {
        "cycle": found,
        "overview": full.overview,
        "report": make_report(full, has_heat=False),
        "query": make_query(request),
        "offered": SERIES,
        "reason": reason,
        "formats": FORMATS,
        "files": [] if reason else get_files(request.user, desk).filter(cycle=found)[:FILES_SHOWN],
    }
    return render(request, "surveys/overview.html", context)


@require_POST
def overview_file_request(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_export_overview(desk)
    found = get_opened_cycle_or_404(desk, cycle)
    check_is_whole(found)
    form = OverviewFileForm(request.POST, offered=[one.slug for one in list_offered(found)])
    if not form.is_valid():
        messages.error(request, form.refusal)
        return redirect("surveys:overview", partnership, cycle)
    document = request_document(
        kind=DocumentKind.OVERVIEW,
        file_format=form.chosen,
        by=request.user,
        partnership=desk.partnership,
        cycle=found,
        series=form.chosen_series,
        compared=form.cleaned_data["compared"],
    )
    return redirect("surveys:overview_document", partnership, document.pk)


@require_safe
def overview_chart(request: UserRequest, partnership: str, cycle: str, chart: str) -> HttpResponse:
    """One drawing by itself, with its title, its sentence and whose figures they are; to be saved, not shown."""
    overview, found = get_chart_or_404(request, partnership, cycle, chart)
    return as_file(make_svg(found, say_source(overview)), "image/svg+xml", f"{cycle}-{chart}.svg")


@require_safe
def overview_chart_table(request: UserRequest, partnership: str, cycle: str, chart: str) -> HttpResponse:
    _, found = get_chart_or_404(request, partnership, cycle, chart)
    return as_file(make_table(found), "text/csv; charset=utf-8", f"{cycle}-{chart}.csv")


def as_file(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})


def get_chart_or_404(
    request: UserRequest, partnership: str, cycle: str, chart: str
) -> tuple[Overview, Chart]:
    """Figures are as at now, as on the page that it was taken from."""
    desk = enter_desk(request, partnership)
    check_can_export_overview(desk)
    asked = get_opened_cycle_or_404(desk, cycle)
    full = get_full_overview(asked, SeriesForm(request.GET).chosen, get_compared(request))
    found = make_report(full).charts.get(chart)
    if found is None:
        raise Http404
    return full.overview, found


@require_safe
def overview_document(request: UserRequest, partnership: str, document: int) -> HttpResponse:
    """While it is being made the page looks again by itself; without scripts there is a link to do so."""
    found = get_file_or_404(request, partnership, document)
    return render(request, "surveys/overview_document.html", {"document": found, "cycle": found.cycle})


@require_safe
def overview_file(request: UserRequest, partnership: str, document: int) -> HttpResponseBase:
    found = get_file_or_404(request, partnership, document)
    return hand_out_built(found)


def get_opened_cycle_or_404(desk: Desk, cycle: str) -> Cycle:
    """A planned cycle has nothing to show yet."""
    opened = Cycle.objects.of(desk.partnership).opened().select_related("partnership")
    return get_object_or_404(opened, slug=cycle)


def get_compared(request: UserRequest) -> list[str] | None:
    """Slugs of the earlier cycles chosen in the address, `?compare=2025&compare=2024`; None where none are."""
    return request.GET.getlist("compare") or None


def make_query(request: UserRequest) -> str:
    """For links from one page of these figures to another: the same scores, the same cycles."""
    kept = [(name, value) for name in ("series", "compare") for value in request.GET.getlist(name)]
    return f"?{urlencode(kept)}" if kept else ""


def get_files(user: User, desk: Desk) -> QuerySet[Document]:
    overviews = Document.objects.visible_to(user).filter(
        kind=DocumentKind.OVERVIEW, partnership=desk.partnership
    )
    return overviews.select_related("cycle__partnership", "requested_by")


def get_file_or_404(request: UserRequest, partnership: str, document: int) -> Document:
    """The check is made each time: who has left the desk since has no file any more."""
    desk = enter_desk(request, partnership)
    check_can_export_overview(desk)
    return get_object_or_404(get_files(request.user, desk), pk=document)
