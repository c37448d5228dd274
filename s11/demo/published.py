"""The demonstration's reports: last year's, published, whose files the worker makes; and this year's, being written.

Last year's has findings, and once it is public a poster, the draft of a briefing, and papers for the board.
"""

from __future__ import annotations

import datetime
from typing import Final

from django.db import transaction
from django_tasks import task

from accountability.enums import PosterKind, ReportStatus, SectionKind
from accountability.models import Report
from accountability.poster_publishing import ask_poster
from accountability.postering import begin_poster
from accountability.publishing import ask_publication
from accountability.report_content import compose
from accountability.reporting import approve_report, begin_report, change_section, send_to_review
from accountability.writing_findings import suggest_findings
from s11.demo.audits import at
from s11.demo.chapter import make_board_papers
from s11.demo.moments import writing_at
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Partnership, User
from surveys.enums import CycleKind, CycleStatus
from surveys.models import Message

WEEKS_AFTER: Final = 14
A_DAY: Final = datetime.timedelta(days=1)
# How many days before it was published it was begun, written, sent to review and approved.
BEFORE: Final = (21, 14, 7, 2)
NEXT: Final = (
    "Every organisation has an action plan, and a panel has met those with the most to do. We will:\n\n"
    "- offer a course on online safety, free of charge, to every school and children’s home\n"
    "- ask each organisation to show how supply staff and volunteers learn whom to tell\n"
    "- ask children what they think of what we found, and say what they told us in the next report."
)
NOT_YET: Final = "The cycle is still open. What happens next is written once the panel has met."


def make_reports(partnership: Partnership, today: datetime.date) -> None:
    people = {
        role: User.objects.filter(offices__partnership=partnership, offices__role=role).earliest("pk")
        for role in (OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER, OfficerRole.PUBLISHER)
    }
    administrator, officer, publisher = people.values()
    last = partnership.cycles.get(status=CycleStatus.CLOSED, kind=CycleKind.FULL)
    published_at = at(last.closes_on + datetime.timedelta(weeks=WEEKS_AFTER), 10)
    begun, written, sent, approved = (published_at - days * A_DAY for days in BEFORE)
    with writing_at(begun):
        report = begin_report(
            partnership=partnership, title=f"How safe are children here? {last}", cycles=[last], by=officer
        )
    with writing_at(written):
        write(report, NEXT, officer)
    with writing_at(sent):
        send_to_review(report=report, note="The figures are final since last week.", by=officer)
    with writing_at(approved):
        approve_report(report=report, seen_digest=compose(report).digest, by=administrator)
    set_moments(report, published_at)
    report.refresh_from_db()
    ask_publication(report=report, seen_digest=compose(report).digest, now=published_at, by=publisher)
    suggest_findings(report=report, by=officer)
    report.findings.update(created_at=published_at)
    # The worker does this after it has made the report's files: a poster is made of what is public.
    transaction.on_commit(lambda: make_posters.enqueue(report.pk))
    this = partnership.cycles.get(status=CycleStatus.OPEN, kind=CycleKind.FULL)
    write(
        begin_report(
            partnership=partnership, title=f"How safe are children here? {this}", cycles=[this], by=officer
        ),
        NOT_YET,
        officer,
    )


@task()
def make_posters(pk: int) -> None:
    """The draft of a briefing, a poster that is published at once, and papers for the board. Run twice, once."""
    report = Report.objects.select_related("published_by").get(pk=pk)
    if report.status != ReportStatus.PUBLISHED or report.posters.exists():
        return
    assert report.published_by is not None  # the check constraint promises it
    with transaction.atomic():
        begin_poster(report=report, kind=PosterKind.BRIEFING, by=report.created_by)
        poster = begin_poster(report=report, kind=PosterKind.POSTER, by=report.created_by)
        ask_poster(poster=poster, seen_version=poster.version, by=report.published_by)
        make_board_papers(report)


def write(report: Report, text: str, by: User) -> None:
    section = report.sections.get(kind=SectionKind.FOLLOW_UP)
    change_section(section=section, text=text, seen_version=section.version, by=by)


def set_moments(report: Report, published_at: datetime.datetime) -> None:
    """As they were in the weeks before; and nobody is written to about last year."""
    begun, written, _, approved = (published_at - days * A_DAY for days in BEFORE)
    Report.objects.filter(pk=report.pk).update(created_at=begun, approved_at=approved)
    report.sections.update(drafted_at=begun)
    report.sections.filter(edited_by__isnull=False).update(edited_at=written)
    Message.objects.filter(subject__contains=report.title).delete()
