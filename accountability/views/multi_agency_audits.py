"""The desk's register of multi-agency audits: the list, the plan of a year, and one audit from plan to findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.forms.multi_agency import FindingsForm, PlanForm, ReasonForm
from accountability.models import MultiAgencyAudit
from accountability.multi_agency_charts import make_plan_chart
from accountability.multi_agency_permissions import (
    check_can_agree_action,
    check_can_cancel_audit,
    check_can_change_audit,
    check_can_keep_audits,
    check_can_see_audits,
)
from accountability.multi_agency_plan import get_plan
from accountability.multi_agency_reflections import get_reflection, get_told
from accountability.multi_agency_register import (
    get_audit_or_404,
    list_agencies,
    list_agreed,
    list_audits,
    list_taking_part,
)
from accountability.multi_agency_writing import (
    add_audit,
    cancel_audit,
    change_audit,
    plan_audit_again,
)
from accountability.naming import list_organisations
from accountability.reporting_years import ReportingYear
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.text import read_number

BOTH = ["GET", "HEAD", "POST"]
PAGE = 50
PLAN = ("title", "theme", "method", "about", "committee", "begins_on", "ends_on", "repeats", "version")
AGAIN = ("title", "theme", "method", "about", "committee")
FINDINGS = ("key_messages", "strengths", "weaknesses", "reported_on", "again_on", "version")


def enter_audits(request: UserRequest, partnership: str) -> Desk:
    desk = enter_desk(request, partnership)
    check_can_see_audits(desk)
    return desk


def enter_audit(request: UserRequest, partnership: str, audit: int) -> tuple[Desk, MultiAgencyAudit]:
    desk = enter_audits(request, partnership)
    return desk, get_audit_or_404(desk.partnership, audit)


def go_to(audit: MultiAgencyAudit) -> HttpResponse:
    return redirect("accountability:multi_agency_audit", audit.partnership.slug, audit.pk)


@require_safe
def multi_agency_audits(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_audits(request, partnership)
    context = {
        "desk": desk,
        "page": Paginator(list_audits(desk.partnership), PAGE).get_page(request.GET.get("page")),
        "year": ReportingYear.of(timezone.localdate()),
        "reason": reason_why_not(check_can_keep_audits, desk),
    }
    return render(request, "accountability/multi_agency_audits.html", context)


@require_safe
def multi_agency_plan(request: UserRequest, partnership: str, year: str) -> HttpResponse:
    """To be printed, too."""
    desk = enter_audits(request, partnership)
    found = ReportingYear.from_slug(year)
    if found is None:
        raise Http404
    plan = get_plan(desk.partnership, found)
    context = {"desk": desk, "plan": plan, "chart": make_plan_chart(plan), "today": timezone.localdate()}
    return render(request, "accountability/multi_agency_plan.html", context)


@require_safe
def multi_agency_audit(request: UserRequest, partnership: str, audit: int) -> HttpResponse:
    desk, found = enter_audit(request, partnership, audit)
    reflection = get_reflection(found)
    context = {
        "desk": desk,
        "audit": found,
        "taking_part": list_taking_part(found),
        "agreed": list_agreed(found),
        "reflection": reflection,
        "told": get_told(reflection),
        "reasons": {
            "change": reason_why_not(check_can_change_audit, desk, found),
            "cancel": reason_why_not(check_can_cancel_audit, desk, found),
            "agree": reason_why_not(check_can_agree_action, desk, found),
            "keep": reason_why_not(check_can_keep_audits, desk),
        },
    }
    return render(request, "accountability/multi_agency_audit.html", context)


# Planned and changed --------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def multi_agency_audit_add(request: UserRequest, partnership: str) -> HttpResponse:
    """`?repeats=` takes over what is to be looked at again, and who takes part."""
    desk = enter_audits(request, partnership)
    check_can_keep_audits(desk)
    earlier = find_earlier(desk, request.GET.get("repeats", ""))
    initial: dict[str, Any] = {"version": 0, "repeats": earlier}
    chosen: list[int] = []
    if earlier is not None:
        initial |= {name: getattr(earlier, name) for name in AGAIN}
        chosen = list(earlier.taking_part.values_list("pk", flat=True))
    form = make_plan_form(request, desk, chosen=chosen, initial=initial)
    if form.is_valid():
        made = add_audit(partnership=desk.partnership, entered=form.entered, by=request.user)
        messages.success(request, f"‘{made}’ is in the register, and in the plan of its year.")
        return go_to(made)
    context = {"desk": desk, "audit": None, "form": form, "theirs": None}
    return render(request, "accountability/multi_agency_audit_change.html", context)


def find_earlier(desk: Desk, typed: str) -> MultiAgencyAudit | None:
    """None where it is not one of this partnership's."""
    number = read_number(typed, most_digits=18)
    if number is None:
        return None
    return MultiAgencyAudit.objects.of(desk.partnership).filter(pk=number).first()


def make_plan_form(
    request: UserRequest,
    desk: Desk,
    audit: MultiAgencyAudit | None = None,
    *,
    chosen: Sequence[int],
    initial: Mapping[str, Any],
) -> PlanForm:
    others: QuerySet[MultiAgencyAudit] = MultiAgencyAudit.objects.of(desk.partnership).exclude(
        reported_on=None
    )
    if audit is not None:
        others = others.exclude(pk=audit.pk)
    return PlanForm(
        get_data(request),
        agencies=list_agencies(desk.partnership, chosen),
        others=others.order_by("-month", "title"),
        month=audit.month if audit else None,
        chosen=chosen,
        initial=initial,
    )


@require_http_methods(BOTH)
def multi_agency_audit_change(request: UserRequest, partnership: str, audit: int) -> HttpResponse:
    """A stale save keeps both: what somebody else saved is shown beside the form."""
    desk, found = enter_audit(request, partnership, audit)
    check_can_change_audit(desk, found)
    initial = {name: getattr(found, name) for name in PLAN} | {"month": str(found.month)}
    chosen = list(found.taking_part.values_list("pk", flat=True))
    form = make_plan_form(request, desk, found, chosen=chosen, initial=initial)
    return save_or_show(request, desk, found, form, "accountability/multi_agency_audit_change.html")


@require_http_methods(BOTH)
def multi_agency_audit_findings(request: UserRequest, partnership: str, audit: int) -> HttpResponse:
    desk, found = enter_audit(request, partnership, audit)
    check_can_change_audit(desk, found)
    initial = {name: getattr(found, name) for name in FINDINGS}
    form = FindingsForm(
        get_data(request), audit=found, names=list_organisations(desk.partnership), initial=initial
    )
    return save_or_show(request, desk, found, form, "accountability/multi_agency_audit_findings.html")


def save_or_show(
    request: UserRequest, desk: Desk, audit: MultiAgencyAudit, form: PlanForm | FindingsForm, template: str
) -> HttpResponse:
    """Back to the audit once it is saved; else the form, with the audit as somebody else saved it meanwhile."""
    theirs = None
    if form.is_valid():
        seen = form.cleaned_data["version"] or 0
        theirs = change_audit(audit=audit, entered=form.entered, seen_version=seen, by=request.user)
        if theirs is None:
            messages.success(request, "The audit is saved.")
            return go_to(audit)
    return render(request, template, {"desk": desk, "audit": audit, "form": form, "theirs": theirs})


@require_http_methods(BOTH)
def multi_agency_audit_cancel(request: UserRequest, partnership: str, audit: int) -> HttpResponse:
    desk, found = enter_audit(request, partnership, audit)
    check_can_cancel_audit(desk, found)
    form = ReasonForm(get_data(request), label="Why is it not held?")
    if form.is_valid():
        done = f"‘{found}’ is cancelled. It stays in the register, with the reason."
        reason = form.cleaned_data["reason"]
        tell_outcome(request, done, cancel_audit, audit=found, reason=reason, by=request.user)
        return go_to(found)
    return render(request, "accountability/multi_agency_audit_cancel.html", {"audit": found, "form": form})


@require_POST
def multi_agency_audit_again(request: UserRequest, partnership: str, audit: int) -> HttpResponse:
    """One that was cancelled is held after all."""
    desk, found = enter_audit(request, partnership, audit)
    check_can_keep_audits(desk)
    tell_outcome(request, f"‘{found}’ is planned again.", plan_audit_again, audit=found, by=request.user)
    return go_to(found)
