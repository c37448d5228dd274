"""Findings of a report on the desk: suggested, written, tied to numbers, put in order; and posters made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.enums import PosterKind
from accountability.finding_copies import get_not_carried
from accountability.finding_drafts import Evidence, mixes_grades
from accountability.finding_permissions import check_can_lay_out, check_can_write_findings
from accountability.forms.findings import FindingForm, NumbersForm
from accountability.models import Finding, Report
from accountability.naming import find_named_in
from accountability.number_list import list_numbers
from accountability.postering import NotInThisState as PosterNotInThisState
from accountability.postering import begin_poster
from accountability.report_content import get_documents
from accountability.tokens import TOKEN, fill_tokens
from accountability.views.reports import enter_report
from accountability.writing_findings import (
    NotInThisState,
    add_finding,
    carry_on,
    change_finding,
    drop_finding,
    move_finding,
    suggest_findings,
    tie_numbers,
)
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not

BOTH = ["GET", "HEAD", "POST"]
ROOM = "accountability:findings"


@require_safe
def findings(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    """With their numbers as they stand, and the posters that were laid out from them."""
    desk, found = enter_report(request, partnership, report)
    documents = get_documents(found)
    rows = found.findings.select_related("carried_from__report").prefetch_related("themes", "figures")
    context = {
        "report": found,
        "rows": [
            (
                one,
                fill_tokens(one.found, documents),
                list_figures(one, documents),
                mixes_grades([figure.path for figure in one.figures.all()]),
            )
            for one in rows
        ],
        "not_carried": get_not_carried(found),
        "posters": found.posters.select_related("created_by"),
        "reason": reason_why_not(check_can_write_findings, desk, found),
        "poster_reason": reason_why_not(check_can_lay_out, desk, found),
    }
    return render(request, "accountability/findings.html", context)


def list_figures(finding: Finding, documents: Sequence[object]) -> list[tuple[str, str, bool]]:
    """What each number is of, what it says now, and whether that is another than when it was tied."""
    found = []
    for one in finding.figures.all():
        now = fill_tokens(f"[[{one.path}]]", documents)
        found.append((one.label, now if not TOKEN.search(now) else "not shown any more", now != one.text))
    return found


@require_POST
def findings_suggest(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_write_findings(desk, found)
    try:
        made = suggest_findings(report=found, by=request.user)
    except NotInThisState as late:
        messages.warning(request, str(late))
    else:
        said = f"{len(made)} suggested. Change their words: a figure says what, you know why." if made else ""
        messages.success(request, said or "The figures suggest nothing that is not here already.")
    return redirect(ROOM, partnership, report)


@require_POST
def findings_carry(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    """Into a correction."""
    desk, found = enter_report(request, partnership, report)
    check_can_write_findings(desk, found)
    tell_outcome(
        request, "They are here. Check each against the figures as they are now.", carry_on, report=found
    )
    return redirect(ROOM, partnership, report)


@require_http_methods(BOTH)
def finding_add(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_write_findings(desk, found)
    form = FindingForm(get_data(request), initial={"version": 0})
    if form.is_valid():
        tell_outcome(
            request, "The finding is kept.", add_finding, report=found, entered=form.entered, by=request.user
        )
        return redirect(ROOM, partnership, report)
    context: dict[str, Any] = {"report": found, "finding": None, "form": form, "theirs": None, "named": []}
    return render(request, "accountability/finding.html", context)


def enter_finding(
    request: UserRequest, partnership: str, report: int, finding: int
) -> tuple[Desk, Report, Finding]:
    """To write it."""
    desk, found = enter_report(request, partnership, report)
    check_can_write_findings(desk, found)
    one = get_object_or_404(found.findings.select_related("report", "changed_by", "partnership"), pk=finding)
    return desk, found, one


@require_http_methods(BOTH)
def finding(request: UserRequest, partnership: str, report: int, finding: int) -> HttpResponse:
    """A stale save keeps both texts: what somebody else saved is shown beside the form."""
    _, found, one = enter_finding(request, partnership, report, finding)
    first = {
        "title": one.title,
        "found": one.found,
        "why_it_matters": one.why_it_matters,
        "next_steps": one.next_steps,
        "themes": list(one.themes.all()),
        "version": one.version,
    }
    form = FindingForm(get_data(request), initial=first)
    theirs = None
    if form.is_valid():
        try:
            theirs = change_finding(
                finding=one,
                entered=form.entered,
                seen_version=form.cleaned_data["version"] or 0,
                by=request.user,
            )
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                messages.success(request, "The finding is saved.")
                return redirect(ROOM, partnership, report)
    words = f"{one.title}\n{one.found}\n{one.why_it_matters}\n{one.next_steps}"
    named = find_named_in(one.partnership, words)
    context = {"report": found, "finding": one, "form": form, "theirs": theirs, "named": named}
    return render(request, "accountability/finding.html", context)


@require_http_methods(BOTH)
def finding_numbers(request: UserRequest, partnership: str, report: int, finding: int) -> HttpResponse:
    _, found, one = enter_finding(request, partnership, report, finding)
    documents = get_documents(found)
    listed = list_numbers(documents)
    tied = list(one.figures.all())
    # A suggestion is also tied to a number that is too fine for the list, such as an indicator's mean.
    numbers = {figure.path: Evidence(figure.path, figure.label) for figure in tied}
    numbers |= {number.token[2:-2]: Evidence(number.token[2:-2], number.about) for number in listed}
    said = {figure.path: now for figure, (_, now, _) in zip(tied, list_figures(one, documents), strict=True)}
    said |= {number.token[2:-2]: number.value for number in listed}
    chosen = [figure.path for figure in tied]
    choices = [(path, f"{evidence.label}: {said[path]}") for path, evidence in numbers.items()]
    form = NumbersForm(get_data(request), initial={"paths": chosen}, choices=choices)
    if form.is_valid():
        # Those that were there keep their order, so that the first stays the first.
        paths = form.cleaned_data["paths"]
        ordered = [
            *(path for path in chosen if path in paths),
            *(path for path in paths if path not in chosen),
        ]
        evidence = [numbers[path] for path in ordered]
        tell_outcome(
            request, "The numbers are tied to the finding.", tie_numbers, finding=one, evidence=evidence
        )
        return redirect(ROOM, partnership, report)
    return render(
        request, "accountability/finding_numbers.html", {"report": found, "finding": one, "form": form}
    )


@require_POST
def finding_move(request: UserRequest, partnership: str, report: int, finding: int) -> HttpResponse:
    _, _, one = enter_finding(request, partnership, report, finding)
    tell_outcome(request, "Moved.", move_finding, finding=one, is_up=request.POST.get("to") == "up")
    return redirect(ROOM, partnership, report)


@require_http_methods(BOTH)
def finding_drop(request: UserRequest, partnership: str, report: int, finding: int) -> HttpResponse:
    _, found, one = enter_finding(request, partnership, report, finding)
    if request.method == "POST":
        tell_outcome(request, "The finding is removed.", drop_finding, finding=one, by=request.user)
        return redirect(ROOM, partnership, report)
    return render(request, "accountability/finding_drop.html", {"report": found, "finding": one})


@require_POST
def poster_begin(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_lay_out(desk, found)
    kind = PosterKind.BRIEFING if request.POST.get("kind") == PosterKind.BRIEFING else PosterKind.POSTER
    try:
        poster = begin_poster(report=found, kind=kind, by=request.user)
    except PosterNotInThisState as late:
        messages.warning(request, str(late))
        return redirect(ROOM, partnership, report)
    messages.success(
        request, "It is laid out. Shorten what is too long, and say it as you would to a colleague."
    )
    return redirect("accountability:poster", partnership, report, poster.pk)
