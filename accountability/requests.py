"""Entering a round of meetings: every page of it on the desk begins with this."""

from __future__ import annotations

from accountability.at_meeting import AtMeeting, get_at_meeting_or_404
from accountability.permissions import check_can_read_meeting, check_can_see_meetings
from accountability.queries import Round, get_round_or_404
from s11.organisations.requests import UserRequest, enter_desk


def enter_round(request: UserRequest, partnership: str, cycle: str) -> Round:
    """For officers of the partnership; a stranger gets 404, a publisher 403. What they may do there is checked next."""
    desk = enter_desk(request, partnership)
    check_can_see_meetings(desk)
    return get_round_or_404(request.user, desk, cycle)


def enter_at_meeting(request: UserRequest, partnership: str, cycle: str, organisation: str) -> AtMeeting:
    """One meeting of the round, for those who read the round and its own panel; 403 with a conflict of interest."""
    here = enter_round(request, partnership, cycle)
    at = get_at_meeting_or_404(request.user, here, organisation)
    check_can_read_meeting(at)
    return at
