"""The timetable: the grid, having it worked out, one meeting moved, kept or taken off, and the release of it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.forms.timetables import MoveForm, ReleaseForm, RunForm, say_slot
from accountability.models import Meeting
from accountability.moves import Move, find_moves, make_seen
from accountability.permissions import check_can_plan_meetings, check_can_read_round
from accountability.queries import Round
from accountability.releases import get_last, read_draft, read_release
from accountability.releasing import release_timetable
from accountability.requests import enter_round
from accountability.scheduling import Status
from accountability.timetable_changes import compare, make_digest
from accountability.timetables import get_overview, say_run
from accountability.timetabling import move_meeting, request_timetable, set_lock, take_off
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import NotInThisState, reason_why_not

RELOAD_SECONDS: Final = 3
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def timetable(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """While it is worked out the page looks again by itself."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    overview = get_overview(here.panel)
    last = get_last(here.panel)
    told = read_release(last)
    context = {
        "round": here,
        "overview": overview,
        "run_words": say_run(overview.run) if overview.run else "",
        "last": last,
        "changes": compare(told, read_draft(here.panel, told)),
        "form": RunForm(),
        "reason": reason_why_not(check_can_plan_meetings, here.desk),
    }
    response = render(request, "accountability/timetable.html", context)
    if overview.is_running:
        response["Refresh"] = str(RELOAD_SECONDS)
    return response


@require_POST
def timetable_run(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_round(request, partnership, cycle)
    check_can_plan_meetings(here.desk)
    form = RunForm(request.POST)
    seconds = form.cleaned_data["seconds"] if form.is_valid() else RunForm().fields["seconds"].initial
    done = "The timetable is worked out in the background. This page shows it as soon as it is there."
    tell_outcome(request, done, request_timetable, panel=here.panel, seconds=int(seconds), by=request.user)
    return redirect("accountability:timetable", partnership, cycle)


def enter_meeting(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> tuple[Round, Meeting]:
    """A meeting that is planned, for those who plan."""
    here = enter_round(request, partnership, cycle)
    check_can_plan_meetings(here.desk)
    called = here.panel.meetings.called().select_related("invitee__organisation", "day")
    meeting = get_object_or_404(called, invitee__organisation__slug=organisation)
    meeting.panel, meeting.invitee.cycle = here.panel, here.cycle
    return here, meeting


@require_http_methods(BOTH)
def timetable_meeting(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Where it could be, with whom, and why it cannot be elsewhere; a post moves it."""
    here, meeting = enter_meeting(request, partnership, cycle, organisation)
    moves, seen = list_moves(request, here, meeting), make_seen(meeting)
    form = MoveForm(get_data(request), moves=moves, seen=seen)
    if request.method == "POST" and form.is_valid():
        day, starts_at, track = form.get_slot()
        chosen = next(move for move in moves if move.is_at(day, starts_at, track))
        is_moved = tell_outcome(
            request,
            f"{meeting.organisation} meets on {say_slot(chosen)}. Nobody is told before you release it.",
            move_meeting,
            meeting=meeting,
            day=day,
            starts_at=starts_at,
            track=track,
            is_locked=form.cleaned_data["is_locked"],
            seen=form.cleaned_data["seen"],
            promised=form.get_promised(),
            by=request.user,
        )
        return _go_on(is_moved, partnership, cycle, organisation)
    context = {
        "round": here,
        "meeting": meeting,
        "seen": seen,
        "seats": meeting.seats.select_related(
            "member__officer__user",
            "member__contact",
            "substitute_for__officer__user",
            "substitute_for__contact",
        ),
        "form": form,
        "is_hopeless": is_hopeless(here, meeting, moves),
        "possible": any(move.plan is not None and not move.is_here for move in moves),
        "impossible": [(say_slot(move), move.why) for move in moves if move.why],
    }
    return render(request, "accountability/timetable_meeting.html", context)


def is_hopeless(here: Round, meeting: Meeting, moves: list[Move]) -> bool:
    """Whether another search finds no time either, unless something changes first."""
    if all(move.is_never for move in moves):
        return True
    last = here.panel.runs.order_by("-asked_at", "-pk").first()
    return not meeting.is_placed and last is not None and last.proof == Status.OPTIMAL


def _go_on(is_done: bool, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Back to the grid; what was refused is looked at again as it is now."""
    if is_done:
        return redirect("accountability:timetable", partnership, cycle)
    return redirect("accountability:timetable_meeting", partnership, cycle, organisation)


def list_moves(request: UserRequest, here: Round, meeting: Meeting) -> list[Move]:
    try:
        return find_moves(here.panel, meeting)
    except NotInThisState as why:
        messages.warning(request, str(why))
        return []


@require_POST
def timetable_lock(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    _, meeting = enter_meeting(request, partnership, cycle, organisation)
    is_locked = request.POST.get("locked") == "1"
    done = (
        f"{meeting.organisation} keeps its time."
        if is_locked
        else f"{meeting.organisation} may be moved again."
    )
    seen = request.POST.get("seen", "")
    is_done = tell_outcome(
        request, done, set_lock, meeting=meeting, is_locked=is_locked, seen=seen, by=request.user
    )
    return _go_on(is_done, partnership, cycle, organisation)


@require_POST
def timetable_take_off(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    _, meeting = enter_meeting(request, partnership, cycle, organisation)
    done = f"{meeting.organisation} has no time now. It stays called."
    seen = request.POST.get("seen", "")
    is_done = tell_outcome(request, done, take_off, meeting=meeting, seen=seen, by=request.user)
    return _go_on(is_done, partnership, cycle, organisation)


@require_http_methods(BOTH)
def timetable_release(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """What changes since the last one, and whom it concerns; a post sends it out."""
    here = enter_round(request, partnership, cycle)
    check_can_plan_meetings(here.desk)
    last = get_last(here.panel)
    told = read_release(last)
    draft = read_draft(here.panel, told)
    changes = compare(told, draft)
    form = ReleaseForm(get_data(request), initial={"seen": make_digest(draft)})
    if request.method == "POST" and form.is_valid():
        number = last.number + 1 if last else 1
        done = f"Timetable {number} is out. The e-mails to those it concerns are in the outbox."
        went = tell_outcome(
            request, done, release_timetable, panel=here.panel, by=request.user, **form.cleaned_data
        )
        if went:
            return redirect("accountability:release", partnership, cycle, number)
        return redirect("accountability:timetable_release", partnership, cycle)
    context = {
        "round": here,
        "last": last,
        "changes": changes,
        "agencies": sum(change.concerns_agency for change in changes),
        "members": len({member for change in changes for member in change.concerned_members}),
        "warnings": get_overview(here.panel).warnings,
        "form": form,
    }
    return render(request, "accountability/timetable_release.html", context)
