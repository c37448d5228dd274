"""The demonstration's packs: lines of enquiry for each agency, one in an officer's words, one dropped, one private."""

from __future__ import annotations

import datetime

from accountability.enquiring import add_line, drop_line, prepare_packs
from accountability.models import LineOfEnquiry, Meeting, Panel
from s11.demo.audits import at
from s11.organisations.enums import OfficerRole
from s11.organisations.models import User


def make_packs(panel: Panel, today: datetime.date) -> None:
    """The day after the timetable went out."""
    moment = at(today - datetime.timedelta(days=1), 9, 15)
    officer = User.objects.get(
        offices__partnership=panel.cycle.partnership, offices__role=OfficerRole.QUALITY_OFFICER
    )
    prepare_packs(panel.meetings.called().with_place().order_by("pk"))
    work_on(get_fullest(panel), officer)
    panel.meetings.filter(pack_prepared_at__isnull=False).update(pack_prepared_at=moment)
    LineOfEnquiry.objects.filter(meeting__panel=panel).update(at=moment)


def get_fullest(panel: Panel) -> Meeting:
    """The meeting with most to ask, in which an officer sits who may ask privately."""
    seated = panel.meetings.called().filter(
        seats__member__officer__role__in=(OfficerRole.PANEL_MEMBER, OfficerRole.PANEL_CHAIR)
    )
    return max(seated.distinct().order_by("pk"), key=lambda meeting: meeting.enquiries.count())


def work_on(meeting: Meeting, officer: User) -> None:
    lines = list(meeting.enquiries.all())
    if lines:
        drop_line(line=lines[-1], by=officer)
    add_line(
        meeting=meeting,
        text="Who on the board reads the safeguarding figures, and what have they asked about them this year?",
        reason="The partnership asks every agency about its board this year.",
        by=officer,
    )
    seat = meeting.seats.filter(
        member__officer__role__in=(OfficerRole.PANEL_MEMBER, OfficerRole.PANEL_CHAIR)
    ).first()
    if seat is not None and seat.member.user is not None:
        add_line(
            meeting=meeting,
            text="Ask the lead about the two referrals that came back in the spring.",
            is_private=True,
            by=seat.member.user,
        )
