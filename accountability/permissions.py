"""Who may do what with panels, meetings and what came of them.

Each check raises NotAllowed with one sentence: the 403 page, the hint beside a disabled button, and the test's table.
"""

from __future__ import annotations

from accountability.at_meeting import AtMeeting
from accountability.conflicts import say_to_oneself
from accountability.enums import MeetingStatus, MinutesStatus, ProposalStatus
from accountability.models import Meeting, PanelMember, ScoreProposal
from accountability.queries import Round, has_untouched_days, is_released, list_planned
from s11.organisations.enums import ORGANISERS, MembershipRole, OfficerRole
from s11.organisations.models import User
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
    """When one can come, and one's interests: until a timetable that relies on them has gone out.

    Of days on which it has no meeting, such as one that was added since, one can say it still.
    """
    if not member.is_active:
        raise NotAllowed("You are not on this panel any more, so nothing is asked of you.")
    if is_released(member) and not has_untouched_days(member):
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


# The meeting ----------------------------------------------------------------------------------------------------------


def check_can_read_meeting(at: AtMeeting) -> None:
    """Its screen, with notes and proposals: officers who read the round, and its own panel. Never with a conflict."""
    if at.conflict:
        raise NotAllowed(
            f"You have a conflict of interest with {at.organisation}: {say_to_oneself(at.conflict)}. "
            "So you neither read nor write anything of its meeting."
        )
    if not at.is_reader and not at.is_seated:
        raise NotAllowed(f"You do not sit in the meeting with {at.organisation}; its own panel reads it.")


def check_can_run_meeting(at: AtMeeting) -> None:
    """Its agenda, and who sat instead of whom."""
    check_can_read_meeting(at)
    if not at.is_organiser:
        raise NotAllowed(
            f"An administrator or quality officer of {at.here.partnership} runs the meeting and records who came."
        )


def check_can_start_meeting(at: AtMeeting) -> None:
    """Start and close it: its chair holds it, or an officer does for a chair without a login."""
    check_can_read_meeting(at)
    if not at.is_organiser and not at.is_chair:
        chair = f"{at.chair}, who chairs it" if at.chair is not None else "Its chair"
        raise NotAllowed(
            f"{chair}, or an administrator or quality officer of {at.here.partnership} starts and closes the meeting."
        )


def check_can_say_who_came(at: AtMeeting) -> None:
    check_can_run_meeting(at)
    if at.meeting.started_at is None:
        raise NotAllowed("The meeting has not started, so nobody has come yet. Start it first.")


def check_can_note(at: AtMeeting) -> None:
    """Notes of one's own, until the minutes made of them are agreed."""
    _check_takes_part(at)
    if at.minutes_status not in (None, MinutesStatus.DRAFT):
        raise NotAllowed("The minutes are agreed by now, so notes stay as they are. Ask for a correction.")


def check_can_propose(at: AtMeeting) -> None:
    """Another score, a recommendation, good practice: until the minutes are final."""
    _check_takes_part(at)
    _check_not_final(at)


def check_can_agree_scores(at: AtMeeting) -> None:
    """The chair's word; recorded by an officer where the chair has no login, or nobody has the chair."""
    check_can_read_meeting(at)
    if not at.is_chair:
        if at.chair is not None and at.chair.user is not None:
            raise NotAllowed(f"{at.chair}, who chairs this meeting, agrees scores.")
        if not at.is_organiser:
            raise NotAllowed("An administrator or quality officer records which scores the chair has agreed.")
    _check_not_final(at)


def check_can_withdraw_score(at: AtMeeting, proposal: ScoreProposal, user: User) -> None:
    """One's own proposal as long as nobody has decided on it; any other is the chair's."""
    if proposal.by_id == user.pk and proposal.status == ProposalStatus.PROPOSED:
        check_can_propose(at)
    else:
        check_can_agree_scores(at)


def _check_takes_part(at: AtMeeting) -> None:
    check_can_read_meeting(at)
    if not at.is_organiser and not at.is_seated:
        raise NotAllowed("Scrutineers read a meeting; its panel and the officers who run it write.")
    if at.meeting.status == MeetingStatus.CANCELLED:
        raise NotAllowed("The meeting is cancelled, so nothing is written about it any more.")


def _check_not_final(at: AtMeeting) -> None:
    if at.minutes_status == MinutesStatus.FINAL:
        raise NotAllowed("The minutes are final by now, so what the panel agreed stays as it is.")


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


def check_can_name_representatives(agency: Agency, meeting: Meeting) -> None:
    """Who comes: said by those who speak for the agency."""
    if not agency.roles & SPEAKING:
        raise NotAllowed(
            f"Only a lead or signatory of {agency.organisation} can say who comes. Ask one of them."
        )
    if meeting.status != MeetingStatus.CALLED:
        raise NotAllowed(
            f"The meeting is {meeting.get_status_display().lower()}, so nobody needs to be named."
        )
