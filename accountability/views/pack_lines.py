"""A pack's lines of enquiry on the desk: suggested, added, changed, dropped, put in order; and one's own questions."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accountability.enquiring import (
    add_line,
    change_line,
    drop_line,
    move_line,
    prepare_pack,
    take_back_line,
)
from accountability.forms.packs import LineForm, OwnQuestionForm
from accountability.models import LineOfEnquiry, Meeting
from accountability.pack_permissions import check_can_ask_privately, check_can_work_on_pack
from accountability.queries import Round
from accountability.views.packs import enter_pack
from s11.organisations.requests import UserRequest, get_data, tell_outcome

BOTH = ["GET", "HEAD", "POST"]


def enter_line(
    request: UserRequest, partnership: str, cycle: str, organisation: str, line: int
) -> tuple[Round, LineOfEnquiry]:
    """One that the person may change: everybody's for who works on the pack, a private one for its author alone."""
    here, meeting = enter_pack(request, partnership, cycle, organisation)
    found = meeting.enquiries.filter(pk=line).first()
    if found is None or (found.is_private and found.by_id != request.user.pk):
        raise Http404
    found.meeting = meeting
    if not found.is_private:
        check_can_work_on_pack(here, request.user, meeting)
    return here, found


def back(meeting: Meeting) -> HttpResponse:
    slugs = meeting.slugs
    return redirect("accountability:pack", slugs["partnership"], slugs["cycle"], slugs["organisation"])


@require_POST
def lines_suggest(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    here, meeting = enter_pack(request, partnership, cycle, organisation)
    check_can_work_on_pack(here, request.user, meeting)
    done = "The rules were asked again: what they suggest and nobody has dropped stands below."
    tell_outcome(request, done, prepare_pack, meeting=meeting)
    return back(meeting)


@require_http_methods(BOTH)
def line_add(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    here, meeting = enter_pack(request, partnership, cycle, organisation)
    check_can_work_on_pack(here, request.user, meeting)
    form = LineForm(get_data(request))
    if request.method == "POST" and form.is_valid():
        done = "The line of enquiry is added."
        tell_outcome(request, done, add_line, meeting=meeting, by=request.user, **form.cleaned_data)
        return back(meeting)
    context = {"round": here, "meeting": meeting, "form": form, "title": "Add a line of enquiry"}
    return render(request, "accountability/pack_line.html", context)


@require_http_methods(BOTH)
def own_question_add(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    here, meeting = enter_pack(request, partnership, cycle, organisation)
    check_can_ask_privately(here, request.user, meeting)
    form = OwnQuestionForm(get_data(request))
    if request.method == "POST" and form.is_valid():
        done = "Your question is added. Nobody else sees it."
        text = form.cleaned_data["text"]
        tell_outcome(request, done, add_line, meeting=meeting, text=text, is_private=True, by=request.user)
        return back(meeting)
    context = {"round": here, "meeting": meeting, "form": form, "title": "Add a question of your own"}
    return render(request, "accountability/pack_line.html", context)


@require_http_methods(BOTH)
def line_change(
    request: UserRequest, partnership: str, cycle: str, organisation: str, line: int
) -> HttpResponse:
    here, found = enter_line(request, partnership, cycle, organisation, line)
    initial = {"text": found.text, "reason": found.reason}
    form_class = OwnQuestionForm if found.is_private else LineForm
    form = form_class(get_data(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        text = form.cleaned_data["text"]
        tell_outcome(
            request, "It is changed.", change_line, line=found, text=text, reason=reason, by=request.user
        )
        return back(found.meeting)
    title = "Change your question" if found.is_private else "Change a line of enquiry"
    context = {"round": here, "meeting": found.meeting, "form": form, "title": title}
    return render(request, "accountability/pack_line.html", context)


@require_POST
def line_drop(
    request: UserRequest, partnership: str, cycle: str, organisation: str, line: int
) -> HttpResponse:
    _, found = enter_line(request, partnership, cycle, organisation, line)
    done = "Your question is removed." if found.is_private else "The line is dropped, and stays dropped."
    tell_outcome(request, done, drop_line, line=found, by=request.user)
    return back(found.meeting)


@require_POST
def line_take_back(
    request: UserRequest, partnership: str, cycle: str, organisation: str, line: int
) -> HttpResponse:
    _, found = enter_line(request, partnership, cycle, organisation, line)
    tell_outcome(
        request, "The line is asked after all, as the last.", take_back_line, line=found, by=request.user
    )
    return back(found.meeting)


@require_POST
def line_move(
    request: UserRequest, partnership: str, cycle: str, organisation: str, line: int
) -> HttpResponse:
    """One place up, or down with `later`."""
    _, found = enter_line(request, partnership, cycle, organisation, line)
    tell_outcome(request, "The order is changed.", move_line, line=found, earlier="later" not in request.POST)
    return back(found.meeting)
