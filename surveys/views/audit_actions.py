"""What is done about a score of 0 or 1: an action, or a reason why there is none. Both lead back to the card."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from s11.organisations.requests import UserRequest
from s11.web.errors import NotAllowed, reason_why_not
from surveys.action_plans import asks_for_action
from surveys.actions import add_action, give_no_action_reason
from surveys.forms.actions import ActionForm, NoActionForm
from surveys.models import Audit
from surveys.permissions import check_can_answer, check_can_give_no_action_reason, check_can_plan_actions
from surveys.queries import AskedIndicator, get_asked_standards
from surveys.reach import get_reach
from surveys.views.actions import get_post, is_ready, say_refused, show_action_form, show_refused
from surveys.views.entering import enter_audit, make_crumbs, say_not_saved
from surveys.workflow import NotInThisState


@require_http_methods(["GET", "HEAD", "POST"])
def audit_action_add(
    request: UserRequest, partnership: str, organisation: str, cycle: str, code: str
) -> HttpResponse:
    """At any time of the year, also when the audit is submitted and its cycle closed."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    refused = say_refused(request, check_can_plan_actions, agency.roles)
    item = find_item(audit, code)
    back = find_card(audit, item, can_answer=not reason_why_not(check_can_answer, agency.roles, audit))
    if not asks_for_action(item.answer) and not refused:
        messages.warning(request, f"{code} is not scored 0 or 1, so it asks for no action.")
        return redirect(back)
    form = ActionForm(agency.organisation, get_post(request), initial={"version": 0})
    context = {"audit": audit, "item": item, "back": back, "crumbs": make_crumbs(request, audit)}
    if refused:
        return show_refused(request, "surveys/audit_action_add.html", form, refused, **context)
    if is_ready(request, form):
        add_action(
            participation=agency.participation,
            entered=form.make_input(),
            answer=item.answer,
            by=request.user,
        )
        messages.success(request, f"The action for {code} is in your plan.")
        return redirect(back)
    return show_action_form(request, "surveys/audit_action_add.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def audit_no_action(
    request: UserRequest, partnership: str, organisation: str, cycle: str, code: str
) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    item = find_item(audit, code)
    reach = get_reach(audit, request.user, agency.roles)
    try:
        check_can_give_no_action_reason(agency.roles, audit, reach, item.indicator)
        return _give_reason(request, audit, item)
    except NotInThisState as late:
        return say_not_saved(request, audit, late)
    except NotAllowed as why:
        if request.method != "POST":
            raise
        return say_not_saved(request, audit, why)


def _give_reason(request: UserRequest, audit: Audit, item: AskedIndicator) -> HttpResponse:
    back = find_card(audit, item, can_answer=True)
    answer = item.answer
    if answer is None or not asks_for_action(answer):
        messages.warning(request, f"{item.indicator.code} is not scored 0 or 1, so it asks for no action.")
        return redirect(back)
    form = NoActionForm(get_post(request), auto_id="%s", initial={"reason": answer.no_action_reason})
    if request.method == "POST" and form.is_valid():
        give_no_action_reason(audit=audit, answer=answer, reason=form.cleaned_data["reason"], by=request.user)
        return redirect(back)
    context = {
        "audit": audit,
        "item": item,
        "form": form,
        "back": back,
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/audit_no_action.html", context)


def find_item(audit: Audit, code: str) -> AskedIndicator:
    """What the audit asks under this code; anything else is 404."""
    for standard in get_asked_standards(audit):
        for item in standard.items:
            if item.indicator.code == code:
                return item
    raise Http404


def find_card(audit: Audit, item: AskedIndicator, *, can_answer: bool) -> str:
    """Where the indicator stands: on its standard's page, or for who cannot answer where it is read."""
    code = item.indicator.code
    if not can_answer:
        return f"{reverse('surveys:audit_read', kwargs=audit.slugs)}#{code}"
    standard = item.indicator.standard.code
    return f"{reverse('surveys:audit_standard', kwargs=audit.slugs | {'code': standard})}#{code}"


STEPS = {"evidence": "audit_evidence", "action": "audit_action_add", "none": "audit_no_action"}


def find_planning(audit: Audit, go: str) -> str:
    """Where a card's button leads once its page is saved, such as `action:A1.1`; empty for any other button."""
    what, _, code = go.partition(":")
    name = STEPS.get(what)
    if name is None or not code or "/" in code:
        return ""
    return reverse(f"surveys:{name}", kwargs=audit.slugs | {"code": code})
