"""The desk's record of all that passed with one organisation."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s11.organisations.queries import get_participation_or_404
from s11.organisations.requests import UserRequest, enter_desk
from surveys.contact_trail import get_contact_trail
from surveys.pipeline_permissions import check_can_read_contacts


@require_safe
def contact_trail(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_read_contacts(desk)
    participation = get_participation_or_404(desk.partnership, organisation)
    trail = get_contact_trail(participation, request.GET.get("page"))
    return render(request, "surveys/contact_trail.html", {"participation": participation, "trail": trail})
