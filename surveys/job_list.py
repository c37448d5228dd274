"""What the desk's page of jobs shows: files being built, built lately and given up, and how the e-mails stand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final

from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils import timezone

from s11.organisations.models import Partnership
from surveys.enums import ScanState
from surveys.models import Document, EvidenceVersion

LATELY: Final = datetime.timedelta(days=7)
# Whoever wanted a file that failed longer ago has asked again, or wants it no more.
FAILED_SHOWN_FOR: Final = datetime.timedelta(days=30)


class JobState(TextChoices):
    BUILDING = "building", "Being made"
    FAILED = "failed", "Failed"
    BUILT = "built", "Made in the last week"


def get_states(now: datetime.datetime) -> Mapping[JobState, Q]:
    """A zip that was deleted later was built: it has not failed."""
    return {
        JobState.BUILDING: Q(file="", error=""),
        JobState.FAILED: ~Q(error="") & Q(built_at=None, requested_at__gte=now - FAILED_SHOWN_FOR),
        JobState.BUILT: ~Q(file="") & Q(built_at__gte=now - LATELY),
    }


def get_jobs(partnership: Partnership) -> QuerySet[Document]:
    """All whose subject is this partnership's. A blank of a shared question bank is nobody's own."""
    return Document.objects.filter(
        Q(partnership=partnership)
        | Q(cycle__partnership=partnership)
        | Q(audit__invitee__cycle__partnership=partnership)
        | Q(participation__partnership=partnership)
        | Q(escalation__invitee__cycle__partnership=partnership)
        | Q(questionnaire__partnership=partnership)
    )


def list_jobs(partnership: Partnership, state: JobState) -> QuerySet[Document]:
    """With all that a row names."""
    found = get_jobs(partnership).filter(get_states(timezone.now())[state])
    return found.select_related(
        "audit__invitee__organisation",
        "audit__invitee__cycle",
        "participation__organisation",
        "escalation__invitee__organisation",
        "cycle",
        "partnership",
        "questionnaire",
        "requested_by",
    ).order_by("-built_at" if state == JobState.BUILT else "-requested_at", "-pk")


def count_jobs(partnership: Partnership) -> dict[str, int]:
    """How many there are of each. One query."""
    states = get_states(timezone.now())
    return get_jobs(partnership).aggregate(**{state: Count("pk", filter=q) for state, q in states.items()})


def count_unscanned(partnership: Partnership) -> int:
    """Files of organisations here about which the virus scanner was asked in vain; whose they are is not said."""
    here = partnership.participations.filter(is_active=True).values("organisation")
    waiting = EvidenceVersion.objects.filter(scan_state=ScanState.WAITING, evidence__organisation__in=here)
    return waiting.exclude(scan_problem="").count()


def describe_subject(document: Document) -> str:
    """Whose or of what; which answers are in it is not said."""
    if document.escalation is not None:
        return str(document.escalation.invitee.organisation)
    if document.participation is not None:
        return str(document.participation.organisation)
    if document.audit is not None:
        return f"{document.audit.organisation}, {document.audit.cycle}"
    return str(document.cycle or document.questionnaire or document.partnership)
