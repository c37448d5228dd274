"""What the data feed has of a round of meetings: when each is, how far its papers are, what became of what was agreed.

For officers who read the whole round, and without agencies with which the reader has a conflict of interest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count
from django.utils import timezone

from accountability.conflicts import get_own_conflicts
from accountability.dashboard import leave_out_conflicts, list_agreed
from accountability.enums import MeetingStatus
from accountability.following import Followed
from accountability.letter_list import say_letter_state
from accountability.minutes_text import get_held_on, say_state
from accountability.models import Meeting
from accountability.permissions import check_can_read_round, check_can_see_meetings
from accountability.queries import Round, get_round_or_404
from s11.organisations.models import Participation
from s11.organisations.queries import Desk
from surveys.feed.base import Asked, Cell, FeedColumn, FeedTable, Kind


def check_round(desk: Desk) -> None:
    """As its pages do, one after the other."""
    check_can_see_meetings(desk)
    check_can_read_round(desk)


def enter(asked: Asked) -> Round:
    """A cycle without meetings has none of these tables."""
    return get_round_or_404(asked.user, asked.desk, asked.cycle.slug)


def get_names(asked: Asked) -> dict[int, str]:
    """By organisation, what the partnership calls it."""
    places = Participation.objects.filter(partnership=asked.desk.partnership).select_related("organisation")
    return {place.organisation_id: place.name for place in places}


def list_meetings(asked: Asked) -> Iterator[list[Cell]]:
    here, names = enter(asked), get_names(asked)
    meetings = list(
        here.panel.meetings.select_related("invitee__organisation", "day", "minutes", "letter")
        .annotate(agreed=Count("recommendations"))
        .order_by("day__date", "starts_at", "track", "pk")
    )
    closed = get_own_conflicts(asked.user, here.panel, [one.invitee.organisation_id for one in meetings])
    for one in meetings:
        if one.invitee.organisation_id not in closed:
            yield make_meeting_cells(one, names.get(one.invitee.organisation_id, one.organisation.name))


def make_meeting_cells(meeting: Meeting, name: str) -> list[Cell]:
    is_held = meeting.status == MeetingStatus.HELD
    minutes, letter = getattr(meeting, "minutes", None), getattr(meeting, "letter", None)
    return [
        meeting.organisation.slug,
        name,
        str(meeting.get_status_display()),
        meeting.day.date if meeting.day is not None else None,
        f"{meeting.starts_at:%H:%M}" if meeting.starts_at is not None else None,
        get_held_on(meeting) if is_held else None,
        say_state(minutes.status if minutes is not None else None) if is_held else None,
        say_letter_state(letter) if is_held else None,
        timezone.localdate(letter.sent_at) if letter is not None and letter.sent_at is not None else None,
        vars(meeting)["agreed"],
    ]


def list_recommendations(asked: Asked) -> Iterator[list[Cell]]:
    here, names = enter(asked), get_names(asked)
    for one in leave_out_conflicts(asked.user, here, list_agreed(here)):
        organisation = one.recommendation.meeting.organisation
        yield make_agreed_cells(one, names.get(organisation.pk, organisation.name))


def make_agreed_cells(one: Followed, name: str) -> list[Cell]:
    asked, action = one.recommendation, one.recommendation.action
    return [
        asked.meeting.organisation.slug,
        name,
        asked.number,
        asked.text,
        asked.theme.code if asked.theme is not None else None,
        asked.indicator.code if asked.indicator is not None else None,
        asked.respond_by,
        str(one.standing.label),
        one.due_on,
        action.what if action is not None else None,
        action.due_on if action is not None else None,
        asked.refusal or None,
        one.outcome or None,
        one.verification.text if one.verification is not None else None,
    ]


KEY: Final = FeedColumn("key", "of the organisation; the same in all tables")
ORGANISATION: Final = FeedColumn("organisation", "its name here")
TABLES: Final = (
    FeedTable(
        name="meetings",
        holds="The accountability meetings of a cycle: when each is, how far its minutes and letter are.",
        check=check_round,
        columns=(
            KEY,
            ORGANISATION,
            FeedColumn("status", "Called, Held or Cancelled"),
            FeedColumn("planned_on", "as the timetable stands now", Kind.DATE),
            FeedColumn("starts_at", "such as 09:30, in England"),
            FeedColumn("held_on", "", Kind.DATE),
            FeedColumn("minutes", "Not started, Draft, Agreed or Final, once it was held"),
            FeedColumn("letter", "Not started, Draft, Signed or Sent, once it was held"),
            FeedColumn("letter_sent_on", "", Kind.DATE),
            FeedColumn("recommendations", "how many were written down", Kind.NUMBER),
        ),
        list_rows=list_meetings,
    ),
    FeedTable(
        name="recommendations",
        holds="What panels recommended, once the letter has gone, and what became of it.",
        check=check_round,
        columns=(
            KEY,
            ORGANISATION,
            FeedColumn("number", "in its meeting", Kind.NUMBER),
            FeedColumn("recommendation", ""),
            FeedColumn("theme", "its code"),
            FeedColumn("indicator", "its code"),
            FeedColumn("answer_by", "", Kind.DATE),
            FeedColumn("state", "as on the page Progress"),
            FeedColumn("overdue_since", "the day that was missed; empty where none is", Kind.DATE),
            FeedColumn("action", "what answers it"),
            FeedColumn("action_due_on", "", Kind.DATE),
            FeedColumn("refusal", "the reason, where the agency refused it"),
            FeedColumn("outcome", "whether it worked, once somebody has checked"),
            FeedColumn("evidence", "what shows it"),
        ),
        list_rows=list_recommendations,
    ),
)
