"""Who writes findings and posters, and who puts a poster before the public."""

from __future__ import annotations

from django.db.models import Q

from accountability.enums import FindingStatus, ReportStatus
from accountability.models import Poster, Report
from accountability.report_permissions import check_can_draft, check_can_see_reports
from s11.organisations.enums import OfficerRole
from s11.organisations.models import User
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed


def check_can_write_findings(desk: Desk, report: Report) -> None:
    """While the report is written, and after: a poster is often made of what was published."""
    check_can_draft(desk)
    if report.status in (ReportStatus.CORRECTED, ReportStatus.WITHDRAWN):
        raise NotAllowed(
            f"The report is {report.get_status_display().lower()}. Write findings of the version that holds."
        )


def check_can_lay_out(desk: Desk, report: Report) -> None:
    """A poster says what the public can read in the report, so that is published first."""
    check_can_write_findings(desk, report)
    if report.status != ReportStatus.PUBLISHED:
        raise NotAllowed("A poster is laid out from a published report. Publish the report first.")


def check_can_change_poster(desk: Desk, poster: Poster) -> None:
    check_can_draft(desk)
    if poster.status != FindingStatus.DRAFT:
        raise NotAllowed("The poster is published, so nothing on it changes. Lay out a new one instead.")
    if poster.approved_at is not None:
        raise NotAllowed("The poster is being published at this moment.")


def check_can_publish_poster(desk: Desk, poster: Poster, user: User) -> None:
    """A publisher who wrote nothing of it."""
    check_can_see_reports(desk)
    if OfficerRole.PUBLISHER not in desk.roles:
        raise NotAllowed(f"Only a publisher of {desk.partnership} publishes a poster. Ask one of them.")
    if poster.status != FindingStatus.DRAFT or poster.approved_at is not None:
        raise NotAllowed("The poster is published already, or being published.")
    if is_writer(poster, user):
        raise NotAllowed("You wrote some of this poster, so another publisher puts it before the public.")
    if poster.report is None or poster.report.status != ReportStatus.PUBLISHED:
        raise NotAllowed("The report that the poster is made of is not published any more.")


def check_can_ask_sheet(desk: Desk, poster: Poster) -> None:
    """Whoever writes it, and whoever reads it before the public does."""
    check_can_see_reports(desk)
    if not desk.roles & {OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER, OfficerRole.PUBLISHER}:
        raise NotAllowed("Only those who write or publish a poster have its draft made as a PDF.")
    if poster.status != FindingStatus.DRAFT or poster.approved_at is not None:
        raise NotAllowed("The poster is published, or being published: its PDF is among its files.")


def check_can_issue_anew(desk: Desk, poster: Poster, holding: Report | None) -> None:
    """`holding` is the version of its report that the public reads now."""
    check_can_draft(desk)
    if poster.status == FindingStatus.DRAFT:
        raise NotAllowed("The poster is a draft. Throw it away, and lay out one of the version that holds.")
    if holding is None or holding.pk == poster.report_id:
        raise NotAllowed("A new issue is made once a correction of the report is published.")


def check_can_withdraw_poster(desk: Desk, poster: Poster) -> None:
    check_can_see_reports(desk)
    if not desk.roles & {OfficerRole.ADMINISTRATOR, OfficerRole.PUBLISHER}:
        raise NotAllowed("Only an administrator or a publisher withdraws what is published.")
    if poster.status != FindingStatus.PUBLISHED:
        raise NotAllowed("Only what is published can be withdrawn.")


def is_writer(poster: Poster, user: User) -> bool:
    """Ever: of its title, a box, a finding whose words they are or were; or whoever answers for a number on it."""
    wrote = Q(created_by=user) | Q(writers=user) | Q(own_numbers__confirmed_by=user)
    return Poster.objects.filter(wrote, pk=poster.pk).exists()
