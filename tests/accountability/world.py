"""The rows of meetings that addresses name: see tests/test_every_address.py."""

from __future__ import annotations

from accountability.models import Panel
from surveys.models import Cycle
from tests.accountability import factories
from tests.conftest import Cast


def make_meeting_world(cycle: Cycle, cast: Cast) -> dict[str, int]:
    """A panel on which the cast's panel member, chair and a contact sit, with one day."""
    panel: Panel = factories.make_panel(cycle)
    chair = factories.make_officer_member(panel, cast.panel_chair, may_chair=True)
    member = factories.make_officer_member(panel, cast.panel_member)
    contact = factories.make_contact_member(panel, cast.other_organisation)
    day = factories.make_day(panel)
    return {
        "panel_chair_seat": chair.pk,
        "panel_member_seat": member.pk,
        "panel_contact_seat": contact.pk,
        "meeting_day": day.pk,
    }
