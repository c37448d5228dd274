"""Giving a seat to somebody else on the day; who was to sit is kept beside it. `by` did it."""

from __future__ import annotations

from django.db import transaction

from accountability.enums import MeetingStatus
from accountability.models import Meeting, PanelMember, Seat
from accountability.stand_ins import list_stand_ins
from s11.organisations.models import User
from s11.web import errors


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the panel is no longer what the page showed."""


@transaction.atomic
def substitute_member(*, meeting: Meeting, seat: Seat, member: PanelMember, by: User) -> Seat:
    """The member sits, and came; who was to sit first of all stands beside. They themselves may come back.

    Conflicts of interest and other meetings are looked at again under the lock.
    """
    current = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if current.status == MeetingStatus.CANCELLED:
        raise NotInThisState("The meeting is cancelled by now. Nothing was changed.")
    taken = Seat.objects.filter(pk=seat.pk, meeting=current, member=seat.member_id).first()
    if taken is None:
        raise NotInThisState("This seat has gone to somebody else by now. Nothing was changed.")
    stand_in = next((one for one in list_stand_ins(meeting) if one.member.pk == member.pk), None)
    if stand_in is None:
        raise NotInThisState(f"{member} has a seat here already, or is off the panel. Nothing was changed.")
    if stand_in.why:
        raise NotInThisState(f"{member} {stand_in.why}. Choose somebody else.")
    taken.pass_to(member)
    taken.attended = True
    taken.save()
    return taken
