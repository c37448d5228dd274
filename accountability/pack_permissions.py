"""Who reads which pack: officers who read and those who sit, and nobody who has a conflict of interest.

Asked each time anything of a pack is shown, listed or handed out, so that an interest declared later closes it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from accountability.conflicts import get_conflicts, get_own_conflicts, say_to_oneself
from accountability.enums import MeetingStatus
from accountability.models import Meeting, PanelMember
from accountability.models.meetings import MeetingQuerySet
from accountability.permissions import check_can_plan_meetings
from accountability.queries import Round
from s11.organisations.models import User
from s11.web.errors import NotAllowed
from surveys.models.audits import READERS

NOT_SEATED: Final = "You read the packs of the meetings in which you sit, once the timetable has gone out."


def say_closed(why: str) -> str:
    """The whole sentence, to whom it is closed."""
    return f"This pack is closed to you: {say_to_oneself(why)}, which is a conflict of interest."


def get_open_meetings(here: Round) -> MeetingQuerySet:
    """Those of the round whose packs somebody with this place in it would read, conflicts left aside."""
    meetings = here.panel.meetings.exclude(status=MeetingStatus.CANCELLED).with_place()
    if here.desk.roles & frozenset(READERS):
        return meetings
    return meetings.sat_in_by(here.own) if here.own else meetings.none()


def get_closed(here: Round, user: User, meetings: Iterable[Meeting]) -> Mapping[int, str]:
    """By meeting: why its pack is closed to this person. A fixed number of queries."""
    by_organisation = {meeting.invitee.organisation_id: meeting.pk for meeting in meetings}
    found = get_own_conflicts(user, here.panel, by_organisation)
    return {by_organisation[organisation]: say_closed(why) for organisation, why in found.items()}


def check_can_read_pack(here: Round, user: User, meeting: Meeting) -> None:
    if closed := get_closed(here, user, [meeting]):
        raise NotAllowed(closed[meeting.pk])


def check_can_work_on_pack(here: Round, user: User, meeting: Meeting) -> None:
    """Its lines of enquiry, as everybody reads them."""
    check_can_plan_meetings(here.desk)
    check_can_read_pack(here, user, meeting)
    if meeting.status != MeetingStatus.CALLED:
        raise NotAllowed(
            f"The meeting is {meeting.get_status_display().lower()}, so its lines of enquiry stay as they are."
        )


def check_can_ask_privately(here: Round, user: User, meeting: Meeting) -> None:
    """A question that nobody else sees, of somebody who sits."""
    check_can_read_pack(here, user, meeting)
    if here.own is None or not Meeting.objects.sat_in_by(here.own).filter(pk=meeting.pk).exists():
        raise NotAllowed("Questions of your own are for the meetings in which you sit.")


# By a personal link ---------------------------------------------------------------------------------------------------


def get_meetings_of_member(member: PanelMember) -> list[tuple[Meeting, str]]:
    """In which they sit, once people were told; each with why its pack is closed to them, or nothing."""
    meetings = list(
        member.panel.meetings.exclude(status=MeetingStatus.CANCELLED)
        .sat_in_by(member)
        .with_place()
        .order_by("day__date", "starts_at", "pk")
    )
    found = get_conflicts([member], [meeting.invitee.organisation_id for meeting in meetings])[member.pk]
    return [
        (meeting, say_closed(why) if (why := found.get(meeting.invitee.organisation_id)) else "")
        for meeting in meetings
    ]
