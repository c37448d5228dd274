"""What the screen of a meeting shows: its agenda with times, what belongs to each item, and everybody's notes.

A fixed number of queries, whatever the number of items and notes.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accountability.at_meeting import AtMeeting
from accountability.enums import MeetingStatus
from accountability.following import get_last_actions, get_last_recommendations
from accountability.models import AgendaItem, LineOfEnquiry, Note, Recommendation
from accountability.pack_past import PastAction
from accountability.running_order import Turn, make_turns, say_where
from s11.organisations.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """One item. `number` is counted from 1 and stays, for items are added at the end alone."""

    number: int
    item: AgendaItem
    turn: Turn | None
    own: Note | None
    others: tuple[Note, ...]

    @property
    def code(self) -> str:
        """What its card is called on the page."""
        return f"item-{self.number}"


@dataclass(frozen=True, slots=True)
class Agenda:
    """All of it, and where the meeting is: empty words while it is not going on."""

    lines: tuple[Line, ...]
    where: str

    @property
    def minutes(self) -> int:
        return sum(line.item.minutes for line in self.lines)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is spoken about under the items."""

    actions: tuple[PastAction, ...] = ()
    # Of earlier meetings, the newest first.
    earlier: tuple[Recommendation, ...] = ()
    # Private ones are the reader's own.
    enquiries: tuple[LineOfEnquiry, ...] = ()
    # Made in this meeting.
    recommendations: tuple[Recommendation, ...] = ()


def get_agenda(at: AtMeeting, user: User, now: datetime.datetime | None = None) -> Agenda:
    """Two queries."""
    now = now or timezone.now()
    items = list(at.meeting.agenda.all())
    notes: dict[int, list[Note]] = defaultdict(list)
    for note in Note.objects.filter(item__meeting=at.meeting).select_related("by"):
        notes[note.item_id].append(note)
    turns, where = _get_turns(at, items, now)
    lines = tuple(
        Line(
            number=number,
            item=item,
            turn=turns[number - 1] if turns else None,
            own=next((note for note in notes[item.pk] if note.by_id == user.pk), None),
            others=tuple(note for note in notes[item.pk] if note.by_id != user.pk and note.text.strip()),
        )
        for number, item in enumerate(items, start=1)
    )
    return Agenda(lines, where)


def _get_turns(at: AtMeeting, items: Sequence[AgendaItem], now: datetime.datetime) -> tuple[list[Turn], str]:
    """From when it really began; before that as planned."""
    meeting = at.meeting
    began = meeting.started_at or at.planned_at
    if began is None:
        return [], ""
    goes_on = meeting.started_at is not None and meeting.status == MeetingStatus.CALLED
    turns = make_turns([item.minutes for item in items], began, now if goes_on else None)
    return turns, say_where(turns, now) if goes_on else ""


def get_matter(at: AtMeeting, user: User, today: datetime.date | None = None) -> Matter:
    """Ten queries at most."""
    today = today or timezone.localdate()
    meeting = at.meeting
    recommendations = tuple(meeting.recommendations.select_related("indicator", "theme"))
    private = Q(is_private=False) | Q(is_private=True, by=user)
    return Matter(
        actions=tuple(get_last_actions(meeting, today, own={one.action_id for one in recommendations})),
        earlier=tuple(get_last_recommendations(meeting)),
        enquiries=tuple(
            meeting.enquiries.filter(private, is_dropped=False).select_related("by", "indicator")
        ),
        recommendations=recommendations,
    )
