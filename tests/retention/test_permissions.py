"""Who does what about retention: person, act, and whether; and that nobody approves what they prepared."""

from __future__ import annotations

import pytest

from s11.organisations.enums import OfficerRole
from s11.organisations.queries import Desk
from s11.retention.enums import ListStatus
from s11.retention.models import DestructionList
from s11.retention.permissions import (
    check_can_decide,
    check_can_prepare,
    check_can_propose,
    check_can_see_retention,
    check_can_set_periods,
    check_can_withdraw,
)
from s11.web.errors import reason_why_not
from tests.conftest import Cast

ACTS = ("see", "set", "prepare", "propose", "withdraw", "decide")
# What each role may; nobody else may anything.
MAY = {
    OfficerRole.ADMINISTRATOR: {*ACTS},
    OfficerRole.QUALITY_OFFICER: {"see", "prepare", "propose", "withdraw"},
    OfficerRole.PANEL_CHAIR: {"see", "decide"},
    OfficerRole.SCRUTINEER: {"see"},
}


@pytest.mark.parametrize("role", OfficerRole)
def test_roles(cast: Cast, role: OfficerRole) -> None:
    person = cast.people[role.value]
    desk = Desk(cast.partnership, frozenset({role}))
    draft = DestructionList(status=ListStatus.DRAFT)
    proposed = DestructionList(status=ListStatus.PROPOSED, prepared_by=cast.lead)
    refused = {
        "see": reason_why_not(check_can_see_retention, desk),
        "set": reason_why_not(check_can_set_periods, desk),
        "prepare": reason_why_not(check_can_prepare, desk),
        "propose": reason_why_not(check_can_propose, desk, draft),
        "withdraw": reason_why_not(check_can_withdraw, desk, proposed),
        "decide": reason_why_not(check_can_decide, desk, proposed, person),
    }
    assert {act for act, reason in refused.items() if not reason} == MAY.get(role, set())
    own = DestructionList(status=ListStatus.PROPOSED, prepared_by=person)
    assert reason_why_not(check_can_decide, desk, own, person)


@pytest.mark.parametrize("status", ListStatus)
def test_states(cast: Cast, status: ListStatus) -> None:
    desk = Desk(cast.partnership, frozenset({OfficerRole.ADMINISTRATOR}))
    found = DestructionList(status=status, prepared_by=cast.lead)
    may = {
        "propose": not reason_why_not(check_can_propose, desk, found),
        "withdraw": not reason_why_not(check_can_withdraw, desk, found),
        "decide": not reason_why_not(check_can_decide, desk, found, cast.administrator),
    }
    assert may == {
        "propose": status == ListStatus.DRAFT,
        "withdraw": status in (ListStatus.DRAFT, ListStatus.PROPOSED),
        "decide": status == ListStatus.PROPOSED,
    }
