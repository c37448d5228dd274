"""Who drafts a report, who approves it, who publishes it: three different acts, and never all by one person.

Administrators and quality officers draft; one of them who wrote nothing of it approves; a publisher publishes. Each
check raises NotAllowed with one sentence.
"""

from __future__ import annotations

from typing import Final

from accountability.enums import AUTHORING, ReportStatus
from accountability.models import Report
from accountability.models.reports import REPORT_READERS
from s11.organisations.enums import ORGANISERS, OfficerRole
from s11.organisations.models import User
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed

# What changes it nonetheless; what was corrected is changed by its newest version, what was withdrawn by nothing.
CHANGED_BY: Final = {
    ReportStatus.IN_REVIEW: "Return it first.",
    ReportStatus.APPROVED: "Return it first.",
    ReportStatus.PUBLISHED: "Begin a correction instead.",
    ReportStatus.CORRECTED: "Correct the version that holds now.",
}
WITHDRAWERS = frozenset({OfficerRole.ADMINISTRATOR, OfficerRole.PUBLISHER})


def check_can_see_reports(desk: Desk) -> None:
    """The room. Asks the database nothing: it is made on every page of the desk."""
    if not desk.roles & frozenset(REPORT_READERS):
        raise NotAllowed("Panel members read a report once it is published, on the public page.")


def check_can_draft(desk: Desk) -> None:
    check_can_see_reports(desk)
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} writes reports. Ask one of them."
        )


def check_can_change(desk: Desk, report: Report) -> None:
    """Its words, its cycles, its licence; and throwing the draft away."""
    check_can_draft(desk)
    if report.status != ReportStatus.DRAFT:
        raise NotAllowed(
            f"The report is {report.get_status_display().lower()}, so nothing in it changes. "
            + CHANGED_BY.get(ReportStatus(report.status), "")
        )


def check_can_comment(desk: Desk, report: Report) -> None:
    """Everybody who reads it before the public does, also in review."""
    check_can_see_reports(desk)
    if report.is_public:
        raise NotAllowed("The report is published, so nothing more is said about its text.")


def check_can_approve(desk: Desk, report: Report, user: User) -> None:
    check_can_draft(desk)
    _check_status(report, ReportStatus.IN_REVIEW, "Only a report in review can be approved.")
    if is_author(report, user):
        raise NotAllowed(
            "You wrote some of this report, so somebody else approves it: another administrator or quality officer."
        )


def check_can_return(desk: Desk, report: Report) -> None:
    """To a draft, from review or after approval; then a publisher too, who has found something."""
    check_can_see_reports(desk)
    if report.status == ReportStatus.APPROVED and OfficerRole.PUBLISHER in desk.roles:
        return
    check_can_draft(desk)
    if report.status not in (ReportStatus.IN_REVIEW, ReportStatus.APPROVED):
        raise NotAllowed(f"The report is {report.get_status_display().lower()}, so it cannot be returned.")


def check_can_publish(desk: Desk, report: Report) -> None:
    check_can_see_reports(desk)
    if OfficerRole.PUBLISHER not in desk.roles:
        raise NotAllowed(
            f"Only a publisher of {desk.partnership} publishes. An administrator can give the office to somebody."
        )
    _check_status(report, ReportStatus.APPROVED, "Only an approved report can be published.")


def check_can_correct(desk: Desk, report: Report) -> None:
    """A new version beside it; one at a time."""
    check_can_draft(desk)
    _check_status(report, ReportStatus.PUBLISHED, "Only the version that is published now can be corrected.")
    if Report.objects.filter(corrects=report).exists():
        raise NotAllowed("A correction has been begun already.")


def check_can_withdraw(desk: Desk, report: Report) -> None:
    """Where the law, or somebody's safety, leaves no choice; otherwise it is corrected."""
    check_can_see_reports(desk)
    if not desk.roles & WITHDRAWERS:
        raise NotAllowed("Only an administrator or a publisher withdraws what is published.")
    if report.status not in (ReportStatus.PUBLISHED, ReportStatus.CORRECTED):
        raise NotAllowed(
            f"The report is {report.get_status_display().lower()}, so there is nothing to withdraw."
        )


def is_author(report: Report, user: User) -> bool:
    return report.created_by_id == user.pk or report.events.filter(kind__in=AUTHORING, by=user).exists()


def _check_status(report: Report, status: ReportStatus, sentence: str) -> None:
    if report.status != status:
        raise NotAllowed(f"The report is {report.get_status_display().lower()}. {sentence}")
