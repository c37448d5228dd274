"""What is due for another look during the year, and saying that it still holds."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, get_data
from s11.web.errors import reason_why_not
from surveys.due_again import Due, get_due
from surveys.forms.freshness import RecheckForm
from surveys.models import Recheck
from surveys.permissions import check_can_keep_evidence, check_can_plan_actions, check_can_recheck
from surveys.rechecks import record_recheck

ROWS_A_PAGE = 50
CHECKED_SHOWN = 20


def get_due_of(agency: Agency) -> Due:
    participation = agency.participation
    return get_due([participation], timezone.localdate())[participation.pk]


@require_safe
def due(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    found = get_due_of(agency)
    context = {
        "agency": agency,
        "due": found,
        "page": Paginator(found.answers, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "checked": agency.participation.rechecks.select_related("by")[:CHECKED_SHOWN],
        "reasons": {
            "check": reason_why_not(check_can_recheck, agency.roles),
            "evidence": reason_why_not(check_can_keep_evidence, agency.roles),
            "action": reason_why_not(check_can_plan_actions, agency.roles),
        },
    }
    return render(request, "surveys/due.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def due_checked(request: UserRequest, partnership: str, organisation: str, key: str) -> HttpResponse:
    """That an answer still holds, or that a new duty was looked at, with a note."""
    agency = enter_agency(request, partnership, organisation)
    check_can_recheck(agency.roles)
    found = get_due_of(agency)
    thing = found.find(key)
    if thing is None:
        return say_checked(request, agency, key)
    form = RecheckForm(get_data(request))
    if form.is_valid():
        record_recheck(due=found, thing=thing, note=form.cleaned_data["note"], by=request.user)
        messages.success(request, f"{thing.indicator.code} is checked. Your note is kept.")
        return redirect("surveys:due", partnership, organisation)
    context = {"agency": agency, "thing": thing, "form": form}
    return render(request, "surveys/due_checked.html", context)


def say_checked(request: UserRequest, agency: Agency, key: str) -> HttpResponse:
    """A colleague was quicker, or the button was pressed twice; what was never due is not found."""
    last = Recheck.objects.filter(participation=agency.participation, key=key).select_related("by").first()
    if last is None:
        raise Http404
    messages.info(
        request, f"{last.code} was checked already by {last.by or 'somebody'}, so your note was not kept."
    )
    return redirect("surveys:due", agency.partnership.slug, agency.organisation.slug)
