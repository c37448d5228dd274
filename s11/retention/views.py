"""The desk's room Retention: the schedule, what has come due, destruction lists, holds and certificates."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.retention.certificates import get_certified
from s11.retention.destroying import destroy_list
from s11.retention.enums import ItemState, Kind, ListStatus
from s11.retention.forms import ApprovalForm, HoldForm, PeriodForm
from s11.retention.listing import (
    approve_list,
    count_due,
    hold_back,
    make_list,
    propose_list,
    release_hold,
    return_list,
    withdraw_list,
)
from s11.retention.models import Certificate, DestructionItem, DestructionList, Hold, Period
from s11.retention.permissions import (
    check_can_decide,
    check_can_prepare,
    check_can_propose,
    check_can_see_retention,
    check_can_set_periods,
    check_can_withdraw,
)
from s11.retention.records import RECORDS
from s11.retention.schedule_defaults import BY_CLOCK, FOR_GOOD
from s11.retention.schedules import Line, get_schedule, set_period
from s11.web.downloads import hand_out
from s11.web.errors import NotInThisState, reason_why_not

ROOM, LIST = "retention:schedule", "retention:list"
# Figures of a cycle are made of these.
COUNTED = (Kind.MEETING, Kind.ACTION, Kind.AUDIT)
BOTH = ("GET", "HEAD", "POST")
PAGE = 50


def enter(request: UserRequest, partnership: str) -> Desk:
    desk = enter_desk(request, partnership)
    check_can_see_retention(desk)
    return desk


def enter_list(request: UserRequest, partnership: str, number: int) -> tuple[Desk, DestructionList]:
    desk = enter(request, partnership)
    lists = DestructionList.objects.filter(partnership=desk.partnership)
    found = lists.select_related("partnership", "prepared_by", "approved_by")
    return desk, get_object_or_404(found, number=number)


# The schedule ---------------------------------------------------------------------------------------------------------


@require_safe
def schedule(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter(request, partnership)
    lists = DestructionList.objects.filter(partnership=desk.partnership).select_related("approved_by")
    holds = Hold.objects.current().filter(partnership=desk.partnership).select_related("by")
    context = {
        "desk": desk,
        "lines": get_schedule(desk.partnership),
        "fixed": (BY_CLOCK, FOR_GOOD),
        "due": count_due(desk.partnership, timezone.localdate()),
        "page": Paginator(lists, PAGE).get_page(request.GET.get("page")),
        "holds": holds[:PAGE],
        "standing": lists.open().first(),
        "reasons": {
            "set": reason_why_not(check_can_set_periods, desk),
            "prepare": reason_why_not(check_can_prepare, desk),
        },
    }
    return render(request, "retention/schedule.html", context)


@require_http_methods(BOTH)
def period(request: UserRequest, partnership: str, kind: str) -> HttpResponse:
    desk = enter(request, partnership)
    check_can_set_periods(desk)
    if kind not in Kind.values:
        raise Http404
    line = next(one for one in get_schedule(desk.partnership) if one.kind == kind)
    form = PeriodForm(get_data(request), line=line)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = set_period(
                partnership=desk.partnership,
                kind=line.kind,
                months=data["months"],
                why=data["why"],
                seen_version=data["version"],
                by=request.user,
            )
        except NotInThisState as taken:
            # What was typed stays, and is saved by the next press: the page shows what holds now.
            form.see(line)
            form.add_error(None, str(taken))
        else:
            messages.success(request, f"{made.get_kind_display()}: the period is set.")
            return redirect(ROOM, partnership)
    versions = Period.objects.filter(partnership=desk.partnership, kind=kind).select_related("set_by")
    earlier = [Line(line.kind, line.default, one) for one in versions.order_by("-version")[:PAGE]]
    context = {"desk": desk, "line": line, "form": form, "earlier": earlier}
    return render(request, "retention/period.html", context)


# Lists ----------------------------------------------------------------------------------------------------------------


@require_POST
def list_make(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter(request, partnership)
    check_can_prepare(desk)
    try:
        made = make_list(partnership=desk.partnership, today=timezone.localdate())
    except NotInThisState as refused:
        messages.error(request, str(refused))
        return redirect(ROOM, partnership)
    return redirect(LIST, partnership, made.number)


@require_safe
def list_(request: UserRequest, partnership: str, number: int) -> HttpResponse:
    """While it is being destroyed the page looks again by itself; without scripts there is a link to do so."""
    desk, found = enter_list(request, partnership, number)
    states: Counter[str] = Counter(found.items.order_by().values_list("state", flat=True))
    kinds: Counter[str] = Counter(found.items.order_by().values_list("kind", flat=True))
    page = Paginator(found.items.order_by("pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "found": found,
        "page": page,
        "names": name_items(list(page.object_list)),
        "counts": [(kind.label, kinds[kind]) for kind in Kind if kinds[kind]],
        "progress": (states[ItemState.DESTROYED], states[ItemState.KEPT_BACK], sum(states.values())),
        "certificate": Certificate.objects.filter(list=found).first(),
        "reasons": {
            "propose": reason_why_not(check_can_propose, desk, found),
            "withdraw": reason_why_not(check_can_withdraw, desk, found),
            "decide": reason_why_not(check_can_decide, desk, found, request.user),
            "prepare": reason_why_not(check_can_prepare, desk),
        },
    }
    response = render(request, "retention/list.html", context)
    if request.htmx and found.status != ListStatus.APPROVED:
        # It came to its end while somebody watched: its state, its records and the certificate are all new.
        response["HX-Refresh"] = "true"
    return response


def name_items(items: list[DestructionItem]) -> dict[int, str]:
    """By item, what officers know it by, while it is there. A query a kind."""
    names = {}
    for kind in Kind:
        records = [item.record for item in items if item.kind == kind and item.state != ItemState.DESTROYED]
        if records:
            names[kind] = RECORDS[kind].name(records)
    return {
        item.pk: names[Kind(item.kind)][item.record]
        for item in items
        if item.record in names.get(Kind(item.kind), {})
    }


@require_POST
def list_propose(request: UserRequest, partnership: str, number: int) -> HttpResponse:
    desk, found = enter_list(request, partnership, number)
    check_can_propose(desk, found)
    done = "The list is put forward. Another administrator, or the chair of the panel, approves it."
    tell_outcome(request, done, propose_list, found=found, by=request.user)
    return redirect(LIST, partnership, number)


@require_POST
def list_withdraw(request: UserRequest, partnership: str, number: int) -> HttpResponse:
    desk, found = enter_list(request, partnership, number)
    check_can_withdraw(desk, found)
    tell_outcome(
        request, "The list is withdrawn. Nothing was destroyed.", withdraw_list, found=found, by=request.user
    )
    return redirect(ROOM, partnership)


@require_POST
def list_return(request: UserRequest, partnership: str, number: int) -> HttpResponse:
    desk, found = enter_list(request, partnership, number)
    check_can_decide(desk, found, request.user)
    tell_outcome(
        request,
        "The list is a draft again: its records can be held back, and it can be put forward anew.",
        return_list,
        found=found,
        by=request.user,
    )
    return redirect(LIST, partnership, number)


@require_http_methods(BOTH)
def list_approve(request: UserRequest, partnership: str, number: int) -> HttpResponse:
    desk, found = enter_list(request, partnership, number)
    check_can_decide(desk, found, request.user)
    ask_who_it_is(request)
    kinds: Counter[str] = Counter(found.items.order_by().values_list("kind", flat=True))
    form = ApprovalForm(get_data(request), initial={"seen": sum(kinds.values())})
    if form.is_valid():
        try:
            approve_list(found=found, seen=form.cleaned_data["seen"], by=request.user)
        except NotInThisState as changed:
            messages.error(request, str(changed))
        else:
            destroy_list.enqueue(found.pk)
            messages.success(request, "The list is approved. What stands on it is being destroyed now.")
        return redirect(LIST, partnership, number)
    context = {
        "desk": desk,
        "found": found,
        "form": form,
        "counts": [(kind.label, kinds[kind]) for kind in Kind if kinds[kind]],
        "touches_figures": any(kinds[kind] for kind in COUNTED),
    }
    return render(request, "retention/approve.html", context)


@require_safe
def list_certificate(request: UserRequest, partnership: str, number: int) -> HttpResponse:
    desk, found = enter_list(request, partnership, number)
    if found.status != ListStatus.DONE:
        raise Http404
    context = {"desk": desk, "found": found, "certified": get_certified(found)}
    return render(request, "retention/certificate.html", context)


@require_safe
def list_certificate_file(request: UserRequest, partnership: str, number: int) -> HttpResponseBase:
    desk, found = enter_list(request, partnership, number)
    certificate = get_object_or_404(Certificate, list=found)
    return hand_out(certificate.file, name=f"{desk.partnership.slug}-destruction-{found.number}.pdf")


# Holds ----------------------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def hold(request: UserRequest, partnership: str, number: int, item: int) -> HttpResponse:
    desk, found = enter_list(request, partnership, number)
    check_can_prepare(desk)
    one = DestructionItem.objects.select_related("list__partnership").filter(list=found, pk=item).first()
    if one is None:
        # Somebody else was quicker: what is held leaves the list.
        messages.warning(
            request, "That record is not on this list any more. Look under ‘Held back’ in Retention."
        )
        return redirect(LIST, partnership, number)
    form = HoldForm(get_data(request))
    if form.is_valid():
        try:
            hold_back(item=one, reason=form.cleaned_data["reason"], by=request.user)
        except NotInThisState as gone:
            messages.error(request, str(gone))
        else:
            messages.success(request, f"Held back until somebody releases it: {one.reference}.")
        return redirect(LIST, partnership, number)
    context = {
        "desk": desk,
        "found": found,
        "item": one,
        "name": name_items([one]).get(one.pk, ""),
        "form": form,
    }
    return render(request, "retention/hold.html", context)


@require_POST
def hold_release(request: UserRequest, partnership: str, hold: int) -> HttpResponse:
    desk = enter(request, partnership)
    check_can_prepare(desk)
    found = get_object_or_404(Hold, partnership=desk.partnership, pk=hold)
    done = f"Released, and on the next list if it is due: {found.reference}."
    tell_outcome(request, done, release_hold, hold=found, by=request.user)
    return redirect(ROOM, partnership)
