"""The pipeline on the desk: how far everybody invited has come, saved views of it, and its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.models import Partnership
from s11.organisations.queries import Desk
from s11.organisations.removals import remove
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from surveys.enums import CycleStatus
from surveys.forms.pipeline import PipelineForm, SaveViewForm
from surveys.models import Cycle, SavedView
from surveys.outbox_permissions import check_can_remind
from surveys.pipeline import (
    MEANINGS,
    PipelineRow,
    Sort,
    Wanted,
    count_places,
    get_cycles_around_or_404,
    get_groups,
    get_pipeline,
    list_rows,
    make_pipeline_rows,
)
from surveys.pipeline_files import make_pipeline_csv, make_pipeline_workbook
from surveys.pipeline_permissions import check_can_read_pipeline, check_can_read_places
from surveys.queries import get_cycle_or_404
from surveys.returns import get_returns_ahead

PAGE = 50
QUERY_LENGTH = SavedView._meta.get_field("query").max_length or 0
FILES: dict[str, tuple[str, Callable[[Cycle, Iterable[PipelineRow]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", make_pipeline_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", make_pipeline_workbook),
}


@require_safe
def pipeline(request: UserRequest, partnership: str) -> HttpResponse:
    """Leads to the newest cycle that is open; where none is, to the newest that was, or is planned."""
    desk = enter_desk(request, partnership)
    check_can_read_pipeline(desk)
    found = find_newest(desk.partnership)
    if found is None:
        return render(request, "surveys/pipeline_empty.html", {"desk": desk})
    return redirect("surveys:pipeline_cycle", partnership, found.slug)


def find_newest(partnership: Partnership) -> Cycle | None:
    order = {CycleStatus.OPEN: 0, CycleStatus.CLOSED: 1, CycleStatus.PLANNED: 2}
    cycles = Cycle.objects.of(partnership).order_by("-opens_on", "-pk")
    return min(cycles, key=lambda one: order[CycleStatus(one.status)], default=None)


@require_safe
def pipeline_cycle(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_read_pipeline(desk)
    around = get_cycles_around_or_404(desk.partnership, cycle)
    found = around.cycle
    counts = count_places(found)
    context = {
        "desk": desk,
        "cycle": found,
        "counts": counts,
        "meanings": MEANINGS,
        "ahead": get_returns_ahead(found, around.last, timezone.localdate()),
        "others": around.others,
        "reason": reason_why_not(check_can_read_places, desk),
        "may_remind": not reason_why_not(check_can_remind, desk, found),
        **(
            {}
            if reason_why_not(check_can_read_places, desk)
            else make_list(request, found, sum(counts.values()))
        ),
    }
    return render(request, "surveys/pipeline.html", context)


def make_list(request: UserRequest, cycle: Cycle, invited: int) -> dict[str, Any]:
    """The filter, a page of who fits it, and the person's own views."""
    form = PipelineForm(request.GET, groups=get_groups(cycle), auto_id="%s")
    wanted = form.get_wanted()
    pages = Paginator(get_sorted(cycle, wanted), PAGE)
    if wanted == Wanted(sort=wanted.sort):
        # All are wanted, and counted already: the long query is not put together once more.
        pages.count = invited
    page = pages.get_page(request.GET.get("page"))
    rows = page.object_list
    if not isinstance(rows, list):
        rows = make_pipeline_rows(cycle, rows)
    views = SavedView.objects.filter(user=request.user, partnership=cycle.partnership)
    return {"filter": form, "page": page, "rows": rows, "views": views}


def get_sorted(cycle: Cycle, wanted: Wanted) -> Any:
    """A query set, of which one page is read; sorted by progress, the rows themselves."""
    return list_rows(cycle, wanted) if wanted.sort == Sort.PROGRESS else get_pipeline(cycle, wanted)


@require_safe
def pipeline_file(request: UserRequest, partnership: str, cycle: str, file_format: str) -> HttpResponse:
    """What the filter in the address shows, all pages of it."""
    desk = enter_desk(request, partnership)
    check_can_read_places(desk)
    found = get_cycle_or_404(desk.partnership, cycle)
    if file_format not in FILES:
        raise Http404
    content_type, make = FILES[file_format]
    form = PipelineForm(request.GET, groups=get_groups(found))
    content = make(found, list_rows(found, form.get_wanted()))
    response = HttpResponse(content, content_type=content_type)
    name = f"{found.slug}-pipeline-{timezone.localdate()}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def pipeline_save(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Names the view that the address's query stands for."""
    desk, found = enter_places(request, partnership, cycle)
    wanted = PipelineForm(request.GET, groups=get_groups(found))
    query = wanted.make_query()
    form = SaveViewForm(get_data(request), user=request.user, partnership=desk.partnership)
    if form.is_valid() and save_view(request, desk, form, query):
        return redirect(make_address(found, query))
    context = {"cycle": found, "form": form, "words": wanted.describe(), "back": make_address(found, query)}
    return render(request, "surveys/pipeline_save.html", context)


def save_view(request: UserRequest, desk: Desk, form: SaveViewForm, query: str) -> bool:
    name = form.cleaned_data["name"]
    if len(query) > QUERY_LENGTH:
        form.add_error(None, "This filter is too long to save. Search for fewer words first.")
        return False
    try:
        with transaction.atomic():
            SavedView.objects.create(user=request.user, partnership=desk.partnership, name=name, query=query)
    except IntegrityError:
        # A second press of the same button.
        messages.warning(request, f"You have a view named {name} already.")
        return True
    messages.success(request, f"The view {name} is saved.")
    return True


@require_POST
def pipeline_view_delete(request: UserRequest, partnership: str, cycle: str, view: int) -> HttpResponse:
    """One's own."""
    desk, found = enter_places(request, partnership, cycle)
    mine = get_object_or_404(SavedView, pk=view, user=request.user, partnership=desk.partnership)
    title, done = f"The view ‘{mine.name}’", f"The view {mine.name} is removed."
    tell_outcome(
        request, done, remove, "view", mine, title=title, partnership=desk.partnership, by=request.user
    )
    return redirect(make_address(found, ""))


def enter_places(request: UserRequest, partnership: str, cycle: str) -> tuple[Desk, Cycle]:
    desk = enter_desk(request, partnership)
    check_can_read_places(desk)
    return desk, get_cycle_or_404(desk.partnership, cycle)


def make_address(cycle: Cycle, query: str) -> str:
    page = reverse("surveys:pipeline_cycle", args=[cycle.partnership.slug, cycle.slug])
    return f"{page}?{query}" if query else page
