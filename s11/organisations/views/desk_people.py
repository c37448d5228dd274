"""The people of one organisation as its partnership's officers work with them: inviting, approving, ending a lead."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from s11.organisations import workflow
from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.forms.people import InviteMemberForm
from s11.organisations.permissions import (
    check_can_answer_request,
    check_can_end_lead,
    check_can_organise,
    check_can_work_with,
)
from s11.organisations.queries import (
    get_invitation_or_404,
    get_participation_or_404,
    get_request_or_404,
)
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.organisations.views.organisations import back_to
from s11.web.errors import NotInThisState


@require_http_methods(["GET", "HEAD", "POST"])
def invite_to_organisation(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    check_can_work_with(desk, participation)
    ask_who_it_is(request)
    # A deputy who follows is named in the address.
    initial = {"email": request.GET.get("email", ""), "role": request.GET.get("email") and "lead"}
    form = InviteMemberForm(get_data(request), organisation=participation.organisation, initial=initial)
    if request.method != "POST" or not form.is_valid():
        context = {"participation": participation, "form": form}
        return render(request, "organisations/invite_to_organisation.html", context)
    email = form.cleaned_data["email"]
    done = f"We have sent {email} an invitation. It can be used for 28 days."
    tell_outcome(
        request,
        done,
        workflow.invite,
        email=email,
        role=form.role_chosen,
        organisation=participation.organisation,
        partnership=desk.partnership,
        by=request.user,
    )
    return back_to(participation)


@require_POST
def send_organisation_invitation(
    request: UserRequest, partnership: str, organisation: str, invitation: int
) -> HttpResponse:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    check_can_work_with(desk, participation)
    found = get_invitation_or_404(
        invitation, organisation=participation.organisation, partnership=desk.partnership
    )
    done = f"We have sent {found.email} a new link. The earlier one no longer works."
    tell_outcome(request, done, workflow.send_invitation, invitation=found, by=request.user)
    return back_to(participation)


@require_POST
def revoke_organisation_invitation(
    request: UserRequest, partnership: str, organisation: str, invitation: int
) -> HttpResponse:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    check_can_organise(desk)
    found = get_invitation_or_404(
        invitation, organisation=participation.organisation, partnership=desk.partnership
    )
    done = f"The invitation of {found.email} no longer works."
    tell_outcome(request, done, workflow.revoke_invitation, invitation=found)
    return back_to(participation)


@require_POST
def approve(request: UserRequest, partnership: str, organisation: str, membership: int) -> HttpResponse:
    """This partnership's yes, where there is no lead to ask."""
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    check_can_answer_request(desk, participation.organisation)
    ask_who_it_is(request)
    found = get_request_or_404(participation.organisation, membership)
    try:
        is_member = workflow.approve_request(membership=found, partnership=desk.partnership, by=request.user)
    except NotInThisState as late:
        messages.warning(request, str(late))
        return back_to(participation)
    if is_member:
        messages.success(request, f"{found.user} acts for {participation.name} now. We have told them.")
    else:
        messages.success(
            request, f"You have approved {found.user}. Another partnership must still approve them too."
        )
    return back_to(participation)


@require_POST
def refuse(request: UserRequest, partnership: str, organisation: str, membership: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    check_can_answer_request(desk, participation.organisation)
    found = get_request_or_404(participation.organisation, membership)
    done = f"You have refused {found.user}."
    tell_outcome(request, done, workflow.refuse_request, membership=found, by=request.user)
    return back_to(participation)


@require_http_methods(["GET", "HEAD", "POST"])
def end_lead(request: UserRequest, partnership: str, organisation: str, membership: int) -> HttpResponse:
    """A lead who has gone. It is recorded who ended it, and the lead is told."""
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    memberships = participation.organisation.memberships.select_related("user", "organisation")
    found = get_object_or_404(memberships, pk=membership)
    check_can_end_lead(desk, participation, found)
    if request.method != "POST":
        context = {"participation": participation, "membership": found}
        return render(request, "organisations/end_lead.html", context)
    tell_outcome(
        request,
        f"{found.user} is no longer a lead of {participation.name}. We have told them.",
        workflow.end_membership,
        membership=found,
        by=request.user,
        through=desk.partnership,
    )
    return back_to(participation)
