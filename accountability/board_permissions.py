"""Who writes what the board is given, and who reads it: officers who see reports, of a report that is public."""

from __future__ import annotations

from typing import Final

from accountability.enums import ReportStatus
from accountability.models import Report
from accountability.report_permissions import check_can_draft, check_can_see_reports
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed

SAID_WITHDRAWN: Final = (
    "The chapter quotes words that are not in the parts of its year any more, so it is handed out to nobody. Draft it "
    "anew, or take them out."
)
SAID_HELD: Final = (
    "This PDF was made of an earlier text, which may quote words that are not in the parts of its year any more. Make "
    "it anew."
)


def check_can_read_board_papers(desk: Desk, report: Report) -> None:
    """Their numbers are those that are published, so there are none before; and none of what was withdrawn."""
    check_can_see_reports(desk)
    if report.status == ReportStatus.WITHDRAWN:
        raise NotAllowed("The report is withdrawn, so papers made of it are handed out to nobody.")
    if not report.is_public:
        raise NotAllowed("Papers for the board are made of a published report. Publish the report first.")


def check_can_write_board_papers(desk: Desk, report: Report) -> None:
    """Also having a PDF made, which takes a worker's time."""
    check_can_draft(desk)
    check_can_read_board_papers(desk, report)
    if report.status != ReportStatus.PUBLISHED:
        raise NotAllowed("The report was corrected. Write papers of the version that holds.")


def check_can_hand_out(ending: str, *, is_withdrawn: bool, is_pdf_held: bool) -> None:
    """A quotation that left the parts may have lost its consent, so no file has it."""
    if is_withdrawn:
        raise NotAllowed(SAID_WITHDRAWN)
    if ending == "pdf" and is_pdf_held:
        raise NotAllowed(SAID_HELD)
