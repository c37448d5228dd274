"""The desk's cycles: the list, one cycle with who is invited to it, opening, closing and changing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.enums import Variant
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, tell_outcome
from s11.web.dates import date as in_words
from s11.web.errors import reason_why_not
from surveys.cycle_plans import change_pin, change_plan, delete_plan, move_closing_day
from surveys.date_warnings import get_date_warnings
from surveys.extent import Extent, get_extents
from surveys.forms.cycles import ClosingDayForm, CyclePlanForm, PinForm
from surveys.forms.invitees import InviteeFilterForm
from surveys.invitees import InviteeRow, get_invitees, get_returns, make_rows
from surveys.models import Cycle, CycleQuestionnaire
from surveys.participation import get_participation
from surveys.permissions import (
    check_can_change_plan,
    check_can_close_cycle,
    check_can_invite_to_cycle,
    check_can_move_closing_day,
    check_can_open_cycle,
    check_can_plan_cycles,
    check_can_read,
    check_can_read_own_tool,
)
from surveys.pipeline_permissions import check_can_copy_cycle
from surveys.planning import get_banks, get_titles
from surveys.practitioner_permissions import check_can_see_surveys
from surveys.queries import get_cycle_or_404
from surveys.workflow import close_cycle, open_cycle

PAGE = 50


@require_safe
def cycles(request: UserRequest, partnership: str) -> HttpResponse:
    """Every officer sees every cycle."""
    desk = enter_desk(request, partnership)
    page = Paginator(Cycle.objects.of(desk.partnership), PAGE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "page": page,
        "returns": get_returns(page.object_list),
        "reason": reason_why_not(check_can_plan_cycles, desk),
    }
    return render(request, "surveys/cycles.html", context)


@require_safe
def cycle(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Progress, never answers: every officer may see it."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    form = InviteeFilterForm(request.GET, cycle=found)
    page = Paginator(get_invitees(found, **form.get_filters()), PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": found,
        "pins": get_pins(found),
        "figures": get_participation(found),
        "exempt": found.invitees.exclude(exempt_reason="").count(),
        "filter": form,
        "page": page,
        "rows": [(row, can_read(desk, row)) for row in make_rows(found, page.object_list)],
        "reasons": get_reasons(desk, found),
    }
    return render(request, "surveys/cycle.html", context)


def can_read(desk: Desk, row: InviteeRow) -> bool:
    """Whether the line leads to the audit."""
    if row.has_own_tool:
        return not reason_why_not(check_can_read_own_tool, desk)
    return row.audit is not None and not reason_why_not(check_can_read, desk, row.audit)


def get_pins(cycle: Cycle) -> list[tuple[CycleQuestionnaire, Extent]]:
    """Each with how much of its bank is asked, in the order of reports."""
    pins = cycle.cycle_questionnaires.select_related("questionnaire").prefetch_related("standards")
    ordered = sorted(pins, key=lambda pin: Variant.values.index(pin.variant))
    return get_extents({pin.pk: cycle for pin in ordered}, ordered)


def get_reasons(desk: Desk, cycle: Cycle) -> dict[str, str]:
    """Why each button of the page is not for this person, or for nobody at this moment; empty where it is."""
    return {
        "plan": reason_why_not(check_can_plan_cycles, desk),
        "open": reason_why_not(check_can_open_cycle, desk, cycle),
        "close": reason_why_not(check_can_close_cycle, desk, cycle),
        "change": reason_why_not(check_can_change_plan, desk, cycle),
        "copy": reason_why_not(check_can_copy_cycle, desk, cycle),
        "move": reason_why_not(check_can_move_closing_day, desk, cycle),
        "invite": reason_why_not(check_can_invite_to_cycle, desk, cycle),
        "survey": reason_why_not(check_can_see_surveys, desk),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_open(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Says what opening does and what is still in its way; then does it."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_plan_cycles(desk)
    if request.method == "POST":
        check_can_open_cycle(desk, found)
        done = f"{found} is open: agencies can answer now."
        tell_outcome(request, done, open_cycle, cycle=found, by=request.user)
        return redirect(found)
    context = {
        "cycle": found,
        "pins": get_pins(found),
        "invited": found.invitees.count(),
        "today": timezone.localdate(),
        "warnings": get_date_warnings(found.opens_on, found.closes_on),
        "reason": reason_why_not(check_can_open_cycle, desk, found),
    }
    return render(request, "surveys/cycle_open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_close(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Says what cannot be done afterwards; then closes."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_close_cycle(desk, found)
    if request.method == "POST":
        done = f"{found} is closed. Nothing in it can change any more."
        tell_outcome(request, done, close_cycle, cycle=found, by=request.user)
        return redirect(found)
    context = {
        "cycle": found,
        "figures": get_participation(found),
        "today": timezone.localdate(),
    }
    return render(request, "surveys/cycle_close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_change(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Title, dates and sign-off, while it is planned."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_change_plan(desk, found)
    initial = {"title": found.title, "opens_on": found.opens_on, "closes_on": found.closes_on}
    initial["asks_sign_off"] = "yes" if found.asks_sign_off else "no"
    form = CyclePlanForm(request.POST or None, initial=initial, taken=get_titles(desk.partnership, but=found))
    if form.is_valid():
        data = form.cleaned_data
        if tell_outcome(request, "The plan is changed.", change_plan, cycle=found, by=request.user, **data):
            for warning in get_date_warnings(data["opens_on"], data["closes_on"]):
                messages.warning(request, warning)
        return redirect(found)
    return render(request, "surveys/cycle_change.html", {"cycle": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_delete(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """A plan that comes to nothing."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_change_plan(desk, found)
    if request.method == "POST":
        is_done = tell_outcome(
            request, f"The plan of {found} is deleted.", delete_plan, cycle=found, by=request.user
        )
        return redirect("surveys:cycles", partnership) if is_done else redirect(found)
    context = {"cycle": found, "invited": found.invitees.count()}
    return render(request, "surveys/cycle_delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_closing_day(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Another closing day, while it is open."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_move_closing_day(desk, found)
    form = ClosingDayForm(request.POST or None, initial={"closes_on": found.closes_on})
    if form.is_valid():
        day = form.cleaned_data["closes_on"]
        done = f"Returns are on time until the end of {in_words(day)}."
        tell_outcome(request, done, move_closing_day, cycle=found, closes_on=day, by=request.user)
        return redirect(found)
    return render(request, "surveys/cycle_closing_day.html", {"cycle": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_bank(request: UserRequest, partnership: str, cycle: str, variant: str) -> HttpResponse:
    """The question bank of one variant and, for a topic, its standards; while the cycle is planned."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    row = get_object_or_404(found.cycle_questionnaires.select_related("questionnaire"), variant=variant)
    check_can_change_plan(desk, found)
    banks = [bank for bank in get_banks(desk.partnership) if bank.variant == variant]
    prefetch_related_objects([row.questionnaire, *banks], "standards")
    form = PinForm(request.POST or None, row=row, banks=banks)
    if form.is_valid():
        pin = form.cleaned_data["pin"]
        tell_outcome(request, "The change is saved.", change_pin, row=row, pin=pin, by=request.user)
        return redirect(found)
    return render(request, "surveys/cycle_bank.html", {"cycle": found, "row": row, "form": form})
