"""Who comes: an agency names its people and takes its meeting into a calendar; an officer gives a seat to another."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accountability.answer_dates import get_tell_by
from accountability.calendars import make_file
from accountability.feeds import OwnMeeting, list_own_meetings
from accountability.forms.invitations import ReplaceForm, RepresentativesForm
from accountability.models import Meeting, Seat
from accountability.permissions import check_can_name_representatives, check_can_plan_meetings
from accountability.queries import Round
from accountability.representing import name_representatives
from accountability.requests import enter_round
from accountability.substitutes import Substitute, list_substitutes
from accountability.substituting import check_is_told, replace_member
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, get_data, tell_outcome
from s11.web.errors import NotInThisState

BOTH = ["GET", "HEAD", "POST"]


def get_told(agency: Agency) -> dict[int, OwnMeeting]:
    """The agency's meetings in this partnership as they were last told, by their ids."""
    found = list_own_meetings([], {agency.organisation.pk})
    return {one.meeting.pk: one for one in found if one.meeting.cycle.partnership_id == agency.partnership.pk}


def enter_told(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Agency, OwnMeeting]:
    agency = enter_agency(request, partnership, organisation)
    for one in get_told(agency).values():
        if one.meeting.cycle.slug == cycle:
            return agency, one
    raise Http404


@require_safe
def meeting_entry(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """A file for any calendar; one that is off says so."""
    _, found = enter_told(request, partnership, organisation, cycle)
    response = HttpResponse(make_file(found.entry), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return response


@require_http_methods(BOTH)
def representatives(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, found = enter_told(request, partnership, organisation, cycle)
    meeting = found.meeting
    check_can_name_representatives(agency, meeting)
    form = RepresentativesForm(get_data(request), held=list(meeting.representatives.all()))
    if request.method == "POST" and form.is_valid() and save_people(request, meeting, form):
        return redirect("accountability:agency_meetings", partnership, organisation)
    context = {
        "agency": agency,
        "found": found,
        "form": form,
        "tell_by": get_tell_by(found.told.date),
    }
    return render(request, "accountability/representatives.html", context)


def save_people(request: UserRequest, meeting: Meeting, form: RepresentativesForm) -> bool:
    """Whether it was saved: where a colleague was quicker, the form says so and keeps what was typed."""
    try:
        name_representatives(
            meeting=meeting,
            people=form.list_people(),
            seen=form.cleaned_data["seen"],
            by=request.user,
        )
    except NotInThisState as late:
        form.ask_again(str(late))
        return False
    messages.success(
        request, "Saved. Those who are new get an invitation, and those who do not come any more are told."
    )
    return True


# On the desk ----------------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def seat_replace(
    request: UserRequest, partnership: str, cycle: str, organisation: str, seat: int
) -> HttpResponse:
    """Somebody who was told that they sit cannot come: who can, and why the others cannot."""
    here = enter_round(request, partnership, cycle)
    check_can_plan_meetings(here.desk)
    meeting, held = get_seat_or_404(here, organisation, seat)
    found = list_possible(request, meeting, held)
    form = ReplaceForm(get_data(request), substitutes=found)
    if request.method == "POST" and form.is_valid():
        member = form.get_member()
        tell_outcome(
            request,
            f"{member} sits in place of {held.member}. The e-mails to both are in the outbox.",
            replace_member,
            meeting=meeting,
            seat=held,
            member=member,
            has_confirmed=form.cleaned_data["has_confirmed"],
            by=request.user,
        )
        return redirect("accountability:timetable_meeting", partnership, cycle, organisation)
    context = {
        "round": here,
        "meeting": meeting,
        "seat": held,
        "form": form,
        "impossible": [(one.member.name, f"{one.member.name} {one.why}.") for one in found if one.why],
    }
    return render(request, "accountability/seat_replace.html", context)


def get_seat_or_404(here: Round, organisation: str, seat: int) -> tuple[Meeting, Seat]:
    called = here.panel.meetings.called().filter(day__isnull=False).with_place()
    meeting = get_object_or_404(called, invitee__organisation__slug=organisation)
    meeting.panel = here.panel
    seats = meeting.seats.select_related("member__officer__user", "member__contact")
    return meeting, get_object_or_404(seats, pk=seat)


def list_possible(request: UserRequest, meeting: Meeting, seat: Seat) -> list[Substitute]:
    try:
        check_is_told(meeting)
    except NotInThisState as why:
        messages.warning(request, str(why))
        return []
    return list_substitutes(meeting, seat)
