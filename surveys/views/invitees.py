"""Who is invited to a cycle: inviting more, and what is agreed with one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.text import plural
from surveys.cycle_plans import (
    change_exemption,
    change_extension,
    change_obligation,
    invite_to_cycle,
    remove_invitee,
)
from surveys.forms.invitees import (
    ExemptionForm,
    ExtensionForm,
    InviteeForm,
    InviteForm,
    ObligationForm,
    SearchForm,
)
from surveys.invitees import get_invitees, make_rows
from surveys.models import Invitee
from surveys.permissions import (
    check_can_change_invitee,
    check_can_exempt,
    check_can_extend,
    check_can_invite_to_cycle,
    check_can_remove_invitee,
)
from surveys.pipeline_permissions import check_can_read_contacts
from surveys.planning import get_invitable, make_invited
from surveys.queries import get_cycle_or_404
from surveys.views.cycles import can_read

PAGE = 50


@dataclass(frozen=True, slots=True)
class Agreement:
    """What can be changed about one invitee, and what it is without it."""

    heading: str
    form: type[InviteeForm]
    check: Callable[[Desk, Invitee], None]
    # Its keywords beside `invitee` and `by` are the form's fields.
    verb: Callable[..., None]
    done: str
    undone: str = ""
    without: tuple[tuple[str, Any], ...] = ()


AGREEMENTS = {
    "obligation": Agreement(
        "Must or may take part",
        ObligationForm,
        check_can_change_invitee,
        change_obligation,
        "The change is saved.",
    ),
    "extension": Agreement(
        "Give more time",
        ExtensionForm,
        check_can_extend,
        change_extension,
        "The extension is saved.",
        "The extension is taken back.",
        (("extended_to", None), ("extension_reason", "")),
    ),
    "exemption": Agreement(
        "Make it exempt",
        ExemptionForm,
        check_can_exempt,
        change_exemption,
        "It is exempt, and in none of the figures.",
        "It is no longer exempt.",
        (("exempt_reason", ""),),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_invite(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Those that take part and are not invited yet: some of a page, or all that were found."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_invite_to_cycle(desk, found)
    search = SearchForm(request.GET)
    invitable = get_invitable(found, search.cleaned_data["search"] if search.is_valid() else "")
    page = Paginator(invitable, PAGE).get_page(request.GET.get("page"))
    form = InviteForm(request.POST or None, participations=page.object_list)
    if "all" in request.POST or form.is_valid():
        chosen = list(invitable) if "all" in request.POST else form.get_chosen()
        done = f"{plural(len(chosen), 'organisation')} invited."
        invited = make_invited(chosen)
        tell_outcome(request, done, invite_to_cycle, cycle=found, invited=invited, by=request.user)
        return redirect(found)
    context = {"cycle": found, "form": form, "filter": search, "page": page}
    return render(request, "surveys/cycle_invite.html", context)


def get_invitee_or_404(desk: Desk, cycle: str, organisation: str) -> Invitee:
    """Of a cycle of this desk's partnership, with its audit if there is one."""
    found = get_cycle_or_404(desk.partnership, cycle)
    invitee = get_object_or_404(
        found.invitees.select_related("organisation", "cycle_questionnaire__questionnaire", "audit"),
        organisation__slug=organisation,
    )
    invitee.cycle = found
    return invitee


@require_safe
def cycle_invitee(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """One invited organisation: how far it has come and what is agreed with it."""
    desk = enter_desk(request, partnership)
    invitee = get_invitee_or_404(desk, cycle, organisation)
    rows = make_rows(invitee.cycle, get_invitees(invitee.cycle).filter(pk=invitee.pk))
    checks = {name: agreement.check for name, agreement in AGREEMENTS.items()}
    checks["remove"] = check_can_remove_invitee
    context = {
        "invitee": invitee,
        "row": rows[0],
        "reasons": {name: reason_why_not(check, desk, invitee) for name, check in checks.items()},
        "may_read": can_read(desk, rows[0]),
        "may_read_contacts": not reason_why_not(check_can_read_contacts, desk),
    }
    return render(request, "surveys/cycle_invitee.html", context)


def get_agreement_or_404(what: str) -> Agreement:
    try:
        return AGREEMENTS[what]
    except KeyError:
        raise Http404 from None


def back_to_invitee(invitee: Invitee) -> HttpResponse:
    return redirect(
        "surveys:cycle_invitee", invitee.cycle.partnership.slug, invitee.cycle.slug, invitee.organisation.slug
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_invitee_change(
    request: UserRequest, partnership: str, cycle: str, organisation: str, what: str
) -> HttpResponse:
    """Must or may, an extension, or an exemption."""
    desk = enter_desk(request, partnership)
    invitee = get_invitee_or_404(desk, cycle, organisation)
    agreement = get_agreement_or_404(what)
    agreement.check(desk, invitee)
    form = agreement.form(request.POST or None, instance=invitee)
    if form.is_valid():
        tell_outcome(
            request,
            agreement.done,
            agreement.verb,
            invitee=invitee,
            **form.cleaned_data,
            by=request.user,
        )
        return back_to_invitee(invitee)
    context = {"invitee": invitee, "form": form, "heading": agreement.heading}
    return render(request, "surveys/cycle_invitee_change.html", context)


@require_POST
def cycle_invitee_undo(
    request: UserRequest, partnership: str, cycle: str, organisation: str, what: str
) -> HttpResponse:
    """Take an extension or an exemption back."""
    desk = enter_desk(request, partnership)
    invitee = get_invitee_or_404(desk, cycle, organisation)
    agreement = get_agreement_or_404(what)
    if not agreement.without:
        raise Http404
    agreement.check(desk, invitee)
    without = dict(agreement.without)
    tell_outcome(request, agreement.undone, agreement.verb, invitee=invitee, **without, by=request.user)
    return back_to_invitee(invitee)


@require_POST
def cycle_invitee_remove(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> HttpResponse:
    """Only while there is no audit."""
    desk = enter_desk(request, partnership)
    invitee = get_invitee_or_404(desk, cycle, organisation)
    check_can_remove_invitee(desk, invitee)
    done = f"{invitee.organisation} is no longer invited."
    tell_outcome(request, done, remove_invitee, invitee=invitee, by=request.user)
    return redirect(invitee.cycle)
