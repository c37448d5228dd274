"""What a panel asked of an agency, as the agency meets it once the letter has gone: each is answered or refused."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.enums import LetterStatus
from accountability.following import Followed, get_agreed, get_followed
from accountability.following_permissions import check_can_answer_recommendation, check_can_say_shared
from accountability.following_up import say_may_be_shared
from accountability.forms.following import RefusalForm
from accountability.models import Meeting
from accountability.recommending import answer_with_action, refuse_recommendation
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, get_data
from s11.web.errors import NotInThisState, reason_why_not
from surveys.forms.actions import ActionForm, make_action_initial
from surveys.reach import WRITERS
from surveys.views.actions import get_post, is_ready, say_refused, show_action_form, show_refused

BOTH = ["GET", "HEAD", "POST"]


def enter_agreed(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Agency, Meeting]:
    """For every member of the agency, once the letter after its meeting has gone."""
    agency = enter_agency(request, partnership, organisation)
    meetings = Meeting.objects.filter(
        invitee__organisation=agency.organisation,
        panel__cycle__partnership=agency.partnership,
        letter__status=LetterStatus.SENT,
    )
    return agency, get_object_or_404(meetings.with_place(), panel__cycle__slug=cycle)


def list_followed(meeting: Meeting) -> list[Followed]:
    """Three queries."""
    return get_followed(get_agreed([meeting]).order_by("number"))


def enter_one(
    request: UserRequest, partnership: str, organisation: str, cycle: str, number: int
) -> tuple[Agency, Followed]:
    agency, meeting = enter_agreed(request, partnership, organisation, cycle)
    found = get_followed(get_agreed([meeting]).filter(number=number))
    if not found:
        raise Http404
    return agency, found[0]


@require_safe
def agency_recommendations(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponse:
    agency, meeting = enter_agreed(request, partnership, organisation, cycle)
    context = {
        "agency": agency,
        "meeting": meeting,
        "followed": list_followed(meeting),
        "practices": meeting.good_practices.select_related("indicator"),
        "is_writer": bool(agency.roles & WRITERS),
    }
    return render(request, "accountability/agency_recommendations.html", context)


@require_safe
def agency_recommendation(
    request: UserRequest, partnership: str, organisation: str, cycle: str, number: int
) -> HttpResponse:
    agency, followed = enter_one(request, partnership, organisation, cycle, number)
    context = {
        "agency": agency,
        "followed": followed,
        "events": followed.recommendation.events.select_related("by"),
        "reason": reason_why_not(check_can_answer_recommendation, agency, followed),
    }
    return render(request, "accountability/agency_recommendation.html", context)


@require_http_methods(BOTH)
def recommendation_action(
    request: UserRequest, partnership: str, organisation: str, cycle: str, number: int
) -> HttpResponse:
    """The form of the plan itself; of an answer that was returned, the same action in new words."""
    agency, followed = enter_one(request, partnership, organisation, cycle, number)
    refused = say_refused(request, check_can_answer_recommendation, agency, followed)
    asked = followed.recommendation
    initial = make_action_initial(asked.action) if asked.action else {"version": 0, "due_on": asked.due_on}
    form = ActionForm(agency.organisation, get_post(request), initial=initial)
    template, context = "accountability/recommendation_action.html", {"agency": agency, "followed": followed}
    if refused:
        return show_refused(request, template, form, refused, **context)
    if is_ready(request, form):
        try:
            answer_with_action(recommendation=asked, entered=form.make_input(), by=request.user)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, f"Recommendation {number} is answered. The action is in your plan.")
            return redirect("accountability:agency_recommendations", partnership, organisation, cycle)
    return show_action_form(request, template, form, **context)


@require_http_methods(BOTH)
def recommendation_refuse(
    request: UserRequest, partnership: str, organisation: str, cycle: str, number: int
) -> HttpResponse:
    agency, followed = enter_one(request, partnership, organisation, cycle, number)
    refused = say_refused(request, check_can_answer_recommendation, agency, followed)
    asked = followed.recommendation
    form = RefusalForm(get_data(request), auto_id="%s", initial={"reason": asked.refusal})
    if refused:
        form.add_error(None, f"{refused} Copy what you typed if you still need it")
    elif request.method == "POST" and form.is_valid():
        try:
            refuse_recommendation(recommendation=asked, reason=form.cleaned_data["reason"], by=request.user)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            messages.success(
                request, f"Recommendation {number} is answered. The partnership reads your reason."
            )
            return redirect("accountability:agency_recommendations", partnership, organisation, cycle)
    context = {"agency": agency, "followed": followed, "form": form}
    return render(
        request, "accountability/recommendation_refuse.html", context, status=403 if refused else 200
    )


@require_POST
def practice_shared(
    request: UserRequest, partnership: str, organisation: str, cycle: str, practice: int
) -> HttpResponse:
    """Yes or no, and otherwise again at any time."""
    agency, meeting = enter_agreed(request, partnership, organisation, cycle)
    found = get_object_or_404(meeting.good_practices, pk=practice)
    check_can_say_shared(agency, found)
    may = request.POST.get("may") == "yes"
    say_may_be_shared(practice=found, may_be_shared=may, by=request.user)
    said = "It may be shared, with your name." if may else "It is not shared outside the meeting."
    messages.success(request, said)
    return redirect("accountability:agency_recommendations", partnership, organisation, cycle)
