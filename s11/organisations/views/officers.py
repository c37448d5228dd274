"""Who works for a partnership."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations import workflow
from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.forms.partnerships import InviteOfficerForm, SettingsForm
from s11.organisations.models import Officer
from s11.organisations.permissions import check_can_administer, check_can_end_office
from s11.organisations.queries import get_invitation_or_404, get_officers, get_waiting_invitations
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.organisations.second_factors import get_with_factor
from s11.web.errors import reason_why_not

PAGE = 50


@require_safe
def officers(request: UserRequest, partnership: str) -> HttpResponse:
    """Every officer sees who works here; only an administrator sees who is invited."""
    desk = enter_desk(request, partnership)
    reason = reason_why_not(check_can_administer, desk)
    page = Paginator(get_officers(desk.partnership), PAGE).get_page(request.GET.get("page"))
    context = {
        "partnership": desk.partnership,
        "page": page,
        "with_second_factor": set() if reason else get_with_factor(officer.user_id for officer in page),
        "invitations": []
        if reason
        else get_waiting_invitations(partnership=desk.partnership, organisation=None),
        "reason": reason,
    }
    return render(request, "organisations/officers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite_officer(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    ask_who_it_is(request)
    form = InviteOfficerForm(get_data(request), partnership=desk.partnership)
    if request.method != "POST" or not form.is_valid():
        context = {"partnership": desk.partnership, "form": form}
        return render(request, "organisations/invite_officer.html", context)
    email = form.cleaned_data["email"]
    done = f"We have sent {email} an invitation. It can be used for 28 days."
    where = desk.partnership
    tell_outcome(
        request, done, workflow.invite, email=email, role=form.role_chosen, partnership=where, by=request.user
    )
    return redirect("organisations:officers", partnership)


@require_POST
def send_officer_invitation(request: UserRequest, partnership: str, invitation: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    ask_who_it_is(request)
    found = get_invitation_or_404(invitation, partnership=desk.partnership, organisation=None)
    done = f"We have sent {found.email} a new link. The earlier one no longer works."
    tell_outcome(request, done, workflow.send_invitation, invitation=found, by=request.user)
    return redirect("organisations:officers", partnership)


@require_POST
def revoke_officer_invitation(request: UserRequest, partnership: str, invitation: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    found = get_invitation_or_404(invitation, partnership=desk.partnership, organisation=None)
    done = f"The invitation of {found.email} no longer works."
    tell_outcome(request, done, workflow.revoke_invitation, invitation=found)
    return redirect("organisations:officers", partnership)


@require_http_methods(["GET", "HEAD", "POST"])
def end_officer(request: UserRequest, partnership: str, officer: int) -> HttpResponse:
    """One role of one person; the last administrator stays."""
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    offices = Officer.objects.select_related("user", "partnership")
    office = get_object_or_404(offices, pk=officer, partnership=desk.partnership)
    check_can_end_office(desk, office)
    if request.method != "POST":
        return render(request, "organisations/end_officer.html", {"office": office})
    done = f"{office.user} is no longer {office.get_role_display().lower()}."
    tell_outcome(request, done, workflow.end_office, office=office, by=request.user)
    # Whoever ended their own last role has no way back to this page.
    stays = Officer.objects.active().filter(user=request.user, partnership=desk.partnership).exists()
    return redirect("organisations:officers", partnership) if stays else redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: UserRequest, partnership: str) -> HttpResponse:
    """Brand, contact and the partnership's own words under our standard texts."""
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    form = SettingsForm(get_data(request), instance=desk.partnership)
    if request.method != "POST" or not form.is_valid():
        # The page around a refused form keeps the name and colour that are in force.
        desk.partnership.refresh_from_db()
        context = {"partnership": desk.partnership, "form": form}
        return render(request, "organisations/settings.html", context)
    form.save()
    messages.success(request, "The settings are saved. Everybody sees them from now on.")
    return redirect("organisations:settings", partnership)
