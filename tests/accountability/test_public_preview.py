"""The desk’s page ‘What the public will see’."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accountability.enums import ReportStatus
from accountability.models import Snapshot
from s11.organisations.enums import Variant
from s11.organisations.models import User
from surveys.enums import AuditStatus
from surveys.models import Cycle
from surveys.public_overview import get_public_overview
from tests import factories
from tests.accountability.reports import make_report
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
READERS = {"administrator", "quality_officer", "scrutineer", "publisher"}


def make_cycle(cast: Cast, *, homes: int = 2, slug: str = "2026") -> Cycle:
    banks = (factories.make_questionnaire(), factories.make_questionnaire(Variant.CARE_HOME))
    cycle = factories.make_cycle(cast.partnership, slug=slug, questionnaires=banks)
    for number in range(6):
        scores = {
            "A1.1": 2,
            "A1.2": 2 if number % 3 else 1,
            "A2.1": 2,
            "A2.2": 2 if number else "Not our work",
        }
        organisation = factories.make_organisation(f"Agency {number}")
        factories.make_audit(cycle, organisation, scores=scores, status=AuditStatus.SUBMITTED)
    for number in range(homes):
        organisation = factories.make_organisation(f"Home {number}", variant=Variant.CARE_HOME)
        factories.make_audit(cycle, organisation, scores=number % 2 + 1, status=AuditStatus.SUBMITTED)
    return cycle


def address(cycle: str = "2026", partnership: str = "harbour") -> str:
    return reverse("accountability:public_preview", args=[partnership, cycle])


def test_who_may_read_it(cast: Cast, sign_in: SignIn) -> None:
    make_cycle(cast)
    statuses = {name: sign_in(person).get(address()).status_code for name, person in cast.people.items()}
    panel = {"panel_member": 403, "panel_chair": 403}
    assert statuses == {name: panel.get(name, 200 if name in READERS else 404) for name in statuses}


def test_a_small_variant_is_shown_with_another_and_the_page_says_so(cast: Cast, sign_in: SignIn) -> None:
    make_cycle(cast)
    page = sign_in(cast.publisher).get(address()).content.decode()
    assert "Standard agencies and care homes (8)" in page
    assert "alone one of them could not be shown (standard agencies 6, care homes 2)" in page
    assert "Home 0" not in page


def test_what_is_withheld_is_marked_with_its_reason(cast: Cast, sign_in: SignIn) -> None:
    banks = (factories.make_questionnaire(),)
    cycle = factories.make_cycle(cast.partnership, questionnaires=banks)
    for number in range(6):
        scores: dict[str, int | str | None] = {"A1.1": 2, "A1.2": number % 2 + 1, "A2.1": 2, "A2.2": 2}
        scores |= {"A2.1": "Not our work", "A2.2": "Not our work"} if number > 2 else {}
        factories.make_audit(
            cycle,
            factories.make_organisation(f"Agency {number}"),
            scores=scores,
            status=AuditStatus.SUBMITTED,
        )
    page = sign_in(cast.administrator).get(address()).content.decode()
    assert 'govuk-tag--grey">Withheld' in page
    assert "Fewer than 5 organisations have scores here." in page
    assert "With the rest it would give away one that is withheld." in page


def test_before_anything_is_submitted_it_says_what_will_be_here(cast: Cast, sign_in: SignIn) -> None:
    factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    page = sign_in(cast.scrutineer).get(address()).content.decode()
    assert "will be here as soon as audits have them" in page


def test_it_is_held_against_what_was_published(cast: Cast, sign_in: SignIn) -> None:
    cycle = make_cycle(cast, homes=5)
    report = make_report(cycle, by=cast.administrator, status=ReportStatus.PUBLISHED, approver=cast.publisher)
    client = sign_in(cast.administrator)
    assert "held against what was published" not in client.get(address()).content.decode()
    ledgers = json.dumps([get_public_overview(cycle).ledger])
    Snapshot.objects.create(
        report=report, content="{}", ledger=ledgers, sha256="0" * 64, frozen_at=timezone.now()
    )
    late = factories.make_organisation("Agency 6")
    factories.make_audit(cycle, late, scores=0, status=AuditStatus.SUBMITTED)
    page = client.get(address()).content.decode()
    assert "held against what was published" in page
    assert "Left out of all scores: 1 that came after an earlier publication" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: Any) -> None:
    make_cycle(cast, homes=2 * rows)
    client = sign_in(cast.administrator)
    with django_assert_num_queries(11):
        client.get(address())


def test_a_planned_cycle_and_one_elsewhere_are_not_found(cast: Cast, sign_in: SignIn) -> None:
    make_cycle(cast)
    assert sign_in(cast.outsider).get(address()).status_code == 404
    assert sign_in(cast.outsider).get(address(partnership="moorland")).status_code == 404
