"""The screen to run a meeting by: its agenda and notes, each saved as it is typed; starting, closing, reopening it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.at_meeting import AtMeeting
from accountability.forms.meeting import AgendaItemForm, NoteForm
from accountability.holding import (
    NotInThisState,
    add_agenda_item,
    close_meeting,
    is_written_about,
    prepare_agenda,
    reopen_meeting,
    save_note,
    start_meeting,
    take_back_start,
)
from accountability.meeting_agenda import Agenda, Line, get_agenda, get_matter
from accountability.models import AgendaItem, Note
from accountability.permissions import check_can_note, check_can_run_meeting, check_can_start_meeting
from accountability.requests import enter_at_meeting
from s11.organisations.requests import UserRequest, tell_outcome
from s11.web.errors import NotAllowed, reason_why_not
from s11.web.outcomes import Outcome
from surveys.views.saving import give_token, is_somebody_else, say_somebody_else, tell_card

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
def meeting(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """One page with all of it. A post saves every note: where no scripts run, or the last words before leaving."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    reason = reason_why_not(check_can_note, at)
    if not reason:
        # Made when first opened by somebody who writes under it; whoever comes second finds it.
        prepare_agenda(meeting=at.meeting, minutes=at.minutes_long)
    agenda = get_agenda(at, request.user)
    forms, theirs = make_forms(agenda), dict[str, Note]()
    if request.method == "POST":
        check_can_note(at)
        forms, theirs = save_notes(request, agenda)
        if not theirs and not any(form.errors for form in forms.values()):
            messages.success(request, "Your notes are saved.")
            return redirect("accountability:meeting", partnership, cycle, organisation)
    context = {
        "at": at,
        "agenda": agenda,
        "matter": get_matter(at, request.user),
        "forms": forms,
        "theirs": theirs,
        "reason": reason,
        "run_reason": reason_why_not(check_can_run_meeting, at),
        "start_reason": reason_why_not(check_can_start_meeting, at),
        "may_take_back": at.is_in_progress and not is_written_about(at.meeting),
    }
    return render(request, "accountability/meeting.html", context)


def make_forms(agenda: Agenda) -> dict[str, NoteForm]:
    """By the card's code."""
    return {line.code: make_form(line) for line in agenda.lines}


def make_form(line: Line, data: Mapping[str, Any] | None = None) -> NoteForm:
    seen = {"text": line.own.text, "version": line.own.version} if line.own else {"text": "", "version": 0}
    return NoteForm(data, code=line.code, title=line.item.title, initial=seen)


def save_notes(request: UserRequest, agenda: Agenda) -> tuple[dict[str, NoteForm], dict[str, Note]]:
    """Each by itself: one that cannot be saved keeps none of the others back. Returns what stands in another window."""
    forms: dict[str, NoteForm] = {}
    theirs: dict[str, Note] = {}
    for line in agenda.lines:
        if f"{line.code}-text" not in request.POST or request.POST.get("keep") == line.code:
            forms[line.code] = make_form(line)
            continue
        form = forms[line.code] = make_form(line, request.POST)
        if not form.is_valid():
            continue
        late = save(request, line.item, form)
        if late is not None:
            theirs[line.code] = late
            forms[line.code] = NoteForm(
                code=line.code,
                title=line.item.title,
                initial={"text": form.cleaned_data["text"], "version": late.version},
            )
    return forms, theirs


def save(request: UserRequest, item: AgendaItem, form: NoteForm) -> Note | None:
    """Nothing typed and nothing there is nothing to save."""
    text, seen = form.cleaned_data["text"], form.cleaned_data["version"]
    if not text and not seen:
        return None
    return save_note(item=item, text=text, seen_version=seen, by=request.user)


@require_http_methods(BOTH)
def meeting_note(
    request: UserRequest, partnership: str, cycle: str, organisation: str, item: int
) -> HttpResponse:
    """One note, as its page saves it by itself: see surveys/views/one_answer.py."""
    if is_somebody_else(request):
        return say_somebody_else()
    at = enter_at_meeting(request, partnership, cycle, organisation)
    found = get_object_or_404(at.meeting.agenda, pk=item)
    number = at.meeting.agenda.filter(position__lt=found.position).count() + 1
    code = f"item-{number}"
    try:
        check_can_note(at)
        if request.method != "POST":
            return give_token(request)
        form = NoteForm(request.POST, code=code, title=found.title)
        if not form.is_valid():
            return tell(code, Outcome.WRONG, form=form)
        late = save(request, found, form)
    except (NotAllowed, NotInThisState) as why:
        return tell(code, Outcome.REFUSED, reason=str(why))
    if late is not None:
        return tell(code, Outcome.CONFLICT, note=late)
    return tell(code, Outcome.SAVED, note=found.notes.filter(by=request.user).first())


def tell(code: str, outcome: Outcome, **more: Any) -> HttpResponse:
    context = {"code": code, "outcome": outcome, **more}
    return tell_card("accountability/meeting_note.html", outcome, context)


@require_safe
def meeting_others(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """What the page asks for every so often: the others' notes, and where the meeting is."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    agenda = get_agenda(at, request.user)
    known = request.GET.get("items", "")
    context = {"at": at, "agenda": agenda, "is_longer": known != str(len(agenda.lines))}
    return render(request, "accountability/meeting_others.html", context)


@require_http_methods(BOTH)
def meeting_item_add(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_run_meeting(at)
    form = AgendaItemForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = f"‘{form.cleaned_data['title']}’ is on the agenda."
        tell_outcome(request, done, add_agenda_item, meeting=at.meeting, by=request.user, **form.cleaned_data)
        return redirect("accountability:meeting", partnership, cycle, organisation)
    return render(request, "accountability/meeting_item_add.html", {"at": at, "form": form})


def enter_to_start(request: UserRequest, partnership: str, cycle: str, organisation: str) -> AtMeeting:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_start_meeting(at)
    return at


@require_POST
def meeting_start(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """On another day than its own only once that was said again, with both dates in sight."""
    at = enter_to_start(request, partnership, cycle, organisation)
    day, today = at.meeting.day, timezone.localdate()
    if (
        day is not None
        and day.date != today
        and at.meeting.started_at is None
        and "anyway" not in request.POST
    ):
        return render(request, "accountability/meeting_start.html", {"at": at, "today": today})
    prepare_agenda(meeting=at.meeting, minutes=at.minutes_long)
    tell_outcome(request, "The meeting has started.", start_meeting, meeting=at.meeting, by=request.user)
    return redirect("accountability:meeting", partnership, cycle, organisation)


@require_POST
def meeting_take_back(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at = enter_to_start(request, partnership, cycle, organisation)
    tell_outcome(
        request, "The meeting has not started.", take_back_start, meeting=at.meeting, by=request.user
    )
    return redirect("accountability:meeting", partnership, cycle, organisation)


@require_POST
def meeting_close(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at = enter_to_start(request, partnership, cycle, organisation)
    done = "The meeting is closed. Notes stay open until its minutes are agreed."
    tell_outcome(request, done, close_meeting, meeting=at.meeting, by=request.user)
    return redirect("accountability:meeting", partnership, cycle, organisation)


@require_POST
def meeting_reopen(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at = enter_to_start(request, partnership, cycle, organisation)
    done = "The meeting is open again; its clock runs from when it was first started."
    tell_outcome(request, done, reopen_meeting, meeting=at.meeting, by=request.user)
    return redirect("accountability:meeting", partnership, cycle, organisation)
