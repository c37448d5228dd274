"""Import and export on the desk: tables out as files, and back in after a preview."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data
from s11.web.errors import NotInThisState, reason_why_not
from s11.web.uploads import get_too_large, takes_up_to
from surveys.enums import DocumentFormat, DocumentKind
from surveys.forms.tables import TableConfirmForm, TableCycleForm, TableUploadForm
from surveys.imports.csv_files import Refused
from surveys.models import Cycle, Document, TableUpload
from surveys.resources.base import PartnershipResource
from surveys.resources.exports import TABLE_FORMATS, is_small, is_taken_back, request_table
from surveys.resources.files import LARGEST_TABLE, MEGABYTE, list_meanings, write_table
from surveys.resources.rows import Kind, Preview
from surveys.resources.tables import TABLES
from surveys.resources.uploads import DONE, confirm_upload, discard_upload, keep_table
from surveys.table_permissions import check_can_export_tables
from surveys.views.built_files import hand_out_built

PAGE: Final = 50
FILES_SHOWN: Final = 10
CONTENT_TYPES: Final = {
    DocumentFormat.CSV: "text/csv; charset=utf-8",
    DocumentFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LARGE: Final = "The table is large, so its file is made in the background: ask for it here."


@require_safe
def tables(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_export_tables(desk)
    reasons = {slug: reason_why_not(table.check_can_import, desk, None) for slug, table in TABLES.items()}
    waiting = TableUpload.objects.of(request.user, desk.partnership).defer("preview")[:FILES_SHOWN]
    context = {"desk": desk, "tables": TABLES, "reasons": reasons, "waiting": waiting}
    return render(request, "surveys/tables.html", context)


def enter_table(
    request: UserRequest, partnership: str, slug: str
) -> tuple[Desk, PartnershipResource | None, TableCycleForm | None]:
    """No table where it is one of a cycle's and there is no cycle yet."""
    desk = enter_desk(request, partnership)
    check_can_export_tables(desk)
    if slug not in TABLES:
        raise Http404
    made = TABLES[slug]
    if not made.needs_cycle:
        return desk, made(partnership=desk.partnership, by=request.user), None
    cycles = Cycle.objects.of(desk.partnership).select_related("partnership").order_by("-opens_on", "-pk")
    form = TableCycleForm(request.GET, cycles=cycles)
    if form.chosen is None:
        return desk, None, form
    return desk, made(partnership=desk.partnership, by=request.user, cycle=form.chosen), form


def why_not_import(desk: Desk, table: PartnershipResource) -> str:
    if not table.can_import:
        return "This table is only exported."
    return reason_why_not(table.check_can_import, desk, table.cycle)


@takes_up_to(LARGEST_TABLE)
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: UserRequest, partnership: str, table: str) -> HttpResponse:
    """Its files, what its columns mean, and where a changed file comes back."""
    desk, found, cycle_form = enter_table(request, partnership, table)
    if found is None:
        return render(request, "surveys/table_without_cycle.html", {"desk": desk, "table": TABLES[table]})
    if request.method == "POST" and found.can_import:
        found.check_can_import(desk, found.cycle)
    elif request.method == "POST":
        raise Http404
    too_large = get_too_large(request)
    form = TableUploadForm(get_data(request), request.FILES or None, too_large=bool(too_large))
    upload = _keep(request, found, form, too_large) if form.is_valid() else None
    if upload is not None:
        return redirect("surveys:table_upload", partnership, upload.pk)
    context = {
        "desk": desk,
        "table": found,
        "cycle_form": cycle_form,
        "is_small": is_small(found),
        "meanings": list(list_meanings(found)),
        "reason": why_not_import(desk, found),
        "form": form,
        "files": get_files(request, desk).filter(table=found.slug, cycle=found.cycle)[:FILES_SHOWN],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "surveys/table.html", context, status=status)


def _keep(
    request: UserRequest, found: PartnershipResource, form: TableUploadForm, too_large: list[str]
) -> TableUpload | None:
    """None where the form says why not."""
    try:
        if too_large:
            most = LARGEST_TABLE // MEGABYTE
            raise Refused(f"‘{too_large[0]}’ is larger than {most} MB: split it into several files.")
        return keep_table(
            table=found.slug,
            partnership=found.partnership,
            cycle=found.cycle,
            file=form.cleaned_data["file"],
            by=request.user,
        )
    except Refused as refused:
        form.add_error("file", str(refused))
        return None


# Out ------------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def table_file(request: UserRequest, partnership: str, table: str, file_format: str) -> HttpResponse:
    """The file; of a large table a POST asks a worker for it."""
    desk, found, _ = enter_table(request, partnership, table)
    if found is None or file_format not in TABLE_FORMATS:
        raise Http404
    chosen = DocumentFormat(file_format)
    if request.method == "POST":
        document = request_table(found, chosen)
        return redirect("surveys:table_document", partnership, document.pk)
    if not is_small(found):
        messages.info(request, LARGE)
        return redirect(make_address(desk, found))
    response = HttpResponse(write_table(found, chosen), content_type=CONTENT_TYPES[chosen])
    cycle = f"-{found.cycle.slug}" if found.cycle is not None else ""
    name = f"{found.slug}{cycle}-{timezone.localdate()}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def make_address(desk: Desk, table: PartnershipResource) -> str:
    query = f"?cycle={table.cycle.slug}" if table.cycle is not None else ""
    return reverse("surveys:table", args=[desk.partnership.slug, table.slug]) + query


def get_files(request: UserRequest, desk: Desk) -> QuerySet[Document]:
    """One's own."""
    return Document.objects.filter(
        kind=DocumentKind.TABLE, partnership=desk.partnership, requested_by=request.user, table__in=TABLES
    ).select_related("cycle", "partnership")


def get_file_or_404(request: UserRequest, partnership: str, document: int) -> tuple[Desk, Document]:
    desk = enter_desk(request, partnership)
    check_can_export_tables(desk)
    return desk, get_object_or_404(get_files(request, desk), pk=document)


@require_safe
def table_document(request: UserRequest, partnership: str, document: int) -> HttpResponse:
    """While it is being made the page looks again by itself; without scripts there is a link to do so."""
    desk, found = get_file_or_404(request, partnership, document)
    context = {
        "desk": desk,
        "document": found,
        "table": TABLES[found.table],
        "is_taken_back": is_taken_back(found),
    }
    return render(request, "surveys/table_document.html", context)


@require_safe
def table_document_file(request: UserRequest, partnership: str, document: int) -> HttpResponseBase:
    _, found = get_file_or_404(request, partnership, document)
    if is_taken_back(found):
        raise Http404
    return hand_out_built(found)


# In -------------------------------------------------------------------------------------------------------------------


def enter_upload(request: UserRequest, partnership: str, upload: int) -> tuple[Desk, TableUpload | None]:
    """One's own that is kept; others' are not there."""
    desk = enter_desk(request, partnership)
    check_can_export_tables(desk)
    uploads = TableUpload.objects.select_related("cycle__partnership", "partnership", "uploaded_by")
    found = uploads.filter(partnership=desk.partnership, pk=upload).first()
    if found is None:
        return desk, None
    if found.uploaded_by != request.user or found.table not in TABLES:
        raise Http404
    TABLES[found.table].check_can_import(desk, found.cycle)
    return desk, found


@require_http_methods(["GET", "HEAD", "POST"])
def table_upload(request: UserRequest, partnership: str, upload: int) -> HttpResponse:
    """What the file would change, and the button that does it."""
    desk, found = enter_upload(request, partnership, upload)
    if found is None:
        messages.warning(request, DONE)
        return redirect("surveys:tables", partnership)
    form = TableConfirmForm(get_data(request))
    if form.is_valid():
        try:
            confirm_upload(upload=found, seen=form.cleaned_data["seen"])
        except NotInThisState as why:
            messages.warning(request, str(why))
        return redirect("surveys:table_upload", partnership, upload)
    preview = Preview.from_json(found.preview) if found.preview else None
    kind = choose_kind(request.GET.get("show", ""), preview)
    lines = list(preview.list(kind)) if preview else []
    context = {
        "desk": desk,
        "upload": found,
        "table": TABLES[found.table],
        "preview": preview,
        "kind": kind,
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
    }
    response = render(request, "surveys/table_upload.html", context)
    if request.htmx and not found.is_waited_for:
        # The page that waited becomes the preview, or what was done.
        response["HX-Refresh"] = "true"
    return response


def choose_kind(wanted: str, preview: Preview | None) -> Kind:
    """What is asked for, else the first that there is."""
    shown = (Kind.CHANGED, Kind.ADDED, Kind.HELD)
    if wanted in shown or preview is None:
        return Kind(wanted) if wanted in shown else Kind.CHANGED
    return next((kind for kind in shown if preview.counts[kind]), Kind.CHANGED)


@require_POST
def table_upload_discard(request: UserRequest, partnership: str, upload: int) -> HttpResponse:
    desk, found = enter_upload(request, partnership, upload)
    if found is None or found.is_saved or found.is_saving:
        messages.warning(request, DONE)
        return redirect("surveys:tables", partnership)
    discard_upload(found)
    messages.success(request, f"‘{found.name}’ is thrown away, and nothing was changed.")
    return redirect("surveys:table", desk.partnership.slug, found.table)
