"""The demonstration's jobs: a file that was made, one being made, one that is tried again, and one that was given up.

The worker and the clock that run beside the demonstration finish what is not; the one given up waits for an officer.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

from s11.organisations.enums import OfficerRole
from s11.organisations.models import Officer, Partnership
from surveys.enums import CycleStatus, DocumentFormat, DocumentKind
from surveys.models import Document
from surveys.tasks import SAID_GIVEN_UP, WAITS, build_document

MINUTE = datetime.timedelta(minutes=1)


def make_jobs(partnership: Partnership) -> None:
    """Of last year's report and of two action plans."""
    officer = Officer.objects.filter(partnership=partnership, role=OfficerRole.QUALITY_OFFICER).earliest("pk")
    cycle = partnership.cycles.filter(status=CycleStatus.CLOSED, kind="full").latest("closes_on")
    now = timezone.now()
    report = {"kind": DocumentKind.OVERVIEW, "partnership": partnership, "cycle": cycle}
    asked = {"requested_by": officer.user, "requested_at": now - 50 * MINUTE}
    made = Document.objects.create(format=DocumentFormat.CSV, **report, **asked)
    build_document.func(made.pk)
    Document.objects.create(
        format=DocumentFormat.JSON,
        **report,
        **asked | {"requested_at": now - datetime.timedelta(days=2)},
        attempts=len(WAITS) + 1,
        error=SAID_GIVEN_UP,
    )
    agencies = partnership.participations.filter(actions__isnull=False).distinct().order_by("pk")
    states = ({"attempts": 1, "queued_at": now}, {"attempts": 2, "next_try": now + WAITS[1]})
    for participation, state in zip(agencies[1:], states, strict=False):
        Document.objects.create(
            kind=DocumentKind.ACTION_PLAN,
            format=DocumentFormat.PDF,
            participation=participation,
            **asked,
            **state,
        )
