"""Confirming what was carried over from the last audit, a standard at a time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from s11.organisations.requests import UserRequest, get_data
from s11.web.languages import say
from s11.web.spoken import plural
from surveys.confirming import confirm_standard, list_to_confirm
from surveys.forms.carry_over import ConfirmStandardForm
from surveys.last_year import get_last_year
from surveys.permissions import check_can_answer
from surveys.queries import get_asked_standards
from surveys.reach import get_reach
from surveys.views.cards import find_standard
from surveys.views.entering import enter_audit, go_to, make_crumbs
from surveys.workflow import NotInThisState


@require_http_methods(["GET", "HEAD", "POST"])
def standard_confirm(
    request: UserRequest, partnership: str, organisation: str, cycle: str, code: str
) -> HttpResponse:
    """What would be confirmed, with an honest reason asked for; where nothing is left, back to the standard."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_answer(agency.roles, audit)
    standards = get_asked_standards(audit)
    asked = standards[find_standard(standards, code)]
    reach = get_reach(audit, request.user, agency.roles)
    items = list_to_confirm(asked, reach)
    form = ConfirmStandardForm(get_data(request))
    if not items:
        messages.info(request, say("Nothing of {code} is left to confirm.", code=code))
        return go_to("audit_standard", audit, code=code)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            count = confirm_standard(audit=audit, code=code, reason=reason, reach=reach, by=request.user)
            messages.success(
                request, say("{answers} to {code} confirmed.", answers=plural(count, "answer"), code=code)
            )
        except NotInThisState as late:
            messages.warning(request, str(late))
        return go_to("audit", audit)
    context = {
        "audit": audit,
        "standard": asked.standard,
        "items": items,
        "last_year": get_last_year(audit, items),
        "form": form,
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/standard_confirm.html", context)
