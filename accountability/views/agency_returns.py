"""An agency's return for the annual report: its years, writing it, handing it in, approving it, taking it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.agency_return_identifying import find_identifying
from accountability.agency_return_list import list_own_years, make_own_years
from accountability.agency_return_permissions import (
    check_can_add_picture,
    check_can_approve_return,
    check_can_hand_in_return,
    check_can_send_return_back,
    check_can_take_return_back,
    check_can_write_return,
)
from accountability.agency_return_standing import Standing, get_priorities_before, get_standing
from accountability.agency_return_steps import (
    approve_return,
    hand_in_return,
    send_return_back,
    take_return_back,
)
from accountability.agency_return_writing import NotInThisState, save_return
from accountability.enums import ReturnHeading
from accountability.forms.agency_returns import ApproveForm, ClearForm, ReasonForm, ReturnForm, make_refused
from accountability.models import AgencyReturnPart, ReturnRequest
from accountability.reporting_years import ReportingYear
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, get_data, tell_outcome
from s11.web.errors import reason_why_not

BOTH = ["GET", "HEAD", "POST"]
PAGE = 20
RETURN: Final = "accountability:agency_return"
# Where a button leads that saves first: what was typed goes along to no other page.
NEXT: Final[Mapping[str, str]] = {
    "picture": "accountability:agency_return_picture_add",
    "hand_in": "accountability:agency_return_hand_in",
    "approve": "accountability:agency_return_approve",
}
# Of those, where others get to read it: what says who somebody is has to go first. A draft keeps whatever it holds.
PASSED_ON: Final = ("hand_in", "approve")
# What may be pressed on a return’s own page; the sentence of each is the hint where it may not.
STEPS: Final[Mapping[str, Callable[[Agency, Standing], None]]] = {
    "write": check_can_write_return,
    "picture": check_can_add_picture,
    "hand_in": check_can_hand_in_return,
    "approve": check_can_approve_return,
    "send_back": check_can_send_return_back,
    "take_back": check_can_take_return_back,
}


def enter_return(
    request: UserRequest, partnership: str, organisation: str, year: str
) -> tuple[Agency, Standing]:
    """For every member of an agency, of a year for which its partnership has asked."""
    agency = enter_agency(request, partnership, organisation)
    asked = find_request(agency, year)
    return agency, get_standing(asked, agency.participation)


def find_request(agency: Agency, slug: str) -> ReturnRequest:
    year = ReportingYear.from_slug(slug)
    if year is None:
        raise Http404
    found = get_object_or_404(ReturnRequest, partnership=agency.partnership, begins=year.begins)
    found.partnership = agency.partnership
    return found


def go_to(name: str, standing: Standing) -> HttpResponse:
    """On to a page of this return."""
    return redirect(reverse(name, kwargs=standing.slugs))


@require_safe
def agency_returns(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    """What is asked now, what is done with it, and what was written in earlier years."""
    agency = enter_agency(request, partnership, organisation)
    page = Paginator(list_own_years(agency.participation), PAGE).get_page(request.GET.get("page"))
    context = {"agency": agency, "page": page, "years": make_own_years(page.object_list)}
    return render(request, "accountability/agency_returns.html", context)


@require_http_methods(BOTH)
def agency_return(request: UserRequest, partnership: str, organisation: str, year: str) -> HttpResponse:
    """To write, for whoever may; to read, for the others and once it is handed in. Every post saves the draft."""
    agency, standing = enter_return(request, partnership, organisation, year)
    if request.method != "POST":
        if reason_why_not(check_can_write_return, agency, standing):
            return render(request, "accountability/agency_return.html", make_context(agency, standing))
        return show_form(request, agency, standing, ReturnForm(written=standing.written))
    check_can_write_return(agency, standing)
    form = ReturnForm(request.POST, written=standing.written)
    if not form.is_valid():
        return show_form(request, agency, standing, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return save(request, agency, standing, form)


def save(request: UserRequest, agency: Agency, standing: Standing, form: ReturnForm) -> HttpResponse:
    """What somebody else has saved meanwhile is shown beside what was typed, and neither is lost."""
    asked = standing.request
    try:
        theirs = save_return(
            request=asked, participation=agency.participation, typed=form.typed, by=request.user
        )
    except NotInThisState as late:
        form.add_error(None, str(late))
        return show_form(request, agency, standing, form, status=HTTPStatus.CONFLICT)
    if theirs:
        now = get_standing(asked, agency.participation)
        again = ReturnForm(written=now.written, typed=form.texts)
        return show_form(request, agency, now, again, theirs=theirs, status=HTTPStatus.CONFLICT)
    messages.success(
        request, "Your draft is saved. Nobody outside your organisation reads it until it is approved."
    )
    go = request.POST.get("go", "")
    if go in PASSED_ON:
        now = get_standing(asked, agency.participation)
        if refused := find_identifying(now).refused:
            wrong = make_refused(now.written, refused)
            return show_form(request, agency, now, wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return go_to(NEXT.get(go, RETURN), standing)


def show_form(
    request: UserRequest,
    agency: Agency,
    standing: Standing,
    form: ReturnForm,
    *,
    theirs: Mapping[ReturnHeading, AgencyReturnPart] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = make_context(agency, standing) | {
        "form": form,
        "before": get_priorities_before(standing),
        "theirs": theirs or {},
    }
    return render(request, "accountability/agency_return_write.html", context, status=status)


def make_context(agency: Agency, standing: Standing) -> dict[str, object]:
    """With the reason why this person may not take a step, by step; empty where they may."""
    reasons = {name: reason_why_not(check, agency, standing) for name, check in STEPS.items()}
    return {"agency": agency, "standing": standing, "reasons": reasons}


# From the draft to the partnership ------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def agency_return_hand_in(
    request: UserRequest, partnership: str, organisation: str, year: str
) -> HttpResponse:
    """A lead reads it once more, as it will be read."""
    agency, standing = enter_return(request, partnership, organisation, year)
    check_can_hand_in_return(agency, standing)
    form = ClearForm(get_data(request), found=find_identifying(standing))
    if form.is_valid():
        done = "The return is handed in, and your signatory is told. Until they have decided nothing in it changes."
        tell_outcome(request, done, hand_in_return, standing=standing, cleared=form.cleared, by=request.user)
        return go_to(RETURN, standing)
    context = make_context(agency, standing) | {"form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "accountability/agency_return_hand_in.html", context, status=status)


@require_http_methods(BOTH)
def agency_return_approve(
    request: UserRequest, partnership: str, organisation: str, year: str
) -> HttpResponse:
    agency, standing = enter_return(request, partnership, organisation, year)
    check_can_approve_return(agency, standing)
    found = find_identifying(standing)
    form = ApproveForm(get_data(request), initial={"seen": standing.seen}, found=found)
    if form.is_valid():
        given = form.cleaned_data
        done = f"The return is approved for the public. {agency.partnership} reads it now."
        tell_outcome(
            request,
            done,
            approve_return,
            standing=standing,
            approved_as=given["approved_as"],
            seen=given["seen"],
            cleared=form.cleared,
            by=request.user,
        )
        return go_to(RETURN, standing)
    context = make_context(agency, standing) | {"form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "accountability/agency_return_approve.html", context, status=status)


@require_http_methods(BOTH)
def agency_return_send_back(
    request: UserRequest, partnership: str, organisation: str, year: str
) -> HttpResponse:
    agency, standing = enter_return(request, partnership, organisation, year)
    check_can_send_return_back(agency, standing)
    form = ReasonForm(get_data(request), reader="Your leads read it")
    if form.is_valid():
        assert standing.found is not None  # it waits for this person
        reason = form.cleaned_data["reason"]
        done = "The return is a draft again, and your leads are told why."
        tell_outcome(request, done, send_return_back, found=standing.found, reason=reason, by=request.user)
        return go_to(RETURN, standing)
    context = make_context(agency, standing) | {"form": form}
    return render(request, "accountability/agency_return_send_back.html", context)


@require_POST
def agency_return_take_back(
    request: UserRequest, partnership: str, organisation: str, year: str
) -> HttpResponse:
    agency, standing = enter_return(request, partnership, organisation, year)
    check_can_take_return_back(agency, standing)
    assert standing.found is not None  # it was handed in
    done = "The return is a draft again. Change what you want to, then hand it in anew."
    tell_outcome(request, done, take_return_back, found=standing.found, by=request.user)
    return go_to(RETURN, standing)
