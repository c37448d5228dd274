"""What a pack says of the years before: actions and their state, recommendations and their answers, good practice.

Of this partnership alone, and of what its officers may see. A fixed number of queries.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Max, Prefetch, Q

from accountability.enums import MeetingStatus, MinutesStatus
from accountability.models import GoodPractice, Meeting, Recommendation
from s11.organisations.models import Participation
from s11.web.dates import as_london
from surveys.enums import AGREED, COUNTED, ActionOrigin
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
        """Whether it worked, in words, who says so and when; empty while it is not done."""
        if self.verification is not None:
            return self.verification.words
        return "Not checked yet" if self.action.status == "done" else ""


def get_actions(place: Participation | None) -> list[Action]:
    """Of the agency's plan, what officers see: agreed with them, or born from what was submitted. Two queries."""
    if place is None:
        return []
    return list(
        Action.objects.filter(participation=place)
        .filter(Q(origin__in=AGREED) | Q(answer__audit__status__in=COUNTED))
        .select_related("answer__indicator", "answer__audit__invitee__cycle")
        .annotate(reported_at=Max("updates__at"))
        .prefetch_related(Prefetch("verifications", ActionVerification.objects.select_related("by")))
        .order_by("due_on", "pk")
    )


def get_own_actions(meeting: Meeting) -> set[int | None]:
    """Those that answer what this very meeting asks, by id: none of its past. One query."""
    answered = Recommendation.objects.filter(meeting=meeting, action__isnull=False)
    return set(answered.order_by().values_list("action", flat=True))


def list_past_actions(
    actions: Sequence[Action],
    audit: Audit | None,
    since: datetime.date | None,
    today: datetime.date,
    own: Collection[int | None],
) -> list[PastAction]:
    """Those of earlier audits and panels, the panel's first: what is unfinished, and what was finished since then.

    `own`: the ids of those that answer this very meeting.
    """
    found = []
    for action in actions:
        is_own = audit is not None and action.answer is not None and action.answer.audit_id == audit.pk
        if is_own or action.pk in own or (since is not None and _was_settled_before(action, since)):
            continue
        found.append(PastAction(action, action.is_overdue(today), action.verification))
    return sorted(
        found, key=lambda one: (not one.is_from_panel, not one.action.is_unfinished, one.action.due_on)
    )


def _was_settled_before(action: Action, day: datetime.date) -> bool:
    """Finished, and nobody has reported on it or looked at it since: not when it was made, for some take years."""
    seen = [one.at for one in action.verifications.all()]
    reported = vars(action)["reported_at"]
    last = max([action.created_at, *seen, *([reported] if reported else [])])
    return not action.is_unfinished and as_london(last).date() < day


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
    """The newest meeting's first, each with what answers it. Two queries."""
    return list(
        Recommendation.objects.filter(meeting__in=meetings)
        .select_related("meeting__panel__cycle", "action", "indicator")
        .prefetch_related(Prefetch("action__verifications", ActionVerification.objects.select_related("by")))
        .order_by("-meeting__panel__cycle__closes_on", "number")
    )


def get_good_practice(meetings: Sequence[int]) -> list[GoodPractice]:
    """What earlier panels would have others learn from. One query."""
    return list(
        GoodPractice.objects.filter(meeting__in=meetings)
        .select_related("meeting__panel__cycle", "indicator")
        .order_by("-meeting__panel__cycle__closes_on", "pk")
    )
