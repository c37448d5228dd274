"""Steps of a report that are one form on a page of its own: what it does, and the button that does it.

A form carries what its page showed. Where somebody has gone on since, the page comes again with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accountability.enums import Licence, ReportStatus
from accountability.forms.reports import (
    ChangeErratumForm,
    CoverForm,
    ErratumForm,
    ReturnForm,
    StepForm,
    WithdrawForm,
)
from accountability.models import Report
from accountability.report_permissions import (
    check_can_change,
    check_can_correct,
    check_can_draft,
    check_can_return,
    check_can_withdraw,
)
from accountability.reporting import (
    NotInThisState,
    change_report,
    correct_report,
    discard_draft,
    return_report,
    withdraw_report,
    write_erratum,
)
from accountability.reports import get_correction, get_step, get_versions, name_versions
from accountability.views.reports import BOTH, PAGE, enter_report
from s11.organisations.models import Removal
from s11.organisations.requests import UserRequest, get_data, get_undo_address

LIST = "accountability:reports"
SAVED = "Saved."


def take_step(
    request: UserRequest,
    report: Report,
    form: StepForm,
    verb: Callable[[], str | Removal],
    *versions: Report,
    after: str = PAGE,
    **shown: Any,
) -> HttpResponse:
    """`verb` says what it did; else the form's page. `versions`: which the form speaks of, if not of `report` alone."""
    if form.is_valid():
        try:
            done = verb()
        except NotInThisState as late:
            if not Report.objects.filter(pk=report.pk).exists():
                messages.warning(request, str(late))
                return redirect(LIST, report.partnership.slug)
            form.show_again(str(late), get_step(*(versions or [report])))
        else:
            if isinstance(done, Removal):
                messages.success(request, f"{done} is removed.", extra_tags=get_undo_address(request, done))
            else:
                messages.success(request, done)
            there = [report.partnership.slug, *([report.pk] if after == PAGE else [])]
            return redirect(after, *there)
    return show_step(request, report, form, **shown)


def show_step(request: UserRequest, report: Report, form: StepForm, **shown: Any) -> HttpResponse:
    return render(request, "accountability/report_step.html", {"report": report, "form": form, **shown})


@require_http_methods(BOTH)
def report_change(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_change(desk, found)
    first = {"title": found.title, "licence": found.licence, "seen": get_step(found)}
    form = CoverForm(get_data(request), initial=first)

    def change() -> str:
        given = form.cleaned_data
        licence = Licence(given["licence"])
        change_report(
            report=found, title=given["title"], licence=licence, seen=given["seen"], by=request.user
        )
        return SAVED

    return take_step(request, found, form, change, step="change")


@require_http_methods(BOTH)
def report_discard(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_change(desk, found)
    form = StepForm(get_data(request), initial={"seen": get_step(found)})

    def discard() -> Removal:
        return discard_draft(report=found, seen=form.cleaned_data["seen"], by=request.user)

    return take_step(request, found, form, discard, after=LIST, step="discard")


@require_http_methods(BOTH)
def report_return(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_return(desk, found)
    form = ReturnForm(get_data(request), initial={"seen": get_step(found)})

    def give_back() -> str:
        given = form.cleaned_data
        return_report(report=found, reason=given["reason"], seen=given["seen"], by=request.user)
        return "Returned: it is a draft again."

    return take_step(request, found, form, give_back, step="return")


# Corrected ------------------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def report_correct(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    """Begins the next version; where somebody has begun it, it leads there with what was typed."""
    desk, found = enter_report(request, partnership, report)
    check_can_draft(desk)
    form = ErratumForm(get_data(request), initial={"seen": get_step(found)})
    if correction := get_correction(found):
        return lead_to_correction(request, correction, form)
    check_can_correct(desk, found)
    if not form.is_valid():
        return show_step(request, found, form, step="correct")
    try:
        draft = correct_report(report=found, erratum=form.cleaned_data["erratum"], by=request.user)
    except NotInThisState as late:
        if correction := get_correction(found):
            return lead_to_correction(request, correction, form)
        messages.warning(request, str(late))
        return redirect(PAGE, partnership, found.pk)
    messages.success(
        request, f"Version {draft.version} is begun. The public reads the old one until it is published."
    )
    return redirect(PAGE, partnership, draft.pk)


def lead_to_correction(request: UserRequest, correction: Report, form: ErratumForm) -> HttpResponse:
    """To its page; with a text that somebody typed meanwhile to where that is added."""
    if correction.is_public:
        said = f"{correction.reference} has taken its place. This is it."
    else:
        said = f"{correction.created_by} has begun the correction already. This is it."
    if correction.is_public or not form.is_valid():
        messages.info(request, said)
        return redirect(PAGE, correction.partnership.slug, correction.pk)
    if correction.status != ReportStatus.DRAFT:
        said += f" It is {correction.get_status_display().lower()}: it has to be returned before anything is added."
    form.show_again(f"{said} Add to it what you have typed, if it is not there yet.", get_step(correction))
    action = reverse("accountability:report_erratum_new", args=[correction.partnership.slug, correction.pk])
    return show_step(request, correction, form, step="erratum", action=action)


@require_http_methods(BOTH)
def report_erratum_new(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_change(desk, found)
    if found.corrects_id is None:
        raise Http404
    form = ErratumForm(get_data(request), initial={"seen": get_step(found)})

    def add() -> str:
        given = form.cleaned_data
        write_erratum(report=found, text=given["erratum"], seen=given["seen"], by=request.user)
        return SAVED

    return take_step(request, found, form, add, step="erratum")


@require_http_methods(BOTH)
def report_erratum(request: UserRequest, partnership: str, report: int, erratum: int) -> HttpResponse:
    """In other words, or taken out where there are more of them."""
    desk, found = enter_report(request, partnership, report)
    check_can_change(desk, found)
    one = get_object_or_404(found.errata, pk=erratum)
    first = {"erratum": one.text, "seen": get_step(found)}
    form = ChangeErratumForm(get_data(request), initial=first, may_go=found.errata.count() > 1)

    def change() -> str | Removal:
        text, seen = form.cleaned_data["erratum"], form.cleaned_data["seen"]
        return write_erratum(report=found, erratum=one, text=text, seen=seen, by=request.user) or SAVED

    return take_step(request, found, form, change, step="erratum")


# Withdrawn ------------------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def report_withdraw(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    """This version or all of them: the page says which ones the public goes on reading."""
    desk, found = enter_report(request, partnership, report)
    check_can_withdraw(desk, found)
    versions = list(get_versions(found).order_by("-version"))
    public = [one for one in versions if one.is_public]
    readable = [one for one in versions if one.is_readable]
    form = WithdrawForm(
        get_data(request), report=found, readable=readable, initial={"seen": get_step(*public)}
    )

    def withdraw() -> str:
        given = form.cleaned_data
        withdrawn = withdraw_report(
            report=found,
            reason=given["reason"],
            is_whole=form.is_whole,
            seen=given["seen"],
            by=request.user,
        )
        return say_withdrawn(withdrawn, readable)

    coming = next((one for one in versions if not one.is_public), None)
    return take_step(
        request, found, form, withdraw, *public, step="withdraw", readable=readable, coming=coming
    )


def say_withdrawn(withdrawn: list[Report], readable: list[Report]) -> str:
    gone = {one.pk for one in withdrawn}
    left = [one for one in readable if one.pk not in gone]
    said = f"{name_versions(withdrawn)} {'is' if len(withdrawn) == 1 else 'are'} withdrawn."
    if not left:
        return f"{said} Nothing of the report is public any more."
    return f"{said} {name_versions(left)} {'stays' if len(left) == 1 else 'stay'} public."
