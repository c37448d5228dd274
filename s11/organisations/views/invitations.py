"""Opening an invitation: by the link in its e-mail, or signed in, from the home page."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from s11.organisations.enums import InvitationState
from s11.organisations.forms.people import JoinForm
from s11.organisations.models import Invitation, Membership, Officer, User
from s11.organisations.permissions import check_can_accept_invitation
from s11.organisations.queries import get_invitation_state
from s11.organisations.requests import UserRequest, get_data
from s11.organisations.workflow import accept_invitation
from s11.web.errors import NotAllowed, NotInThisState, permission_denied


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The address is the secret: it goes to no other site, into no log, and to none of our own pages."""
    invitation = (
        Invitation.objects.with_token(token)
        .select_related("organisation", "partnership", "invited_by")
        .first()
    )
    if invitation is None:
        response = refuse(request, None, 404)
    elif (state := get_invitation_state(invitation)) != InvitationState.USABLE:
        response = refuse(request, state, 410)
    else:
        response = open_invitation(request, invitation)
    # Not no-referrer: with it browsers send no origin with the form, and the form is refused.
    response["Referrer-Policy"] = "strict-origin"
    return response


def refuse(request: HttpRequest, state: InvitationState | None, status: int) -> HttpResponse:
    return render(request, "organisations/invitation_refused.html", {"state": state}, status=status)


def open_invitation(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        return confirm(request, invitation, request.user)
    person = User.objects.filter(email=invitation.email).first()
    if person is not None and not person.is_active:
        return refuse(request, InvitationState.REVOKED, 410)
    if person is not None and person.has_usable_password():
        return render(request, "organisations/join_sign_in.html", {"invitation": invitation})
    return register(request, invitation, person)


def register(request: HttpRequest, invitation: Invitation, person: User | None) -> HttpResponse:
    """Somebody new, or who never chose a password: having got the link shows that the address is theirs."""
    initial = {"name": person.name if person else ""}
    form = JoinForm(get_data(request), email=invitation.email, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "organisations/join.html", {"invitation": invitation, "form": form})
    try:
        accepted = accept_invitation(
            invitation=invitation, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
        )
    except NotInThisState:
        return refuse(request, get_invitation_state(invitation), 410)
    welcome(request, accepted)
    return sign_in(request, accepted.user)


def sign_in(request: HttpRequest, user: User) -> HttpResponse:
    """By the steps of the sign-in page: who has a second factor and no password (from work, say) still shows it."""
    record_authentication(request, user, "password")
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=reverse("home")))
    return response


def confirm(request: HttpRequest, invitation: Invitation, user: Any) -> HttpResponse:
    """Somebody who is signed in takes one more role."""
    try:
        check_can_accept_invitation(invitation, user.email)
    except NotAllowed as refused:
        # Not raised: the page for it would be logged with the address.
        return permission_denied(request, refused)
    if request.method != "POST":
        return render(request, "organisations/invitation.html", {"invitation": invitation})
    try:
        accepted = accept_invitation(invitation=invitation)
    except NotInThisState:
        return refuse(request, get_invitation_state(invitation), 410)
    return welcome(request, accepted)


def welcome(request: HttpRequest, accepted: Membership | Officer) -> HttpResponse:
    if isinstance(accepted, Officer):
        said = f"You are {accepted.get_role_display().lower()} of {accepted.partnership} now."
    elif accepted.is_request:
        said = f"You have asked to act for {accepted.organisation}. You can start once it is accepted."
    else:
        said = f"You act for {accepted.organisation} now, as {accepted.get_role_display().lower()}."
    messages.success(request, said)
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: UserRequest, invitation: int) -> HttpResponse:
    """The same for somebody who signed in first: no secret in the address, for the invitation is to their own."""
    found = get_object_or_404(
        Invitation.objects.select_related("organisation", "partnership", "invited_by"),
        pk=invitation,
        email=request.user.email,
    )
    if (state := get_invitation_state(found)) != InvitationState.USABLE:
        return refuse(request, state, 410)
    return confirm(request, found, request.user)
