"""What a pack says of the years before: actions and their state, recommendations and their answers, good practice.

Of this partnership alone, and of what its officers may see. A fixed number of queries.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from accountability.enums import MeetingStatus, MinutesStatus
from accountability.models import GoodPractice, Meeting, Recommendation
from s11.organisations.models import Participation
from surveys.enums import COUNTED, ActionOrigin
from surveys.models import Action, ActionVerification, Audit


@dataclass(frozen=True, slots=True)
class PastAction:
    """An action that was planned before this audit, and whether somebody has checked that it worked."""

    action: Action
    is_overdue: bool
    verification: ActionVerification | None = None

    @property
    def is_from_panel(self) -> bool:
        return self.action.origin == ActionOrigin.PANEL

    @property
    def state(self) -> str:
        """The tag's word."""
        return "Overdue" if self.is_overdue else str(self.action.get_status_display())

    @property
    def verified(self) -> str:
        """Whether it worked, in words; empty while it is not done."""
        if self.verification is not None:
            return str(self.verification.get_outcome_display())
        return "Not checked yet" if self.action.status == "done" else ""


def get_actions(place: Participation | None) -> list[Action]:
    """Of the agency's plan, what officers see: agreed with a panel, or born from what was submitted. Two queries."""
    if place is None:
        return []
    return list(
        Action.objects.filter(participation=place)
        .filter(Q(origin=ActionOrigin.PANEL) | Q(answer__audit__status__in=COUNTED))
        .select_related("answer__indicator", "answer__audit__invitee__cycle")
        .prefetch_related("verifications")
        .order_by("due_on", "pk")
    )


def list_past_actions(
    actions: Sequence[Action], audit: Audit | None, since: datetime.date | None, today: datetime.date
) -> list[PastAction]:
    """Those of earlier audits and panels, the panel's first: what is unfinished, and what was finished since then."""
    found = []
    for action in actions:
        is_own = audit is not None and action.answer is not None and action.answer.audit_id == audit.pk
        is_old = since is not None and not action.is_unfinished and action.created_at.date() < since
        if is_own or is_old:
            continue
        verifications = list(action.verifications.all())
        found.append(
            PastAction(action, action.is_overdue(today), verifications[-1] if verifications else None)
        )
    return sorted(
        found, key=lambda one: (not one.is_from_panel, not one.action.is_unfinished, one.action.due_on)
    )


def get_earlier_meetings(meeting: Meeting) -> list[int]:
    """Those of the same agency in this partnership that were held before, with final minutes. One query."""
    held = Meeting.objects.filter(
        panel__cycle__partnership=meeting.panel.cycle.partnership_id,
        panel__cycle__closes_on__lt=meeting.panel.cycle.closes_on,
        invitee__organisation=meeting.invitee.organisation_id,
        status=MeetingStatus.HELD,
        minutes__status=MinutesStatus.FINAL,
    )
    return list(held.order_by("panel__cycle__closes_on").values_list("pk", flat=True))


def get_recommendations(meetings: Sequence[int]) -> list[Recommendation]:
    """The newest meeting's first. One query."""
    return list(
        Recommendation.objects.filter(meeting__in=meetings)
        .select_related("meeting__panel__cycle", "action", "indicator")
        .order_by("-meeting__panel__cycle__closes_on", "number")
    )


def get_good_practice(meetings: Sequence[int]) -> list[GoodPractice]:
    """What earlier panels would have others learn from. One query."""
    return list(
        GoodPractice.objects.filter(meeting__in=meetings)
        .select_related("meeting__panel__cycle", "indicator")
        .order_by("-meeting__panel__cycle__closes_on", "pk")
    )
