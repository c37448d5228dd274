"""Somebody else sits in a meeting whose time has gone out, and both are told at once.

Who was to sit is kept beside the seat. The hard rules are looked at again: no conflict, nowhere else then, a chair, and
enough sectors. A conflict of interest is never overruled; that somebody can come they may have said on the telephone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from accountability.conflicts import get_conflicts
from accountability.enums import MeetingStatus
from accountability.models import Availability, Meeting, PanelMember, Seat
from accountability.problems import COMING, is_settled
from accountability.releases import get_last, read_draft, read_release
from accountability.releasing import release_one
from accountability.slots import get_half
from accountability.timetable_changes import Sitting
from accountability.workflow import lock_panel
from s11.organisations.models import User
from s11.web.dates import as_london
from s11.web.errors import NotInThisState
from s11.web.text import plural


@dataclass(frozen=True, slots=True)
class Substitute:
    """One who has no seat in the meeting: `why` they cannot take this one, empty where they can."""

    member: PanelMember
    why: str = ""
    # They have not said that they are free then, so somebody must have asked them.
    needs_word: bool = False


def list_substitutes(meeting: Meeting, seat: Seat) -> list[Substitute]:
    """For one seat, by name; who can first. A fixed number of queries."""
    seats = list(meeting.seats.select_related("member"))
    taken = {one.member_id for one in seats}
    members = list(meeting.panel.members.reachable().with_person().exclude(pk__in=taken))
    organisation = meeting.invitee.organisation_id
    conflicts = get_conflicts(members, [organisation])
    busy = _get_busy(meeting)
    free = _get_free(meeting)
    others = [one.member for one in seats if one.pk != seat.pk]
    found = [
        Substitute(
            member,
            conflicts[member.pk].get(organisation, "")
            or busy.get(member.pk, "")
            or say_broken_rule(seat, others, member, meeting.panel.sectors),
            member.pk not in free,
        )
        for member in members
    ]
    return sorted(found, key=lambda one: (bool(one.why), one.needs_word, one.member.name, one.member.pk))


def say_broken_rule(seat: Seat, others: Iterable[PanelMember], member: PanelMember, sectors: int) -> str:
    """What the panel would lack with them in this seat."""
    panel = [*others, member]
    if seat.is_chair and not any(one.may_chair for one in panel):
        return "may not chair, and nobody else of this panel may"
    count = len({one.sector for one in panel})
    if count < sectors:
        return f"would leave a panel from {plural(count, 'sector')}, and the rules ask for {sectors}"
    return ""


def _get_busy(meeting: Meeting) -> dict[int, str]:
    """Who sits elsewhere while this one lasts."""
    start, end = get_span(meeting)
    seats = Seat.objects.filter(
        meeting__panel=meeting.panel_id, meeting__day=meeting.day_id, meeting__status=MeetingStatus.CALLED
    ).exclude(meeting=meeting)
    found = {}
    for seat in seats.select_related("meeting__day", "meeting__invitee__organisation").order_by("pk"):
        begins, ends = get_span(seat.meeting)
        if begins < end and start < ends:
            found[seat.member_id] = f"sits for {seat.meeting.organisation} then"
    return found


def _get_free(meeting: Meeting) -> set[int]:
    assert meeting.starts_at is not None  # it was told a time
    said = Availability.objects.filter(
        day=meeting.day_id, half=get_half(meeting.starts_at), answer__in=COMING, member__isnull=False
    )
    return {pk for pk in said.order_by().values_list("member_id", flat=True) if pk}


def get_span(meeting: Meeting) -> tuple[datetime.datetime, datetime.datetime]:
    """Local."""
    assert meeting.day is not None
    assert meeting.starts_at is not None
    begins = datetime.datetime.combine(meeting.day.date, meeting.starts_at)
    return begins, begins + datetime.timedelta(minutes=meeting.day.minutes)


@transaction.atomic
def replace_member(
    *, meeting: Meeting, seat: Seat, member: PanelMember, has_confirmed: bool = False, by: User
) -> None:
    """The one hears that they are free, the other that they sit; the others keep what they were told.

    Where the chair goes and the substitute may not chair, another of the panel who may takes the chair.
    """
    panel = lock_panel(meeting.panel)
    panel.cycle = meeting.panel.cycle
    now = panel.meetings.select_for_update(of=("self",)).with_place().get(pk=meeting.pk)
    now.panel = panel
    held = now.seats.filter(pk=seat.pk, member=seat.member_id).select_related("member").first()
    if held is None:
        raise NotInThisState("That seat went to somebody else meanwhile. Nothing was changed.")
    check_is_told(now)
    found = next((one for one in list_substitutes(now, held) if one.member == member), None)
    if found is None:
        raise NotInThisState(f"{member} has a seat here or is off the panel by now. Nothing was changed.")
    if found.why:
        raise NotInThisState(f"{member} {found.why}. Nothing was changed.")
    if found.needs_word and not has_confirmed:
        raise NotInThisState(
            f"{member} has not said that they are free then. Ask them, and say that they have confirmed."
        )
    _give(held, found.member)
    told = read_release(get_last(panel))[now.pk]
    seats = now.seats.select_related("member__officer__user", "member__contact")
    after = replace(told, seats=tuple(Sitting(one.member_id, one.member.name, one.is_chair) for one in seats))
    note = f"{found.member} sits for {told.name} in place of {seat.member}."
    release_one(meeting=now, after=after, note=note, by=by)


def check_is_told(meeting: Meeting) -> None:
    """It is still to come, and what its people were told is what is planned."""
    if is_settled(meeting, as_london(timezone.now()).replace(tzinfo=None)):
        raise NotInThisState("The meeting was held or dropped, or its time has come. Nothing was changed.")
    told = read_release(get_last(meeting.panel))
    planned = read_draft(meeting.panel, told).get(meeting.pk)
    known = told.get(meeting.pk)
    if known is None:
        raise NotInThisState("Its time has not gone out yet. Change who sits in the timetable.")
    if planned is None or (planned.when, planned.where, set(planned.seats)) != (
        known.when,
        known.where,
        set(known.seats),
    ):
        raise NotInThisState(
            "It was changed since it was told, and the change has not gone out. Release the timetable first."
        )


def _give(seat: Seat, member: PanelMember) -> None:
    """With the chair, where they may chair; else another of the panel has it."""
    was_chair = seat.is_chair
    seat.pass_to(member)
    seat.attended = None
    seat.is_chair = was_chair and member.may_chair
    seat.save()
    if was_chair and not seat.is_chair:
        other = Seat.objects.filter(meeting=seat.meeting_id, member__may_chair=True).exclude(pk=seat.pk)
        chair = other.order_by("pk").first()
        assert chair is not None  # say_broken_rule has looked
        chair.is_chair = True
        chair.save(update_fields=["is_chair"])
