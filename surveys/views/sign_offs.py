"""Around a submission: a lead asks for sign-off, the signatory decides, an officer returns answers for correction."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from s11.organisations.queries import Agency, Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.languages import say
from surveys.already import say_asked, say_signed
from surveys.check_list import get_check_list
from surveys.forms.sign_offs import NoteForm, ReturnForm, StatementForm, make_statement
from surveys.models import Audit
from surveys.moderation_permissions import check_can_see_moderation
from surveys.permissions import (
    check_can_ask_sign_off,
    check_can_return,
    check_can_send_back,
    check_can_sign_off,
    check_can_withdraw_sign_off,
)
from surveys.progress import get_progress
from surveys.reading import get_reading
from surveys.sign_offs import ask_sign_off, return_audit, send_back, sign_off, withdraw_sign_off
from surveys.standing import get_standing
from surveys.views.checking import show_check
from surveys.views.entering import enter_audit, go_to, make_crumbs
from surveys.workflow import AuditIncomplete, NotInThisState

BOTH = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Offers:
    """What a reader may do with the audit that they read."""

    may_sign: bool = False
    may_send_back: bool = False
    may_return: bool = False
    may_see_moderation: bool = False


def find_offers(request: UserRequest, audit: Audit) -> Offers:
    match request.place:
        case Desk() as desk:
            return Offers(
                may_return=not reason_why_not(check_can_return, desk, audit),
                may_see_moderation=not reason_why_not(check_can_see_moderation, desk),
            )
        case Agency() as agency:
            return Offers(
                may_sign=not reason_why_not(check_can_sign_off, agency.roles, audit),
                may_send_back=not reason_why_not(check_can_send_back, agency.roles, audit),
            )
    return Offers()


@require_POST
def audit_sign_off_ask(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    if already := say_asked(audit, agency.roles):
        messages.info(request, already)
        return go_to("audit", audit)
    check_can_ask_sign_off(agency.roles, audit)
    try:
        ask_sign_off(audit=audit, by=request.user)
    except AuditIncomplete as incomplete:
        return show_check(request, audit, agency.roles, incomplete.progress, is_refused=True)
    except NotInThisState as late:
        # Pressed twice at once: the verb has looked again.
        messages.info(request, say_asked(audit, agency.roles) or str(late))
        return go_to("audit", audit)
    messages.success(request, say("We have asked for sign-off by e-mail. Until then the answers are locked."))
    return go_to("audit", audit)


@require_POST
def audit_sign_off_withdraw(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_withdraw_sign_off(agency.roles, audit)
    done = say("The audit is a draft again. Change what you need to, then ask for sign-off again.")
    tell_outcome(request, done, withdraw_sign_off, audit=audit, by=request.user)
    return go_to("audit", audit)


@require_http_methods(BOTH)
def audit_sign_off(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    if already := say_signed(audit, request.user, agency.roles):
        messages.info(request, already)
        return go_to("audit_submitted" if audit.is_counted else "audit", audit)
    check_can_sign_off(agency.roles, audit)
    form = StatementForm(get_data(request), initial={"statement": make_statement(audit)})
    if request.method != "POST" or not form.is_valid():
        return _show_sign_off(request, audit, form)
    statement = form.cleaned_data["statement"]
    done = say(
        "You have signed off the audit. The leads of {organisation} are told, and submit it.",
        organisation=audit.organisation,
    )
    tell_outcome(request, done, sign_off, audit=audit, statement=statement, by=request.user)
    return go_to("audit", audit)


def _show_sign_off(request: UserRequest, audit: Audit, form: StatementForm) -> HttpResponse:
    context = {
        "audit": audit,
        "form": form,
        "standing": get_standing(audit),
        "checks": get_check_list(audit, get_progress(audit)),
        "reading": get_reading(audit, None),
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/audit_sign_off.html", context)


@require_http_methods(BOTH)
def audit_send_back(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_send_back(agency.roles, audit)
    form = NoteForm(get_data(request))
    if request.method != "POST" or not form.is_valid():
        context = {"audit": audit, "form": form, "crumbs": make_crumbs(request, audit)}
        return render(request, "surveys/audit_send_back.html", context)
    done = f"You have sent the audit back. The leads of {audit.organisation} have your note."
    tell_outcome(request, done, send_back, audit=audit, note=form.cleaned_data["note"], by=request.user)
    return go_to("audit", audit)


@require_http_methods(BOTH)
def audit_return(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """On the desk: officers see an audit only once it is submitted."""
    desk = enter_desk(request, partnership)
    audit = get_object_or_404(
        Audit.objects.in_place(partnership, organisation, cycle).select_related(
            "invitee__organisation",
            "invitee__cycle__partnership",
            "invitee__cycle_questionnaire__questionnaire",
        )
    )
    check_can_return(desk, audit)
    standards = [standard.asked for standard in get_reading(audit, audit.submission).standards]
    form = ReturnForm(get_data(request), standards=standards)
    if request.method != "POST" or not form.is_valid():
        context = {"audit": audit, "form": form, "crumbs": make_crumbs(request, audit)}
        return render(request, "surveys/audit_return.html", context)
    chosen, reason = form.cleaned_data["chosen"], form.cleaned_data["reason"]
    done = f"The audit is returned. The leads of {audit.organisation} are told which answers to correct, and why."
    tell_outcome(request, done, return_audit, audit=audit, indicators=chosen, reason=reason, by=request.user)
    return go_to("audit_read", audit)
