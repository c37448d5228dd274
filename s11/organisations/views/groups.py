"""Which group sees which site: the site's side among its people, the group's side in its own rooms."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from s11.organisations.forms.groups import NameForm
from s11.organisations.groups import Group, get_access_or_404, get_group_sites
from s11.organisations.models import GroupAccess, Organisation
from s11.organisations.permissions import check_can_lead_sites, check_can_manage_groups
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, enter_group, get_data, tell_outcome
from s11.organisations.views.people import back_to_members
from s11.organisations.workflow import accept_access, ask_access, decline_access, end_access

# The site's side: its leads alone -------------------------------------------------------------------------------------


def _enter_site_lead(request: UserRequest, partnership: str, organisation: str) -> Agency:
    agency = enter_agency(request, partnership, organisation)
    check_can_manage_groups(agency)
    return agency


@require_http_methods(["GET", "HEAD", "POST"])
def offer_group(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = _enter_site_lead(request, partnership, organisation)
    form = NameForm(get_data(request), near=agency.organisation, label="Which group?")
    if request.method != "POST" or not form.is_valid():
        context = {"agency": agency, "form": form, "parent": agency.organisation.parent}
        return render(request, "organisations/offer_group.html", context)
    tell_outcome(
        request,
        f"We have told the leads of {form.found}. They see nothing until one of them accepts.",
        ask_access,
        site=agency.organisation,
        group=form.found,
        is_offer=True,
        by=request.user,
    )
    return back_to_members(agency)


@require_POST
def accept_group(request: UserRequest, partnership: str, organisation: str, access: int) -> HttpResponse:
    agency = _enter_site_lead(request, partnership, organisation)
    found = get_access_or_404(access, site=agency.organisation)
    if found.is_offer:
        return back_to_members(agency)  # one's own offer is the other side's to accept
    done = f"The leads of {found.group} see your audits now. We have told them. You can end it at any time."
    tell_outcome(request, done, accept_access, access=found, by=request.user)
    return back_to_members(agency)


@require_POST
def decline_group(request: UserRequest, partnership: str, organisation: str, access: int) -> HttpResponse:
    """A no to a group that asks; one's own offer is taken back by it."""
    agency = _enter_site_lead(request, partnership, organisation)
    found = get_access_or_404(access, site=agency.organisation)
    tell_outcome(request, _say_no(found, found.is_offer), decline_access, access=found, by=request.user)
    return back_to_members(agency)


def _say_no(access: GroupAccess, is_own: bool) -> str:
    other = access.answerer if is_own else access.asker
    return f"What you asked of {other} is withdrawn." if is_own else f"You have declined {other}."


@require_http_methods(["GET", "HEAD", "POST"])
def end_group(request: UserRequest, partnership: str, organisation: str, access: int) -> HttpResponse:
    agency = _enter_site_lead(request, partnership, organisation)
    found = get_access_or_404(access, site=agency.organisation)
    if request.method != "POST":
        return render(request, "organisations/end_group.html", {"agency": agency, "access": found})
    done = f"{found.group} no longer sees your audits. We have told its leads."
    tell_outcome(request, done, end_access, access=found, by=request.user)
    return back_to_members(agency)


# The group's side: its leads alone ------------------------------------------------------------------------------------


def _enter_group_lead(request: UserRequest, group: str) -> Group:
    entered = enter_group(request, group)
    check_can_lead_sites(entered)
    return entered


def _back_to_access(group: Group) -> HttpResponse:
    return redirect("organisations:group_access", group.organisation.slug)


def _ask(request: UserRequest, group: Group, site: Organisation) -> HttpResponse:
    who = "its leads" if site.has_lead() else "it has no lead yet, so whoever leads it first sees it then"
    done = f"You have asked {site}: {who}. You see nothing of it until it accepts."
    tell_outcome(request, done, ask_access, site=site, group=group.organisation, by=request.user)
    return _back_to_access(group)


@require_http_methods(["GET", "HEAD", "POST"])
def group_access(request: UserRequest, group: str) -> HttpResponse:
    """Who has accepted the group, who has been asked, who offers; and asking another."""
    entered = _enter_group_lead(request, group)
    form = NameForm(get_data(request), near=entered.organisation, label="Ask a site")
    if request.method == "POST" and form.is_valid():
        return _ask(request, entered, form.found)
    context = {"group": entered.organisation, "sites": get_group_sites(entered.organisation), "form": form}
    return render(request, "organisations/group_access.html", context)


@require_POST
def ask_site(request: UserRequest, group: str, site: str) -> HttpResponse:
    """One that has this group as its parent."""
    entered = _enter_group_lead(request, group)
    return _ask(request, entered, get_object_or_404(entered.organisation.sites.all(), slug=site))


@require_POST
def accept_site(request: UserRequest, group: str, access: int) -> HttpResponse:
    entered = _enter_group_lead(request, group)
    found = get_access_or_404(access, group=entered.organisation)
    if found.is_offer:  # what the group asked is the site's to accept
        done = f"You see {found.site} now. We have told its leads."
        tell_outcome(request, done, accept_access, access=found, by=request.user)
    return _back_to_access(entered)


@require_POST
def decline_site(request: UserRequest, group: str, access: int) -> HttpResponse:
    entered = _enter_group_lead(request, group)
    found = get_access_or_404(access, group=entered.organisation)
    tell_outcome(request, _say_no(found, not found.is_offer), decline_access, access=found, by=request.user)
    return _back_to_access(entered)


@require_http_methods(["GET", "HEAD", "POST"])
def end_site(request: UserRequest, group: str, access: int) -> HttpResponse:
    entered = _enter_group_lead(request, group)
    found = get_access_or_404(access, group=entered.organisation)
    if request.method != "POST":
        context = {"group": entered.organisation, "access": found}
        return render(request, "organisations/end_site.html", context)
    done = f"You no longer see {found.site}. We have told its leads."
    tell_outcome(request, done, end_access, access=found, by=request.user)
    return _back_to_access(entered)
