"""Minutes and letters elsewhere than on the desk: in the agency's room, and by a panel member's link."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accountability.enums import LetterStatus, MeetingStatus
from accountability.following import get_agreed, get_followed
from accountability.letter_writing import get_signed_paper
from accountability.minutes_permissions import (
    OPEN_TO_ALL,
    check_can_ask_by_link,
    check_can_ask_for_agency,
    get_minutes_of_member,
)
from accountability.minutes_text import get_held_on, get_minutes_of, get_minutes_text
from accountability.models import Letter, Meeting, Minutes, PanelMember
from accountability.views.agencies import get_announced
from accountability.views.minutes import ASKED, ask, get_newest_paper, keep_typed, make_correction_form
from accountability.views.own_packs import by_link
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency
from s11.web.errors import NotAllowed, reason_why_not
from surveys.views.built_files import hand_out_built

BOTH = ["GET", "HEAD", "POST"]

# An agency's own ------------------------------------------------------------------------------------------------------


def enter_own(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Agency, Meeting]:
    """For every member of the agency, once the meeting was held."""
    agency = enter_agency(request, partnership, organisation)
    held = Meeting.objects.filter(
        invitee__organisation=agency.organisation,
        panel__cycle__partnership=agency.partnership,
        panel__cycle__slug=cycle,
        status=MeetingStatus.HELD,
    )
    return agency, get_object_or_404(held.with_place())


@require_safe
def agency_meeting(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """One meeting and what came of it: for every member of the agency, once it was told that it is called."""
    agency = enter_agency(request, partnership, organisation)
    found = get_announced(agency).filter(panel__cycle__slug=cycle)
    meeting = get_object_or_404(found.select_related("minutes", "letter"))
    minutes, letter = getattr(meeting, "minutes", None), getattr(meeting, "letter", None)
    context = {
        "agency": agency,
        "meeting": meeting,
        "held_on": get_held_on(meeting) if meeting.status == MeetingStatus.HELD else None,
        "minutes": minutes if minutes is not None and minutes.status in OPEN_TO_ALL else None,
        "letter": letter if letter is not None and letter.status == LetterStatus.SENT else None,
        "followed": get_followed(get_agreed([meeting]).order_by("number")),
    }
    return render(request, "accountability/agency_meeting.html", context)


def enter_own_minutes(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Agency, Minutes]:
    """Agreed by the chair, or final: a draft is not there for them."""
    agency, meeting = enter_own(request, partnership, organisation, cycle)
    minutes = get_minutes_of(meeting)
    if minutes is None or minutes.status not in OPEN_TO_ALL:
        raise Http404
    return agency, minutes


@require_http_methods(BOTH)
def agency_minutes(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """A post asks for a correction; one that comes too late is shown again as it was typed."""
    agency, minutes = enter_own_minutes(request, partnership, organisation, cycle)
    today = timezone.localdate()
    reason = reason_why_not(check_can_ask_for_agency, agency, request.user, minutes, today)
    text = get_minutes_text(minutes)
    form = make_correction_form(request, text, str(request.user))
    if form.is_bound and reason:
        keep_typed(form, reason)
    elif form.is_valid() and ask(text, form, str(request.user), request.user):
        messages.success(request, ASKED)
        return redirect("accountability:agency_minutes", partnership, organisation, cycle)
    context = {
        "agency": agency,
        "text": text,
        "form": form,
        "reason": reason,
        "paper": get_newest_paper(minutes, only_final=True),
    }
    status = 403 if form.is_bound and reason else 200
    return render(request, "accountability/minutes_own.html", context, status=status)


@require_safe
def agency_minutes_file(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponseBase:
    """Of final minutes alone."""
    _, minutes = enter_own_minutes(request, partnership, organisation, cycle)
    paper = get_newest_paper(minutes, only_final=True)
    if paper is None:
        raise Http404
    return hand_out_built(paper.document)


def enter_own_letter(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Agency, Letter]:
    """One that was sent."""
    agency, meeting = enter_own(request, partnership, organisation, cycle)
    letter = get_object_or_404(Letter, meeting=meeting, status=LetterStatus.SENT)
    letter.meeting = meeting
    return agency, letter


@require_safe
def agency_letter(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, letter = enter_own_letter(request, partnership, organisation, cycle)
    assert letter.signed_at is not None  # the check constraint promises it
    context = {
        "agency": agency,
        "letter": letter,
        "paper": get_signed_paper(letter.meeting, letter.signed_at),
    }
    return render(request, "accountability/letter_own.html", context)


@require_safe
def agency_letter_file(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponseBase:
    _, letter = enter_own_letter(request, partnership, organisation, cycle)
    assert letter.signed_at is not None  # as above
    paper = get_signed_paper(letter.meeting, letter.signed_at)
    if paper is None:
        raise Http404
    return hand_out_built(paper.document)


# By a personal link ---------------------------------------------------------------------------------------------------


@by_link
@require_safe
def member_minutes(request: HttpRequest, member: PanelMember, token: str) -> HttpResponse:
    """Those of the meetings to which a member came, once the chair has agreed them."""
    context = {"member": member, "token": token, "rows": get_minutes_of_member(member)}
    return render(request, "accountability/minutes_link.html", context)


@by_link
@require_http_methods(BOTH)
def member_minutes_of(
    request: HttpRequest, member: PanelMember, token: str, organisation: str
) -> HttpResponse:
    """One of them; a post asks for a correction, and one that comes too late is shown again as it was typed."""
    minutes = get_open_or_refuse(member, organisation)
    today = timezone.localdate()
    reason = reason_why_not(check_can_ask_by_link, minutes, today)
    text = get_minutes_text(minutes)
    form = make_correction_form(request, text, member.name)
    if form.is_bound and reason:
        keep_typed(form, reason)
    elif form.is_valid() and ask(text, form, member.name, member.user):
        # No message: those need a session, and this page keeps none.
        here = reverse("accountability:member_minutes_of", args=[token, organisation])
        return redirect(f"{here}?asked=1")
    context = {
        "member": member,
        "token": token,
        "text": text,
        "form": form,
        "reason": reason,
        "is_asked": "asked" in request.GET,
    }
    status = 403 if form.is_bound and reason else 200
    return render(request, "accountability/minutes_link_of.html", context, status=status)


def get_open_or_refuse(member: PanelMember, organisation: str) -> Minutes:
    for meeting, closed in get_minutes_of_member(member):
        if meeting.organisation.slug == organisation:
            if closed:
                raise NotAllowed(closed)
            minutes = get_minutes_of(meeting)
            assert minutes is not None  # it is what the meeting was found by
            return minutes
    raise Http404
