"""Copies of audits, as PDF or workbook: asked for, built by a worker, kept, handed out through the permission check."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from s11.organisations.requests import UserRequest, enter_agency, enter_desk
from surveys.document_requests import request_audit_copy
from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import Document
from surveys.views.built_files import hand_out_built
from surveys.views.entering import enter_as_reader, enter_reading, make_crumbs

ROWS_A_PAGE = 50
COPY_FORMATS = (DocumentFormat.PDF, DocumentFormat.XLSX, DocumentFormat.ZIP)


@require_POST
def audit_copy_request(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    audit, submission = enter_reading(request, partnership, organisation, cycle)
    asked = request.POST.get("format")
    file_format = next((one for one in COPY_FORMATS if one == asked), DocumentFormat.PDF)
    document = request_audit_copy(
        audit=audit, submission=submission, file_format=file_format, by=request.user
    )
    return redirect("surveys:copy", partnership, organisation, document.pk)


@require_safe
def copies(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    documents = (
        Document.objects.visible_to(request.user)
        .filter(
            kind=DocumentKind.AUDIT_COPY,
            audit__invitee__organisation=agency.organisation,
            audit__invitee__cycle__partnership=agency.partnership,
        )
        .select_related("audit__invitee__cycle", "requested_by")
    )
    page = Paginator(documents, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "surveys/copies.html", {"agency": agency, "page": page})


def _get_copy(request: UserRequest, partnership: str, organisation: str, document: int) -> Document:
    """For the agency's members, leads of its group, or officers who read the audit that it shows."""
    try:
        enter_as_reader(request, partnership, organisation)
    except Http404:
        enter_desk(request, partnership)
    return get_object_or_404(
        Document.objects.visible_to(request.user).select_related(
            "audit__invitee__organisation", "audit__invitee__cycle__partnership"
        ),
        pk=document,
        kind=DocumentKind.AUDIT_COPY,
        audit__invitee__organisation__slug=organisation,
        audit__invitee__cycle__partnership__slug=partnership,
    )


@require_safe
def copy(request: UserRequest, partnership: str, organisation: str, document: int) -> HttpResponse:
    """While it is being made the page looks again by itself; without scripts there is a link to do so."""
    found = _get_copy(request, partnership, organisation, document)
    assert found.audit is not None  # a copy is of an audit: the check constraint promises it
    context = {"document": found, "audit": found.audit, "crumbs": make_crumbs(request, found.audit)}
    return render(request, "surveys/copy.html", context)


@require_safe
def copy_file(request: UserRequest, partnership: str, organisation: str, document: int) -> HttpResponseBase:
    found = _get_copy(request, partnership, organisation, document)
    return hand_out_built(found)
