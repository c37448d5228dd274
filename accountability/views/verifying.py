"""One recommendation on the desk: its history, the decision on its answer, did its action work, a letter when late."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.at_meeting import AtMeeting
from accountability.enums import ResponseDecision
from accountability.following import Followed, get_agreed, get_followed
from accountability.following_emails import make_letter_words
from accountability.following_permissions import (
    check_can_decide_answer,
    check_can_verify_action,
    check_can_write_about,
    check_can_write_late_letters,
)
from accountability.following_up import list_for_letter, write_late_letter
from accountability.forms.following import DecisionForm, LateLetterForm, VerifyForm
from accountability.recommending import accept_answer, return_answer, say_whether_it_worked
from accountability.requests import enter_at_meeting
from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not
from surveys.enums import ActionOutcome
from surveys.views.built_files import hand_out_built


def enter_followed(
    request: UserRequest, partnership: str, cycle: str, organisation: str, number: int
) -> tuple[AtMeeting, Followed]:
    """For whoever reads the meeting, once the letter has gone."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    found = get_followed(get_agreed([at.meeting]).filter(number=number))
    if not found:
        raise Http404
    return at, found[0]


@require_safe
def followed(
    request: UserRequest, partnership: str, cycle: str, organisation: str, number: int
) -> HttpResponse:
    at, found = enter_followed(request, partnership, cycle, organisation, number)
    return show_followed(request, at, found)


def show_followed(
    request: UserRequest,
    at: AtMeeting,
    found: Followed,
    decision: DecisionForm | None = None,
    verify: VerifyForm | None = None,
) -> HttpResponse:
    """Each form where this person may use it, else why not."""
    action = found.recommendation.action
    context = {
        "at": at,
        "followed": found,
        "events": found.recommendation.events.select_related("by"),
        "verifications": action.verifications.select_related("by") if action else (),
        "updates": action.updates.select_related("by").reverse()[:20] if action else (),
        "evidence": action.evidence.all() if action else (),
        "decision": decision or DecisionForm(auto_id="%s"),
        "decision_reason": reason_why_not(check_can_decide_answer, at, found),
        "verify": verify or VerifyForm(auto_id="%s"),
        "verify_reason": reason_why_not(check_can_verify_action, at, found),
        "letter_reason": reason_why_not(check_can_write_about, at, found),
    }
    return render(request, "accountability/followed.html", context)


@require_POST
def followed_decide(
    request: UserRequest, partnership: str, cycle: str, organisation: str, number: int
) -> HttpResponse:
    at, found = enter_followed(request, partnership, cycle, organisation, number)
    check_can_decide_answer(at, found)
    form = DecisionForm(get_data(request), auto_id="%s")
    if not form.is_valid():
        return show_followed(request, at, found, decision=form)
    note = form.cleaned_data["note"]
    if form.cleaned_data["decision"] == ResponseDecision.RETURNED:
        done = f"The answer is returned. {at.organisation} reads what is missing on its page."
        verb = return_answer
    else:
        done, verb = "The answer is accepted.", accept_answer
    tell_outcome(request, done, verb, recommendation=found.recommendation, note=note, by=request.user)
    return redirect("accountability:followed", partnership, cycle, organisation, number)


@require_POST
def followed_verify(
    request: UserRequest, partnership: str, cycle: str, organisation: str, number: int
) -> HttpResponse:
    at, found = enter_followed(request, partnership, cycle, organisation, number)
    check_can_verify_action(at, found)
    form = VerifyForm(get_data(request), auto_id="%s")
    if not form.is_valid():
        return show_followed(request, at, found, verify=form)
    outcome = ActionOutcome(form.cleaned_data["outcome"])
    done = "It is recorded whether the action worked. The agency sees it in its plan."
    if outcome == ActionOutcome.FAILED:
        done = (
            f"It is recorded that the action did not work. {at.organisation} is asked by e-mail for another."
        )
    tell_outcome(
        request,
        done,
        say_whether_it_worked,
        recommendation=found.recommendation,
        outcome=outcome,
        text=form.cleaned_data["shown"],
        by=request.user,
    )
    return redirect("accountability:followed", partnership, cycle, organisation, number)


@require_http_methods(["GET", "HEAD", "POST"])
def late_letter(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """To a contact of the agency, about all that is still open after both reminders."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_write_late_letters(at)
    at.meeting.panel.cycle.partnership = at.here.partnership
    late = list_for_letter(at.meeting)
    contacts = get_contacts(at)
    subject, body = make_letter_words(at.meeting, late)
    initial = {"subject": subject, "body": body, "contact": str(contacts[0].pk) if contacts else ""}
    form = LateLetterForm(get_data(request), auto_id="%s", initial=initial, contacts=contacts)
    if request.method == "POST" and form.is_valid():
        tell_outcome(
            request,
            "The letter is in the outbox, and recorded. It goes in a few minutes, with its PDF.",
            write_late_letter,
            meeting=at.meeting,
            contact=form.get_contact(),
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            by=request.user,
        )
        return redirect("accountability:progress", partnership, cycle)
    context = {
        "at": at,
        "late": late,
        "form": form,
        "has_contact": bool(contacts),
        "letters": at.meeting.late_letters.select_related("contact", "paper__document", "by"),
    }
    return render(request, "accountability/late_letter.html", context)


@require_safe
def late_letter_file(
    request: UserRequest, partnership: str, cycle: str, organisation: str, letter: int
) -> HttpResponseBase:
    """For whoever reads the meeting."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    found = get_object_or_404(at.meeting.late_letters.select_related("paper__document"), pk=letter)
    if found.paper is None:
        raise Http404
    return hand_out_built(found.paper.document)


def get_contacts(at: AtMeeting) -> list[Contact]:
    """Whom mail reaches, chief executives and headteachers first."""
    found = Contact.objects.reachable().filter(
        participation__partnership=at.here.partnership, participation__organisation=at.organisation
    )
    return sorted(found, key=lambda one: (one.kind != ContactKind.CHIEF_EXECUTIVE, one.pk))
