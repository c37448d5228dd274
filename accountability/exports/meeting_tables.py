"""The meetings: who was called and why, who sat and came, what went out, and what was said there.

A private line of enquiry is its writer's alone, and so it is in no table.
"""

from __future__ import annotations

from collections.abc import Iterator

from accountability.exports.columns import keep, name_meeting, name_people
from accountability.models import (
    AgendaItem,
    GoodPractice,
    LineOfEnquiry,
    Meeting,
    MeetingReason,
    Note,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Representative,
    ScoreProposal,
    Seat,
    TimetableRun,
)
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table


def list_meeting_tables(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "meetings",
        "agencies that were called; one has one meeting a cycle; its slot is the plan as it stands, in local time",
        Meeting.objects.filter(panel__cycle__partnership=partnership),
        name_meeting("")
        | keep("status", "priority")
        | {"date": "day__date"}
        | keep("starts_at", "track", "is_locked", "why_unplaced", "uid", "sequence")
        | name_people("called_by")
        | keep(
            "called_at", "asked_at", "availability_note", "told_at", "cancel_reason", "started_at", "ended_at"
        ),
    )
    here = {"meeting__panel__cycle__partnership": partnership}
    yield make_table(
        "meeting-reasons",
        "why each was called, in the words of that day",
        MeetingReason.objects.filter(**here),
        name_meeting("meeting__") | keep("kind", "sentence"),
    )
    yield from _list_people(partnership)
    yield from _list_timetables(partnership)
    yield from _list_talk(partnership)


def _list_people(partnership: Partnership) -> Iterator[Table]:
    here = {"meeting__panel__cycle__partnership": partnership}
    yield make_table(
        "seats",
        "who sits in a meeting and whether they came; member and substitute_for are ids in panel-members",
        Seat.objects.filter(**here),
        name_meeting("meeting__")
        | {"member": "member_id", "is_chair": "is_chair", "substitute_for": "substitute_for_id"}
        | keep("attended"),
    )
    yield make_table(
        "representatives",
        "who comes for the agency, and whether they came",
        Representative.objects.filter(**here),
        name_meeting("meeting__") | keep("name", "job_title", "email", "substitute_for", "attended"),
    )


def _list_timetables(partnership: Partnership) -> Iterator[Table]:
    here = {"panel__cycle__partnership": partnership}
    told = {"cycle": "release__panel__cycle__slug", "release": "release__number"}
    yield make_table(
        "timetable-runs",
        "searches for a timetable, and what was proven",
        TimetableRun.objects.filter(**here),
        {"cycle": "panel__cycle__slug"}
        | keep("status", "seconds", "proof", "placed", "unplaced", "moved", "problems")
        | name_people("asked_by")
        | keep("asked_at", "started_at", "finished_at"),
    )
    yield make_table(
        "releases",
        "numbered timetables that went out",
        Release.objects.filter(**here),
        {"cycle": "panel__cycle__slug"} | keep("number", "note") | name_people("by") | keep("at"),
    )
    yield make_table(
        "released-meetings",
        "each meeting as a release told it, in local time",
        ReleasedMeeting.objects.filter(release__panel__cycle__partnership=partnership),
        told
        | {"organisation": "meeting__invitee__organisation__slug"}
        | keep("date", "starts_at", "minutes", "track", "place", "link", "joining"),
    )
    yield make_table(
        "released-seats",
        "who was to sit, as a release told it; member is an id in panel-members",
        ReleasedSeat.objects.filter(released__release__panel__cycle__partnership=partnership),
        {name: f"released__{path}" for name, path in told.items()}
        | {"organisation": "released__meeting__invitee__organisation__slug", "member": "member_id"}
        | keep("is_chair"),
    )


def _list_talk(partnership: Partnership) -> Iterator[Table]:
    here = {"meeting__panel__cycle__partnership": partnership}
    yield make_table(
        "agenda-items",
        "what was on the agenda",
        AgendaItem.objects.filter(**here),
        {"id": "pk"} | name_meeting("meeting__") | keep("position", "kind", "title", "minutes"),
    )
    yield make_table(
        "meeting-notes",
        "what each note-taker typed; item is an id in agenda-items",
        Note.objects.filter(item__meeting__panel__cycle__partnership=partnership),
        {"item": "item_id"} | keep("text", "version") | name_people("by") | keep("updated_at"),
    )
    yield make_table(
        "lines-of-enquiry",
        "questions for the agency, dropped ones too; private ones are left out",
        LineOfEnquiry.objects.filter(**here, is_private=False),
        name_meeting("meeting__")
        | keep("position", "origin", "rule", "text", "reason")
        | {"indicator": "indicator__key", "is_dropped": "is_dropped"}
        | name_people("by")
        | keep("at"),
    )
    yield make_table(
        "score-proposals",
        "other scores that were proposed, and whether they were agreed; those agreed stand in moderations",
        ScoreProposal.objects.filter(**here),
        name_meeting("meeting__")
        | {"indicator": "answer__indicator__key"}
        | keep("submission", "score", "is_not_applicable", "justification", "status")
        | name_people("by")
        | keep("at")
        | name_people("decided_by")
        | keep("decided_at"),
    )
    yield make_table(
        "good-practice",
        "what others may learn; may_be_shared is empty until the agency has said",
        GoodPractice.objects.filter(**here),
        name_meeting("meeting__")
        | {"indicator": "indicator__key"}
        | keep("text", "may_be_shared")
        | name_people("by")
        | keep("at"),
    )
