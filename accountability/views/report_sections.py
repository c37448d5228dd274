"""One section of a report as an officer writes it: its words, the numbers at hand, and codes that name none."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accountability.forms.reports import SectionForm
from accountability.models import Report, ReportSection
from accountability.number_list import Number, list_numbers, list_unknown
from accountability.report_content import Json
from accountability.report_figures import get_figures
from accountability.report_permissions import check_can_change
from accountability.reporting import NotInThisState, change_section
from accountability.text_changes import compare_texts
from accountability.views.reports import BOTH, enter_report
from accountability.views.reports import PAGE as REPORT_PAGE
from s11.organisations.requests import UserRequest, get_data

PAGE = "accountability:report_section"


@require_http_methods(BOTH)
def report_section(request: UserRequest, partnership: str, report: int, section: int) -> HttpResponse:
    """An officer's words in place of the draft's. What somebody else saved meanwhile is shown beside one's own."""
    desk, found = enter_report(request, partnership, report)
    check_can_change(desk, found)
    one = get_object_or_404(found.sections.select_related("edited_by"), pk=section)
    form = SectionForm(get_data(request), initial={"text": one.words, "version": one.version})
    documents = [figures.document for figures in get_figures(found)]
    theirs = None
    if form.is_valid():
        try:
            theirs = save_section(request, one, form)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                unknown = list_unknown(form.cleaned_data["text"], documents)
                return tell_saved(request, partnership, one, has_unknown=bool(unknown))
    text = str(form["text"].value() or "")
    context = {
        "report": found,
        "section": one,
        "form": form,
        "theirs": theirs,
        "changes": compare_texts(one.edited_from, one.drafted) if one.is_draft_newer else [],
        "numbers": list_all_numbers(found, documents),
        "unknown": list_unknown(text, documents),
    }
    return render(request, "accountability/report_section.html", context)


def save_section(request: UserRequest, section: ReportSection, form: SectionForm) -> ReportSection | None:
    return change_section(
        section=section,
        text=form.cleaned_data["text"],
        seen_version=form.cleaned_data["version"],
        by=request.user,
    )


def tell_saved(
    request: UserRequest, partnership: str, section: ReportSection, *, has_unknown: bool
) -> HttpResponse:
    """Back to the report; but where a code in the text names no number, to the page that says which."""
    if has_unknown:
        messages.warning(
            request, f"‘{section.title}’ is saved, but it names a number that is not known: see below."
        )
        return redirect(PAGE, partnership, section.report_id, section.pk)
    messages.success(request, f"‘{section.title}’ is saved.")
    return redirect(REPORT_PAGE, partnership, section.report_id)


def list_all_numbers(report: Report, documents: list[Json]) -> list[tuple[str, list[Number]]]:
    """What may be put into the text, by the title of its cycle."""
    cycles = report.report_cycles.select_related("cycle")
    return [(str(one.cycle), list_numbers(documents, place)) for place, one in enumerate(cycles)]
