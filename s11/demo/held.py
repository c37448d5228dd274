"""The demonstration's meeting of last year: the newcomer's own organisation before its panel, with what was agreed."""

from __future__ import annotations

import datetime
from typing import Final

from accountability.enquiring import add_line
from accountability.enums import AgendaKind, CallReason, Sector
from accountability.holding import (
    add_representative,
    agree_score,
    close_meeting,
    note_good_practice,
    prepare_agenda,
    propose_score,
    record_attendance,
    save_note,
    start_meeting,
)
from accountability.models import (
    Meeting,
    MeetingDay,
    MeetingReason,
    Note,
    Panel,
    PanelMember,
    Recommendation,
    Seat,
)
from accountability.recommending import recommend
from accountability.workflow import set_up_panel
from s11.demo import content
from s11.demo.audits import at
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Contact, Officer, Partnership, User
from surveys.enums import CycleKind, CycleStatus
from surveys.models import Answer, Invitee
from surveys.working_days import get_working_day_from

WEEKS_AFTER: Final = 5
# What the chair, the panel member and the quality officer noted, by item.
NOTES: Final = {
    AgendaKind.PRESENTATION: (
        "Strong on recruitment: every file is checked by two people. New deputy lead since January.",
        "They named e-safety and supply staff as weak themselves.",
        "",
    ),
    AgendaKind.LAST_ACTIONS: (
        "",
        "",
        "No panel has met the school before. It told what came of its own plan.",
    ),
    AgendaKind.ENQUIRY: (
        "Asked how supply staff know whom to tell. A card at reception; no check that it is read.",
        "Governors see figures once a year, and want them each term.",
        "",
    ),
    AgendaKind.AGREED: ("", "", "Both recommendations read out and understood."),
}
RECOMMENDATIONS: Final = (
    ("Make sure that supply staff know whom to tell before they first teach, and keep a record of it.", 90),
    ("Show governors the safeguarding figures every term, and minute what they ask.", 120),
)
QUESTIONS: Final = (
    "How do supply staff learn whom to tell, and how do you know that they have?",
    "What have governors asked about safeguarding this year, and what changed for it?",
)
PRACTICE: Final = "Pupils made a film about whom to talk to; it is shown to each new class in its first week."
JUSTIFICATION: Final = "The record that was shown covers permanent staff; supply staff are not in it."


def make_held_meeting(partnership: Partnership, today: datetime.date) -> Meeting:
    cycle = partnership.cycles.get(status=CycleStatus.CLOSED, kind=CycleKind.FULL)
    people = {
        role: User.objects.filter(offices__partnership=partnership, offices__role=role).earliest("pk")
        for role in (OfficerRole.PANEL_CHAIR, OfficerRole.PANEL_MEMBER, OfficerRole.QUALITY_OFFICER)
    }
    chair, member, officer = people.values()
    panel = set_up_panel(cycle=cycle, seats=3, sectors=2, tracks=1, by=officer)
    date = get_working_day_from(cycle.closes_on + datetime.timedelta(weeks=WEEKS_AFTER))
    meeting = call(panel, date, officer)
    seat(meeting, partnership)
    for question in QUESTIONS:
        add_line(meeting=meeting, text=question, by=officer)
    items = prepare_agenda(meeting=meeting, minutes=30)
    start_meeting(meeting=meeting, by=officer)
    for item in items:
        for by, text in zip((chair, member, officer), NOTES[AgendaKind(item.kind)], strict=True):
            if text:
                save_note(item=item, text=text, seen_version=0, by=by)
    decide(meeting, member, chair, date)
    say_who_came(meeting, officer)
    close_meeting(meeting=meeting, by=officer)
    set_moments(meeting, date)
    meeting.refresh_from_db()
    return meeting


def call(panel: Panel, date: datetime.date, by: User) -> Meeting:
    day = MeetingDay.objects.create(
        panel=panel, date=date, starts_at=datetime.time(9, 30), ends_at=datetime.time(12, 30), minutes=30
    )
    called_at = at(date - datetime.timedelta(days=35), 11)
    meeting = Meeting.objects.create(
        panel=panel,
        invitee=Invitee.objects.get(cycle=panel.cycle, organisation__name=content.HOME_ORGANISATION),
        day=day,
        starts_at=datetime.time(10),
        track=0,
        called_by=by,
        called_at=called_at,
        asked_at=called_at,
        told_at=at(date - datetime.timedelta(days=21), 10, 5),
    )
    MeetingReason.objects.create(
        meeting=meeting, kind=CallReason.STATUTORY, sentence="The law names it among those with the duty."
    )
    return meeting


def seat(meeting: Meeting, partnership: Partnership) -> None:
    """The chair, the panel member, and the police's contact, who has no login."""

    def officer(role: OfficerRole, sector: Sector, *, may_chair: bool) -> PanelMember:
        office = Officer.objects.filter(partnership=partnership, role=role).earliest("pk")
        return PanelMember.objects.create(
            panel=meeting.panel, officer=office, sector=sector, may_chair=may_chair
        )

    police = Contact.objects.get(participation__partnership=partnership, name="Femi Oduya")
    members = (
        officer(OfficerRole.PANEL_CHAIR, Sector.LOCAL_AUTHORITY, may_chair=True),
        officer(OfficerRole.PANEL_MEMBER, Sector.VOLUNTARY, may_chair=False),
        PanelMember.objects.create(panel=meeting.panel, contact=police, sector=Sector.POLICE),
    )
    Seat.objects.bulk_create(
        Seat(meeting=meeting, member=member, is_chair=place == 0) for place, member in enumerate(members)
    )


def decide(meeting: Meeting, member: User, chair: User, date: datetime.date) -> None:
    """One score that the panel lowers, one that it leaves; two recommendations; good practice."""
    twos = Answer.objects.submitted().filter(audit__invitee=meeting.invitee, submitted_score=2)
    unchanged = twos.exclude(moderations__score__isnull=False).exclude(moderations__is_not_applicable=True)
    first, second = unchanged.select_related("audit", "indicator__theme").order_by("indicator__position")[:2]
    lowered = propose_score(meeting=meeting, answer=first, score=1, justification=JUSTIFICATION, by=member)
    agree_score(proposal=lowered, by=chair)
    propose_score(
        meeting=meeting, answer=second, score=1, justification="Only one term could be shown.", by=member
    )
    for number, (text, days) in enumerate(RECOMMENDATIONS):
        recommend(
            meeting=meeting,
            text=text,
            indicator=(first if number == 0 else second).indicator,
            due_on=date + datetime.timedelta(days=days),
            by=chair,
        )
    note_good_practice(meeting=meeting, text=PRACTICE, by=chair)


def say_who_came(meeting: Meeting, by: User) -> None:
    add_representative(meeting=meeting, name="Alice Fern", job_title="Headteacher", by=by)
    add_representative(
        meeting=meeting, name="Imran Vale", job_title="Deputy lead", substitute_for="Ruth Sands", by=by
    )
    record_attendance(
        meeting=meeting,
        seats=dict.fromkeys(meeting.seats.values_list("pk", flat=True), True),
        representatives={},
        by=by,
    )


def set_moments(meeting: Meeting, date: datetime.date) -> None:
    """All of it was on that day."""
    Meeting.objects.filter(pk=meeting.pk).update(started_at=at(date, 10, 2), ended_at=at(date, 10, 34))
    Note.objects.filter(item__meeting=meeting).update(updated_at=at(date, 10, 20))
    meeting.enquiries.update(at=at(date - datetime.timedelta(days=10), 15))
    meeting.proposals.update(at=at(date, 10, 22))
    meeting.proposals.filter(decided_at__isnull=False).update(decided_at=at(date, 10, 27))
    Recommendation.objects.filter(meeting=meeting).update(created_at=at(date, 10, 30))
    meeting.good_practices.update(at=at(date, 10, 31))
