"""Giving a seat to somebody else, before the day or at the meeting; who was to sit is kept beside it. `by` did it.

Either way a release says so, for what calendars and feeds are told comes from releases alone: the one loses the meeting
there, the other gains it, and no later release says it again. A conflict of interest is never overruled.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from accountability.enums import MeetingStatus
from accountability.models import Meeting, PanelMember, Seat
from accountability.problems import is_settled
from accountability.releases import get_last, read_draft, read_release
from accountability.releasing import get_local_now, release_one
from accountability.substitutes import Substitute, list_substitutes
from accountability.timetable_changes import Sitting
from accountability.workflow import lock_panel
from s11.organisations.models import User
from s11.web.errors import NotInThisState


@transaction.atomic
def replace_member(
    *, meeting: Meeting, seat: Seat, member: PanelMember, has_confirmed: bool = False, by: User
) -> None:
    """Before the meeting: the one hears that they are free, the other that they sit; nobody else is written to."""
    now = _lock(meeting)
    held = _get_held(now, seat)
    check_is_told(now)
    found = _find(now, held, member)
    if found.needs_word and not has_confirmed:
        raise NotInThisState(f"{member} {found.needs_word}. Ask them, and say that they have confirmed.")
    _give(held, found.member, attended=None)
    _release(now, was=seat.member, comes=found.member, by=by)


@transaction.atomic
def substitute_member(*, meeting: Meeting, seat: Seat, member: PanelMember, by: User) -> Seat:
    """At the meeting: the member sits, and came. They themselves may come back.

    Nobody gets an e-mail about a meeting that is over; feeds and pages say who sat all the same.
    """
    now = _lock(meeting)
    if now.status == MeetingStatus.CANCELLED:
        raise NotInThisState("The meeting is cancelled by now. Nothing was changed.")
    held = _get_held(now, seat)
    found = _find(now, held, member)
    _give(held, found.member, attended=True)
    _release(now, was=seat.member, comes=found.member, by=by)
    return held


def check_is_told(meeting: Meeting) -> None:
    """It is still to come, and what its people were told is what is planned."""
    if is_settled(meeting, get_local_now()):
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


def _lock(meeting: Meeting) -> Meeting:
    """As it is now, with its panel: the rules are looked at again under the lock."""
    panel = lock_panel(meeting.panel)
    panel.cycle = meeting.panel.cycle
    now = panel.meetings.select_for_update(of=("self",)).with_place().get(pk=meeting.pk)
    now.panel = panel
    return now


def _get_held(meeting: Meeting, seat: Seat) -> Seat:
    """The seat while it is still theirs whom the page showed in it."""
    held = meeting.seats.filter(pk=seat.pk, member=seat.member_id).select_related("member").first()
    if held is None:
        raise NotInThisState("That seat has gone to somebody else by now. Nothing was changed.")
    return held


def _find(meeting: Meeting, seat: Seat, member: PanelMember) -> Substitute:
    found = next((one for one in list_substitutes(meeting, seat) if one.member == member), None)
    if found is None:
        raise NotInThisState(f"{member} has a seat here already, or is off the panel. Nothing was changed.")
    if found.why:
        raise NotInThisState(f"{member} {found.why}. Nothing was changed.")
    return found


def _give(seat: Seat, member: PanelMember, *, attended: bool | None) -> None:
    """With the chair, where they may chair; else another of the panel who may has it."""
    was_chair = seat.is_chair
    seat.pass_to(member)
    seat.attended = attended
    seat.is_chair = was_chair and member.may_chair
    seat.save()
    if was_chair and not seat.is_chair:
        other = Seat.objects.filter(meeting=seat.meeting_id, member__may_chair=True).exclude(pk=seat.pk)
        chair = other.order_by("pk").first()
        assert chair is not None  # say_broken_rule has looked
        chair.is_chair = True
        chair.save(update_fields=["is_chair"])


def _release(meeting: Meeting, *, was: PanelMember, comes: PanelMember, by: User) -> None:
    """Of a meeting that is in the last timetable; of another nobody was told anything."""
    told = read_release(get_last(meeting.panel)).get(meeting.pk)
    if told is None:
        return
    seats = meeting.seats.select_related("member__officer__user", "member__contact")
    sitting = tuple(Sitting(one.member_id, one.member.name, one.is_chair) for one in seats)
    release_one(
        meeting=meeting,
        after=replace(told, seats=sitting),
        note=f"{comes} sits for {told.name} in place of {was}.",
        by=by,
    )
