"""Who came to a meeting: the panel with those who sat for somebody else, and the agency's representatives."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accountability.at_meeting import AtMeeting
from accountability.forms.meeting import AttendanceForm, RepresentativeForm, StandInForm
from accountability.holding import add_representative, record_attendance
from accountability.permissions import check_can_run_meeting, check_can_say_who_came
from accountability.requests import enter_at_meeting
from accountability.substitutes import list_substitutes, say_broken_rule
from accountability.substituting import substitute_member
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
def meeting_attendance(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Everybody at once."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    if request.method == "POST":
        check_can_say_who_came(at)
    form = AttendanceForm(get_data(request), seats=at.seats, representatives=at.meeting.representatives.all())
    if form.is_valid():
        tell_outcome(
            request,
            "Who came is saved.",
            record_attendance,
            meeting=at.meeting,
            seats=form.get_seats(),
            representatives=form.get_representatives(),
            by=request.user,
        )
        return redirect("accountability:meeting_attendance", partnership, cycle, organisation)
    context = {"at": at, "form": form, "reason": reason_why_not(check_can_say_who_came, at)}
    return render(request, "accountability/meeting_attendance.html", context)


@require_http_methods(BOTH)
def meeting_representative(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> HttpResponse:
    """Somebody of the agency who was not announced."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_say_who_came(at)
    form = RepresentativeForm(get_data(request))
    if form.is_valid():
        done = f"{form.cleaned_data['name']} is in the list, and came."
        tell_outcome(
            request, done, add_representative, meeting=at.meeting, by=request.user, **form.cleaned_data
        )
        return redirect("accountability:meeting_attendance", partnership, cycle, organisation)
    return render(request, "accountability/meeting_representative.html", {"at": at, "form": form})


@require_http_methods(BOTH)
def meeting_stand_in(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Somebody else of the panel took a seat, without a conflict of interest."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_run_meeting(at)
    stand_ins = list_substitutes(at.meeting)
    form = StandInForm(get_data(request), seats=at.seats, stand_ins=stand_ins)
    if form.is_valid() and substitute(request, at, form):
        return redirect("accountability:meeting_attendance", partnership, cycle, organisation)
    context = {"at": at, "form": form, "impossible": [one for one in stand_ins if one.why]}
    return render(request, "accountability/meeting_stand_in.html", context)


def substitute(request: UserRequest, at: AtMeeting, form: StandInForm) -> bool:
    """Whether the panel's rules let it be tried."""
    seat, member = form.seats[form.cleaned_data["seat"]], form.members[form.cleaned_data["member"]]
    if why := say_broken_rule(seat, at.seats, member, at.here.panel.sectors):
        form.add_error("member", f"{member} {why}. Choose somebody else.")
        return False
    done = f"{member} sits instead of {seat.member}."
    tell_outcome(
        request, done, substitute_member, meeting=at.meeting, seat=seat, member=member, by=request.user
    )
    return True
