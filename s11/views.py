"""The pages on top: what this is, where one's own organisations and partnerships are, and each partnership's front."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accountability.agency_return_list import list_to_decide
from accountability.reports import get_newest_published, get_published, get_published_posters
from s11.home import get_first_steps, get_home
from s11.organisations.enums import ORGANISERS
from s11.organisations.models import Partnership
from s11.organisations.queries import get_waiting_requests
from s11.organisations.registration import count_applications
from s11.organisations.requests import UserRequest, enter_agency, enter_desk
from s11.organisations.views.public import text_page
from s11.own_feedback import get_unread_report
from s11.own_returns import list_own_returns
from s11.readiness import OK, get_states
from surveys.due_again import get_due
from surveys.enums import CycleStatus
from surveys.landing import (
    get_agency_audits,
    get_coming_cycles,
    get_open_cycles,
    get_planned_cycles,
    get_public_question_banks,
)
from surveys.models import Cycle

PAGE = 50
REPORTS_SHOWN = 3


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    page = Paginator(Partnership.objects.all(), PAGE).get_page(request.GET.get("page"))
    return render(request, "s11/front.html", {"page": page, "reports": get_newest_published()})


@require_safe
def home(request: UserRequest) -> HttpResponse:
    found = get_home(request.user)
    request.place = found.partnership
    page = Paginator(found.places, PAGE).get_page(request.GET.get("page"))
    return render(request, "s11/home.html", {"home": found, "page": page})


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all. It asks nothing else: to start it anew would mend no database."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """For what shares out visits among several machines: whether pages can be served here."""
    return _show_states(get_states(background=False))


@login_not_required
@never_cache
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """For whoever watches the service: a worker that stands still is no reason to turn visits away, but one to call."""
    return _show_states(get_states(background=True))


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For what watches over time, with the token; for anybody else there is nothing here."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    # Here, for its library is there only where the setting asks for it.
    from s11.metrics import make_page  # noqa: PLC0415

    return HttpResponse(make_page(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _show_states(states: Mapping[str, str]) -> HttpResponse:
    is_ready = all(state == OK for state in states.values())
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ready": is_ready, "parts": dict(states)}, status=status)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return text_page(request, "accessibility", None)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return text_page(request, "privacy", None)


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return text_page(request, "cookies", None)


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    with_address = Partnership.objects.exclude(contact_email="")
    context = {"partnership": None, "own_text": "", "partnerships": with_address}
    return render(request, "organisations/contact.html", context)


@login_not_required
@require_safe
def partnership(request: HttpRequest, partnership: str) -> HttpResponse:
    """What everybody may see of a partnership."""
    found = get_object_or_404(Partnership, slug=partnership)
    request.place = found  # type: ignore[attr-defined]  # for the header; see s11.navigation
    context = {
        "partnership": found,
        "reports": get_published(found).prefetch_related(None)[:REPORTS_SHOWN],
        "posters": get_published_posters(found)[:REPORTS_SHOWN],
        "question_banks": get_public_question_banks(found),
        "cycles": Cycle.objects.of(found)
        .filter(status=CycleStatus.OPEN)
        .prefetch_related("cycle_questionnaires")
        .order_by("closes_on", "pk"),
        "planned": get_coming_cycles(found, timezone.localdate()),
    }
    return render(request, "s11/partnership.html", context)


@require_safe
def desk(request: UserRequest, partnership: str) -> HttpResponse:
    """The officers' first page: how the open cycles stand, and what waits."""
    desk = enter_desk(request, partnership)
    waiting = get_waiting_requests([desk.partnership]) if desk.roles & ORGANISERS else []
    context = {
        "partnership": desk.partnership,
        "cycles": get_open_cycles(desk.partnership),
        "planned": get_planned_cycles(desk.partnership),
        "requests": Paginator(waiting, PAGE).get_page(request.GET.get("page")),
        "applications": count_applications(desk.partnership) if desk.roles & ORGANISERS else 0,
        "returns": list_to_decide(desk.partnership) if desk.roles & ORGANISERS else [],
        "steps": get_first_steps(desk.partnership),
    }
    return render(request, "s11/desk.html", context)


@require_safe
def agency(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    """An organisation's audits in one partnership: what is to be done now, and earlier ones to read."""
    agency = enter_agency(request, partnership, organisation)
    audits = get_agency_audits([agency.organisation.pk], partnership=agency.partnership)
    earlier = [audit for audit in audits if not audit.cycle.is_open]
    roles, today = {agency.organisation.pk: agency.roles}, timezone.localdate()
    context = {
        "agency": agency,
        "due": get_due([agency.participation], today)[agency.participation.pk],
        "returns": list_own_returns(roles, today, partnership=agency.partnership),
        "unread": get_unread_report(request.user, agency.organisation.pk, agency.partnership),
        "current": [audit for audit in audits if audit.cycle.is_open],
        "page": Paginator(earlier, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "s11/agency.html", context)
