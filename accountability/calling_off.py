"""A meeting is called off: everybody who was told of it hears so at once, with the reason."""

from __future__ import annotations

from django.db import transaction

from accountability.calls import cancel_meeting
from accountability.models import Meeting, Release
from accountability.releasing import release_one
from accountability.workflow import lock_panel
from s11.organisations.models import User


@transaction.atomic
def call_off(*, meeting: Meeting, reason: str, by: User) -> Release | None:
    """Dropped, with its reason; the release that says so, or None where nobody knew of it.

    It can be called again: its calendar entry comes back with the next timetable.
    """
    panel = lock_panel(meeting.panel)
    panel.cycle = meeting.panel.cycle
    cancel_meeting(meeting=meeting, reason=reason, by=by)
    meeting.panel = panel
    return release_one(meeting=meeting, after=None, note=f"{meeting.organisation} is off: {reason}", by=by)
