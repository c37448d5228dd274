"""Scores before a panel: what to look at first, proposals with what they would change, and which are agreed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.at_meeting import AtMeeting
from accountability.forms.meeting import ProposalForm
from accountability.holding import agree_score, propose_score, withdraw_score
from accountability.meeting_scores import ScoreRow, Scores, get_scores, make_choice
from accountability.models import ScoreProposal
from accountability.permissions import check_can_agree_scores, check_can_propose, check_can_withdraw_score
from accountability.requests import enter_at_meeting
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not


@require_safe
def meeting_scores(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    context = {
        "at": at,
        "scores": get_scores(at.meeting),
        "reason": reason_why_not(check_can_propose, at),
        "agree_reason": reason_why_not(check_can_agree_scores, at),
        "person": request.user,
    }
    return render(request, "accountability/meeting_scores.html", context)


def get_row_or_404(at: AtMeeting, code: str) -> tuple[Scores, ScoreRow]:
    scores = get_scores(at.meeting)
    row = scores.get_row(code) if scores is not None else None
    if scores is None or row is None:
        raise Http404
    return scores, row


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_score(
    request: UserRequest, partnership: str, cycle: str, organisation: str, indicator: str
) -> HttpResponse:
    """Propose another score for one indicator; each choice says what it would change."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_propose(at)
    scores, row = get_row_or_404(at, indicator)
    form = ProposalForm(
        get_data(request),
        bank=scores.audit.questionnaire,
        effects=scores.say_effects(row),
        leave_out=make_choice(row.standing),
    )
    if form.is_valid():
        answer = row.answer.answer
        answer.audit = scores.audit
        tell_outcome(
            request,
            f"Another score for {row.code} is proposed.",
            propose_score,
            meeting=at.meeting,
            answer=answer,
            score=form.get_score(),
            is_not_applicable=form.is_not_applicable,
            justification=form.cleaned_data["justification"],
            by=request.user,
        )
        return redirect("accountability:meeting_scores", partnership, cycle, organisation)
    context = {"at": at, "scores": scores, "row": row, "form": form}
    return render(request, "accountability/meeting_score.html", context)


def get_proposal_or_404(at: AtMeeting, proposal: int) -> ScoreProposal:
    one = get_object_or_404(at.meeting.proposals.select_related("answer__indicator"), pk=proposal)
    one.meeting = at.meeting
    return one


@require_POST
def meeting_score_agree(
    request: UserRequest, partnership: str, cycle: str, organisation: str, proposal: int
) -> HttpResponse:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_agree_scores(at)
    found = get_proposal_or_404(at, proposal)
    done = f"The panel’s score for {found.answer.indicator.code} is agreed. It counts once the minutes are final."
    tell_outcome(request, done, agree_score, proposal=found, by=request.user)
    return redirect("accountability:meeting_scores", partnership, cycle, organisation)


@require_POST
def meeting_score_withdraw(
    request: UserRequest, partnership: str, cycle: str, organisation: str, proposal: int
) -> HttpResponse:
    """One's own proposal; what is agreed, or somebody else's, is the chair's."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    found = get_proposal_or_404(at, proposal)
    check_can_withdraw_score(at, found, request.user)
    done = f"The proposal for {found.answer.indicator.code} is withdrawn."
    tell_outcome(request, done, withdraw_score, proposal=found, by=request.user)
    return redirect("accountability:meeting_scores", partnership, cycle, organisation)
