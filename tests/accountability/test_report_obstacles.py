"""What keeps a report from going on: cycles whose figures still change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accountability.enums import ReportStatus
from accountability.models import Report
from accountability.publishing import ask_publication
from accountability.report_content import compose
from accountability.reporting import NotInThisState, approve_report, begin_report, send_to_review
from s11.organisations.models import User
from surveys.enums import CycleStatus
from surveys.models import Cycle
from tests import factories
from tests.accountability.reports import approve, make_full_cycle
from tests.conftest import Cast
from tests.ground import grounded

DESK = "/p/harbour/desk/publication/"
SignIn = Callable[[User], Client]


@grounded
def cycle(cast: Cast) -> Cycle:
    return make_full_cycle(cast, agencies=6)


def begin(cast: Cast, *cycles: Cycle) -> Report:
    return begin_report(
        partnership=cast.partnership, title="How safe are we?", cycles=cycles, by=cast.administrator
    )


def reopen(cycle: Cycle) -> None:
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.OPEN, closed_at=None)


def test_a_report_on_an_open_cycle_is_not_read_by_anybody(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    reopen(cycle)
    draft = begin(cast, Cycle.objects.get(pk=cycle.pk))
    with pytest.raises(NotInThisState, match=r"Audit 2026 is still open, .* Close the cycle"):
        send_to_review(report=draft, by=cast.administrator)
    assert "It cannot go on yet" in sign_in(cast.administrator).get(f"{DESK}{draft.pk}/").text
    told = draft.sections.get(kind="who_took_part").words
    assert "The closing day is " in told
    assert "The closing day was " not in told
    assert "came on time" not in told


def test_of_a_cycle_opened_again_nothing_is_approved_or_published(cast: Cast, cycle: Cycle) -> None:
    in_review, approved = begin(cast, cycle), begin(cast, cycle)
    approve(approved, author=cast.administrator, approver=cast.quality_officer)
    send_to_review(report=in_review, by=cast.administrator)
    reopen(cycle)
    with pytest.raises(NotInThisState, match="still open"):
        approve_report(report=in_review, seen_digest=compose(in_review).digest, by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="still open"):
        ask_publication(report=approved, seen_digest=compose(approved).digest, by=cast.publisher)
    approved.refresh_from_db()
    assert approved.status == ReportStatus.APPROVED


def test_only_closed_cycles_are_offered(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    factories.make_cycle(cast.partnership, slug="2027", status=CycleStatus.OPEN)
    client = sign_in(cast.administrator)
    assert 'value="2027"' not in client.get(f"{DESK}new/").text
    reopen(cycle)
    assert "A report is about a cycle that is closed" in client.get(f"{DESK}new/").text
