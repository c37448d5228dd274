"""A meeting whose pack has something in each of its parts: two years of audits, a panel, a day with two agencies."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from accountability.enums import CallReason, MeetingStatus, MinutesStatus, Sector
from accountability.models import (
    GoodPractice,
    LineOfEnquiry,
    Meeting,
    MeetingDay,
    MeetingReason,
    Minutes,
    Panel,
    PanelMember,
    Recommendation,
)
from s11.organisations.models import Organisation
from surveys.enums import ActionOrigin, ActionOutcome, ActionStatus, AuditStatus
from surveys.models import Action, Audit, Cycle
from surveys.moderating import close_series, moderate_answer
from tests import factories
from tests.accountability.factories import (
    make_contact_member,
    make_day,
    make_meeting,
    make_officer_member,
    make_panel,
    seat,
)
from tests.conftest import Cast

WHY = "The policy is from 2019."


@dataclass(frozen=True)
class PackWorld:
    """Anchor Trust before its panel, on the same day as Cove House."""

    panel: Panel
    day: MeetingDay
    meeting: Meeting
    other: Meeting
    audit: Audit
    chair: PanelMember
    member: PanelMember
    contact: PanelMember

    @property
    def cycle(self) -> Cycle:
        return self.panel.cycle


def make_pack_world(cast: Cast) -> PackWorld:
    """Everybody has been told; moderation is not closed."""
    today = timezone.localdate()
    bank = factories.make_questionnaire()
    before = factories.make_cycle(
        cast.partnership,
        slug="2025",
        questionnaires=(bank,),
        opens_on=today - datetime.timedelta(days=460),
        closes_on=today - datetime.timedelta(days=400),
    )
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    factories.make_audit(
        before,
        cast.organisation,
        scores={"A1.1": 2, "A1.2": 1, "A2.1": 0, "A2.2": 2},
        status=AuditStatus.SUBMITTED,
    )
    audit = factories.make_audit(
        cycle,
        cast.organisation,
        scores={"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": "None here"},
        status=AuditStatus.SUBMITTED,
    )
    back_with_evidence(audit, "A1.2")
    panel = make_panel(cycle)
    day = make_day(panel, today + datetime.timedelta(days=30))
    meeting = make_meeting(panel, cast.organisation, day=day, told_at=timezone.now())
    MeetingReason.objects.create(meeting=meeting, kind=CallReason.CHOSEN, sentence="It moves house.")
    MeetingReason.objects.create(meeting=meeting, kind=CallReason.CRITICAL_ZERO, sentence="A1.1 is at 0.")
    cove = factories.make_organisation("Cove House", slug="cove", partnership=cast.partnership)
    other = make_meeting(panel, cove, day=day, starts_at=datetime.time(10), told_at=timezone.now())
    dock = factories.make_organisation("Dock Health", slug="dock", partnership=cast.partnership)
    members = (
        make_officer_member(panel, cast.panel_chair, may_chair=True),
        make_officer_member(panel, cast.panel_member, sector=Sector.VOLUNTARY),
        make_contact_member(panel, dock),
    )
    seat(meeting, *members)
    seat(other, *members)
    return PackWorld(panel, day, meeting, other, audit, *members)


def back_with_evidence(audit: Audit, code: str) -> None:
    evidence = factories.make_evidence(audit.organisation)
    audit.answers.get(indicator__code=code).evidence_links.create(
        evidence=evidence, submitted_version=evidence.versions.get()
    )


def moderate(world: PackWorld, cast: Cast, code: str = "A2.1", *, close: bool = True) -> None:
    """From 2 to 1, with a reason."""
    answer = world.audit.answers.select_related("audit__invitee__cycle").get(indicator__code=code)
    moderate_answer(answer=answer, seen=0, score=1, reason=WHY, by=cast.quality_officer)
    if close:
        close_series(audit=world.audit, by=cast.quality_officer)


def make_past(world: PackWorld, cast: Cast) -> Action:
    """A meeting last year, with a recommendation that was answered by an action, and one that was not."""
    held = make_meeting(
        make_panel(Cycle.objects.get(slug="2025", partnership=cast.partnership)), cast.organisation
    )
    held.status = MeetingStatus.HELD
    held.save()
    now = timezone.now()
    Minutes.objects.create(meeting=held, status=MinutesStatus.FINAL, agreed_at=now, final_at=now)
    action = factories.make_action(
        cast.organisation,
        cast.partnership,
        origin=ActionOrigin.PANEL,
        what="Every volunteer is trained",
        status=ActionStatus.DONE,
        percent=100,
    )
    action.verifications.create(outcome=ActionOutcome.PARTLY, text="Nine of ten are.", by=cast.administrator)
    made = {"meeting": held, "created_by": cast.administrator, "respond_by": timezone.localdate(now)}
    Recommendation.objects.create(
        **made, number=1, text="Train them.", response="action", action=action, responded_at=now
    )
    Recommendation.objects.create(**made, number=2, text="Write to the schools.")
    GoodPractice.objects.create(meeting=held, text="A youth board reads each policy.", by=cast.administrator)
    return action


def ask_privately(meeting: Meeting, member: PanelMember, text: str = "Who told you?") -> LineOfEnquiry:
    assert member.user is not None
    return LineOfEnquiry.objects.create(
        meeting=meeting, origin="added", text=text, is_private=True, by=member.user
    )


def add_sector(world: PackWorld, cast: Cast, number: int, *, score: int = 2) -> None:
    """So many more agencies of the same kind that have submitted."""
    for index in range(number):
        place: Organisation = factories.make_organisation(f"Sector {index}", partnership=cast.partnership)
        factories.make_audit(world.cycle, place, scores=score, status=AuditStatus.SUBMITTED)
