"""What became of what panels asked before: at the next meeting, and all the year between.

`get_last_actions` is the one list of actions that packs, the meeting's screen and the agency read. A fixed number of
queries.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

from accountability.models import Meeting, Recommendation
from accountability.pack_answers import get_last_audit
from accountability.pack_past import (
    PastAction,
    get_actions,
    get_earlier_meetings,
    get_recommendations,
    list_past_actions,
)
from s11.organisations.models import Participation
from surveys.models import Audit


def get_last_actions(meeting: Meeting, today: datetime.date | None = None) -> list[PastAction]:
    """What was planned before this meeting, the panel's first: each with its state in words, and whether it worked.

    Of a meeting fetched with its place. What answers a recommendation of this very meeting is none of the past.
    """
    place = Participation.objects.filter(
        partnership=meeting.panel.cycle.partnership_id, organisation=meeting.invitee.organisation_id
    ).first()
    audit = Audit.objects.counted().filter(invitee=meeting.invitee_id).with_place().first()
    last = get_last_audit(audit) if audit is not None else None
    own = set(
        Recommendation.objects.filter(meeting=meeting, action__isnull=False)
        .order_by()
        .values_list("action", flat=True)
    )
    found = list_past_actions(
        get_actions(place), audit, last.cycle.opens_on if last else None, today or timezone.localdate()
    )
    return [one for one in found if one.action.pk not in own]


def get_last_recommendations(meeting: Meeting) -> list[Recommendation]:
    """Of earlier meetings with final minutes, the newest first, with what answers each. Two queries."""
    return get_recommendations(get_earlier_meetings(meeting))
