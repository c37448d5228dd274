"""How each e-mail about reports, posters, feedback and returns comes to be sent, for tests/test_every_mail.py."""

from __future__ import annotations

import datetime
from typing import Final
from unittest.mock import patch

from accountability.agency_return_asking import ask_for_returns, remind_of_returns
from accountability.agency_return_emails import send_sent_back, send_to_approve
from accountability.agency_return_standing import get_standing
from accountability.agency_return_steps import accept_return, return_to_agency
from accountability.enums import AgencyReturnStatus, ReportStatus
from accountability.issuing_feedback import issue_feedback, tell_agencies
from accountability.models import AgencyReturn, Poster
from accountability.report_emails import (
    tell_approvers,
    tell_authors,
    tell_failed,
    tell_poster_failed,
    tell_publishers,
)
from accountability.reporting_years import ReportingYear
from surveys.enums import CycleStatus
from surveys.models import Audit, Document
from tests.accountability.agency_returns import make_request, make_return
from tests.accountability.mails import Send
from tests.accountability.reports import make_report
from tests.conftest import Cast

DUE: Final = datetime.date(2026, 6, 30)


def review(cast: Cast, audit: Audit) -> None:
    tell_approvers(make_report(audit.cycle, by=cast.administrator), "Look at the themes.", cast.administrator)


def send_back(cast: Cast, audit: Audit) -> None:
    report = make_report(audit.cycle, by=cast.administrator)
    tell_authors(report, "Say who took part.", cast.quality_officer)


def approve(cast: Cast, audit: Audit) -> None:
    report = make_report(
        audit.cycle, by=cast.administrator, status=ReportStatus.APPROVED, approver=cast.quality_officer
    )
    tell_publishers(report, cast.quality_officer)


def fail(cast: Cast, audit: Audit) -> None:
    report = make_report(audit.cycle, by=cast.administrator)
    tell_failed(report, cast.publisher, "Its files could not be made.")


def fail_poster(cast: Cast, audit: Audit) -> None:
    report = make_report(audit.cycle, by=cast.administrator)
    poster = Poster.objects.create(
        partnership=cast.partnership,
        report=report,
        kind="poster",
        title="Staff know whom to tell",
        created_by=cast.administrator,
    )
    tell_poster_failed(poster, cast.publisher, "The text does not fit on one page.")


def give_back(cast: Cast, audit: Audit) -> None:
    cycle = audit.cycle
    cycle.status, cycle.closed_at = CycleStatus.CLOSED, audit.submitted_at
    cycle.save()
    with patch("accountability.issuing_feedback._queue"):
        issue = issue_feedback(cycle=cycle, by=cast.administrator)
    Document.objects.filter(feedback_report__issue=issue).update(error="Not looked at here.")
    tell_agencies(issue=issue, by=cast.administrator)


def make_own_return(cast: Cast, status: AgencyReturnStatus) -> AgencyReturn:
    asked = make_request(cast.partnership, due_on=DUE)
    return make_return(asked, cast.organisation, status, by=cast.signatory)


def ask_agencies(cast: Cast, audit: Audit) -> None:
    ask_for_returns(
        partnership=cast.partnership,
        year=ReportingYear(2025),
        due_on=DUE,
        note="The theme is what children told us.",
        by=cast.administrator,
    )


def remind_agencies(cast: Cast, audit: Audit) -> None:
    remind_of_returns(request=make_request(cast.partnership, due_on=DUE), today=DUE, by=cast.administrator)


def hand_in(cast: Cast, audit: Audit) -> None:
    found = make_own_return(cast, AgencyReturnStatus.DRAFT)
    send_to_approve(found, [cast.signatory], cast.lead)


def send_own_back(cast: Cast, audit: Audit) -> None:
    found = make_own_return(cast, AgencyReturnStatus.TO_APPROVE)
    send_sent_back(found, "Leave the second line out.", cast.signatory)


def accept(cast: Cast, audit: Audit) -> None:
    found = make_own_return(cast, AgencyReturnStatus.APPROVED)
    seen = get_standing(found.request, found.participation).seen
    accept_return(found=found, seen=seen, by=cast.administrator)


def return_it(cast: Cast, audit: Audit) -> None:
    found = make_own_return(cast, AgencyReturnStatus.APPROVED)
    return_to_agency(found=found, reason="Its neighbours would know the family.", by=cast.administrator)


# Reports have no day by which they are to be done: each waits as long as it has to.
REPORT_MAILS: Final[dict[str, tuple[Send, str]]] = {
    "accountability/report_to_review": (review, "Read and approve"),
    "accountability/report_returned": (send_back, "Change"),
    "accountability/report_to_publish": (approve, "Publish"),
    "accountability/report_failed": (fail, "Publish a report again"),
    "accountability/poster_failed": (fail_poster, "Publish a poster again"),
    "accountability/feedback": (give_back, "Read what came of your audit"),
    "accountability/agency_return_asked": (ask_agencies, "Write your return .* by 30 June 2026"),
    "accountability/agency_return_asked, again": (remind_agencies, "Still to come: .* by 30 June 2026"),
    "accountability/agency_return_to_approve": (hand_in, "Approve the return .* by 30 June 2026"),
    "accountability/agency_return_sent_back": (send_own_back, "sent back: change it by 30 June 2026"),
    "accountability/agency_return_accepted": (accept, "is accepted"),
    "accountability/agency_return_returned": (return_it, "Change your return"),
}
