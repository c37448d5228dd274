"""An audit's history: its trail, and the audit as it stood at the end of a day."""

from __future__ import annotations

import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from s11.organisations.queries import Agency, Desk
from s11.organisations.requests import UserRequest
from s11.web.dates import LONDON
from surveys.forms.history import DayForm, HistoryForm
from surveys.models import Audit
from surveys.past import get_past_reading, get_submission_by
from surveys.reading import Reading
from surveys.trail import get_limits, get_people, get_trail
from surveys.views.entering import Crumbs, enter_reading, make_crumbs


@require_safe
def audit_history(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    audit, _ = enter_reading(request, partnership, organisation, cycle)
    limits = get_limits(audit) if isinstance(request.place, Desk) else None
    standards = audit.questionnaire.standards.prefetch_related("indicators")
    form = HistoryForm(request.GET, standards=standards, people=get_people(audit, limits), auto_id="%s")
    wanted = form.get_wanted()
    context = {
        "audit": audit,
        "form": form,
        "wanted": wanted,
        "trail": get_trail(
            audit,
            wanted,
            limits,
            request.GET.get("page"),
            is_own=isinstance(request.place, Agency),
        ),
        "is_officer": limits is not None,
        "crumbs": _make_crumbs(request, audit),
    }
    return render(request, "surveys/audit_history.html", context)


@require_safe
def audit_on(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """Asks for the day; then shows the audit at its end: to officers what had been submitted by then."""
    audit, _ = enter_reading(request, partnership, organisation, cycle)
    form = DayForm(request.GET or None, today=timezone.localdate(), auto_id="%s")
    day = form.cleaned_data["on"] if form.is_valid() else None
    history = reverse("surveys:audit_history", kwargs=audit.slugs)
    context = {
        "audit": audit,
        "form": form,
        "day": day,
        "reading": _read_on(audit, day, is_officer=isinstance(request.place, Desk)) if day else None,
        "crumbs": [*_make_crumbs(request, audit), ("History", history)],
    }
    return render(request, "surveys/audit_on.html", context)


def _read_on(audit: Audit, day: datetime.date, *, is_officer: bool) -> Reading | None:
    """None where there was nothing to read yet."""
    moment = datetime.datetime.combine(day, datetime.time.max, LONDON)
    if is_officer:
        return get_submission_by(audit, moment)
    return get_past_reading(audit, moment) if audit.created_at <= moment else None


def _make_crumbs(request: UserRequest, audit: Audit) -> Crumbs:
    return make_crumbs(request, audit, ("Answers", reverse("surveys:audit_read", kwargs=audit.slugs)))
