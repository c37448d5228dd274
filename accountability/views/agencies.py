"""An agency's room Meetings: that it is called, and when it can come."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accountability.answer_dates import get_tell_by
from accountability.availability import answer_for_agency
from accountability.availability_grid import get_coming_days
from accountability.enums import MeetingStatus
from accountability.forms.availability import HalvesForm
from accountability.minutes_text import get_held_on
from accountability.models import Availability, Meeting
from accountability.models.meetings import MeetingQuerySet
from accountability.permissions import check_can_name_representatives, check_can_say_half_days
from accountability.views.invitations import get_told
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, get_data
from s11.web.errors import reason_why_not


def get_announced(agency: Agency) -> MeetingQuerySet:
    """The agency's meetings in this partnership of which it has been told, the latest cycle first."""
    return (
        Meeting.objects.announced()
        .filter(invitee__organisation=agency.organisation, panel__cycle__partnership=agency.partnership)
        .with_place()
        .order_by("-panel__cycle__closes_on", "-pk")
    )


@require_safe
def agency_meetings(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    """A meeting stands here once the agency was told that it is called; its time only once that was told."""
    agency = enter_agency(request, partnership, organisation)
    meetings = list(get_announced(agency).prefetch_related("representatives"))
    told = get_told(agency)
    answered = set(Availability.objects.filter(meeting__in=meetings).values_list("meeting", flat=True))
    rows = [
        (meeting, reason_why_not(check_can_say_half_days, agency, meeting), meeting.pk in answered)
        for meeting in meetings
    ]
    context = {
        "agency": agency,
        "rows": rows,
        "told": told,
        "held": {one.pk: get_held_on(one) for one in meetings if one.status == MeetingStatus.HELD},
        "tell_by": {pk: get_tell_by(one.told.date) for pk, one in told.items()},
        "unnamed": {one.pk: reason_why_not(check_can_name_representatives, agency, one) for one in meetings},
    }
    return render(request, "accountability/agency_meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def half_days(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """A lead or signatory says when the agency can come; everybody else of it reads what was said."""
    agency = enter_agency(request, partnership, organisation)
    meeting = get_object_or_404(get_announced(agency), panel__cycle__slug=cycle)
    reason = reason_why_not(check_can_say_half_days, agency, meeting)
    if request.method == "POST":
        check_can_say_half_days(agency, meeting)
    given = list(meeting.availabilities.all())
    form = HalvesForm(
        get_data(request), days=get_coming_days(meeting.panel), given=given, note=meeting.availability_note
    )
    if request.method == "POST" and form.is_valid():
        answer_for_agency(
            meeting=meeting, halves=form.get_halves(), note=form.cleaned_data["note"], by=request.user
        )
        messages.success(request, "Your answer is saved. You can change it until you are told a time.")
        return redirect("accountability:agency_meetings", partnership, organisation)
    context = {"agency": agency, "meeting": meeting, "form": form, "reason": reason}
    return render(request, "accountability/half_days.html", context)
