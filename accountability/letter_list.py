"""The letters of a round, one for each meeting that was held: how far each is, what is overdue first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, QuerySet, Value, When

from accountability.conflicts import get_own_conflicts
from accountability.enums import LetterStatus, MeetingStatus
from accountability.letter_dates import Due, get_due
from accountability.letter_mails import get_letter_mails, say_not_gone
from accountability.minutes_text import get_held_on, say_state
from accountability.models import Letter, Meeting, Panel
from accountability.queries import Round
from s11.organisations.models import Participation, User


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One meeting's; with `conflict` the person sees that there is one, and nothing of it."""

    meeting: Meeting
    name: str
    held_on: datetime.date
    due: Due
    conflict: str
    # What became of its e-mails, where one did not go.
    not_gone: str

    @property
    def letter(self) -> Letter | None:
        return getattr(self.meeting, "letter", None)

    @property
    def minutes_state(self) -> str:
        minutes = getattr(self.meeting, "minutes", None)
        return say_state(minutes.status if minutes is not None else None)

    @property
    def state(self) -> str:
        return say_letter_state(self.letter)

    @property
    def is_sent(self) -> bool:
        return self.letter is not None and self.letter.status == LetterStatus.SENT


def say_letter_state(letter: Letter | None) -> str:
    """The status tag's word."""
    return str(letter.get_status_display()) if letter is not None else "Not started"


def get_held_meetings(panel: Panel) -> QuerySet[Meeting]:
    """Those without a sent letter first, the earliest held first: so the most overdue is on top."""
    is_sent = Case(
        When(letter__status=LetterStatus.SENT, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    return (
        panel.meetings.filter(status=MeetingStatus.HELD)
        .select_related("invitee__organisation", "day", "minutes", "letter")
        .annotate(is_sent=is_sent)
        .order_by("is_sent", "ended_at", "day__date", "pk")
    )


def make_rows(here: Round, user: User, meetings: Iterable[Meeting], today: datetime.date) -> list[LetterRow]:
    """A fixed number of queries."""
    meetings = list(meetings)
    organisations = [one.invitee.organisation_id for one in meetings]
    conflicts = get_own_conflicts(user, here.panel, organisations)
    places = Participation.objects.filter(
        partnership=here.partnership, organisation__in=organisations
    ).select_related("organisation")
    mails = get_letter_mails(meetings)
    names = {place.organisation_id: place.name for place in places}
    return [
        LetterRow(
            meeting=one,
            name=names.get(one.invitee.organisation_id) or str(one.organisation),
            held_on=get_held_on(one),
            due=get_due(get_held_on(one), today),
            conflict=conflicts.get(one.invitee.organisation_id, ""),
            not_gone=say_not_gone(mails.get(one.invitee_id, ())),
        )
        for one in meetings
    ]


def count_letters(panel: Panel, today: datetime.date) -> dict[str, int]:
    """Those that were begun and sent, and of those that have not gone how many are late or nearly. One query."""
    held = list(panel.meetings.filter(status=MeetingStatus.HELD).select_related("day", "letter").order_by())
    letters = [one.letter for one in held if hasattr(one, "letter")]
    sent = {one.meeting_id for one in letters if one.status == LetterStatus.SENT}
    dues = [get_due(get_held_on(one), today) for one in held if one.pk not in sent]
    return {
        "letters": len(letters),
        "letters_sent": len(sent),
        "letters_overdue": sum(due.is_overdue for due in dues),
        "letters_soon": sum(due.is_soon for due in dues),
    }
