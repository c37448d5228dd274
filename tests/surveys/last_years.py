"""Shared by the tests of carry-over and of the trail: an audit of last year, and this year’s that starts from it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.utils import timezone

from s11.organisations.models import Organisation
from surveys.enums import AuditStatus, CycleStatus
from surveys.models import Answer, Audit, Cycle, Invitee, Questionnaire
from surveys.workflow import open_audit
from tests import factories
from tests.conftest import Cast

A_YEAR = datetime.timedelta(days=365)
LAST_SCORES: Mapping[str, int | str] = {"A1.1": 2, "A1.2": 0, "A2.1": "It does not do this", "A2.2": 1}


def make_last_bank() -> Questionnaire:
    return factories.make_questionnaire(edition="2025-26")


def make_last_audit(
    cast: Cast,
    bank: Questionnaire | None = None,
    *,
    scores: Mapping[str, int | str | None] | int = LAST_SCORES,
    organisation: Organisation | None = None,
    slug: str = "2025",
    status: AuditStatus = AuditStatus.SUBMITTED,
    years: int = 1,
) -> Audit:
    """Of Anchor Trust, with a commentary on each answer; Beacon Homes has one too, so that a leak could happen."""
    cycle = Cycle.objects.filter(partnership=cast.partnership, slug=slug).first()
    if cycle is None:
        closed_on = timezone.localdate() - years * A_YEAR
        cycle = factories.make_cycle(
            cast.partnership,
            slug=slug,
            questionnaires=(bank or make_last_bank(),),
            opens_on=closed_on - datetime.timedelta(days=60),
            closes_on=closed_on,
        )
        theirs = (
            factories.make_audit(cycle, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED)
            if organisation is None
            else None
        )
        if theirs is not None:
            theirs.answers.update(commentary="Beacon’s own words")
    audit = factories.make_audit(cycle, organisation or cast.organisation, scores=scores, status=status)
    moment = timezone.now() - years * A_YEAR
    for answer in audit.answers.select_related("indicator"):
        Answer.objects.filter(pk=answer.pk).update(
            commentary=f"Last year’s words on {answer.indicator.code}",
            updated_by=cast.contributor,
            updated_at=moment,
        )
    audit.scorecards.update(frozen_at=moment)
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.CLOSED, closed_at=moment)
    return Audit.objects.get(pk=audit.pk)


def make_new_place(cast: Cast, bank: Questionnaire | None = None) -> Invitee:
    """Anchor Trust, invited to this year's cycle with a new edition of the same bank."""
    bank = bank or factories.make_questionnaire(edition="2026-27")
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    return factories.make_invitee(cycle, cast.organisation)


def open_new(cast: Cast, bank: Questionnaire | None = None) -> Audit:
    return open_audit(invitee=make_new_place(cast, bank), by=cast.lead)
