"""The desk's room of support: concerns of a cycle, offers about them, and every step with one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web import errors
from s11.web.errors import reason_why_not
from s11.web.text import plural
from surveys.forms.support import MESSAGE, ConcernFilterForm, FollowForm, OfferFilterForm, OfferForm
from surveys.models import Cycle, SupportOffer
from surveys.support import ConcernRow, get_concern_rows, get_offers, get_offers_of, get_officers
from surveys.support_permissions import (
    check_can_follow_offer,
    check_can_offer_support,
    check_can_see_support,
)
from surveys.supporting import Made, close_offer, make_offers, take_offer_on
from surveys.views.mailing import list_numbers
from surveys.views.moderation import get_opened_cycle_or_404

PAGE = 50
# In one go: each is an e-mail or more, written in one transaction.
AT_ONCE = 500
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def support(request: UserRequest, partnership: str) -> HttpResponse:
    """All offers, the open ones unless asked otherwise; and the cycles whose concerns can be looked at."""
    desk = enter_desk(request, partnership)
    check_can_see_support(desk)
    officers = get_officers(desk.partnership)
    form = OfferFilterForm(request.GET or None, officers=officers)
    offers = get_offers(desk.partnership, **form.get_filters())
    context = {
        "desk": desk,
        "filter": form,
        "page": Paginator(offers, PAGE).get_page(request.GET.get("page")),
        "cycles": Cycle.objects.of(desk.partnership).opened()[:PAGE],
    }
    return render(request, "surveys/support.html", context)


@require_safe
def support_concerns(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Whom there is a concern about, the most urgent first; ticked ones go on to the offer."""
    desk = enter_desk(request, partnership)
    check_can_see_support(desk)
    found = get_opened_cycle_or_404(desk, cycle)
    form = ConcernFilterForm(request.GET, cycle=found)
    rows = get_concern_rows(found, form.wanted)
    context = {
        "cycle": found,
        "filter": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "offerable": sum(is_offerable(row) for row in rows),
        "reason": reason_why_not(check_can_offer_support, desk),
    }
    return render(request, "surveys/support_concerns.html", context)


def is_offerable(row: ConcernRow) -> bool:
    return row.offer is None or not row.offer.is_open


@require_http_methods(BOTH)
def support_offer_new(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """What is offered to those who were chosen, and who sees to it."""
    desk = enter_desk(request, partnership)
    check_can_offer_support(desk)
    found = get_opened_cycle_or_404(desk, cycle)
    rows = get_chosen(found, request.POST if request.method == "POST" else request.GET)
    if not rows:
        messages.error(
            request, "Nobody was chosen who can be offered support. Tick agencies without an open offer."
        )
        return redirect("surveys:support_concerns", partnership, cycle)
    officers = get_officers(desk.partnership)
    initial = {"message": MESSAGE, "owner": str(request.user.pk)}
    form = OfferForm(get_data(request), initial=initial, officers=officers)
    if form.is_valid():
        audits = [row.audit.pk for row in rows]
        say_made(request, cycle=found, audits=audits, by=request.user, **form.cleaned_data)
        return redirect("surveys:support", partnership)
    context = {"cycle": found, "rows": rows, "form": form, "at_once": AT_ONCE}
    return render(request, "surveys/support_offer_new.html", context)


def get_chosen(cycle: Cycle, query: QueryDict) -> list[ConcernRow]:
    """Those ticked or, with `all`, everybody whom the filter found; without those who have an open offer."""
    if "all" in query:
        rows = get_concern_rows(cycle, ConcernFilterForm(query, cycle=cycle).wanted)
    else:
        rows = get_concern_rows(cycle, only=list_numbers(query, "audit"))
    return [row for row in rows if is_offerable(row)][:AT_ONCE]


def say_made(request: UserRequest, **wanted: Any) -> None:
    try:
        made: Made = make_offers(**wanted)
    except errors.NotInThisState as late:
        messages.warning(request, str(late))
        return
    messages.success(
        request, f"{plural(made.offers, 'offer')} made. The e-mails are in the outbox and go within minutes."
    )
    if made.unreached:
        messages.warning(
            request,
            f"{plural(made.unreached, 'agency', 'agencies')} of these "
            f"{'has' if made.unreached == 1 else 'have'} nobody who gets e-mail: no lead, and no contact. Call them.",
        )


def get_offer_or_404(desk: Desk, offer: int) -> SupportOffer:
    return get_object_or_404(get_offers_of(desk.partnership), pk=offer)


@require_http_methods(BOTH)
def support_offer(request: UserRequest, partnership: str, offer: int) -> HttpResponse:
    """What it is about, what the agency says, all that was done, and the next step."""
    desk = enter_desk(request, partnership)
    check_can_see_support(desk)
    found = get_offer_or_404(desk, offer)
    if request.method == "POST":
        check_can_follow_offer(desk, found)
    form = FollowForm(get_data(request), offer=found, officers=get_officers(desk.partnership))
    if form.is_valid():
        follow(request, found, form)
        return redirect("surveys:support_offer", partnership, offer)
    context = {
        "offer": found,
        "concerns": found.concerns.all(),
        "notes": found.notes.select_related("by", "owner"),
        "form": form,
        "reason": reason_why_not(check_can_follow_offer, desk, found),
    }
    return render(request, "surveys/support_offer.html", context)


def follow(request: UserRequest, offer: SupportOffer, form: FollowForm) -> None:
    said = form.cleaned_data
    if form.closes:
        outcome, text = said["outcome"], said["text"]
        done = "The offer is closed."
        tell_outcome(request, done, close_offer, offer=offer, outcome=outcome, text=text, by=request.user)
        return
    step = {"status": said["status"], "text": said["text"], "owner": said["owner"]}
    tell_outcome(request, "It is noted.", take_offer_on, offer=offer, by=request.user, **step)
