"""An agency's action plan: the list, one action with its history, adding, changing and reporting. Live all year."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import ParamSpec

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency
from s11.web import dates
from s11.web.errors import reason_why_not
from surveys.action_plans import count_actions, filter_actions, get_action_or_404, get_all_actions, get_owners
from surveys.actions import add_action, change_action, report_progress
from surveys.forms.actions import (
    ActionFilterForm,
    ActionForm,
    ChangeActionForm,
    ProgressForm,
    make_action_initial,
)
from surveys.models import Action
from surveys.permissions import check_can_change_action, check_can_plan_actions, check_can_report_progress
from surveys.workflow import NotInThisState

P = ParamSpec("P")
ROWS_A_PAGE = 50
# The button that saves what there was advice about.
ANYWAY = "anyway"


@require_safe
def actions(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    today = timezone.localdate()
    everything = get_all_actions(request.user, agency.participation)
    form = ActionFilterForm(request.GET, get_owners(request.user, agency.participation))
    found = filter_actions(everything, form.chosen, request.user, today).prefetch_related("verifications__by")
    context = {
        "agency": agency,
        "form": form,
        "page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "counts": count_actions(everything.values_list("status", "due_on"), today),
        "today": today,
        "reason": reason_why_not(check_can_plan_actions, agency.roles),
    }
    return render(request, "surveys/actions.html", context)


@require_safe
def action(request: UserRequest, partnership: str, organisation: str, action: int) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    found = get_action_or_404(request.user, agency.participation, action)
    context = {
        "agency": agency,
        "action": found,
        "updates": found.updates.select_related("by").reverse(),
        "verifications": found.verifications.select_related("by"),
        "today": timezone.localdate(),
        "change_reason": reason_why_not(check_can_change_action, agency.roles, found),
        "report_reason": reason_why_not(check_can_report_progress, agency.roles, request.user, found),
    }
    return render(request, "surveys/action.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action_add(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    """Freely: from no score."""
    agency = enter_agency(request, partnership, organisation)
    refused = say_refused(request, check_can_plan_actions, agency.roles)
    form = ActionForm(agency.organisation, get_post(request), initial={"version": 0})
    if refused:
        return show_refused(request, "surveys/action_add.html", form, refused, agency=agency)
    if is_ready(request, form):
        added = add_action(participation=agency.participation, entered=form.make_input(), by=request.user)
        messages.success(request, "The action is in your plan.")
        return go_to_action(agency, added)
    return show_action_form(request, "surveys/action_add.html", form, agency=agency)


@require_http_methods(["GET", "HEAD", "POST"])
def action_change(request: UserRequest, partnership: str, organisation: str, action: int) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    found = get_action_or_404(request.user, agency.participation, action)
    refused = say_refused(request, check_can_change_action, agency.roles, found)
    initial = make_action_initial(found)
    form = ChangeActionForm(agency.organisation, get_post(request), initial=initial)
    template = "surveys/action_change.html"
    theirs = None
    if refused:
        return show_refused(request, template, form, refused, agency=agency, action=found, theirs=None)
    if is_ready(request, form):
        theirs = change_action(
            action=found,
            entered=form.make_input(),
            reason=form.cleaned_data["reason"],
            seen_version=form.cleaned_data["version"],
            by=request.user,
        )
        if theirs is None:
            messages.success(request, "The action is changed.")
            return go_to_action(agency, found)
        form = ChangeActionForm(agency.organisation, offer_again(request, theirs), initial=initial)
        form.add_error(None, say_stale(theirs))
    return show_action_form(request, template, form, agency=agency, action=found, theirs=theirs)


@require_http_methods(["GET", "HEAD", "POST"])
def action_update(request: UserRequest, partnership: str, organisation: str, action: int) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    found = get_action_or_404(request.user, agency.participation, action)
    refused = say_refused(request, check_can_report_progress, agency.roles, request.user, found)
    form = ProgressForm(found, get_post(request))
    theirs = None
    if refused:
        form.add_error(None, refused)
    elif request.method == "POST" and form.is_valid():
        try:
            theirs = _report(request, found, form)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                messages.success(request, "Your report is in the action’s history.")
                return go_to_action(agency, found)
            form = ProgressForm(theirs, offer_again(request, theirs))
            form.add_error(None, say_stale(theirs))
    context = {"agency": agency, "action": found, "form": form, "theirs": theirs}
    status = HTTPStatus.FORBIDDEN if refused else HTTPStatus.OK
    return render(request, "surveys/action_update.html", context, status=status)


def _report(request: UserRequest, found: Action, form: ProgressForm) -> Action | None:
    return report_progress(
        action=found,
        entered=form.make_input(),
        seen_version=form.cleaned_data["version"],
        by=request.user,
    )


def get_post(request: UserRequest) -> dict[str, object] | None:
    return request.POST if request.method == "POST" else None  # type: ignore[return-value]


def is_ready(request: UserRequest, form: ActionForm) -> bool:
    """Whether it may be saved: nothing is wrong, and nothing is weak, or the person wants it all the same."""
    if request.method != "POST" or not form.is_valid():
        return False
    return request.POST.get("go") == ANYWAY or not form.advice


def show_action_form(
    request: UserRequest, template: str, form: ActionForm, **context: object
) -> HttpResponse:
    """Advice stands beside its field; who has had it is offered to save all the same."""
    advice = form.advice
    form.show_advice(advice)
    return render(request, template, {"form": form, "advice": advice, **context})


def say_refused(request: UserRequest, check: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> str:
    """Why they may not, to who has filled the form in meanwhile: they get it back. A visit gets the 403 page."""
    if request.method == "POST":
        return reason_why_not(check, *args, **kwargs)
    check(*args, **kwargs)
    return ""


def show_refused(
    request: UserRequest, template: str, form: ActionForm, refused: str, **context: object
) -> HttpResponse:
    """The form with what was typed, and why it was not saved."""
    form.add_error(None, f"{refused} Copy what you typed if you still need it")
    return render(request, template, {"form": form, "advice": {}, **context}, status=HTTPStatus.FORBIDDEN)


def offer_again(request: UserRequest, theirs: Action) -> dict[str, object]:
    """The form as typed, but as of the other's version: saved again, it replaces theirs on purpose."""
    again = request.POST.copy()
    again["version"] = str(theirs.version)
    return again  # type: ignore[return-value]


def say_stale(theirs: Action) -> str:
    last = theirs.updates.select_related("by").last()
    who = last.by if last and last.by else "somebody else"
    when = f" on {dates.datetime(last.at)}" if last else ""
    return (
        f"{who} changed this action{when}, after you opened this page, so yours is not saved. Both are below: leave "
        "theirs, or save again to put yours in its place"
    )


def go_to_action(agency: Agency, action: Action) -> HttpResponse:
    return redirect(
        reverse("surveys:action", args=[agency.partnership.slug, agency.organisation.slug, action.pk])
    )
