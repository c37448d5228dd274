"""What became of what panels asked: at the next meeting, and all the year between.

`get_last_actions` is what the meeting's screen lists of earlier actions; `get_followed` says where each recommendation
stands. A fixed number of queries each.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accountability.enums import ChaseAbout, ChaseStep, LetterStatus, ResponseDecision, ResponseKind, Standing
from accountability.models import Chase, Meeting, Recommendation
from accountability.models.outcomes import RecommendationQuerySet
from accountability.pack_answers import get_last_audit
from accountability.pack_past import (
    PastAction,
    get_actions,
    get_earlier_meetings,
    get_own_actions,
    get_recommendations,
    list_past_actions,
)
from s11.organisations.models import Participation
from surveys.enums import ActionOutcome, ActionStatus
from surveys.models import ActionVerification, Audit

UNANSWERED = frozenset({Standing.NOT_ANSWERED, Standing.RETURNED, Standing.FAILED})
LOOKED_AT = {ActionOutcome.WORKED: Standing.VERIFIED, ActionOutcome.PARTLY: Standing.PARTLY}


def get_last_actions(
    meeting: Meeting, today: datetime.date | None = None, own: Collection[int | None] | None = None
) -> list[PastAction]:
    """What was planned before this meeting, the panel's first: each with its state in words, and whether it worked.

    Of a meeting fetched with its place. What answers a recommendation of this very meeting is none of the past: `own`
    are those actions' ids, where they are at hand.
    """
    place = Participation.objects.filter(
        partnership=meeting.panel.cycle.partnership_id, organisation=meeting.invitee.organisation_id
    ).first()
    audit = Audit.objects.counted().filter(invitee=meeting.invitee_id).with_place().first()
    last = get_last_audit(audit) if audit is not None else None
    return list_past_actions(
        get_actions(place),
        audit,
        last.cycle.opens_on if last else None,
        today or timezone.localdate(),
        get_own_actions(meeting) if own is None else own,
    )


def get_last_recommendations(meeting: Meeting) -> list[Recommendation]:
    """Of earlier meetings with final minutes, the newest first, with what answers each. Two queries."""
    return get_recommendations(get_earlier_meetings(meeting))


# Where each stands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Followed:
    """A recommendation, where it stands, and what of it is overdue."""

    recommendation: Recommendation
    standing: Standing
    verification: ActionVerification | None
    # What was missed, and its day; both or none.
    overdue: ChaseAbout | None
    due_on: datetime.date | None
    chases: tuple[Chase, ...]

    @property
    def is_overdue(self) -> bool:
        return self.overdue is not None

    @property
    def waits_for_answer(self) -> bool:
        return self.standing in UNANSWERED

    @property
    def word(self) -> str:
        """The tag's."""
        return "Overdue" if self.is_overdue else str(self.standing.label)

    @property
    def outcome(self) -> str:
        return str(self.verification.get_outcome_display()) if self.verification is not None else ""

    @property
    def last_step(self) -> Chase | None:
        """The furthest step about what is missed now; those about a day that was moved count no more."""
        return self.chases[-1] if self.chases else None

    @property
    def is_for_officers(self) -> bool:
        """Both reminders have gone, and it is still overdue."""
        return any(one.step == ChaseStep.SIGNATORY for one in self.chases)


def get_followed(
    recommendations: RecommendationQuerySet, today: datetime.date | None = None
) -> list[Followed]:
    """Three queries, in the order given."""
    today = today or timezone.localdate()
    rows = recommendations.select_related(
        "meeting__invitee__organisation", "meeting__panel__cycle__partnership", "theme", "indicator", "action"
    ).prefetch_related("action__verifications", Prefetch("chases", _get_steps()))
    return [make_followed(row, today) for row in rows]


def _get_steps() -> QuerySet[Chase]:
    """With what a page says of each."""
    found = Chase.objects.select_related("by", "letter__contact", "letter__paper__document")
    return found.order_by("at", "pk")


def make_followed(recommendation: Recommendation, today: datetime.date) -> Followed:
    action = recommendation.action
    verification = action.verification if action is not None else None
    standing = say_standing(recommendation)
    overdue, due_on = _find_missed(recommendation, standing, today)
    chases = [one for one in recommendation.chases.all() if (one.about, one.due_on) == (overdue, due_on)]
    return Followed(recommendation, standing, verification, overdue, due_on, tuple(chases))


def say_standing(recommendation: Recommendation) -> Standing:
    if not recommendation.response:
        return Standing.NOT_ANSWERED
    if recommendation.decision == ResponseDecision.RETURNED:
        return Standing.FAILED if recommendation.has_failed else Standing.RETURNED
    if not recommendation.decision:
        return Standing.TO_DECIDE
    if recommendation.response == ResponseKind.REFUSAL:
        return Standing.REFUSED
    action = recommendation.action
    assert action is not None  # the check constraint promises it
    if action.status == ActionStatus.DONE:
        seen = action.verification
        return LOOKED_AT.get(ActionOutcome(seen.outcome), Standing.FAILED) if seen else Standing.TO_VERIFY
    if action.status == ActionStatus.DROPPED:
        return Standing.DROPPED
    return Standing.IN_PROGRESS


def _find_missed(
    recommendation: Recommendation, standing: Standing, today: datetime.date
) -> tuple[ChaseAbout | None, datetime.date | None]:
    action = recommendation.action
    if standing in UNANSWERED:
        if recommendation.respond_by is not None and recommendation.respond_by < today:
            return ChaseAbout.ANSWER, recommendation.respond_by
    elif action is not None and action.is_overdue(today):
        return ChaseAbout.ACTION, action.due_on
    return None, None


def get_agreed(meetings: Iterable[Meeting | int]) -> RecommendationQuerySet:
    """Those that their agencies know: the letter of their meeting has gone."""
    return Recommendation.objects.filter(meeting__in=meetings, meeting__letter__status=LetterStatus.SENT)
