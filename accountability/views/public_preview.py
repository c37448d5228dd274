"""The desk's page ‘What the public will see’: a cycle's figures after disclosure control, before they are published."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accountability.public_preview import get_preview
from s11.organisations.requests import UserRequest, enter_desk
from surveys.forms.overview import SERIES, SeriesForm
from surveys.models import Cycle
from surveys.permissions import check_can_read_overview


@require_safe
def public_preview(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """For everybody who reads the overview: here stands nothing that is not there."""
    desk = enter_desk(request, partnership)
    check_can_read_overview(desk)
    opened = Cycle.objects.of(desk.partnership).opened().select_related("partnership")
    found = get_object_or_404(opened, slug=cycle)
    preview = get_preview(found, SeriesForm(request.GET).chosen)
    context = {"cycle": found, "preview": preview, "offered": SERIES}
    return render(request, "accountability/public_preview.html", context)
