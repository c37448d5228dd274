"""What is agreed after a multi-agency audit: an action in the plan of the agency that does it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accountability.forms.multi_agency import AgreedActionForm, ReasonForm
from accountability.multi_agency_permissions import check_can_agree_action, check_can_take_back_action
from accountability.multi_agency_register import list_taking_part
from accountability.multi_agency_writing import agree_action, take_back_action
from accountability.views.multi_agency_audits import BOTH, enter_audit, go_to
from s11.organisations.requests import UserRequest, get_data, tell_outcome


@require_http_methods(BOTH)
def multi_agency_action_add(request: UserRequest, partnership: str, audit: int) -> HttpResponse:
    desk, found = enter_audit(request, partnership, audit)
    check_can_agree_action(desk, found)
    form = AgreedActionForm(get_data(request), taking_part=list_taking_part(found))
    if form.is_valid():
        agency = form.participation
        tell_outcome(
            request,
            f"The action stands in the plan of {agency.name}, which reports on it there.",
            agree_action,
            audit=found,
            participation=agency,
            entered=form.entered,
            by=request.user,
        )
        return go_to(found)
    return render(request, "accountability/multi_agency_action_add.html", {"audit": found, "form": form})


@require_http_methods(BOTH)
def multi_agency_action_drop(request: UserRequest, partnership: str, audit: int, action: int) -> HttpResponse:
    """One that was agreed wrongly: it stays in the agency's plan as dropped, with the reason."""
    desk, found = enter_audit(request, partnership, audit)
    agreed = get_object_or_404(found.actions.select_related("participation__organisation"), pk=action)
    check_can_take_back_action(desk, found, agreed)
    form = ReasonForm(get_data(request), label="Why is it taken back?")
    if form.is_valid():
        done = "The action is taken back. It stays in the agency’s plan as dropped, with your reason."
        reason = form.cleaned_data["reason"]
        tell_outcome(
            request, done, take_back_action, audit=found, action=agreed, reason=reason, by=request.user
        )
        return go_to(found)
    context = {"audit": found, "action": agreed, "form": form}
    return render(request, "accountability/multi_agency_action_drop.html", context)
