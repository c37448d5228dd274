"""What may be taken away around meetings and reports, and what is looked at again before it is put back."""

from __future__ import annotations

from django.db.models import Max

from accountability.agency_return_pictures import put_picture_back
from accountability.enums import MinutesStatus, ReportStatus
from accountability.models import (
    Erratum,
    Finding,
    GoodPractice,
    LineOfEnquiry,
    Meeting,
    Minutes,
    Poster,
    Recommendation,
    Report,
)
from accountability.permissions import check_can_plan_meetings, check_can_see_meetings
from accountability.report_permissions import check_can_draft
from s11.organisations.models import Removal, User
from s11.organisations.queries import Agency
from s11.organisations.removals import Kind, get_lifted, put_rows_back, register_kind
from s11.web.errors import NotAllowed, NotInThisState
from surveys.reach import WRITERS


def check_writes(agency: Agency) -> None:
    if not agency.roles & WRITERS:
        raise NotAllowed(f"A lead or contributor of {agency.organisation} puts this back. Ask one of them.")


def register_kinds() -> None:
    for kind in (
        Kind("meeting_day", check_can_plan_meetings),
        Kind("interest", check_can_plan_meetings),
        Kind("question", None, own_check=check_can_see_meetings, restore=put_question_back, is_quiet=True),
        Kind(
            "recommendation",
            check_can_plan_meetings,
            own_check=check_can_see_meetings,
            restore=put_recommendation_back,
        ),
        Kind(
            "good_practice",
            check_can_plan_meetings,
            own_check=check_can_see_meetings,
            restore=put_practice_back,
        ),
        Kind("report", check_can_draft, restore=put_report_back),
        Kind("erratum", check_can_draft, restore=put_erratum_back),
        Kind("finding", check_can_draft, restore=put_finding_back),
        Kind("poster", check_can_draft, restore=put_poster_back),
        Kind("return_picture", check_writes, restore=put_picture_back, is_agencys=True),
    ):
        register_kind(kind)


# Of meetings ----------------------------------------------------------------------------------------------------------


def _lock_meeting(removal: Removal, pk: int, *, but_final: bool) -> None:
    Meeting.objects.select_for_update(of=("self",)).only("pk").get(pk=pk)
    if but_final and Minutes.objects.filter(meeting=pk, status=MinutesStatus.FINAL).exists():
        raise NotInThisState(f"The minutes are final by now, so {removal} stays out of them.")


def put_question_back(removal: Removal, by: User) -> None:
    [row] = get_lifted(removal, LineOfEnquiry)
    _lock_meeting(removal, row["fields"]["meeting"], but_final=False)
    put_rows_back(removal)


def put_recommendation_back(removal: Removal, by: User) -> None:
    """With its number, or the next one where another has it by now."""
    [row] = get_lifted(removal, Recommendation)
    _lock_meeting(removal, row["fields"]["meeting"], but_final=True)
    others = Recommendation.objects.filter(meeting=row["fields"]["meeting"])
    if others.filter(number=row["fields"]["number"]).exists():
        row["fields"]["number"] = others.aggregate(last=Max("number"))["last"] + 1
    put_rows_back(removal)


def put_practice_back(removal: Removal, by: User) -> None:
    [row] = get_lifted(removal, GoodPractice)
    _lock_meeting(removal, row["fields"]["meeting"], but_final=True)
    put_rows_back(removal)


# Of reports -----------------------------------------------------------------------------------------------------------


def _lock_report(removal: Removal, pk: int, *refused: ReportStatus) -> None:
    report = Report.objects.select_for_update(of=("self",)).get(pk=pk)
    if report.status in refused:
        raise NotInThisState(
            f"{removal} cannot be put back: its report is {report.get_status_display().lower()} by now."
        )


def put_report_back(removal: Removal, by: User) -> None:
    """A correction only while the version that it corrects is the one that holds, and has no other."""
    [row] = get_lifted(removal, Report)
    corrects = row["fields"]["corrects"]
    if corrects is not None:
        _lock_report(removal, corrects, ReportStatus.CORRECTED, ReportStatus.WITHDRAWN)
        if Report.objects.filter(corrects=corrects).exists():
            raise NotInThisState(f"{removal} cannot be put back: another correction has been begun since.")
    put_rows_back(removal)


def put_erratum_back(removal: Removal, by: User) -> None:
    [row] = get_lifted(removal, Erratum)
    others = [status for status in ReportStatus if status != ReportStatus.DRAFT]
    _lock_report(removal, row["fields"]["report"], *others)
    put_rows_back(removal)


def put_finding_back(removal: Removal, by: User) -> None:
    """At the place that it had; a report that does not hold any more has no new findings."""
    [row] = get_lifted(removal, Finding)
    if row["fields"]["report"] is not None:
        _lock_report(removal, row["fields"]["report"], ReportStatus.CORRECTED, ReportStatus.WITHDRAWN)
    put_rows_back(removal)


def put_poster_back(removal: Removal, by: User) -> None:
    [row] = get_lifted(removal, Poster)
    if row["fields"]["report"] is not None:
        _lock_report(removal, row["fields"]["report"], ReportStatus.WITHDRAWN)
    put_rows_back(removal)
