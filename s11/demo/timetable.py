"""The demonstration's timetable: 25 agencies are called for two days, one has no place, and the rest are told."""

from __future__ import annotations

import datetime
from typing import Final

from accountability.availability import answer_for_agency
from accountability.availability_grid import get_days, list_columns
from accountability.call_list import CallRow, get_call_rows
from accountability.calling import Reason, make_chosen
from accountability.calls import call_agencies
from accountability.enums import AvailabilityAnswer, RunStatus
from accountability.models import Meeting, Panel, Representative, TimetableRun
from accountability.placing import write_answer
from accountability.problems import build_problem
from accountability.releases import read_draft
from accountability.releasing import release_timetable
from accountability.scheduling import schedule
from accountability.timetable_changes import make_digest
from s11.demo import content
from s11.demo.audits import at
from s11.demo.moments import writing_at
from s11.organisations.enums import OfficerRole
from s11.organisations.models import User
from surveys.enums import MessageKind, MessageStatus
from surveys.models import Message

CALLED: Final = 25
# The search ends of itself long before; a slow machine may take its time, so that the same rows come on each.
SECONDS: Final = 120
# Whatever its audit says.
CHOSEN: Final = "Quayside Youth Theatre"
# Name, job title, in place of whom.
COMING: Final = (
    ("Imogen Vale", "Director of operations", ""),
    ("Tobias Reed", "Deputy safeguarding lead", "Helena Marsh"),
)
WHY_CHOSEN: Final = "It runs the council’s holiday club from the summer."


def make_timetable(panel: Panel, today: datetime.date) -> None:
    officer = User.objects.get(
        offices__partnership=panel.cycle.partnership, offices__role=OfficerRole.QUALITY_OFFICER
    )
    call(panel, officer, at(today - datetime.timedelta(days=5), 11))
    refuse(panel, officer)
    plan(panel, officer, at(today - datetime.timedelta(days=2), 9, 40))
    release(panel, officer, at(today - datetime.timedelta(days=2), 10, 5))
    name_those_who_come(panel)


def call(panel: Panel, by: User, moment: datetime.datetime) -> None:
    """The most concerning, the newcomer's own organisation, and one that an officer chose."""
    rows = get_call_rows(panel)
    named = [row for row in rows if row.name in (CHOSEN, content.HOME_ORGANISATION)]
    others = [row for row in rows if row not in named and row.now][: CALLED - len(named)]
    reasons = {row.known.invitee: explain(row) for row in (*named, *others)}
    call_agencies(panel=panel, reasons=reasons, by=by)
    panel.meetings.update(called_at=moment)


def explain(row: CallRow) -> list[Reason]:
    return [*row.now, make_chosen(WHY_CHOSEN)] if row.name == CHOSEN else list(row.now)


def refuse(panel: Panel, by: User) -> None:
    """The chosen one can come at no time, which an officer was told by telephone."""
    meeting = panel.meetings.get(invitee__organisation__name=CHOSEN)
    halves = {(column.day, column.half): AvailabilityAnswer.BUSY for column in list_columns(get_days(panel))}
    answer_for_agency(meeting=meeting, halves=halves, note="We are on tour on both days.", by=by)


def plan(panel: Panel, by: User, moment: datetime.datetime) -> None:
    """The newcomer's own meeting is locked, so that another search keeps it."""
    # Not by the job, which reads the clock: the days lie ahead of the demonstration's own day.
    built = build_problem(panel, moment)
    timetable = schedule(built.problem, seconds=SECONDS)
    outcome = write_answer(built=built, timetable=timetable, now=moment)
    TimetableRun.objects.create(
        panel=panel,
        status=RunStatus.DONE,
        proof=timetable.status,
        placed=outcome.placed,
        unplaced=outcome.unplaced,
        moved=outcome.moved,
        asked_by=by,
        asked_at=moment,
        started_at=moment,
        finished_at=moment + datetime.timedelta(seconds=4),
    )
    Meeting.objects.filter(
        panel=panel, invitee__organisation__name=content.HOME_ORGANISATION, day__isnull=False
    ).update(is_locked=True)


def release(panel: Panel, by: User, moment: datetime.datetime) -> None:
    """Everybody has been told."""
    with writing_at(moment):
        release_timetable(
            panel=panel,
            note="The first, after the audits were read.",
            seen=make_digest(read_draft(panel, {})),
            by=by,
        )
    panel.meetings.filter(told_at__isnull=False).update(told_at=moment)
    Message.objects.filter(cycle=panel.cycle, kind=MessageKind.MEETING).update(
        status=MessageStatus.SENT, created_at=moment, due_at=moment, sent_at=moment, personal_link=""
    )


def name_those_who_come(panel: Panel) -> None:
    """The newcomer's own agency has said who comes; its deputy for somebody who cannot."""
    meeting = panel.meetings.get(invitee__organisation__name=content.HOME_ORGANISATION)
    for name, job_title, instead in COMING:
        Representative.objects.create(meeting=meeting, name=name, job_title=job_title, substitute_for=instead)
