"""Reports on the desk: begun, written, sent to review, read as the public will, approved, published.

Steps that are one form are in report_steps.py.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.enums import Licence
from accountability.feedback_permissions import check_can_read_feedback
from accountability.forms.reports import NewReportForm, SendForm
from accountability.models import Report
from accountability.naming import find_named
from accountability.publishing import ask_publication
from accountability.report_content import Composed, compose
from accountability.report_cycles import find_obstacle, get_scored
from accountability.report_pages import make_page
from accountability.report_permissions import (
    check_can_approve,
    check_can_change,
    check_can_correct,
    check_can_draft,
    check_can_publish,
    check_can_return,
    check_can_see_reports,
    check_can_withdraw,
)
from accountability.reporting import (
    NotInThisState,
    approve_report,
    begin_report,
    redraft_report,
    send_to_review,
)
from accountability.reports import (
    count_open_comments,
    get_given_back,
    get_others_about,
    get_report_or_404,
    get_report_page,
    get_reports,
    get_step,
)
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from surveys.enums import CycleStatus, Series
from surveys.models import Cycle

BOTH = ["GET", "HEAD", "POST"]
PAGE = "accountability:report"
ROWS_A_PAGE = 50
NOBODY_APPROVES = (
    "Sent to review, but nobody may approve it yet: everybody who could has written some of it. An administrator can "
    "make somebody else an administrator or quality officer."
)
NOBODY_PUBLISHES = "Approved, but nobody may publish it yet. An administrator can make somebody a publisher."


def enter_report(request: UserRequest, partnership: str, report: int) -> tuple[Desk, Report]:
    desk = enter_desk(request, partnership)
    check_can_see_reports(desk)
    return desk, get_report_or_404(request.user, desk, report)


@require_safe
def reports(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_see_reports(desk)
    page = Paginator(get_reports(request.user, desk), ROWS_A_PAGE).get_page(request.GET.get("page"))
    names_agencies = not reason_why_not(check_can_read_feedback, desk)
    context = {
        "desk": desk,
        "page": page,
        "reason": reason_why_not(check_can_draft, desk),
        "given_back": get_given_back(desk.partnership) if names_agencies else None,
    }
    return render(request, "accountability/reports.html", context)


@require_http_methods(BOTH)
def report_new(request: UserRequest, partnership: str) -> HttpResponse:
    """With what is likeliest filled in: the newest cycle, and its name in the title. An open one's figures change."""
    desk = enter_desk(request, partnership)
    check_can_draft(desk)
    cycles = list(Cycle.objects.of(desk.partnership).filter(status=CycleStatus.CLOSED))
    first: dict[str, str] = {"series": Series.SELF, "licence": Licence.OGL}
    if cycles:
        first |= {"cycle": cycles[0].slug, "title": f"{cycles[0]}: what we found"}
    scored = {series: get_scored(cycles, series) for series in Series}
    form = NewReportForm(get_data(request), cycles=cycles, scored=scored, initial=first)
    if form.is_valid():
        try:
            begun = begin_report(
                partnership=desk.partnership,
                title=form.cleaned_data["title"],
                cycles=form.chosen,
                series=Series(form.cleaned_data["series"]),
                licence=Licence(form.cleaned_data["licence"]),
                by=request.user,
            )
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, "The report is begun. Its sections are drafted from the figures.")
            return redirect(PAGE, partnership, begun.pk)
    context = {
        "desk": desk,
        "form": form,
        "cycles": cycles,
        "others": get_others_about(one.pk for one in cycles),
    }
    return render(request, "accountability/report_new.html", context)


@require_safe
def report(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    """Where it stands, what comes next, its sections and files, and who did what."""
    desk, found = enter_report(request, partnership, report)
    return show_report(request, desk, found, SendForm(initial={"seen": get_step(found)}))


def show_report(request: UserRequest, desk: Desk, found: Report, send: SendForm) -> HttpResponse:
    shown = get_report_page(found)
    context = {
        "desk": desk,
        "shown": shown,
        "obstacle": "" if found.is_public else find_obstacle(shown.cycles, Series(found.series)),
        "sections": found.sections.select_related("edited_by").annotate(
            open_comments=Count("comments", filter=Q(comments__resolved_at=None))
        ),
        "form": send,
        "may": get_reasons(request, desk, found),
    }
    return render(request, "accountability/report.html", context)


def get_reasons(request: UserRequest, desk: Desk, report: Report) -> dict[str, str]:
    """By act, why this person may not do it; empty where they may."""
    return {
        "change": reason_why_not(check_can_change, desk, report),
        "approve": reason_why_not(check_can_approve, desk, report, request.user),
        "return": reason_why_not(check_can_return, desk, report),
        "publish": reason_why_not(check_can_publish, desk, report),
        "correct": reason_why_not(check_can_correct, desk, report),
        "withdraw": reason_why_not(check_can_withdraw, desk, report),
    }


# Written --------------------------------------------------------------------------------------------------------------


@require_POST
def report_redraft(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_change(desk, found)
    done = "The drafts say what the figures say now. Your own words stayed as they were."
    tell_outcome(request, done, redraft_report, report=found, by=request.user)
    return redirect(PAGE, partnership, found.pk)


# Reviewed -------------------------------------------------------------------------------------------------------------


@require_POST
def report_send(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_change(desk, found)
    form = SendForm(request.POST)
    if not form.is_valid():
        return show_report(request, desk, found, form)
    note, seen = form.cleaned_data["note"], form.cleaned_data["seen"]
    try:
        told = send_to_review(report=found, note=note, seen=seen, by=request.user)
    except NotInThisState as late:
        form.show_again(str(late), get_step(found))
        found.refresh_from_db(fields=["status"])
        return show_report(request, desk, found, form)
    if told:
        messages.success(request, "Sent to review. Those who may approve it have been written to.")
    else:
        messages.warning(request, NOBODY_APPROVES)
    return redirect(PAGE, partnership, found.pk)


@require_safe
def report_preview(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    """What the public will see, what is withheld and why; and approving, for those who may."""
    desk, found = enter_report(request, partnership, report)
    if found.is_public:
        # It is what was frozen, whatever the figures say now.
        return redirect("accountability:published_version", partnership, found.number, found.version)
    return show_preview(request, desk, found, compose(found), act="read")


def show_preview(
    request: UserRequest, desk: Desk, report: Report, composed: Composed, *, act: str
) -> HttpResponse:
    context = {
        "desk": desk,
        "report": report,
        "page": make_page(composed.content),
        "composed": composed,
        "named": find_named(desk.partnership, composed.content),
        "others": get_others_about([one.cycle_id for one in report.report_cycles.all()[:1]], report),
        "act": act,
        "open_comments": count_open_comments(report),
        "may": get_reasons(request, desk, report),
    }
    return render(request, "accountability/report_preview.html", context)


@require_POST
def report_approve(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_approve(desk, found, request.user)
    digest = request.POST.get("digest", "")
    try:
        told = approve_report(report=found, seen_digest=digest, by=request.user)
    except NotInThisState as late:
        messages.warning(request, str(late))
        return redirect("accountability:report_preview", partnership, found.pk)
    if told:
        messages.success(request, "Approved. Those who publish have been written to.")
    else:
        messages.warning(request, NOBODY_PUBLISHES)
    return redirect(PAGE, partnership, found.pk)


# Published ------------------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def report_publish(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    """Shown once more as the public will see it; then it is frozen, and a worker makes the files."""
    desk, found = enter_report(request, partnership, report)
    check_can_publish(desk, found)
    if request.method == "POST":
        digest = request.POST.get("digest", "")
        done = "The report is being published. It is public in a minute; this page says so."
        tell_outcome(request, done, ask_publication, report=found, seen_digest=digest, by=request.user)
        return redirect(PAGE, partnership, found.pk)
    return show_preview(request, desk, found, compose(found), act="publish")
