"""A meeting whose screen can be opened: Anchor Trust’s, of the cycle 2026 at Harbour, and where its pages are."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from accountability.models import Meeting, Panel
from surveys.enums import AuditStatus
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


def make_cycle_panel(cast: Cast) -> Panel:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return make_panel(cycle)


def make_seated_meeting(cast: Cast, panel: Panel) -> Meeting:
    """Told of, with a submitted audit; the cast's chair, its panel member and a contact of Beacon Homes sit."""
    factories.make_audit(panel.cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    meeting = make_meeting(panel, cast.organisation, day=make_day(panel), told_at=timezone.now())
    chair = make_officer_member(panel, cast.panel_chair, may_chair=True)
    member = make_officer_member(panel, cast.panel_member)
    seat(meeting, chair, member, make_contact_member(panel, cast.other_organisation))
    return meeting


def to(name: str, **more: object) -> str:
    place = {"partnership": "harbour", "cycle": "2026", "organisation": "anchor"}
    return reverse(f"accountability:{name}", kwargs=place | more)


def to_day(date: str) -> str:
    place = {"partnership": "harbour", "cycle": "2026", "date": date}
    return reverse("accountability:day_meetings", kwargs=place)
