"""Agencies' returns on the desk: asked for, every agency with how far it is, and each that is approved to decide on."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.agency_return_asking import ask_for_returns, remind_of_returns
from accountability.agency_return_list import count_states, get_request, list_agencies, make_rows
from accountability.agency_return_permissions import (
    check_can_accept_return,
    check_can_ask_for_returns,
    check_can_read_return,
    check_can_remind_of_returns,
    check_can_return_to_agency,
    check_can_see_annual_report,
)
from accountability.agency_return_standing import Standing, get_standing
from accountability.agency_return_steps import accept_return, return_to_agency
from accountability.forms.agency_returns import AskForm, ReasonForm, ReturnFilterForm
from accountability.models import AgencyReturn, ReturnRequest
from accountability.reporting_years import ReportingYear
from s11.organisations.queries import Desk, get_participation_or_404
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.text import plural

BOTH = ["GET", "HEAD", "POST"]
PAGE = 50
ROOM = "accountability:desk_returns"


def enter_returns(
    request: UserRequest, partnership: str, year: str
) -> tuple[Desk, ReportingYear, ReturnRequest | None]:
    desk = enter_desk(request, partnership)
    check_can_see_annual_report(desk)
    found = ReportingYear.from_slug(year)
    if found is None:
        raise Http404
    return desk, found, get_request(desk.partnership, found)


@require_safe
def desk_returns(request: UserRequest, partnership: str, year: str) -> HttpResponse:
    """Every agency with how far its return is; before they are asked, the step that asks."""
    desk, shown, asked = enter_returns(request, partnership, year)
    form = ReturnFilterForm(request.GET)
    context = {"desk": desk, "year": shown, "asked": asked, "form": form}
    context["reason"] = reason_why_not(check_can_ask_for_returns, desk)
    if asked is not None:
        filters = form.get_filters()
        page = Paginator(list_agencies(asked, **filters), PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": make_rows(page), "is_filtered": any(filters.values())}
        context["counts"] = count_states(asked)
    return render(request, "accountability/desk_returns.html", context)


@require_http_methods(BOTH)
def desk_returns_ask(request: UserRequest, partnership: str, year: str) -> HttpResponse:
    """For the first time, with an e-mail to each lead; or another day and note, which are only shown."""
    desk, shown, asked = enter_returns(request, partnership, year)
    check_can_ask_for_returns(desk)
    first = {"due_on": asked.due_on, "note": asked.note} if asked is not None else {}
    form = AskForm(get_data(request), initial=first)
    if form.is_valid():
        if asked is None:
            ask(request, desk, shown, form)
        else:
            asked.due_on, asked.note = form.cleaned_data["due_on"], form.cleaned_data["note"]
            asked.save()
            messages.success(request, "It is saved. Agencies see it in their rooms; no e-mail was written.")
        return redirect(ROOM, partnership, year)
    context = {"desk": desk, "year": shown, "asked": asked, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "accountability/desk_returns_ask.html", context, status=status)


def ask(request: UserRequest, desk: Desk, year: ReportingYear, form: AskForm) -> None:
    done = "Agencies are asked for their returns. The e-mails to their leads wait in the outbox."
    tell_outcome(
        request,
        done,
        ask_for_returns,
        partnership=desk.partnership,
        year=year,
        **form.cleaned_data,
        by=request.user,
    )


@require_POST
def desk_returns_remind(request: UserRequest, partnership: str, year: str) -> HttpResponse:
    desk, _, asked = enter_returns(request, partnership, year)
    check_can_remind_of_returns(desk, asked)
    assert asked is not None  # else it was refused
    written = remind_of_returns(request=asked, today=timezone.localdate(), by=request.user)
    if written:
        messages.success(request, f"{plural(written, 'reminder is', 'reminders are')} in the outbox.")
    else:
        messages.warning(
            request,
            "No reminder was written: whoever has not approved a return was reminded today, or has no lead.",
        )
    return redirect(ROOM, partnership, year)


# One agency's ---------------------------------------------------------------------------------------------------------


def enter_one(request: UserRequest, partnership: str, year: str, organisation: str) -> tuple[Desk, Standing]:
    desk, _, asked = enter_returns(request, partnership, year)
    place = get_participation_or_404(desk.partnership, organisation)
    if asked is None:
        raise Http404
    standing = get_standing(asked, place)
    if standing.found is None:
        raise Http404
    check_can_read_return(desk, standing.found)
    return desk, standing


@require_safe
def desk_return(request: UserRequest, partnership: str, year: str, organisation: str) -> HttpResponse:
    """As its agency has approved it."""
    desk, standing = enter_one(request, partnership, year, organisation)
    context = {
        "desk": desk,
        "standing": standing,
        "reasons": {
            "accept": reason_why_not(check_can_accept_return, desk, find(standing)),
            "return": reason_why_not(check_can_return_to_agency, desk, find(standing)),
        },
    }
    return render(request, "accountability/desk_return.html", context)


@require_POST
def desk_return_accept(request: UserRequest, partnership: str, year: str, organisation: str) -> HttpResponse:
    desk, standing = enter_one(request, partnership, year, organisation)
    found = find(standing)
    check_can_accept_return(desk, found)
    done = f"The return of {standing.participation.name} is accepted, and its leads are told."
    seen = request.POST.get("seen", "")
    tell_outcome(request, done, accept_return, found=found, seen=seen, by=request.user)
    return redirect(ROOM, partnership, year)


@require_http_methods(BOTH)
def desk_return_back(request: UserRequest, partnership: str, year: str, organisation: str) -> HttpResponse:
    """To the agency, with the reason."""
    desk, standing = enter_one(request, partnership, year, organisation)
    found = find(standing)
    check_can_return_to_agency(desk, found)
    form = ReasonForm(get_data(request), reader="The agency’s leads read it")
    if form.is_valid():
        done = f"{standing.participation.name} has its return back, and its leads are told why."
        tell_outcome(
            request, done, return_to_agency, found=found, reason=form.cleaned_data["reason"], by=request.user
        )
        return redirect(ROOM, partnership, year)
    context = {"desk": desk, "standing": standing, "form": form}
    return render(request, "accountability/desk_return_back.html", context)


def find(standing: Standing) -> AgencyReturn:
    assert standing.found is not None  # `enter_one` has looked
    return standing.found
