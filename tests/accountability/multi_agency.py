"""Multi-agency audits for tests: a row of the register, and the seven questions with what practitioners wrote."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accountability.models import MultiAgencyAudit, Reflection
from accountability.multi_agency_enums import AuditMethod, ReflectiveQuestion
from accountability.multi_agency_reflecting import answer_reflection, close_reflection
from accountability.multi_agency_writing import agree_action
from s11.organisations.models import Participation, Partnership, User
from surveys.actions import ActionInput
from surveys.enums import ActionPriority
from surveys.models import Action
from tests.conftest import Cast

WELL, BARRIERS = ReflectiveQuestion.WENT_WELL, ReflectiveQuestion.BARRIERS


def today() -> datetime.date:
    return timezone.localdate()


def days(number: int) -> datetime.date:
    """So many days from today."""
    return today() + datetime.timedelta(days=number)


def make_audit(partnership: Partnership, title: str = "Neglect", **columns: Any) -> MultiAgencyAudit:
    """Planned for this month, with nobody in it."""
    given: dict[str, Any] = {
        "month": today().replace(day=1),
        "committee": "Quality group",
        "method": AuditMethod.CASE_AUDIT,
    }
    return MultiAgencyAudit.objects.create(partnership=partnership, title=title, **given | columns)


def make_reported(partnership: Partnership, title: str = "Neglect", **columns: Any) -> MultiAgencyAudit:
    given: dict[str, Any] = {
        "begins_on": days(-40),
        "ends_on": days(-20),
        "reported_on": days(-10),
        "key_messages": "Ask early.",
    }
    return make_audit(partnership, title, **given | columns)


def get_place(cast: Cast) -> Participation:
    return Participation.objects.get(partnership=cast.partnership, organisation=cast.organisation)


def make_agreed(
    audit: MultiAgencyAudit, place: Participation, *, by: User, what: str = "It is seen"
) -> Action:
    audit.taking_part.add(place)
    entered = ActionInput(
        what=what,
        measure="Counted",
        owner="Head",
        owner_user=None,
        starts_on=None,
        due_on=days(30),
        priority=ActionPriority.MEDIUM,
    )
    return agree_action(audit=audit, participation=place, entered=entered, by=by)


def make_reflection(
    audit: MultiAgencyAudit,
    *,
    by: User,
    people: int = 0,
    given: Mapping[ReflectiveQuestion, str] | None = None,
    is_over: bool = False,
) -> Reflection:
    """Open for a fortnight; each of the people writes the same, with their number behind it."""
    found = Reflection.objects.create(audit=audit, closes_on=days(14), opened_by=by)
    for number in range(1, people + 1):
        said = given or {BARRIERS: "too little time"}
        answer_reflection(
            reflection=found, given={question: f"{text} {number}" for question, text in said.items()}
        )
    found.refresh_from_db()
    if is_over:
        close_reflection(reflection=found, by=by)
        found.refresh_from_db()
    return found


def make_multi_agency_rows(cast: Cast) -> dict[str, int]:
    """For tests/test_every_address.py."""
    audit = make_audit(cast.partnership)
    told = make_reported(cast.partnership, "Missing from home")
    make_reflection(audit, by=cast.administrator)
    make_reflection(told, by=cast.administrator, people=5, is_over=True)
    return {
        "multi_agency": audit.pk,
        "multi_agency_told": told.pk,
        "multi_agency_cancelled": make_audit(cast.partnership, "Survey", cancelled="No time.").pk,
        "multi_agency_action": make_agreed(audit, get_place(cast), by=cast.administrator).pk,
    }
