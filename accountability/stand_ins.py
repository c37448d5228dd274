"""Who can sit in a meeting instead of somebody who could not come, and why the others cannot.

A member with a conflict of interest never does. That they are free is theirs to say: they have been asked on the day.
"""

from __future__ import annotations

from dataclasses import dataclass

from accountability.at_meeting import AtMeeting
from accountability.conflicts import get_conflicts
from accountability.models import Meeting, PanelMember, Seat


@dataclass(frozen=True, slots=True)
class StandIn:
    """One member of the panel who has no seat here; `why` they cannot take one, empty where they can."""

    member: PanelMember
    why: str = ""


def list_stand_ins(meeting: Meeting) -> list[StandIn]:
    """By name. Eight queries."""
    seated = meeting.seats.values("member")
    members = list(meeting.panel.members.active().with_person().exclude(pk__in=seated))
    organisation = meeting.invitee.organisation_id
    conflicts = get_conflicts(members, [organisation])
    elsewhere = _get_busy(meeting)
    found = [
        StandIn(member, conflicts[member.pk].get(organisation, "") or elsewhere.get(member.pk, ""))
        for member in members
    ]
    return sorted(found, key=lambda one: (one.member.name, one.member.pk))


def _get_busy(meeting: Meeting) -> dict[int, str]:
    """Who sits in another meeting at the same time. One query."""
    if meeting.day_id is None:
        return {}
    others = Seat.objects.filter(
        meeting__in=Meeting.objects.called().exclude(pk=meeting.pk),
        meeting__day=meeting.day_id,
        meeting__starts_at=meeting.starts_at,
    )
    names = others.order_by().values_list("member", "meeting__invitee__organisation__name")
    return {member: f"sits in the meeting with {name} then" for member, name in names}


def say_why_not(at: AtMeeting, seat: Seat, member: PanelMember) -> str:
    """What of the panel's rules would be broken; empty where nothing is."""
    if seat.is_chair and not member.may_chair:
        return f"{member} may not chair a meeting. Choose somebody who may."
    sectors = {one.member.sector for one in at.seats if one.pk != seat.pk} | {member.sector}
    least = at.meeting.panel.sectors
    if len(sectors) < least:
        return f"With {member} the panel would come from fewer than {least} sectors. Choose somebody else."
    return ""
