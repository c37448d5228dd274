"""The demonstration's meetings of last year: two on the round's day, four late ones in the last weeks, all held."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
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
from s11.demo.audits import at
from s11.demo.stories import BAYVIEW, STORIES, Story
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Contact, Officer, Partnership, User
from surveys.enums import CycleKind, CycleStatus
from surveys.models import Answer, Invitee, Theme
from surveys.working_days import get_working_day_from, get_working_day_until

WEEKS_AFTER: Final = 5
# The days for those who could not come then lie so many working days back; a letter is due after ten.
LATE_DAYS: Final = (13, 8)
MINUTES: Final = 30
TEN: Final = 600  # in minutes since midnight
QUESTIONS: Final = (
    "How do supply staff learn whom to tell, and how do you know that they have?",
    "What have governors asked about safeguarding this year, and what changed for it?",
)
# What the panel member and the quality officer noted beside the chair at the newcomer's own organisation.
MORE_NOTES: Final = (
    ("They named e-safety and supply staff as weak themselves.", AgendaKind.PRESENTATION),
    ("No panel has met the school before. It told what came of its own plan.", AgendaKind.LAST_ACTIONS),
    ("Governors see figures once a year, and want them each term.", AgendaKind.ENQUIRY),
    ("Both recommendations read out and understood.", AgendaKind.AGREED),
)
PRACTICE: Final = "Pupils made a film about whom to talk to; it is shown to each new class in its first week."
JUSTIFICATION: Final = "The record that was shown covers permanent staff; supply staff are not in it."


@dataclass(frozen=True, slots=True)
class People:
    """Who runs the round."""

    chair: User
    member: User
    officer: User


def get_people(partnership: Partnership) -> People:
    roles = (OfficerRole.PANEL_CHAIR, OfficerRole.PANEL_MEMBER, OfficerRole.QUALITY_OFFICER)
    return People(
        *(
            User.objects.filter(offices__partnership=partnership, offices__role=role).earliest("pk")
            for role in roles
        )
    )


def make_held_meetings(partnership: Partnership, today: datetime.date) -> dict[str, Meeting]:
    """By the agency's name; minutes are not begun."""
    cycle = partnership.cycles.get(status=CycleStatus.CLOSED, kind=CycleKind.FULL)
    people = get_people(partnership)
    panel = set_up_panel(cycle=cycle, seats=3, sectors=2, tracks=1, by=people.officer)
    members = make_members(panel, partnership)
    days = make_days(panel, today)
    return {story.name: hold(story, days[story.day], members, people) for story in STORIES}


def make_days(panel: Panel, today: datetime.date) -> list[MeetingDay]:
    dates = [get_working_day_from(panel.cycle.closes_on + datetime.timedelta(weeks=WEEKS_AFTER))]
    dates += [go_back(today, count) for count in LATE_DAYS]
    return [
        MeetingDay.objects.create(
            panel=panel,
            date=date,
            starts_at=datetime.time(9, 30),
            ends_at=datetime.time(12, 30),
            minutes=MINUTES,
        )
        for date in dates
    ]


def go_back(day: datetime.date, count: int) -> datetime.date:
    """The day so many working days before this one."""
    for _ in range(count):
        day = get_working_day_until(day - datetime.timedelta(days=1))
    return day


def make_members(panel: Panel, partnership: Partnership) -> list[PanelMember]:
    """The chair, the panel member, and the police's contact, who has no login."""

    def officer(role: OfficerRole, sector: Sector, *, may_chair: bool) -> PanelMember:
        office = Officer.objects.filter(partnership=partnership, role=role).earliest("pk")
        return PanelMember.objects.create(panel=panel, officer=office, sector=sector, may_chair=may_chair)

    police = Contact.objects.get(participation__partnership=partnership, name="Femi Oduya")
    return [
        officer(OfficerRole.PANEL_CHAIR, Sector.LOCAL_AUTHORITY, may_chair=True),
        officer(OfficerRole.PANEL_MEMBER, Sector.VOLUNTARY, may_chair=False),
        PanelMember.objects.create(panel=panel, contact=police, sector=Sector.POLICE),
    ]


def hold(story: Story, day: MeetingDay, members: Sequence[PanelMember], people: People) -> Meeting:
    meeting = call(story, day, people.officer)
    Seat.objects.bulk_create(
        Seat(meeting=meeting, member=member, is_chair=place == 0) for place, member in enumerate(members)
    )
    items = {AgendaKind(one.kind): one for one in prepare_agenda(meeting=meeting, minutes=MINUTES)}
    start_meeting(meeting=meeting, by=people.officer)
    for kind, text in story.noted.items():
        save_note(item=items[kind], text=text, seen_version=0, by=people.chair)
    if story is BAYVIEW:
        for question in QUESTIONS:
            add_line(meeting=meeting, text=question, by=people.officer)
        for by, (text, kind) in zip((people.member, people.officer) * 2, MORE_NOTES, strict=True):
            save_note(item=items[kind], text=text, seen_version=0, by=by)
        judge(meeting, people)
        note_good_practice(meeting=meeting, text=PRACTICE, by=people.chair)
    ask(story, meeting, day.date, people.chair)
    say_who_came(story, meeting, people.officer)
    close_meeting(meeting=meeting, by=people.officer)
    set_moments(meeting, day.date)
    meeting.refresh_from_db()
    return meeting


def call(story: Story, day: MeetingDay, by: User) -> Meeting:
    called_at = at(day.date - datetime.timedelta(days=35), 11)
    meeting = Meeting.objects.create(
        panel=day.panel,
        invitee=Invitee.objects.get(cycle=day.panel.cycle, organisation__name=story.name),
        day=day,
        starts_at=get_start(story),
        track=0,
        called_by=by,
        called_at=called_at,
        asked_at=called_at,
        told_at=at(day.date - datetime.timedelta(days=21), 10, 5),
    )
    sentence = (
        "The law names it among those with the duty."
        if story.day == 0
        else "It could not come in the first days."
    )
    kind = CallReason.STATUTORY if story.day == 0 else CallReason.CHOSEN
    MeetingReason.objects.create(meeting=meeting, kind=kind, sentence=sentence)
    return meeting


def get_start(story: Story) -> datetime.time:
    """From ten o'clock on, one after the other."""
    return datetime.time(*divmod(TEN + MINUTES * story.slot, 60))


def judge(meeting: Meeting, people: People) -> None:
    """One score that the panel lowers, one that is proposed and given up again."""
    twos = Answer.objects.submitted().filter(audit__invitee=meeting.invitee, submitted_score=2)
    unchanged = twos.exclude(moderations__score__isnull=False).exclude(moderations__is_not_applicable=True)
    first, second = unchanged.select_related("audit", "indicator__theme").order_by("indicator__position")[:2]
    lowered = propose_score(
        meeting=meeting, answer=first, score=1, justification=JUSTIFICATION, by=people.member
    )
    agree_score(proposal=lowered, by=people.chair)
    propose_score(
        meeting=meeting,
        answer=second,
        score=1,
        justification="Only one term could be shown.",
        by=people.member,
    )


def ask(story: Story, meeting: Meeting, date: datetime.date, by: User) -> None:
    themes = {theme.code: theme for theme in Theme.objects.all()}
    for asked in story.asked:
        recommend(
            meeting=meeting,
            text=asked.text,
            theme=themes[asked.theme],
            due_on=date + datetime.timedelta(days=asked.days),
            by=by,
        )


def say_who_came(story: Story, meeting: Meeting, by: User) -> None:
    for name, job_title in story.came:
        add_representative(meeting=meeting, name=name, job_title=job_title, by=by)
    if story is BAYVIEW:
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
    assert meeting.starts_at is not None  # it was called for a slot
    begun = at(date, meeting.starts_at.hour, meeting.starts_at.minute)

    def after(minutes: int) -> datetime.datetime:
        return begun + datetime.timedelta(minutes=minutes)

    Meeting.objects.filter(pk=meeting.pk).update(started_at=after(2), ended_at=after(29))
    Note.objects.filter(item__meeting=meeting).update(updated_at=after(20))
    meeting.enquiries.update(at=at(date - datetime.timedelta(days=10), 15))
    meeting.proposals.update(at=after(22))
    meeting.proposals.filter(decided_at__isnull=False).update(decided_at=after(24))
    Recommendation.objects.filter(meeting=meeting).update(created_at=after(26))
    meeting.good_practices.update(at=after(27))
