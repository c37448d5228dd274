"""An agency's own practitioner survey: its lead runs it, all of its members read what comes of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.requests import UserRequest, enter_agency
from s11.web.errors import reason_why_not
from s11.web.qr_codes import make_qr_code
from surveys.permissions import has_submitted
from surveys.practitioner_permissions import check_can_run
from surveys.queries import get_invitee_or_404
from surveys.views.entering import go_to
from surveys.views.survey_running import Running, act, find_running


@require_http_methods(["GET", "HEAD", "POST"])
def audit_survey(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    running = enter_survey(request, partnership, organisation, cycle)
    if request.method == "POST" and act(request, running):
        return go_to("audit_survey", running.invitee)
    return render(request, "surveys/audit_survey.html", {"running": running})


def enter_survey(request: UserRequest, partnership: str, organisation: str, cycle: str) -> Running:
    """For members of the agency; only who runs it gets as far as a change."""
    agency = enter_agency(request, partnership, organisation)
    invitee = get_invitee_or_404(request.user, partnership, organisation, cycle)
    running = find_running(request, invitee, reason=reason_why_not(check_can_run, agency, invitee))
    if request.method == "POST":
        check_can_run(agency, invitee)
    return running


@require_safe
def audit_survey_poster(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponse:
    """To be printed and put up, by any member."""
    running = enter_survey(request, partnership, organisation, cycle)
    return show_poster(request, running, reverse("surveys:audit_survey", kwargs=running.invitee.slugs))


def show_poster(request: UserRequest, running: Running, back: str) -> HttpResponse:
    if not running.link:
        raise Http404
    code = make_qr_code(running.link)
    context: dict[str, Any] = {"running": running, "survey": running.survey, "code": code, "back": back}
    context["has_submitted"] = has_submitted(running.invitee)
    return render(request, "surveys/survey_poster.html", context)
