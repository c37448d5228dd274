"""An audit as its agency meets it: start, task list, check, submit, receipt, recall; and read by those who may."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.languages import in_english, say
from surveys.already import say_submitted
from surveys.check_list import get_check_list
from surveys.comparison import has_audit_elsewhere
from surveys.destroyed import check_is_kept
from surveys.enums import AuditStatus
from surveys.extent import get_extent, say_audit_extent
from surveys.forms.elsewhere import StartForm
from surveys.models import Audit, Invitee
from surveys.moderated import compare_series
from surveys.moderation_permissions import is_closed
from surveys.permissions import (
    check_can_answer,
    check_can_bring_in,
    check_can_recall,
    check_can_send_own_tool,
    check_can_start_audit,
    check_can_submit,
)
from surveys.practitioners import get_asked_survey
from surveys.progress import get_progress
from surveys.queries import get_invitee_or_404, get_submitted_copy, make_reference
from surveys.reading import get_reading
from surveys.staff_says import get_staff_says
from surveys.standing import get_standing
from surveys.views.checking import show_check
from surveys.views.elsewhere import make_start_form, tell_if_started
from surveys.views.entering import enter_audit, enter_reading, go_to, make_crumbs
from surveys.views.sign_offs import find_offers
from surveys.views.task_list import Viewer, make_task_list
from surveys.workflow import AuditIncomplete, NotInThisState, open_audit, recall_audit, submit_audit


@require_safe
def audit(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """The task list; before anybody has started, how to start."""
    agency = enter_agency(request, partnership, organisation)
    invitee = get_invitee_or_404(request.user, partnership, organisation, cycle)
    if hasattr(invitee, "own_tool_return"):
        return go_to("audit_own_tool", invitee)
    found: Audit | None = getattr(invitee, "audit", None)
    if found is None:
        return _show_start(request, agency, invitee, make_start_form(request, invitee))
    if destroyed := reason_why_not(check_is_kept, found):
        return render(request, "surveys/audit_destroyed.html", {"audit": found, "reason": destroyed})
    standing = get_standing(found)
    viewer = Viewer(request.user, agency.roles, is_own_alone="mine" in request.GET)
    progress = get_progress(found)
    context = {
        "audit": found,
        "tasks": make_task_list(found, progress, standing, viewer),
        "is_elsewhere_too": has_audit_elsewhere(request.user, found.invitee),
        "extent": say_audit_extent(found, progress.standards),
        "standing": standing,
        "reason": reason_why_not(check_can_answer, agency.roles, found),
        "may_bring_in": not reason_why_not(check_can_bring_in, agency.roles, found),
    }
    return render(request, "surveys/audit.html", context)


def _show_start(
    request: UserRequest, agency: Agency, invitee: Invitee, form: StartForm | None
) -> HttpResponse:
    context = {
        "invitee": invitee,
        "extent": get_extent(invitee.cycle, invitee.cycle_questionnaire),
        "form": form,
        "reason": reason_why_not(check_can_start_audit, agency.roles, invitee),
        "own_reason": reason_why_not(check_can_send_own_tool, agency.roles, invitee),
        "may_ask_staff": get_asked_survey(invitee)[0],
    }
    return render(request, "surveys/audit_start.html", context)


@require_POST
def audit_start(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    invitee = get_invitee_or_404(request.user, partnership, organisation, cycle)
    check_can_start_audit(agency.roles, invitee)
    form = make_start_form(request, invitee)
    if form is not None and not form.is_valid():
        return _show_start(request, agency, invitee, form)
    elsewhere = form.elsewhere if form is not None else None
    audit = open_audit(invitee=invitee, by=request.user, elsewhere=elsewhere)
    if elsewhere is not None:
        tell_if_started(request, audit)
    return go_to("audit", invitee)


@require_safe
def audit_check(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    if audit.status == AuditStatus.SUBMITTED or not audit.cycle.is_open:
        return go_to("audit_submitted" if audit.is_counted else "audit", audit)
    return show_check(request, audit, agency.roles, get_progress(audit))


@require_POST
def audit_submit(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    if already := say_submitted(audit, agency.roles):
        messages.info(request, already)
        return go_to("audit_submitted", audit)
    check_can_submit(agency.roles, audit)
    try:
        submit_audit(audit=audit, by=request.user)
    except AuditIncomplete as incomplete:
        return show_check(request, audit, agency.roles, incomplete.progress, is_refused=True)
    except NotInThisState as late:
        # Pressed twice at once: the verb has looked again.
        already = say_submitted(audit, agency.roles)
        messages.info(request, already) if already else messages.warning(request, str(late))
        return go_to("audit_submitted" if already else "audit", audit)
    return go_to("audit_submitted", audit)


@require_safe
def audit_submitted(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """The receipt, for as long as the audit is submitted."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    if not audit.is_counted:
        return go_to("audit", audit)
    reading = get_reading(audit, audit.submission)
    context = {
        "audit": audit,
        "reading": reading,
        "extent": say_audit_extent(audit, [one.asked for one in reading.standards]),
        "copy": get_submitted_copy(audit),
        "reference": make_reference(audit, audit.submission),
        "recall_reason": reason_why_not(check_can_recall, agency.roles, audit),
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/audit_submitted.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def audit_recall(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """Asks first: what a recall means is not obvious."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_recall(agency.roles, audit)
    if request.method != "POST":
        context = {"audit": audit, "crumbs": make_crumbs(request, audit)}
        return render(request, "surveys/audit_recall.html", context)
    done = say("The audit is a draft again. Change what you need to, then submit it again.")
    tell_outcome(request, done, recall_audit, audit=audit, by=request.user)
    return go_to("audit", audit)


@require_safe
def audit_read(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    audit, submission = enter_reading(request, partnership, organisation, cycle)
    # What the lead has seen before asking, the signatory sees too.
    is_awaiting = audit.status == AuditStatus.AWAITING_SIGN_OFF
    reading = replace(get_reading(audit, submission), staff=get_staff_says(audit.invitee))
    offers = find_offers(request, audit)
    with in_english():  # as all of the page is so far
        context = {
            "audit": audit,
            "reading": reading,
            "extent": say_audit_extent(audit, [one.asked for one in reading.standards]),
            "copy": get_submitted_copy(audit) if submission else None,
            "both_series": compare_series(audit) if offers.may_see_moderation and is_closed(audit) else None,
            "checks": get_check_list(audit, get_progress(audit)) if is_awaiting else None,
            "offers": offers,
            "crumbs": make_crumbs(request, audit),
        }
    return render(request, "surveys/audit_read.html", context)
