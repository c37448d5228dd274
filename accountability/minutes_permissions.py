"""Who reads minutes and letters and writes them: officers on the desk, the agency in its room, panel members by a link.

Each check raises NotAllowed with one sentence. A conflict of interest closes all of it, as it closes the meeting.
"""

from __future__ import annotations

import datetime

from django.db.models import Q

from accountability.at_meeting import AtMeeting
from accountability.conflicts import get_conflicts
from accountability.enums import LetterStatus, MeetingStatus, MinutesStatus
from accountability.models import Meeting, Minutes, PanelMember
from accountability.pack_permissions import say_closed
from accountability.permissions import SPEAKING, check_can_read_meeting
from s11.organisations.models import User
from s11.organisations.queries import Agency
from s11.web.errors import NotAllowed

OPEN_TO_ALL = (MinutesStatus.AGREED, MinutesStatus.FINAL)

# Minutes on the desk --------------------------------------------------------------------------------------------------


def check_can_read_minutes(at: AtMeeting) -> None:
    """A draft is for the chair and for readers of the round; once it is agreed, for all of its panel who came."""
    check_can_read_meeting(at)
    if at.is_reader or at.is_chair:
        return
    if at.minutes_status not in OPEN_TO_ALL:
        raise NotAllowed(
            "The minutes are still being written. You get an e-mail once the chair has agreed them."
        )
    if at.own is not None and at.own.attended is False:
        raise NotAllowed("Minutes are read by those who came to the meeting. You are recorded as not there.")


def check_can_begin_minutes(at: AtMeeting) -> None:
    _check_writes(at)
    if at.meeting.status != MeetingStatus.HELD:
        raise NotAllowed("Minutes are made from the notes once the meeting is closed. Close it first.")


def check_can_write_passages(at: AtMeeting) -> None:
    check_can_begin_minutes(at)
    if at.minutes_status in OPEN_TO_ALL:
        raise NotAllowed("The minutes are agreed, so they change by corrections alone.")


def check_can_agree_minutes(at: AtMeeting) -> None:
    """The chair's word, given by the chair or recorded by an officer."""
    check_can_begin_minutes(at)
    if at.minutes_status != MinutesStatus.DRAFT:
        raise NotAllowed("Only a draft can be agreed.")


def check_can_send_draft(at: AtMeeting) -> None:
    """To the chair by e-mail, who may have no login: an officer's act, as the draft leaves the desk."""
    check_can_read_meeting(at)
    if not at.is_organiser:
        raise NotAllowed("An administrator or quality officer sends the draft to the chair.")
    check_can_begin_minutes(at)
    if at.minutes_status != MinutesStatus.DRAFT:
        raise NotAllowed("The minutes are agreed, so the chair has read them.")
    if at.is_chair:
        raise NotAllowed("You chaired this meeting yourself: read the draft here.")
    if at.chair is None:
        raise NotAllowed(
            "Nobody is recorded as the chair of this meeting. Say on the meeting’s page who chaired it."
        )
    if not at.chair.email:
        raise NotAllowed(f"{at.chair} has no e-mail address. Enter one on the panel’s page.")


def check_can_take_back_minutes(at: AtMeeting) -> None:
    check_can_begin_minutes(at)
    _check_agreed(at)


def check_can_ask_correction(at: AtMeeting, today: datetime.date) -> None:
    """A member who sat there; or an officer, for somebody who has told them."""
    check_can_read_minutes(at)
    if not at.is_organiser and (not at.is_seated or at.own is None or at.own.attended is False):
        raise NotAllowed("Those who came to the meeting ask for corrections.")
    _check_asks_now(_get_minutes(at), today)


def check_can_decide_corrections(at: AtMeeting) -> None:
    check_can_begin_minutes(at)
    _check_agreed(at)


def check_can_finalise_minutes(at: AtMeeting) -> None:
    """It freezes the panel's scores, so it is an officer's act."""
    check_can_read_meeting(at)
    if not at.is_organiser:
        raise NotAllowed("An administrator or quality officer makes the minutes final.")
    check_can_begin_minutes(at)
    _check_agreed(at)


def _check_writes(at: AtMeeting) -> None:
    check_can_read_meeting(at)
    if not at.is_organiser and not at.is_chair:
        raise NotAllowed("The chair of the meeting and the officers who run it write its minutes.")


def _check_agreed(at: AtMeeting) -> None:
    if at.minutes_status == MinutesStatus.FINAL:
        raise NotAllowed("The minutes are final, so nothing in them changes.")
    if at.minutes_status != MinutesStatus.AGREED:
        raise NotAllowed("The chair has not agreed the minutes yet.")


def _check_asks_now(minutes: Minutes | None, today: datetime.date) -> None:
    if minutes is None or minutes.status == MinutesStatus.DRAFT:
        raise NotAllowed("Corrections can be asked for once the chair has agreed the minutes.")
    if minutes.status == MinutesStatus.FINAL:
        raise NotAllowed("The minutes are final, so nothing in them changes.")
    if minutes.corrections_until is not None and today > minutes.corrections_until:
        raise NotAllowed(f"Corrections could be asked for until {minutes.corrections_until:%-d %B %Y}.")


def _get_minutes(at: AtMeeting) -> Minutes | None:
    return getattr(at.meeting, "minutes", None)


# The letter -----------------------------------------------------------------------------------------------------------


def check_can_read_letter(at: AtMeeting) -> None:
    """Officers all the while; those who sat there once it has gone."""
    check_can_read_meeting(at)
    letter = getattr(at.meeting, "letter", None)
    if not at.is_reader and (letter is None or letter.status != LetterStatus.SENT):
        raise NotAllowed("You read the letter once it has been sent to the agency.")


def check_can_write_letter(at: AtMeeting) -> None:
    """Draft it, change it, record whose signature stands under it, send it."""
    check_can_read_meeting(at)
    if not at.is_organiser:
        raise NotAllowed("An administrator or quality officer writes and sends the letter.")
    if at.minutes_status != MinutesStatus.FINAL:
        raise NotAllowed("The letter says what was agreed, so it is written once the minutes are final.")


# The agency -----------------------------------------------------------------------------------------------------------


def check_can_ask_for_agency(agency: Agency, user: User, minutes: Minutes, today: datetime.date) -> None:
    """Who speaks for the agency, and who came for it; all its members read."""
    came = minutes.meeting.representatives.filter(user=user).exclude(attended=False).exists()
    if not agency.roles & SPEAKING and not came:
        raise NotAllowed(
            f"A lead or signatory of {agency.organisation}, or somebody who came to the meeting, asks for corrections."
        )
    _check_asks_now(minutes, today)


# By a personal link ---------------------------------------------------------------------------------------------------


def get_minutes_of_member(member: PanelMember) -> list[tuple[Meeting, str]]:
    """Meetings to which they came and whose minutes are agreed, and those they chaired whose draft was sent to them.

    Each with why it is closed to them, or nothing.
    """
    came = member.seats.exclude(attended=False)
    agreed = Q(pk__in=came.values("meeting"), minutes__status__in=OPEN_TO_ALL)
    draft = Q(pk__in=came.filter(is_chair=True).values("meeting"), minutes__draft_sent_to=member)
    meetings = list(
        member.panel.meetings.filter(agreed | draft, told_at__isnull=False, status=MeetingStatus.HELD)
        .with_place()
        .select_related("minutes")
        .order_by("day__date", "starts_at", "pk")
    )
    found = get_conflicts([member], [one.invitee.organisation_id for one in meetings])[member.pk]
    return [
        (one, say_closed(why).replace("This pack is", "These minutes are", 1))
        if (why := found.get(one.invitee.organisation_id))
        else (one, "")
        for one in meetings
    ]


def check_can_ask_by_link(minutes: Minutes, today: datetime.date) -> None:
    _check_asks_now(minutes, today)
