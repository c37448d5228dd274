"""Papers for the board about a published report: drafted, read, changed, and made into files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.board_docx import WORD_TYPE, make_docx
from accountability.board_figures import fill, list_sources, list_unknown
from accountability.board_files import get_parts, make_html, name_file
from accountability.board_permissions import (
    check_can_hand_out,
    check_can_read_board_papers,
    check_can_write_board_papers,
)
from accountability.board_words import leave_out
from accountability.board_writing import NotInThisState, ask_pdf, change_paper, draft_papers, take_draft
from accountability.chapter_state import ChapterState, get_state
from accountability.chapter_year import list_years
from accountability.course_offers import suggest_courses
from accountability.enums import BoardPaperKind
from accountability.forms.board import BoardPaperForm, ChapterYearForm
from accountability.models import BoardPaper, Report
from accountability.naming import find_organisations_in, find_people_in
from accountability.number_list import Number, list_numbers
from accountability.text_changes import compare_texts
from accountability.views.reports import enter_report
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.downloads import hand_out
from s11.web.errors import reason_why_not
from s11.web.text import read_number

BOTH = ["GET", "HEAD", "POST"]
LIST, PAGE = "accountability:board_papers", "accountability:board_paper"
DRAFTED = (
    "The drafts say what the figures, the findings, the meetings and the year say now. Your own words stayed."
)
# By ending, what is made as it reads now, and its type. The PDF takes longer: a worker makes it.
MADE_AT_ONCE: Final[Mapping[str, tuple[Callable[[BoardPaper], bytes], str]]] = {
    "html": (make_html, "text/html; charset=utf-8"),
    "docx": (make_docx, WORD_TYPE),
}


def enter_papers(request: UserRequest, partnership: str, report: int) -> tuple[Desk, Report]:
    desk, found = enter_report(request, partnership, report)
    check_can_read_board_papers(desk, found)
    return desk, found


def enter_paper(request: UserRequest, partnership: str, report: int, kind: str) -> tuple[Desk, BoardPaper]:
    desk, found = enter_papers(request, partnership, report)
    papers = BoardPaper.objects.select_related(
        "report__partnership", "report__snapshot", "compared_with__snapshot", "edited_by", "pdf_asked_by"
    )
    return desk, get_object_or_404(papers, report=found, kind=kind)


@require_safe
def board_papers(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    desk, found = enter_papers(request, partnership, report)
    papers = BoardPaper.objects.filter(report=found).select_related("edited_by", "compared_with")
    context = {
        "report": found,
        "papers": sorted(papers, key=lambda one: BoardPaperKind.values.index(one.kind)),
        "reason": reason_why_not(check_can_write_board_papers, desk, found),
    }
    return render(request, "accountability/board_papers.html", context)


@require_POST
def board_papers_draft(request: UserRequest, partnership: str, report: int) -> HttpResponse:
    """Both, also anew: what meetings came to goes on, and findings are written after the report."""
    desk, found = enter_papers(request, partnership, report)
    check_can_write_board_papers(desk, found)
    tell_outcome(request, DRAFTED, draft_papers, report=found)
    return redirect(LIST, partnership, report)


@require_safe
def board_paper(request: UserRequest, partnership: str, report: int, kind: str) -> HttpResponse:
    """As it will be read, with what is still to be done before it goes out."""
    desk, paper = enter_paper(request, partnership, report, kind)
    state = get_state(paper)
    context = {
        "paper": paper,
        "parts": get_parts(paper),
        "unknown": list_unknown(paper),
        "named": list_named(paper, state),
        "names": {ending: name_file(paper, ending) for ending in (*MADE_AT_ONCE, "pdf")},
        "reason": reason_why_not(check_can_write_board_papers, desk, paper.report),
        "state": state,
    }
    if state is not None:
        context["form"] = make_year_form(state)
    return render(request, "accountability/board_paper.html", context)


def list_named(paper: BoardPaper, state: ChapterState | None) -> list[str]:
    """Organisations whom it names, but by what they wrote in a part and approved; and people wherever they stand."""
    place, words = paper.report.partnership, fill(paper)
    ours = leave_out(words, state.parts) if state else words
    return sorted(find_organisations_in(place, ours) | find_people_in(place, words))


def make_year_form(state: ChapterState, data: QueryDict | None = None) -> ChapterYearForm:
    years = list_years(state.usual, state.year, timezone.localdate())
    return ChapterYearForm(data, years=years, initial={"year": state.year.slug})


@require_POST
def board_paper_draft(request: UserRequest, partnership: str, report: int, kind: str) -> HttpResponse:
    """The chapter of the year that was chosen, and the cover paper with it: the board reads both."""
    desk, paper = enter_paper(request, partnership, report, kind)
    check_can_write_board_papers(desk, paper.report)
    state = get_state(paper)
    if state is None:
        raise Http404
    form = make_year_form(state, request.POST)
    if form.is_valid():
        tell_outcome(request, DRAFTED, draft_papers, report=paper.report, year=form.chosen)
    else:
        messages.warning(request, "Nothing was drafted. Choose one of the years that are offered.")
    return redirect(PAGE, partnership, report, kind)


@require_http_methods(BOTH)
def board_paper_change(request: UserRequest, partnership: str, report: int, kind: str) -> HttpResponse:
    """An officer's words in place of the draft's. What somebody else saved meanwhile is shown beside one's own."""
    desk, paper = enter_paper(request, partnership, report, kind)
    check_can_write_board_papers(desk, paper.report)
    first = {"text": paper.words, "training": paper.training, "version": paper.version}
    form = BoardPaperForm(get_data(request), kind=BoardPaperKind(paper.kind), initial=first)
    theirs = None
    if form.is_valid():
        try:
            theirs = save_paper(request, paper, form.cleaned_data)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                messages.success(request, f"The {paper.get_kind_display().lower()} is saved.")
                return redirect(PAGE, partnership, report, kind)
    context = {
        "paper": paper,
        "form": form,
        "theirs": theirs,
        "changes": compare_texts(paper.edited_from, paper.drafted) if paper.is_draft_newer else [],
        "numbers": list_paper_numbers(paper),
        "suggestion": suggest_courses(paper.report) if paper.kind == BoardPaperKind.CHAPTER else None,
    }
    return render(request, "accountability/board_paper_change.html", context)


def save_paper(request: UserRequest, paper: BoardPaper, entered: dict[str, Any]) -> BoardPaper | None:
    return change_paper(
        paper=paper,
        text=entered["text"],
        training=entered.get("training", paper.training),
        seen_version=entered["version"],
        by=request.user,
    )


def list_paper_numbers(paper: BoardPaper) -> list[tuple[str, list[Number]]]:
    """What may be put into the text, by the title of its cycle."""
    sources = list_sources(paper)
    reports = [paper.report, *([paper.compared_with] if paper.compared_with else [])]
    titles = [str(one.cycle) for report in reports for one in report.report_cycles.select_related("cycle")]
    return [(title, list_numbers(sources, place)) for place, title in enumerate(titles[: len(sources)])]


@require_POST
def board_paper_take_draft(request: UserRequest, partnership: str, report: int, kind: str) -> HttpResponse:
    desk, paper = enter_paper(request, partnership, report, kind)
    check_can_write_board_papers(desk, paper.report)
    version = read_number(request.POST.get("version", "")) or 0
    tell_outcome(
        request, "The paper says what the draft says.", take_draft, paper=paper, seen_version=version
    )
    return redirect(PAGE, partnership, report, kind)


@require_POST
def board_paper_pdf(request: UserRequest, partnership: str, report: int, kind: str) -> HttpResponse:
    desk, paper = enter_paper(request, partnership, report, kind)
    check_can_write_board_papers(desk, paper.report)
    tell_outcome(
        request, "The PDF is being made. Look again in a minute.", ask_pdf, paper=paper, by=request.user
    )
    return redirect(PAGE, partnership, report, kind)


@require_safe
def board_paper_file(
    request: UserRequest, partnership: str, report: int, kind: str, ending: str
) -> HttpResponseBase:
    """As a download that no cache keeps: page and Word document as it reads now, the PDF as it was made."""
    _, paper = enter_paper(request, partnership, report, kind)
    if ending not in MADE_AT_ONCE and not (ending == "pdf" and paper.pdf):
        raise Http404
    state = get_state(paper)
    if state is not None:
        check_can_hand_out(ending, is_withdrawn=bool(state.withdrawn), is_pdf_held=state.is_pdf_held)
    response = make_response(paper, ending)
    response["Cache-Control"] = "no-store"
    return response


def make_response(paper: BoardPaper, ending: str) -> HttpResponseBase:
    name = name_file(paper, ending)
    if ending not in MADE_AT_ONCE:
        return hand_out(paper.pdf, name=name)
    make, content_type = MADE_AT_ONCE[ending]
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(make(paper), content_type=content_type, headers={"Content-Disposition": disposition})
