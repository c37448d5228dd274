"""Who may sit: the panel's rules and its members, each with what they have an interest in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.availability import ask_members, replace_link
from accountability.availability_grid import get_open_days
from accountability.enums import MeetingStatus
from accountability.forms.panels import (
    ContactMemberForm,
    InterestForm,
    MemberForm,
    NewContactMemberForm,
    OfficerMemberForm,
    PanelRulesForm,
)
from accountability.models import Interest, PanelMember
from accountability.permissions import (
    check_can_end_panel_member,
    check_can_plan_meetings,
    check_can_read_round,
)
from accountability.queries import Round, get_last_panel, get_member_or_404, is_released, list_planned
from accountability.requests import enter_round
from accountability.workflow import (
    add_contact_member,
    add_new_contact_member,
    add_officer_member,
    bring_member_back,
    change_member,
    change_rules,
    copy_panel,
    declare_interest,
    end_member,
    remove_interest,
)
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import NotInThisState, reason_why_not
from s11.web.text import list_words, plural

BOTH = ["GET", "HEAD", "POST"]


def enter_planning(request: UserRequest, partnership: str, cycle: str) -> Round:
    """For those who may change it."""
    here = enter_round(request, partnership, cycle)
    check_can_plan_meetings(here.desk)
    return here


def back_to_member(here: Round, member: PanelMember) -> HttpResponse:
    return redirect("accountability:panel_member", *here.slugs.values(), member.pk)


@require_http_methods(BOTH)
def panel_rules(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    form = PanelRulesForm(get_data(request), panel=here.panel)
    if request.method == "POST" and form.is_valid():
        tell_outcome(request, "The rules are changed.", change_rules, panel=here.panel, **form.cleaned_data)
        return redirect("accountability:round", partnership, cycle)
    return render(request, "accountability/panel_rules.html", {"round": here, "form": form})


@require_safe
def panel_members(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """All of them on one page: a panel is a dozen people. Those who were taken off stand last."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    planned = Count("seats", filter=~Q(seats__meeting__status=MeetingStatus.CANCELLED), distinct=True)
    found = here.panel.members.with_person().annotate(
        planned=planned, number_of_interests=Count("interests", distinct=True)
    )
    members = sorted(found, key=lambda one: (not one.is_active, one.name.casefold(), one.pk))
    reason = reason_why_not(check_can_plan_meetings, here.desk)
    context = {
        "round": here,
        "members": members,
        "source": None if members or reason else get_last_panel(here.panel),
        "reason": reason,
    }
    return render(request, "accountability/panel_members.html", context)


def add(
    request: UserRequest,
    here: Round,
    form: forms.Form,
    verb: Callable[..., PanelMember],
    what: str,
) -> HttpResponse:
    """The page of a form that puts somebody on the panel."""
    if request.method == "POST" and form.is_valid():
        try:
            member = verb(panel=here.panel, **form.cleaned_data)
        except NotInThisState as late:
            messages.warning(request, str(late))
        else:
            messages.success(request, f"{member} is on the panel.")
        return redirect("accountability:panel_members", *here.slugs.values())
    return render(
        request, "accountability/panel_member_add.html", {"round": here, "form": form, "what": what}
    )


@require_http_methods(BOTH)
def panel_officer_add(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    form = OfficerMemberForm(get_data(request), panel=here.panel)
    return add(request, here, form, add_officer_member, "officer")


@require_http_methods(BOTH)
def panel_contact_add(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    form = ContactMemberForm(get_data(request), panel=here.panel)
    return add(request, here, form, add_contact_member, "contact")


@require_http_methods(BOTH)
def panel_contact_new(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    form = NewContactMemberForm(get_data(request), panel=here.panel)

    def verb(**facts: Any) -> PanelMember:
        return add_new_contact_member(**facts, by=request.user)

    return add(request, here, form, verb, "new")


@require_POST
def panel_copy(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Last time's panel, as far as its people can still be reached."""
    here = enter_planning(request, partnership, cycle)
    source = get_last_panel(here.panel)
    if source is not None:
        count = copy_panel(panel=here.panel, source=source)
        messages.success(
            request,
            f"{plural(count, 'member')} came from {source.cycle}. Each is asked to confirm their interests when you "
            "ask for their availability.",
        )
    return redirect("accountability:panel_members", partnership, cycle)


# One member -----------------------------------------------------------------------------------------------------------


@require_safe
def panel_member(request: UserRequest, partnership: str, cycle: str, member: int) -> HttpResponse:
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    found = get_member_or_404(here, member)
    reason = reason_why_not(check_can_plan_meetings, here.desk)
    context = {
        "round": here,
        "member": found,
        "interests": found.interests.select_related("organisation", "declared_by"),
        "planned": list_planned(found),
        "is_released": is_released(found),
        "reason": reason,
        "end_reason": reason_why_not(check_can_end_panel_member, here.desk, found),
    }
    return render(request, "accountability/panel_member.html", context)


@require_http_methods(BOTH)
def panel_member_change(request: UserRequest, partnership: str, cycle: str, member: int) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    found = get_member_or_404(here, member)
    form = MemberForm(get_data(request), member=found)
    if request.method == "POST" and form.is_valid():
        tell_outcome(request, f"{found} is changed.", change_member, member=found, **form.cleaned_data)
        return back_to_member(here, found)
    context = {"round": here, "member": found, "form": form}
    return render(request, "accountability/panel_member_change.html", context)


@require_POST
def panel_member_end(request: UserRequest, partnership: str, cycle: str, member: int) -> HttpResponse:
    """Off the panel, or back on it."""
    here = enter_planning(request, partnership, cycle)
    found = get_member_or_404(here, member)
    if found.is_active:
        check_can_end_panel_member(here.desk, found)
        tell_outcome(
            request, f"{found} is off the panel. Their link opens nothing.", end_member, member=found
        )
    else:
        tell_outcome(request, f"{found} is on the panel again.", bring_member_back, member=found)
    return back_to_member(here, found)


@require_POST
def panel_member_ask(request: UserRequest, partnership: str, cycle: str, member: int) -> HttpResponse:
    """One of them alone, whether or not they have answered."""
    here = enter_planning(request, partnership, cycle)
    found = get_member_or_404(here, member)
    if here.panel.days.exists() and not get_open_days(found):
        messages.warning(
            request,
            f"No day is left of which {found} could still say it, so nothing was sent. Tell them yourself.",
        )
    elif here.panel.members.reachable().filter(pk=found.pk).exists():
        done = f"An e-mail to {found} is in the outbox."
        tell_outcome(request, done, ask_members, members=[found], by=request.user)
    else:
        messages.warning(request, f"{found} is off the panel or has left, so nothing was sent.")
    return back_to_member(here, found)


@require_http_methods(BOTH)
def panel_member_link(request: UserRequest, partnership: str, cycle: str, member: int) -> HttpResponse:
    """A new link in place of one that went astray. No officer sees it: what comes by it is the member's own word."""
    here = enter_planning(request, partnership, cycle)
    found = get_member_or_404(here, member)
    if request.method == "POST":
        is_told = here.panel.members.reachable().filter(pk=found.pk).exists()
        replace_link(member=found, is_told=is_told, by=request.user)
        sent = "An e-mail with the new one is in the outbox." if is_told else "Nobody was sent a new one."
        messages.success(request, f"The link of {found} opens nothing any more. {sent}")
        return back_to_member(here, found)
    return render(request, "accountability/panel_member_link.html", {"round": here, "member": found})


@require_http_methods(BOTH)
def interest_add(request: UserRequest, partnership: str, cycle: str, member: int) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    found = get_member_or_404(here, member)
    form = InterestForm(get_data(request), member=found)
    if request.method == "POST" and form.is_valid():
        interest = declare_interest(member=found, by=request.user, **form.cleaned_data)
        messages.success(request, f"{found} never sits for {interest.organisation}.")
        warn_of_seats(request, found, interest)
        return back_to_member(here, found)
    return render(request, "accountability/interest_add.html", {"round": here, "member": found, "form": form})


def warn_of_seats(request: UserRequest, member: PanelMember, interest: Interest) -> None:
    """A plan that seats them there already breaks the rule now."""
    seated = [one for one in list_planned(member) if one.organisation == interest.organisation]
    if seated:
        agencies = list_words([one.organisation.name for one in seated])
        messages.warning(
            request,
            f"The plan seats {member} for {agencies}. Give that seat to somebody else in the timetable.",
        )


@require_POST
def interest_remove(
    request: UserRequest, partnership: str, cycle: str, member: int, interest: int
) -> HttpResponse:
    here = enter_planning(request, partnership, cycle)
    found = get_member_or_404(here, member)
    row = get_object_or_404(found.interests.select_related("organisation"), pk=interest)
    done = f"{found} may sit for {row.organisation} again."
    tell_outcome(request, done, remove_interest, interest=row, by=request.user)
    return back_to_member(here, found)
