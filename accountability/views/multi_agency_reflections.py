"""The desk's reflective questions after a multi-agency audit: opened and closed, and their answers read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accountability.forms.reflections import LabelsForm, SummaryForm
from accountability.models import MultiAgencyAudit, Reflection, ReflectionAnswer, ReflectionSummary
from accountability.multi_agency_enums import ReflectiveQuestion
from accountability.multi_agency_permissions import (
    check_can_move_reflection,
    check_can_read_answers,
    check_can_run_reflection,
    check_can_work_on_answers,
)
from accountability.multi_agency_reflecting import (
    NotInThisState,
    close_reflection,
    give_themes,
    move_last_day,
    open_reflection,
    replace_link,
    write_summary,
)
from accountability.multi_agency_reflections import count_themes, get_reflection, get_told
from accountability.views.multi_agency_audits import BOTH, enter_audit
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, get_data
from s11.web.errors import reason_why_not
from s11.web.qr_codes import make_qr_code
from s11.web.text import plural
from surveys.forms.practitioners import LastDayForm
from surveys.views.running_by_link import Act, do_act, get_link, make_day_form

PAGE = 20


@dataclass(frozen=True, slots=True)
class Running:
    """One audit's questions for somebody's page: `reason` is why they do not run them."""

    audit: MultiAgencyAudit
    reflection: Reflection | None
    form: LastDayForm
    reason: str

    @property
    def link(self) -> str:
        return get_link("accountability:reflection", self.reflection)

    @property
    def may_move(self) -> bool:
        return self.reflection is not None and not reason_why_not(check_can_move_reflection, self.reflection)


def find_running(request: UserRequest, desk: Desk, audit: MultiAgencyAudit) -> Running:
    reflection = get_reflection(audit)
    return Running(
        audit,
        reflection,
        make_day_form(request, reflection),
        reason_why_not(check_can_run_reflection, desk, audit),
    )


@require_http_methods(BOTH)
def multi_agency_reflection(request: UserRequest, partnership: str, audit: int) -> HttpResponse:
    """A post opens or closes them, or gives them another day or link."""
    desk, found = enter_audit(request, partnership, audit)
    running = find_running(request, desk, found)
    if request.method == "POST":
        check_can_run_reflection(desk, found)
        if act(request, running):
            return redirect("accountability:multi_agency_reflection", partnership, audit)
    context = {
        "audit": found,
        "running": running,
        "told": get_told(running.reflection),
        "questions": list(ReflectiveQuestion),
    }
    return render(request, "accountability/multi_agency_reflection.html", context)


def act(request: UserRequest, running: Running) -> bool:
    """Whether the page is to be opened anew, else its form is wrong."""
    return do_act(
        request,
        running.form,
        ACTS,
        place={"audit": running.audit},
        opened={"reflection": running.reflection} if running.reflection else None,
        not_open="The questions are not open yet.",
    )


ACTS: Final = {
    "open": Act(
        open_reflection,
        "The questions are open until {day}. Pass their link on to those whose cases were read.",
    ),
    "move": Act(move_last_day, "Practitioners can answer until the end of {day}."),
    "close": Act(close_reflection, "The questions are closed."),
    "link": Act(
        replace_link,
        "The questions have a new link. The one before opens nothing any more: pass on the new one.",
    ),
}


@require_safe
def multi_agency_reflection_poster(request: UserRequest, partnership: str, audit: int) -> HttpResponse:
    """For those who may pass the link on: whoever has it can answer."""
    desk, found = enter_audit(request, partnership, audit)
    check_can_run_reflection(desk, found)
    running = find_running(request, desk, found)
    if not running.link:
        raise Http404
    context = {
        "running": running,
        "reflection": running.reflection,
        "code": make_qr_code(running.link),
        "back": reverse("accountability:multi_agency_reflection", args=[partnership, audit]),
    }
    return render(request, "accountability/multi_agency_reflection_poster.html", context)


# The answers ----------------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def multi_agency_answers(request: UserRequest, partnership: str, audit: int, question: str) -> HttpResponse:
    """What was written to one question; a post gives themes to a page of answers, or saves what they come to."""
    if question not in ReflectiveQuestion.values:
        raise Http404
    desk, found = enter_audit(request, partnership, audit)
    asked, reflection = ReflectiveQuestion(question), get_reflection(found)
    check_can_read_answers(desk, reflection, asked)
    assert reflection is not None  # nobody may read what is not there
    page = get_answers(request, reflection, asked)
    summary = reflection.summaries.select_related("changed_by").filter(question=asked).first()
    labels, words = make_forms(request, page, summary)
    theirs = None
    if request.method == "POST":
        check_can_work_on_answers(desk, reflection, asked)
        is_saved, labels, theirs = save(request, reflection, asked, labels, words)
        if is_saved:
            return redirect(request.get_full_path())
    context = {
        "audit": found,
        "question": asked,
        "page": page,
        "labels": labels,
        "words": words,
        "theirs": theirs,
        "themes": count_themes(reflection, [asked]).get(asked, ()),
        "reason": reason_why_not(check_can_work_on_answers, desk, reflection, asked),
    }
    return render(request, "accountability/multi_agency_answers.html", context)


def get_answers(
    request: UserRequest, reflection: Reflection, question: ReflectiveQuestion
) -> Page[ReflectionAnswer]:
    rows = reflection.answers.filter(question=question).prefetch_related("themes").order_by("pk")
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def make_forms(
    request: UserRequest, page: Page[ReflectionAnswer], summary: ReflectionSummary | None
) -> tuple[LabelsForm, SummaryForm]:
    """Of the two only the one that was sent is bound."""
    wanted = request.POST.get("act")
    first: dict[str, Any] = {
        "text": summary.text if summary else "",
        "version": summary.version if summary else 0,
    }
    return (
        LabelsForm(get_data(request) if wanted == "themes" else None, answers=list(page)),
        SummaryForm(get_data(request) if wanted == "summary" else None, initial=first),
    )


def save(
    request: UserRequest,
    reflection: Reflection,
    question: ReflectiveQuestion,
    labels: LabelsForm,
    words: SummaryForm,
) -> tuple[bool, LabelsForm, ReflectionSummary | None]:
    """Whether the page is to be opened anew; else what it shows of the themes, and the summary if it is another now."""
    try:
        if labels.is_bound and labels.is_valid():
            is_saved, labels = save_themes(request, reflection, question, labels)
            return is_saved, labels, None
        if not words.is_bound or not words.is_valid():
            return False, labels, None
        theirs = write_summary(
            reflection=reflection,
            question=question,
            text=words.cleaned_data["text"],
            seen_version=words.cleaned_data["version"] or 0,
            by=request.user,
        )
    except NotInThisState as late:
        messages.warning(request, str(late))
        return True, labels, None
    if theirs is None:
        messages.success(request, "The summary is saved. It stands under the audit’s key messages.")
    return theirs is None, labels, theirs


def save_themes(
    request: UserRequest, reflection: Reflection, question: ReflectiveQuestion, labels: LabelsForm
) -> tuple[bool, LabelsForm]:
    """What this page changed; of an answer that somebody else changed meanwhile nothing, and all of that is said."""
    overtaken = give_themes(
        reflection=reflection, question=question, themes=labels.themes, seen=labels.seen, by=request.user
    )
    if not overtaken:
        messages.success(request, "The themes are saved.")
        return True, labels
    messages.warning(
        request,
        f"{plural(len(overtaken), 'answer')} not saved: somebody else was quicker. Theirs stand beside what you typed. "
        "All others are saved.",
    )
    return False, labels.renew(list(get_answers(request, reflection, question)), overtaken)
