"""Who can take a seat in a meeting in place of somebody, and why the others cannot: before the day and on it.

The hard rules of the timetable, once more: no conflict of interest, nowhere else while it lasts, a chair, and enough
sectors. That they can come is theirs to say; where they have not, somebody must have asked them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from accountability.conflicts import get_conflicts
from accountability.enums import MeetingStatus
from accountability.models import Availability, Meeting, PanelMember, Seat
from accountability.problems import COMING
from accountability.slots import get_half
from s11.web.text import plural


@dataclass(frozen=True, slots=True)
class Substitute:
    """One who has no seat in the meeting: `why` they cannot take this one, empty where they can."""

    member: PanelMember
    why: str = ""
    # What speaks against it unless they have said themselves that they can come.
    needs_word: str = ""


def list_substitutes(meeting: Meeting, seat: Seat | None = None) -> list[Substitute]:
    """By name, who can first; without a seat by what holds for each of them. A fixed number of queries."""
    seats = list(meeting.seats.select_related("member"))
    taken = {one.member_id for one in seats}
    members = list(meeting.panel.members.reachable().with_person().exclude(pk__in=taken))
    organisation = meeting.invitee.organisation_id
    conflicts = get_conflicts(members, [organisation])
    elsewhere = _get_elsewhere(meeting, members)
    doubts = _get_doubts(meeting, members)
    found = [
        Substitute(
            member,
            conflicts[member.pk].get(organisation, "")
            or elsewhere.get(member.pk, "")
            or (say_broken_rule(seat, seats, member, meeting.panel.sectors) if seat else ""),
            doubts.get(member.pk, ""),
        )
        for member in members
    ]
    return sorted(
        found, key=lambda one: (bool(one.why), bool(one.needs_word), one.member.name, one.member.pk)
    )


def say_broken_rule(seat: Seat, seats: Iterable[Seat], member: PanelMember, sectors: int) -> str:
    """What the panel of these seats would lack with them in this one."""
    panel = [*(one.member for one in seats if one.pk != seat.pk), member]
    if seat.is_chair and not any(one.may_chair for one in panel):
        return "may not chair, and nobody else of this panel may"
    count = len({one.sector for one in panel})
    if count < sectors:
        return f"would leave a panel from {plural(count, 'sector')}, and the rules ask for {sectors}"
    return ""


def _get_elsewhere(meeting: Meeting, members: Iterable[PanelMember]) -> dict[int, str]:
    """Who sits, or comes for an agency, while this one lasts; and who comes for this one's. Three queries."""
    here = meeting.panel.meetings.exclude(status=MeetingStatus.CANCELLED)
    same_day = here.filter(day=meeting.day_id) if meeting.day_id else here.filter(pk=meeting.pk)
    others = same_day.select_related("day", "invitee__organisation").order_by("pk")
    found: dict[int, str] = {}
    for other in others.prefetch_related("seats", "representatives"):
        if other.pk != meeting.pk and not other.overlaps(meeting):
            continue
        coming = {
            key for one in other.representatives.all() for key in (one.user_id, one.email.lower()) if key
        }
        for member in members:
            if member.email.lower() in coming or (member.user and member.user.pk in coming):
                found[member.pk] = f"comes for {other.organisation} then"
        for seat in other.seats.all():
            # Who did not come there could be here.
            if other.pk != meeting.pk and seat.attended is not False:
                found[seat.member_id] = f"sits for {other.organisation} then"
    return found


def _get_doubts(meeting: Meeting, members: Iterable[PanelMember]) -> dict[int, str]:
    """Who has not said that they are free then, or sits as often as they can already. Two queries."""
    said: set[int | None] = set()
    if meeting.starts_at is not None:
        answers = Availability.objects.filter(
            day=meeting.day_id, half=get_half(meeting.starts_at), answer__in=COMING
        )
        said = set(answers.order_by().values_list("member_id", flat=True))
    planned = Seat.objects.filter(meeting__panel=meeting.panel_id, meeting__day__isnull=False).exclude(
        meeting__status=MeetingStatus.CANCELLED
    )
    sits = Counter(planned.order_by().values_list("member_id", flat=True))
    found = {}
    for member in members:
        if member.pk not in said:
            found[member.pk] = "has not said that they are free then"
        elif member.most is not None and sits[member.pk] >= member.most:
            found[member.pk] = (
                f"sits in {plural(sits[member.pk], 'meeting')} already, as many as they can take"
            )
    return found
