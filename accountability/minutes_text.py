"""What minutes say, for pages and for paper: who came, each item's passage, agreed scores, recommendations, practice.

A fixed number of queries, whatever the number of passages and corrections.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from accountability.enums import AgendaKind, MinutesStatus, ProposalStatus
from accountability.meeting_scores import Grades, ScoreRow, get_scores
from accountability.models import (
    Correction,
    GoodPractice,
    Meeting,
    Minutes,
    Passage,
    Recommendation,
    ScoreProposal,
    Seat,
)
from accountability.packs import get_participation


@dataclass(frozen=True, slots=True)
class MinutesText:
    """Minutes, whole. Rows of `grades` are the standards, then all of them."""

    minutes: Minutes
    name: str
    passages: tuple[Passage, ...]
    panel: tuple[str, ...]
    agency: tuple[str, ...]
    absent: tuple[str, ...]
    scores: tuple[ScoreRow, ...]
    # Agreed about a submission that the agency has corrected since: the words stand, the grades are in the PDF.
    overtaken: tuple[ScoreProposal, ...]
    grades: tuple[Grades, ...]
    # Else there are no scores to speak of.
    has_audit: bool
    recommendations: tuple[Recommendation, ...]
    practices: tuple[GoodPractice, ...]

    @property
    def meeting(self) -> Meeting:
        return self.minutes.meeting

    @property
    def held_on(self) -> datetime.date:
        return get_held_on(self.meeting)

    @property
    def corrections(self) -> list[Correction]:
        """In the order of the passages, each with its passage."""
        return [one for passage in self.passages for one in passage.corrections.all()]

    @property
    def waiting(self) -> list[Correction]:
        return [one for one in self.corrections if not one.decision]

    @property
    def changed_at(self) -> datetime.datetime | None:
        """When its newest passage was written; agreeing names it."""
        return max((one.updated_at for one in self.passages), default=None)

    @property
    def state(self) -> str:
        """The status tag's word."""
        return say_state(self.minutes.status)

    @property
    def last(self) -> Passage | None:
        """Under it the outcomes stand: what was agreed is the end of a meeting."""
        agreed = [one for one in self.passages if one.item.kind == AgendaKind.AGREED]
        return agreed[-1] if agreed else self.passages[-1] if self.passages else None


def say_state(status: str | None) -> str:
    if status is None:
        return "Not started"
    return {MinutesStatus.DRAFT: "Draft", MinutesStatus.AGREED: "Agreed", MinutesStatus.FINAL: "Final"}[
        MinutesStatus(status)
    ]


def get_held_on(meeting: Meeting) -> datetime.date:
    """The day on which it was held; of one that nobody started by the clock, the day for which it was planned."""
    moment = meeting.started_at or meeting.ended_at
    if moment is not None:
        return timezone.localdate(moment)
    return meeting.day.date if meeting.day is not None else timezone.localdate(meeting.called_at)


def get_minutes_text(minutes: Minutes) -> MinutesText:
    """The meeting's panel, cycle and invitee must be at hand."""
    meeting = minutes.meeting
    passages = list(
        minutes.passages.select_related("item", "updated_by").prefetch_related(
            Prefetch("corrections", Correction.objects.select_related("by", "decided_by")),
            "item__notes__by",
        )
    )
    for passage in passages:
        passage.minutes = minutes
    seats = _get_seats(meeting)
    guests = list(meeting.representatives.all())
    scores = get_scores(meeting)
    agreed = tuple(row for row in scores.rows if row.agreed is not None) if scores else ()
    overtaken = [one for one in scores.overtaken if one.status == ProposalStatus.AGREED] if scores else []
    place = get_participation(meeting)
    return MinutesText(
        minutes=minutes,
        name=place.name if place else str(meeting.organisation),
        passages=tuple(passages),
        panel=tuple(say_seat(seat) for seat in seats if seat.attended is not False),
        agency=tuple(
            ", ".join(part for part in (one.name, one.job_title) if part)
            for one in guests
            if one.attended is not False
        ),
        absent=tuple(
            [seat.member.name for seat in seats if seat.attended is False]
            + [one.name for one in guests if one.attended is False]
        ),
        scores=agreed,
        overtaken=tuple(overtaken),
        grades=tuple(scores.list_grades()) if scores and agreed else (),
        has_audit=scores is not None,
        recommendations=tuple(meeting.recommendations.select_related("theme", "indicator")),
        practices=tuple(meeting.good_practices.select_related("indicator")),
    )


def _get_seats(meeting: Meeting) -> list[Seat]:
    """With whom each is of and for."""
    return list(
        meeting.seats.select_related(
            "member__officer__user",
            "member__contact",
            "member__organisation",
            "substitute_for__officer__user",
            "substitute_for__contact",
        )
    )


def say_seat(seat: Seat) -> str:
    """‘Ada Byron, Harbour Council (chair)’; with for whom they came in."""
    parts = [seat.member.name]
    if seat.member.organisation is not None:
        parts.append(str(seat.member.organisation))
    words = ", ".join(parts)
    if seat.substitute_for is not None:
        words += f", for {seat.substitute_for.name}"
    return f"{words} (chair)" if seat.is_chair else words


def get_minutes_of(meeting: Meeting) -> Minutes | None:
    """None while nobody has begun them. The meeting itself is put in its place, with what it has at hand."""
    found = Minutes.objects.filter(meeting=meeting).select_related("agreed_by", "final_by").first()
    if found is not None:
        found.meeting = meeting
    return found
