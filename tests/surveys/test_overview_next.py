"""What happens next is said from the figures, and nothing where nothing follows."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from surveys.enums import AuditStatus, CycleStatus
from surveys.full_overview import get_full_overview
from surveys.models import Cycle, Indicator
from surveys.overview_next import make_next_steps
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

pytestmark = pytest.mark.django_db


@grounded
def cycle(cast: Cast) -> Cycle:
    """One audit at 2, and one organisation that has not begun."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    factories.make_invitee(cycle, cast.other_organisation)
    return cycle


def next_of(cycle: Cycle) -> dict[str, str]:
    return {key: said for key, said in make_next_steps(get_full_overview(cycle)).items() if said}


def test_of_an_open_cycle_reminders_go_on(cycle: Cycle) -> None:
    found = next_of(cycle)
    assert found["participation"].startswith("Reminders go until the closing day, ")
    assert list(found) == ["participation", "grades"]
    Cycle.objects.update(closes_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "has passed" in next_of(Cycle.objects.get(pk=cycle.pk))["participation"]


def test_of_a_closed_cycle_the_pipeline_names_who_is_missing(cycle: Cycle) -> None:
    Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    said = next_of(Cycle.objects.get(pk=cycle.pk))["participation"]
    assert said.startswith("The pipeline names the 1 organisation without a return")


def test_low_grades_and_critical_zeros_are_looked_at_first(cycle: Cycle, cast: Cast) -> None:
    for name in ("Aft", "Bow", "Cove"):
        organisation = factories.make_organisation(name, partnership=cast.partnership)
        factories.make_audit(cycle, organisation, scores=0, status=AuditStatus.SUBMITTED)
    found = next_of(cycle)
    assert "Plans of the 3 below grade 2 are the ones to read first." in found["grades"]
    low = 3 * Indicator.objects.count()
    assert f"Of {low} answers at 0 or 1: 0 with an action in a plan, " in found["grades"]
    assert f"0 with a reason why there is none, {low} with neither." in found["grades"]
    assert found["critical-zeros"].startswith("A critical 0 raises its audit")
    assert found["strengths"].startswith("What several lack")


def test_nobody_invited_is_nothing_to_do(cast: Cast) -> None:
    assert next_of(factories.make_cycle(cast.partnership)) == {}
