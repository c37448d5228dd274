"""The action plan to take away: a workbook and a calendar at once, a PDF by way of a worker."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from s11.organisations.models import Participation
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency
from surveys.action_files import make_action_workbook, make_calendar
from surveys.action_plans import get_all_actions
from surveys.actions import request_action_plan
from surveys.enums import DocumentKind
from surveys.models import Action, Document
from surveys.views.built_files import hand_out_built

FILES: dict[str, tuple[str, Callable[[Participation, list[Action]], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", make_action_workbook),
    "ics": ("text/calendar; charset=utf-8", make_calendar),
}


@require_safe
def actions_file(request: UserRequest, partnership: str, organisation: str, file_format: str) -> HttpResponse:
    """The whole plan, whatever the list's filter: a plan with holes would be taken for all of it."""
    agency = enter_agency(request, partnership, organisation)
    if file_format not in FILES:
        raise Http404
    content_type, make = FILES[file_format]
    actions = get_all_actions(request.user, agency.participation).prefetch_related(
        "updates", "verifications__by"
    )
    name = f"{slugify(agency.organisation.name)[:80]}-actions-{timezone.localdate()}.{file_format}"
    response = HttpResponse(make(agency.participation, list(actions)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def actions_document_request(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    document = request_action_plan(participation=agency.participation, by=request.user)
    return redirect("surveys:actions_document", partnership, organisation, document.pk)


@require_safe
def actions_document(
    request: UserRequest, partnership: str, organisation: str, document: int
) -> HttpResponse:
    """While it is being made the page looks again by itself; without scripts there is a link to do so."""
    agency = enter_agency(request, partnership, organisation)
    found = get_document_or_404(request, agency, document)
    return render(request, "surveys/actions_document.html", {"agency": agency, "document": found})


@require_safe
def actions_document_file(
    request: UserRequest, partnership: str, organisation: str, document: int
) -> HttpResponseBase:
    agency = enter_agency(request, partnership, organisation)
    found = get_document_or_404(request, agency, document)
    return hand_out_built(found)


def get_document_or_404(request: UserRequest, agency: Agency, document: int) -> Document:
    plans = Document.objects.visible_to(request.user).filter(kind=DocumentKind.ACTION_PLAN)
    return get_object_or_404(
        plans.select_related("participation__organisation"), pk=document, participation=agency.participation
    )
