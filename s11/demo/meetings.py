"""The demonstration's panel: eight people, two days with rooms, and answers from all but two of them."""

from __future__ import annotations

import datetime

from accountability.availability import Declared, answer_as_member, ask_members
from accountability.availability_grid import get_days, list_columns
from accountability.enums import AvailabilityAnswer, InterestKind, PlaceKind, Sector
from accountability.meeting_days import Break, DayPlan, add_day, save_places
from accountability.models import Panel, PanelMember
from accountability.workflow import add_new_contact_member, add_officer_member, set_up_panel
from s11.demo import content
from s11.demo.audits import at
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Officer, Organisation, Partnership, User
from surveys.enums import CycleKind, CycleStatus, MessageKind, MessageStatus
from surveys.models import Message
from surveys.working_days import get_working_day_from

# Who sits, by the office, and from which sector.
OFFICERS = (
    (OfficerRole.PANEL_CHAIR, Sector.LOCAL_AUTHORITY, "Harbourside Council Children's Services", True),
    (OfficerRole.PANEL_MEMBER, Sector.VOLUNTARY, "Lanternlight Family Support", False),
    (OfficerRole.SCRUTINEER, Sector.INDEPENDENT, "", True),
)
# Organisation, name, job title, the first part of their address, sector, whether they may chair.
CONTACTS = (
    ("Northmoor Constabulary", "Femi Oduya", "Detective superintendent", "f.oduya", Sector.POLICE, True),
    ("Harbourside Community Health Trust", "Priya Nair", "Named nurse", "p.nair", Sector.HEALTH, False),
    (
        "Estuary and Fells Hospitals Trust",
        "Tom Arkwright",
        "Named doctor",
        "t.arkwright",
        Sector.HEALTH,
        True,
    ),
    ("Harbourside Youth Justice Service", "Leah Stone", "Service manager", "l.stone", Sector.JUSTICE, False),
    ("Beacon Lodge", "Gwen Tarrant", "Registered manager", "g.tarrant", Sector.CARE, False),
)
WEEKS_AFTER = 4
TRACKS = 2
BREAKS = (
    Break("Coffee", datetime.time(11), datetime.time(11, 15)),
    Break("Lunch", datetime.time(12, 45), datetime.time(13, 30)),
)
JOINING = "Harbourside House, Quay Street. Step-free from the car park side; sign in at the desk."
# What the members answer for the four halves, in their order: best, yes, no; nothing from the last two.
ANSWERS = ("BYYY", "YYNY", "YYYB", "YBYY", "NYYY", "YYYN")
LETTERS = {
    "B": AvailabilityAnswer.PREFERRED,
    "Y": AvailabilityAnswer.FREE,
    "N": AvailabilityAnswer.BUSY,
}


def make_panel(partnership: Partnership, today: datetime.date) -> Panel:
    """Of the open full audit."""
    cycle = partnership.cycles.get(status=CycleStatus.OPEN, kind=CycleKind.FULL)
    officer = User.objects.get(offices__partnership=partnership, offices__role=OfficerRole.QUALITY_OFFICER)
    panel = set_up_panel(cycle=cycle, seats=3, sectors=2, tracks=TRACKS, by=officer)
    make_members(panel, officer)
    make_days(panel)
    ask(panel, officer, at(today - datetime.timedelta(days=6), 10))
    answer(panel, at(today - datetime.timedelta(days=3), 16, 20))
    return panel


def make_members(panel: Panel, by: User) -> None:
    partnership = panel.cycle.partnership
    for role, sector, name, may_chair in OFFICERS:
        add_officer_member(
            panel=panel,
            officer=Officer.objects.filter(partnership=partnership, role=role).earliest("pk"),
            organisation=Organisation.objects.filter(name=name).first(),
            sector=sector,
            may_chair=may_chair,
        )
    for name, person, job_title, address, sector, may_chair in CONTACTS:
        add_new_contact_member(
            panel=panel,
            participation=partnership.participations.get(organisation__name=name),
            name=person,
            job_title=job_title,
            email=f"{address}@{content.HARBOURSIDE}.example",
            sector=sector,
            may_chair=may_chair,
            most=12 if sector == Sector.POLICE else None,
            by=by,
        )


def make_days(panel: Panel) -> None:
    """Two working days, one after the other, once audits are in and moderated."""
    date = get_working_day_from(panel.cycle.closes_on + datetime.timedelta(weeks=WEEKS_AFTER))
    for _ in range(2):
        plan = DayPlan(date, datetime.time(9, 30), datetime.time(16), 30, BREAKS)
        day = add_day(panel=panel, plan=plan)
        room = {"kind": PlaceKind.ROOM, "name": "Committee room 2", "link": "", "joining": JOINING}
        call = {
            "kind": PlaceKind.ONLINE,
            "name": "Video call A",
            "link": "https://meet.harbourside.example/panel-a",
            "joining": "",
        }
        save_places(day=day, places={0: room, 1: call})
        date = get_working_day_from(date + datetime.timedelta(days=1))


def ask(panel: Panel, by: User, moment: datetime.datetime) -> None:
    members = list(panel.members.with_person().order_by("pk"))
    ask_members(members=members, by=by)
    panel.members.update(asked_at=moment)
    Message.objects.filter(cycle=panel.cycle, kind=MessageKind.AVAILABILITY).update(
        status=MessageStatus.SENT, created_at=moment, due_at=moment, sent_at=moment, personal_link=""
    )


def answer(panel: Panel, moment: datetime.datetime) -> None:
    """Those who answered declared their interests with it: the police's member is a trustee of a charity."""
    columns = list_columns(get_days(panel))
    for member, letters in zip(panel.members.with_person().order_by("pk"), ANSWERS, strict=False):
        answer_as_member(
            member=member,
            halves={
                (column.day, column.half): LETTERS[letter]
                for column, letter in zip(columns, letters, strict=True)
            },
            note="From 10:00 only on the first day." if letters.startswith("N") else "",
            declared=list_declared(member),
        )
        member.availabilities.update(at=moment)
        member.interests.update(declared_at=moment)
    panel.members.filter(answered_at__isnull=False).update(answered_at=moment, declared_at=moment)


def list_declared(member: PanelMember) -> list[Declared]:
    if member.sector != Sector.POLICE:
        return []
    trust = Organisation.objects.get(name="Harbour Lights Sports Trust")
    return [Declared(trust, InterestKind.GOVERNS, "Trustee since 2024.")]
