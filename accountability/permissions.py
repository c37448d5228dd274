"""Who may do what with panels, meetings and what came of them.

Each check raises NotAllowed with one sentence: the 403 page, the hint beside a disabled button, and the test's table.
"""

from __future__ import annotations

from accountability.enums import MeetingStatus
from accountability.models import Meeting, PanelMember
from accountability.queries import Round, is_released, list_planned
from s11.organisations.enums import ORGANISERS, MembershipRole, OfficerRole
from s11.organisations.queries import Agency, Desk
from s11.web.errors import NotAllowed
from s11.web.text import list_words
from surveys.models.audits import READERS

# A panel's people see their own part of the room; a publisher has no part in it.
SEEING = frozenset({*READERS, OfficerRole.PANEL_MEMBER, OfficerRole.PANEL_CHAIR})
# Who speaks for an agency before a panel; its other members read.
SPEAKING = frozenset({MembershipRole.LEAD, MembershipRole.SIGNATORY})

# The desk -------------------------------------------------------------------------------------------------------------


def check_can_see_meetings(desk: Desk) -> None:
    """The room; what a panel member finds in it is theirs alone."""
    if not desk.roles & SEEING:
        raise NotAllowed("Publishers see figures and findings; meetings are for officers and panel members.")


def check_can_read_round(desk: Desk) -> None:
    """A whole round of meetings: who sits, when, for whom, and what came of it."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers see the whole round; you see your own meetings and your "
            "own availability."
        )


def check_can_plan_meetings(desk: Desk) -> None:
    """The panel, its days and places, who is called and when."""
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} can plan meetings. Ask one of them."
        )


# Who sits -------------------------------------------------------------------------------------------------------------


def check_can_end_panel_member(desk: Desk, member: PanelMember) -> None:
    """Nobody leaves a seat empty behind them: the timetable gives it to somebody else first."""
    check_can_plan_meetings(desk)
    if not member.is_active:
        raise NotAllowed(f"{member} is off the panel already.")
    if planned := list_planned(member):
        agencies = list_words([meeting.organisation.name for meeting in planned])
        raise NotAllowed(
            f"{member} is to sit for {agencies}. Give the seat to somebody else in the timetable first."
        )


def check_can_answer_as_member(member: PanelMember) -> None:
    """When one can come, and one's interests: until a timetable that relies on them has gone out."""
    if not member.is_active:
        raise NotAllowed("You are not on this panel any more, so nothing is asked of you.")
    if is_released(member):
        partnership = member.panel.cycle.partnership
        raise NotAllowed(
            "The timetable has gone out with meetings in which you sit. If you cannot come after all, or have an "
            f"interest to add, tell {partnership.contact_email or partnership} now."
        )


def check_can_answer_own(here: Round) -> None:
    """An officer's own place on the panel, theirs alone."""
    if here.own is None:
        raise NotAllowed("You are not on this panel. An administrator or quality officer can add you.")
    check_can_answer_as_member(here.own)


# The agency -----------------------------------------------------------------------------------------------------------


def check_can_say_half_days(agency: Agency, meeting: Meeting) -> None:
    """When an agency that is called can come: by those who speak for it, until it has been told a time."""
    if not agency.roles & SPEAKING:
        raise NotAllowed(
            f"Only a lead or signatory of {agency.organisation} can say when it can come. Ask one of them."
        )
    if meeting.status != MeetingStatus.CALLED:
        raise NotAllowed(f"The meeting is {meeting.get_status_display().lower()}, so nothing is asked now.")
    if meeting.told_at is not None:
        partnership = agency.partnership
        raise NotAllowed(
            f"You have been told a time. If it is impossible, tell {partnership.contact_email or partnership} now."
        )
