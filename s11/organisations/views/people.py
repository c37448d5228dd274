"""Who acts for an organisation: the lead's page, and each person's own details."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.feed_permissions import get_own_partnerships
from s11.organisations.forms.organisations import DetailsForm
from s11.organisations.forms.people import InviteMemberForm, LanguageForm, OwnDetailsForm, RolesForm
from s11.organisations.groups import get_site_groups
from s11.organisations.permissions import (
    check_can_change_details,
    check_can_end_member,
    check_can_manage_people,
)
from s11.organisations.queries import (
    Agency,
    get_invitation_or_404,
    get_member_or_404,
    get_members,
    get_request_or_404,
    get_requests,
    get_waiting_invitations,
)
from s11.organisations.requests import UserRequest, enter_agency, get_data, tell_outcome
from s11.organisations.workflow import (
    accept_request,
    change_roles,
    end_person,
    invite,
    refuse_request,
    revoke_invitation,
    send_invitation,
)
from s11.web.errors import reason_why_not
from s11.web.languages import get_language, say

PAGE = 50


def back_to_members(agency: Agency) -> HttpResponse:
    return redirect("organisations:members", agency.partnership.slug, agency.organisation.slug)


@require_safe
def members(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    """Everybody in the organisation sees who is in it; only a lead sees who waits and who is invited."""
    agency = enter_agency(request, partnership, organisation)
    reason = reason_why_not(check_can_manage_people, agency)
    page = Paginator(get_members(agency.organisation), PAGE).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "page": page,
        "requests": [] if reason else get_requests(agency.organisation),
        "invitations": [] if reason else get_waiting_invitations(organisation=agency.organisation),
        "groups": get_site_groups(agency.organisation),
        "reason": reason,
    }
    return render(request, "organisations/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite_member(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_people(agency)
    ask_who_it_is(request)
    form = InviteMemberForm(get_data(request), organisation=agency.organisation)
    if request.method != "POST" or not form.is_valid():
        return render(request, "organisations/invite_member.html", {"agency": agency, "form": form})
    email = form.cleaned_data["email"]
    done = f"We have sent {email} an invitation. It can be used for 28 days."
    where = agency.organisation
    tell_outcome(
        request, done, invite, email=email, role=form.role_chosen, organisation=where, by=request.user
    )
    return back_to_members(agency)


@require_POST
def send_member_invitation(
    request: UserRequest, partnership: str, organisation: str, invitation: int
) -> HttpResponse:
    """A lead sends a lead's invitations again; an officer's they may only revoke."""
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_people(agency)
    found = get_invitation_or_404(invitation, organisation=agency.organisation, partnership=None)
    done = f"We have sent {found.email} a new link. The earlier one no longer works."
    tell_outcome(request, done, send_invitation, invitation=found, by=request.user)
    return back_to_members(agency)


@require_POST
def revoke_member_invitation(
    request: UserRequest, partnership: str, organisation: str, invitation: int
) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_people(agency)
    found = get_invitation_or_404(invitation, organisation=agency.organisation)
    done = f"The invitation of {found.email} no longer works."
    tell_outcome(request, done, revoke_invitation, invitation=found)
    return back_to_members(agency)


@require_POST
def accept_member(request: UserRequest, partnership: str, organisation: str, membership: int) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_people(agency)
    ask_who_it_is(request)
    found = get_request_or_404(agency.organisation, membership)
    done = f"{found.user} acts for {agency.organisation} now. We have told them."
    tell_outcome(request, done, accept_request, membership=found, by=request.user)
    return back_to_members(agency)


@require_POST
def refuse_member(request: UserRequest, partnership: str, organisation: str, membership: int) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_people(agency)
    found = get_request_or_404(agency.organisation, membership)
    tell_outcome(
        request, f"You have refused {found.user}.", refuse_request, membership=found, by=request.user
    )
    return back_to_members(agency)


@require_http_methods(["GET", "HEAD", "POST"])
def member_roles(request: UserRequest, partnership: str, organisation: str, person: int) -> HttpResponse:
    """Give another role, end one, hand over the lead."""
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_people(agency)
    ask_who_it_is(request)
    member = get_member_or_404(agency.organisation, person)
    roles = [membership.role for membership in member.memberships]
    form = RolesForm(get_data(request), initial={"roles": roles})
    if request.method != "POST" or not form.is_valid():
        context = {"agency": agency, "member": member, "form": form}
        return render(request, "organisations/member_roles.html", context)
    tell_outcome(
        request,
        f"The roles of {member.user} are changed.",
        change_roles,
        user=member.user,
        organisation=agency.organisation,
        roles=form.roles_chosen,
        by=request.user,
    )
    # Whoever has just handed over the lead still sees the list of members; whoever left everything does not come here.
    return back_to_members(agency)


@require_http_methods(["GET", "HEAD", "POST"])
def end_member(request: UserRequest, partnership: str, organisation: str, person: int) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_people(agency)
    member = get_member_or_404(agency.organisation, person)
    check_can_end_member(agency, member)
    if request.method != "POST":
        return render(request, "organisations/end_member.html", {"agency": agency, "member": member})
    is_own = member.user == request.user
    done = f"{member.user} no longer acts for {agency.organisation}."
    tell_outcome(
        request, done, end_person, user=member.user, organisation=agency.organisation, by=request.user
    )
    return redirect("home") if is_own else back_to_members(agency)


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    """The name that every partnership shows; each may call the organisation something else among its own."""
    agency = enter_agency(request, partnership, organisation)
    check_can_change_details(agency)
    form = DetailsForm(get_data(request), instance=agency.organisation)
    if request.method != "POST" or not form.is_valid():
        return render(request, "organisations/details.html", {"agency": agency, "form": form})
    form.save()
    messages.success(request, f"The organisation is called {form.instance.name} now, in every partnership.")
    return redirect("organisations:details", partnership, organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def own_details(request: UserRequest) -> HttpResponse:
    form = OwnDetailsForm(get_data(request), instance=request.user)
    if request.method != "POST" or not form.is_valid():
        context = {
            "form": form,
            "is_officer": bool(get_own_partnerships(request.user)),
            "language": LanguageForm(initial={"language": get_language().code, "next": request.path}),
        }
        return render(request, "organisations/own_details.html", context)
    form.save()
    messages.success(request, say("Your name is changed."))
    return redirect("home")
