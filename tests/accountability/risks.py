"""Two cycles of Harbour with something to ask about, for the risk list and training needs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.models import Course
from s11.organisations.models import Organisation, Partnership
from surveys.enums import AuditStatus, CycleStatus, DocumentFormat, DocumentKind
from surveys.models import Audit, Cycle, Document
from tests import factories
from tests.conftest import Cast

YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class RiskWorld:
    """`anchor` fell and has a critical 0; Beacon Homes returned nothing in either year."""

    last: Cycle
    cycle: Cycle
    anchor: Audit
    good: Audit


def make_risk_world(cast: Cast) -> RiskWorld:
    """Anchor Trust was good last year; Gull House is good now and was not."""
    bank = factories.make_questionnaire()
    today = timezone.localdate()
    closed: dict[str, Any] = {"questionnaires": (bank,), "status": CycleStatus.CLOSED}
    cycle = factories.make_cycle(
        cast.partnership, opens_on=today - 0.2 * YEAR, closes_on=today - datetime.timedelta(9), **closed
    )
    last = factories.make_cycle(
        cast.partnership,
        slug="2025",
        opens_on=today - 1.2 * YEAR,
        closes_on=today - datetime.timedelta(9) - YEAR,
        **closed,
    )
    gull = factories.make_organisation("Gull House", slug="gull", partnership=cast.partnership)
    own = {"A1.1": 0, "A1.2": 1, "A2.1": 2, "A2.2": 1}
    anchor = submit(cycle, cast.organisation, own)
    submit(last, cast.organisation, 2)
    good = submit(cycle, gull, 2)
    submit(last, gull, 0)
    for one in (cycle, last):
        factories.make_invitee(one, cast.other_organisation)
    return RiskWorld(last, cycle, anchor, good)


def submit(cycle: Cycle, organisation: Organisation, scores: Any) -> Audit:
    return factories.make_audit(cycle, organisation, scores=scores, status=AuditStatus.SUBMITTED)


def make_course(partnership: Partnership, name: str = "Safer recruitment", **columns: Any) -> Course:
    """It answers the standard A1 of the standard variant."""
    given = {"description": "A day on checks.", "audience": "Everybody who recruits"}
    course = Course.objects.create(partnership=partnership, name=name, **given | columns)
    course.subjects.create(variant="standard", code="A1")
    return course


def make_risk_rows(cast: Cast, cycle: Cycle) -> dict[str, int]:
    """For tests/test_every_address.py."""
    paper = Document(
        kind=DocumentKind.EXECUTIVE,
        format=DocumentFormat.PDF,
        partnership=cast.partnership,
        cycle=cycle,
        built_at=timezone.now(),
    )
    paper.file.save("paper.pdf", ContentFile(b"%PDF-1.7"))
    return {
        "course": make_course(cast.partnership).pk,
        "course_retired": make_course(cast.partnership, "Neglect", is_active=False).pk,
        "executive": paper.pk,
    }
