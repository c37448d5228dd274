"""A section as colleagues discuss it: its words with their numbers, what was said of it, and a box to say more."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accountability.commenting import comment_on_section, resolve_comment
from accountability.forms.reports import CommentForm
from accountability.models import ReportSection
from accountability.report_figures import get_figures
from accountability.report_permissions import check_can_change, check_can_comment
from accountability.tokens import fill_tokens
from accountability.views.reports import enter_report
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not

BOTH = ["GET", "HEAD", "POST"]
PAGE = "accountability:report_comments"


@require_http_methods(BOTH)
def report_comments(request: UserRequest, partnership: str, report: int, section: int) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    one = get_object_or_404(found.sections, pk=section)
    reason = reason_why_not(check_can_comment, desk, found)
    form = CommentForm(get_data(request))
    if request.method == "POST":
        check_can_comment(desk, found)
        if form.is_valid():
            text = form.cleaned_data["text"]
            done = "Your comment is kept."
            if tell_outcome(request, done, comment_on_section, section=one, text=text, by=request.user):
                return redirect(PAGE, partnership, report, section)
    context = {
        "desk": desk,
        "report": found,
        "section": one,
        "text": get_text(one),
        "comments": one.comments.select_related("by", "resolved_by"),
        "form": form,
        "reasons": (reason, reason_why_not(check_can_change, desk, found)),
    }
    return render(request, "accountability/report_comments.html", context)


def get_text(section: ReportSection) -> str:
    """With the numbers as they stand; of a report that is published, as it was frozen."""
    report = section.report
    if not report.is_public:
        return fill_tokens(section.words, [one.document for one in get_figures(report)])
    if section.is_removed:
        return section.words
    frozen = json.loads(report.snapshot.content)["sections"]
    key = (section.kind, section.subject)
    return next((one["text"] for one in frozen if (one["kind"], one["subject"]) == key), "")


@require_POST
def report_comment_resolve(
    request: UserRequest, partnership: str, report: int, section: int, comment: int
) -> HttpResponse:
    desk, found = enter_report(request, partnership, report)
    check_can_comment(desk, found)
    one = get_object_or_404(get_object_or_404(found.sections, pk=section).comments, pk=comment)
    tell_outcome(request, "The comment is settled.", resolve_comment, comment=one, by=request.user)
    return redirect(PAGE, partnership, report, section)
