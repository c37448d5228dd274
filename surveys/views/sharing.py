"""Sharing the work: who has what, how far each is, and what one person answers."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.languages import in_english
from surveys.forms.sharing import ShareForm
from surveys.holders import get_holders, name_holders
from surveys.permissions import check_can_share
from surveys.progress import get_progress
from surveys.reach import get_assignments, get_writers, make_given
from surveys.sharing import assign
from surveys.views.entering import enter_audit, go_to, make_crumbs


@require_safe
def audit_sharing(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """Everybody in the organisation sees who has what; a lead gives it."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    progress = get_progress(audit)
    assignments = get_assignments(audit)
    with in_english():  # as all of the page is so far
        context = {
            "audit": audit,
            "holders": get_holders(audit, progress),
            "standards": [
                (asked, name_holders(asked, assignments, request.user)) for asked in progress.standards
            ],
            "reason": reason_why_not(check_can_share, agency.roles, audit),
            "crumbs": make_crumbs(request, audit),
        }
    return render(request, "surveys/audit_sharing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def audit_sharing_person(
    request: UserRequest, partnership: str, organisation: str, cycle: str, person: int
) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_share(agency.roles, audit)
    user = next((one for one, _ in get_writers(audit.organisation) if one.pk == person), None)
    if user is None:
        raise Http404
    given = make_given(get_assignments(audit), user)
    form = ShareForm(get_data(request), asked=get_progress(audit).standards, given=given)
    if request.method != "POST" or not form.is_valid():
        sharing = reverse("surveys:audit_sharing", kwargs=audit.slugs)
        crumbs = make_crumbs(request, audit, ("Sharing the work", sharing))
        context = {"audit": audit, "person": user, "form": form, "crumbs": crumbs}
        return render(request, "surveys/audit_sharing_person.html", context)
    tell_outcome(
        request,
        f"What {user} answers is saved.",
        assign,
        audit=audit,
        user=user,
        standards=form.standards_chosen,
        indicators=form.indicators_chosen,
        by=request.user,
    )
    return go_to("audit_sharing", audit)
