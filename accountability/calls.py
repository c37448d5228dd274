"""Verbs of calling agencies before a panel: call them with their reasons, drop one, call it again.

A meeting that is dropped stays as a row with its reason, so that those who were told of it are told that it is off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from accountability.calling import Reason, get_priority
from accountability.enums import MeetingStatus
from accountability.models import Meeting, MeetingReason, Panel
from accountability.workflow import lock_panel
from s11.organisations.models import User
from s11.web.errors import NotInThisState
from surveys.models import Invitee


@transaction.atomic
def call_agencies(*, panel: Panel, reasons: Mapping[Invitee, Sequence[Reason]], by: User | None) -> int:
    """One meeting each, without a time yet; how many are new. Who is called already stays as they are.

    Who called whom and when stands on the row itself, so the trail needs no row beside it.
    """
    lock_panel(panel)
    pks = [invitee.pk for invitee in reasons]
    held = {one.invitee_id: one for one in Meeting.objects.filter(invitee__in=pks)}
    dropped = [one for one in held.values() if one.status == MeetingStatus.CANCELLED]
    for meeting in dropped:
        meeting.status, meeting.cancel_reason = MeetingStatus.CALLED, ""
        meeting.called_by, meeting.called_at = by, timezone.now()
    Meeting.objects.bulk_update(dropped, ["status", "cancel_reason", "called_by", "called_at"])
    made = Meeting.objects.bulk_create(
        Meeting(panel=panel, invitee=invitee, called_by=by) for invitee in reasons if invitee.pk not in held
    )
    of_invitee = {one.invitee_id: one for one in (*dropped, *made)}
    _write_reasons({of_invitee[one.pk]: said for one, said in reasons.items() if one.pk in of_invitee})
    return len(of_invitee)


def _write_reasons(reasons: Mapping[Meeting, Sequence[Reason]]) -> None:
    """In place of what stood there."""
    meetings = list(reasons)
    MeetingReason.objects.filter(meeting__in=meetings).delete()
    MeetingReason.objects.bulk_create(
        MeetingReason(meeting=meeting, kind=one.kind, sentence=one.sentence)
        for meeting, said in reasons.items()
        for one in said
    )
    for meeting, said in reasons.items():
        meeting.priority = get_priority(said)
    Meeting.objects.bulk_update(meetings, ["priority"])


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, by: User) -> None:
    """Drop it: its time is free for others. Those who were told hear of it with the next timetable.

    Raises NotInThisState where it is held or dropped by now.
    """
    lock_panel(meeting.panel)
    now = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if now.status != MeetingStatus.CALLED:
        raise NotInThisState(
            f"The meeting is {now.get_status_display().lower()} by now. Nothing was changed."
        )
    now.seats.all().delete()
    now.status, now.cancel_reason = MeetingStatus.CANCELLED, reason
    now.day = now.starts_at = now.track = None
    now.is_locked, now.why_unplaced = False, ""
    now.save()
