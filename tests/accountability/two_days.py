"""Two days to come and 25 agencies that can be called: the world of the journey in tests/browser/test_two_days.py."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from accountability.enums import Sector
from accountability.models import Meeting, MeetingDay, Panel, PanelMember
from s11.organisations.models import Organisation, Participation
from surveys.enums import AuditStatus
from surveys.models import Cycle, Invitee
from surveys.moderating import close_series, moderate_answer
from tests import factories
from tests.accountability.factories import (
    make_contact_member,
    make_meeting,
    make_officer_member,
    make_panel,
    seat,
)
from tests.accountability.pack_world import WHY
from tests.accountability.rounds import get_day, say_when
from tests.conftest import Cast

OTHERS = 22
SECTORS = (Sector.POLICE, Sector.CARE, Sector.JUSTICE, Sector.EDUCATION)


@dataclass(frozen=True, slots=True)
class TwoDays:
    """Everybody but Noor, who may chair and has no login, has said when they can come."""

    cast: Cast
    panel: Panel
    noor: PanelMember

    @property
    def meeting(self) -> Meeting:
        return self.panel.meetings.get(invitee__organisation=self.cast.organisation)


def make_year(cast: Cast) -> Cycle:
    """What has come in of one agency, before anybody has thought of meetings."""
    today = timezone.localdate()
    cycle = factories.make_cycle(
        cast.partnership,
        questionnaires=(factories.make_questionnaire(),),
        opens_on=today - datetime.timedelta(days=90),
        closes_on=today + datetime.timedelta(days=5),
    )
    factories.make_audit(
        cycle,
        cast.organisation,
        scores={"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": 1},
        status=AuditStatus.SUBMITTED,
    )
    factories.make_organisation("Dock Health", partnership=cast.partnership)
    return cycle


def get_wednesday() -> datetime.date:
    """Still to come, whenever the tests run."""
    day = get_day()
    return day + datetime.timedelta(days=(2 - day.weekday()) % 7)


def add_second_day(panel: Panel) -> None:
    MeetingDay.objects.create(
        panel=panel,
        date=get_wednesday() + datetime.timedelta(days=1),
        starts_at=datetime.time(9, 30),
        ends_at=datetime.time(16),
        minutes=30,
    )


def fill_two_days(cast: Cast, panel: Panel) -> TwoDays:
    """With those who may sit beside Noor and the chair, and with the agencies that can be called."""
    noor = panel.members.get(contact__name="Noor Haddad")
    assert noor.organisation is not None
    make_members(cast, panel, noor.organisation)
    for name in ("Cove House", "Delta School"):
        place = factories.make_organisation(name, partnership=cast.partnership)
        factories.make_member(f"lead@{name.split()[0].lower()}.example", organisation=place)
        factories.make_invitee(panel.cycle, place)
    club = factories.make_organisation("Ebb Club", partnership=cast.partnership, is_statutory=False)
    factories.make_invitee(panel.cycle, club)
    make_others(panel)
    return TwoDays(cast, panel, noor)


def make_members(cast: Cast, panel: Panel, outside: Organisation) -> None:
    members = [
        panel.members.get(officer__user=cast.panel_chair),
        make_officer_member(panel, cast.panel_member, sector=Sector.VOLUNTARY),
        *(
            make_contact_member(panel, outside, email=f"{sector}@dock.example", sector=sector)
            for sector in SECTORS
        ),
    ]
    for member in members:
        say_when(member)


def make_others(panel: Panel) -> None:
    """Named by the law, and nobody of them has an account."""
    places = Organisation.objects.bulk_create(
        Organisation(name=f"Agency {number:02}", slug=f"agency-{number:02}", variant="standard")
        for number in range(1, OTHERS + 1)
    )
    Participation.objects.bulk_create(
        Participation(partnership=panel.cycle.partnership, organisation=place, is_statutory=True)
        for place in places
    )
    pinned = panel.cycle.cycle_questionnaires.get()
    Invitee.objects.bulk_create(
        Invitee(cycle=panel.cycle, cycle_questionnaire=pinned, organisation=place) for place in places
    )


def call_next_year(world: TwoDays) -> Meeting:
    """The same agency before the next year's panel, with the same chair; it is moderated, and others are beside it."""
    cast, today = world.cast, timezone.localdate()
    cycle = factories.make_cycle(
        cast.partnership,
        slug="2027",
        questionnaires=(world.panel.cycle.cycle_questionnaires.get().questionnaire,),
        opens_on=today - datetime.timedelta(days=20),
        closes_on=today + datetime.timedelta(days=30),
    )
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    answer = audit.answers.select_related("audit__invitee__cycle").get(indicator__code="A2.1")
    moderate_answer(answer=answer, seen=0, score=1, reason=WHY, by=cast.quality_officer)
    close_series(audit=audit, by=cast.quality_officer)
    for number in range(4):
        place = factories.make_organisation(f"Sector {number}", partnership=cast.partnership)
        factories.make_audit(cycle, place, scores=2, status=AuditStatus.SUBMITTED)
    panel = make_panel(cycle)
    meeting = make_meeting(panel, cast.organisation, told_at=timezone.now())
    seat(meeting, make_officer_member(panel, cast.panel_chair, may_chair=True))
    return meeting
