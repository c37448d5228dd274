"""What pages of the register of multi-agency audits read: the list, one audit, who can take part, what was agreed."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accountability.models import MultiAgencyAudit
from accountability.models.multi_agency_audits import MultiAgencyAuditQuerySet
from s11.organisations.models import Participation, Partnership
from surveys.enums import ActionStatus
from surveys.models import Action


def list_audits(partnership: Partnership) -> MultiAgencyAuditQuerySet:
    """The newest first, each with what its row shows."""
    found = MultiAgencyAudit.objects.of(partnership).with_repeats()
    return found.select_related("theme").order_by("-month", "title", "pk")


def get_audit_or_404(partnership: Partnership, audit: int) -> MultiAgencyAudit:
    """One query."""
    found = MultiAgencyAudit.objects.of(partnership).with_repeats()
    rows = found.select_related("partnership", "theme", "repeats", "changed_by")
    return get_object_or_404(rows, pk=audit)


def list_agencies(partnership: Partnership, chosen: Collection[int] = ()) -> QuerySet[Participation]:
    """Who can take part, by name; those that are chosen stay, though they have left since. One query."""
    offered = Q(is_active=True) | Q(pk__in=chosen)
    return (
        Participation.objects.filter(offered, partnership=partnership)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )


def list_taking_part(audit: MultiAgencyAudit) -> list[Participation]:
    """One query."""
    return list(audit.taking_part.select_related("organisation").order_by("organisation__name", "pk"))


@dataclass(frozen=True, slots=True)
class Agreed:
    """An action that was agreed, and how far its agency says it is."""

    action: Action
    is_overdue: bool

    @property
    def state(self) -> str:
        """The tag's word."""
        return "Overdue" if self.is_overdue else str(self.action.get_status_display())


def list_agreed(audit: MultiAgencyAudit, today: datetime.date | None = None) -> list[Agreed]:
    """By day, the dropped last. One query."""
    day = today or timezone.localdate()
    rows = audit.actions.select_related("participation__organisation").order_by("due_on", "pk")
    found = [Agreed(action, action.is_overdue(day)) for action in rows]
    return sorted(found, key=lambda one: one.action.status == ActionStatus.DROPPED)
