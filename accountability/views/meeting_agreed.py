"""What a panel asks of the agency, and what others may learn from it: recommendations and good practice."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accountability.forms.meeting import PracticeForm, RecommendationForm
from accountability.holding import drop_good_practice, note_good_practice
from accountability.permissions import check_can_propose
from accountability.recommending import (
    NotInThisState,
    make_digest,
    recommend,
    reword_recommendation,
    withdraw_recommendation,
)
from accountability.requests import enter_at_meeting
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
def meeting_agreed(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """The list; a post adds a recommendation."""
    return show_agreed(request, partnership, cycle, organisation, is_practice=False)


@require_http_methods(BOTH)
def meeting_practice(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """The same page; a post adds good practice."""
    return show_agreed(request, partnership, cycle, organisation, is_practice=True)


def show_agreed(
    request: UserRequest, partnership: str, cycle: str, organisation: str, *, is_practice: bool
) -> HttpResponse:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    if request.method == "POST":
        check_can_propose(at)
    bank = at.meeting.invitee.cycle_questionnaire.questionnaire
    data = get_data(request)
    form = RecommendationForm(None if is_practice else data, bank=bank)
    practice = PracticeForm(data if is_practice else None, bank=bank)
    if form.is_valid():
        done = "The recommendation is noted. The agency sees it once the minutes are final."
        tell_outcome(request, done, recommend, meeting=at.meeting, by=request.user, **form.cleaned_data)
        return redirect("accountability:meeting_agreed", partnership, cycle, organisation)
    if practice.is_valid():
        tell_outcome(
            request,
            "Good practice is noted. The agency says later whether it may be shared.",
            note_good_practice,
            meeting=at.meeting,
            text=practice.cleaned_data["practice"],
            indicator=practice.cleaned_data["indicator"],
            by=request.user,
        )
        return redirect("accountability:meeting_agreed", partnership, cycle, organisation)
    context = {
        "at": at,
        "recommendations": at.meeting.recommendations.select_related("theme", "indicator", "created_by"),
        "practices": at.meeting.good_practices.select_related("indicator", "by"),
        "add": form,
        "practice": practice,
        "reason": reason_why_not(check_can_propose, at),
    }
    return render(request, "accountability/meeting_agreed.html", context)


@require_http_methods(BOTH)
def meeting_recommendation(
    request: UserRequest, partnership: str, cycle: str, organisation: str, number: int
) -> HttpResponse:
    """In other words, or by another day; beside it, taking it back."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_propose(at)
    found = get_object_or_404(at.meeting.recommendations, number=number)
    found.meeting = at.meeting
    shown = {"text": found.text, "due_on": found.due_on, "seen": make_digest(found)}
    form, theirs = RecommendationForm(get_data(request), initial=shown), None
    if form.is_valid():
        try:
            theirs = reword_recommendation(recommendation=found, by=request.user, **form.cleaned_data)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                messages.success(request, f"Recommendation {number} is changed.")
                return redirect("accountability:meeting_agreed", partnership, cycle, organisation)
            form = RecommendationForm(initial={**form.cleaned_data, "seen": make_digest(theirs)})
    context = {"at": at, "recommendation": found, "form": form, "theirs": theirs}
    return render(request, "accountability/meeting_recommendation.html", context)


@require_POST
def meeting_recommendation_withdraw(
    request: UserRequest, partnership: str, cycle: str, organisation: str, number: int
) -> HttpResponse:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_propose(at)
    found = get_object_or_404(at.meeting.recommendations, number=number)
    found.meeting = at.meeting
    done = f"Recommendation {number} is taken back."
    tell_outcome(request, done, withdraw_recommendation, recommendation=found, by=request.user)
    return redirect("accountability:meeting_agreed", partnership, cycle, organisation)


@require_POST
def meeting_practice_drop(
    request: UserRequest, partnership: str, cycle: str, organisation: str, practice: int
) -> HttpResponse:
    """Noted by mistake, or in words that name somebody."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_propose(at)
    found = get_object_or_404(at.meeting.good_practices, pk=practice)
    found.meeting = at.meeting
    tell_outcome(request, "Good practice is taken back.", drop_good_practice, practice=found, by=request.user)
    return redirect("accountability:meeting_agreed", partnership, cycle, organisation)
