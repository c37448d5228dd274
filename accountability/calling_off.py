"""A meeting is called off: everybody who knows of it hears so at once, with the reason."""

from __future__ import annotations

from django.db import transaction

from accountability.availability_emails import make_dropped_mail
from accountability.calls import cancel_meeting
from accountability.models import Meeting, Release
from accountability.releasing import release_one
from accountability.workflow import lock_panel
from s11.organisations.models import User
from surveys.enums import MessageKind
from surveys.outbox import put_in_outbox
from surveys.recipients import get_addressees


@transaction.atomic
def call_off(*, meeting: Meeting, reason: str, by: User) -> Release | None:
    """Dropped, with its reason; the release that says so, or None where it is in no timetable that went out.

    An agency that was asked when it can come, or was told a time that it lost since, hears it too. It can be called
    again: its calendar entry comes back with the next timetable.
    """
    panel = lock_panel(meeting.panel)
    panel.cycle = meeting.panel.cycle
    cancel_meeting(meeting=meeting, reason=reason, by=by)
    meeting.panel = panel
    release = release_one(meeting=meeting, after=None, note=f"{meeting.organisation} is off: {reason}", by=by)
    if release is None and (meeting.asked_at or meeting.told_at):
        _tell_agency(meeting, reason, by)
    return release


def _tell_agency(meeting: Meeting, reason: str, by: User) -> None:
    meeting.invitee.cycle = meeting.panel.cycle
    for to in get_addressees([meeting.invitee])[meeting.invitee.pk].to:
        mail = make_dropped_mail(meeting, reason, to.email)
        put_in_outbox(
            kind=MessageKind.MEETING,
            invitee=meeting.invitee,
            email=to.email,
            subject=str(mail.subject),
            body=str(mail.body),
            by=by,
            user_id=to.user,
            contact_id=to.contact,
        )
