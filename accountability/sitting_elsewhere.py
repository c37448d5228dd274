"""When members of a panel sit on another of the partnership's panels: one person cannot be in two rooms."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from accountability.enums import MeetingStatus
from accountability.models import Panel, PanelMember, Seat

# From when to when, local, by a member's id.
Spans = Mapping[int, Collection[tuple[datetime.datetime, datetime.datetime]]]


def get_spans_elsewhere(
    panel: Panel, members: Iterable[PanelMember], dates: Collection[datetime.date]
) -> Spans:
    """Of called meetings of the partnership's other cycles on these dates, whether they were told or not. One query.

    A person is known by their account or their address: an officer here may be a contact there.
    """
    sat: dict[str, set[tuple[datetime.datetime, datetime.datetime]]] = defaultdict(set)
    seats = Seat.objects.filter(
        meeting__panel__cycle__partnership=panel.cycle.partnership_id,
        meeting__status=MeetingStatus.CALLED,
        meeting__day__date__in=dates,
        member__is_active=True,
    ).exclude(meeting__panel=panel)
    for one in seats.select_related("meeting__day", "member__officer__user", "member__contact"):
        if one.meeting.span is not None and one.member.email:
            sat[one.member.email.lower()].add(one.meeting.span)
    return {one.pk: sat.get(one.email.lower(), ()) for one in members}
