"""Who may do what with a report in each state: person by state by act."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accountability.enums import ReportEventKind, ReportStatus
from accountability.models import Report
from accountability.report_permissions import (
    check_can_approve,
    check_can_change,
    check_can_correct,
    check_can_draft,
    check_can_publish,
    check_can_return,
    check_can_see_reports,
    check_can_withdraw,
)
from accountability.reporting import write_event
from s11.organisations.models import User
from s11.organisations.queries import Desk, get_desk_or_404
from s11.web.errors import reason_why_not
from surveys.models import Cycle
from tests import factories
from tests.accountability.reports import make_report
from tests.conftest import Cast
from tests.ground import grounded

OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
SEEING = {"administrator", "quality_officer", "scrutineer", "publisher"}
ORGANISERS = {"administrator", "quality_officer"}
WITHDRAWERS = {"administrator", "publisher"}
# By act, who may in which state; the administrator began each report.
MAY: dict[str, dict[ReportStatus, set[str]]] = {
    "change": {ReportStatus.DRAFT: ORGANISERS},
    "approve": {ReportStatus.IN_REVIEW: {"quality_officer"}},
    "return": {
        ReportStatus.IN_REVIEW: ORGANISERS,
        ReportStatus.APPROVED: ORGANISERS | {"publisher"},
    },
    "publish": {ReportStatus.APPROVED: {"publisher"}},
    "correct": {ReportStatus.PUBLISHED: ORGANISERS},
    "withdraw": {ReportStatus.PUBLISHED: WITHDRAWERS, ReportStatus.CORRECTED: WITHDRAWERS},
}
CHECKS: dict[str, Callable[[Desk, Report, User], None]] = {
    "change": lambda desk, report, _: check_can_change(desk, report),
    "approve": check_can_approve,
    "return": lambda desk, report, _: check_can_return(desk, report),
    "publish": lambda desk, report, _: check_can_publish(desk, report),
    "correct": lambda desk, report, _: check_can_correct(desk, report),
    "withdraw": lambda desk, report, _: check_can_withdraw(desk, report),
}


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership)


def get_desks(cast: Cast) -> dict[str, Desk]:
    return {name: get_desk_or_404(cast.people[name], "harbour") for name in OFFICERS}


def test_who_sees_and_who_drafts(cast: Cast) -> None:
    desks = get_desks(cast)
    assert {name for name, desk in desks.items() if not reason_why_not(check_can_see_reports, desk)} == SEEING
    assert {name for name, desk in desks.items() if not reason_why_not(check_can_draft, desk)} == ORGANISERS


@pytest.mark.parametrize("status", list(ReportStatus))
def test_each_act_in_each_state(status: ReportStatus, cast: Cast, cycle: Cycle) -> None:
    report = make_report(cycle, by=cast.administrator, approver=cast.quality_officer, status=status)
    desks = get_desks(cast)
    found = {
        act: {
            name for name, desk in desks.items() if not reason_why_not(check, desk, report, cast.people[name])
        }
        for act, check in CHECKS.items()
    }
    assert found == {act: states.get(status, set()) for act, states in MAY.items()}


@pytest.mark.parametrize(
    "kind",
    [ReportEventKind.CHANGED, ReportEventKind.DRAFTED, ReportEventKind.SENT, ReportEventKind.CORRECTED],
)
def test_whoever_wrote_any_of_it_does_not_approve(kind: ReportEventKind, cast: Cast, cycle: Cycle) -> None:
    report = make_report(cycle, by=cast.administrator, status=ReportStatus.IN_REVIEW)
    desk = get_desks(cast)["quality_officer"]
    assert not reason_why_not(check_can_approve, desk, report, cast.quality_officer)
    write_event(report, kind, cast.quality_officer)
    assert "somebody else approves it" in reason_why_not(
        check_can_approve, desk, report, cast.quality_officer
    )


def test_a_correction_is_begun_once(cast: Cast, cycle: Cycle) -> None:
    report = make_report(
        cycle, by=cast.administrator, approver=cast.quality_officer, status=ReportStatus.PUBLISHED
    )
    make_report(cycle, by=cast.administrator, corrects=report, version=2)
    desk = get_desks(cast)["administrator"]
    assert "begun already" in reason_why_not(check_can_correct, desk, report)
