"""Makers of reports in each state, with the fewest arguments that make sense."""

from __future__ import annotations

import hashlib
from typing import Any
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.board_writing import draft_papers
from accountability.enums import FileKind, PosterKind, ReportStatus
from accountability.models import Finding, PosterSheet, PublishedFile, Report, ReportCycle, Snapshot
from accountability.poster_publishing import ask_poster, publish_poster
from accountability.postering import begin_poster
from accountability.publishing import ask_publication, publish
from accountability.report_content import compose
from accountability.report_files import MadeFile
from accountability.reporting import approve_report, begin_report, send_to_review
from s11.organisations.models import User
from surveys.enums import CycleStatus
from surveys.models import Cycle, Questionnaire, Theme
from tests import factories
from tests.submissions import make_organisations, submit_audits

CONTENT = '{"format": 1, "sections": []}\n'


def make_report(
    cycle: Cycle,
    *,
    by: User,
    status: ReportStatus = ReportStatus.DRAFT,
    approver: User | None = None,
    **columns: Any,
) -> Report:
    """In this status, with the moments that go with it; no text, no files."""
    now = timezone.now()
    given: dict[str, Any] = {}
    if status not in (ReportStatus.DRAFT, ReportStatus.IN_REVIEW):
        given |= {"approved_by": approver, "approved_at": now, "approved_digest": "0" * 64}
    if status in (ReportStatus.PUBLISHED, ReportStatus.CORRECTED, ReportStatus.WITHDRAWN):
        given |= {"published_by": approver, "published_at": now, "number": 1}
    if status == ReportStatus.WITHDRAWN:
        given |= {"withdrawn_by": approver, "withdrawn_at": now, "why_withdrawn": "It named a person."}
    report = Report.objects.create(
        partnership=cycle.partnership,
        title=columns.pop("title", f"{cycle}: report"),
        status=status,
        created_by=by,
        **given | columns,
    )
    ReportCycle.objects.create(report=report, cycle=cycle, position=1)
    return report


def make_snapshot(report: Report, content: str = CONTENT) -> Snapshot:
    return Snapshot.objects.create(
        report=report,
        content=content,
        ledger="[]",
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        frozen_at=timezone.now(),
    )


def make_file(report: Report, content: bytes = b"%PDF-1.7", kind: FileKind = FileKind.PDF) -> PublishedFile:
    file = PublishedFile(
        report=report,
        kind=kind,
        name=f"report.{kind}",
        content_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    file.file.save("x", ContentFile(content), save=False)
    file.save()
    return file


def make_full_cycle(cast: Any, *, agencies: int = 12, slug: str = "2026") -> Cycle:
    """Closed, with so many audits of the standard variant, each scored its own way."""
    bank = Questionnaire.objects.filter(edition="2026-27").first() or factories.make_questionnaire()
    cycle = factories.make_cycle(
        cast.partnership, slug=slug, questionnaires=(bank,), status=CycleStatus.CLOSED
    )
    organisations = make_organisations(
        cast.partnership, {f"Agency {number}": f"agency-{number}" for number in range(agencies)}
    )
    submit_audits(
        cycle,
        organisations,
        [
            {"A1.1": 2, "A1.2": 2 if number % 3 else 1, "A2.1": 2, "A2.2": number % 2 + 1}
            for number in range(agencies)
        ],
    )
    return cycle


def approve(report: Report, *, author: User, approver: User) -> Report:
    """Through the verbs."""
    send_to_review(report=report, by=author)
    approve_report(report=report, seen_digest=compose(report).digest, by=approver)
    report.refresh_from_db()
    return report


def publish_now(report: Report, *, by: User) -> Report:
    """Without the commit that a test never makes: the job is run by hand."""
    publication = ask_publication(report=report, seen_digest=compose(report).digest, by=by)
    publish.call(publication.pk)
    report.refresh_from_db()
    return report


def make_report_world(cycle: Cycle, cast: Any) -> dict[str, int]:
    """One report in each state, all by the administrator; the published one is report 1."""
    made = {}
    for status in (ReportStatus.DRAFT, ReportStatus.IN_REVIEW, ReportStatus.APPROVED, ReportStatus.PUBLISHED):
        report = begin_report(
            partnership=cycle.partnership, title=f"A report, {status}", cycles=[cycle], by=cast.administrator
        )
        made[f"report_{status}"] = report
        if status == ReportStatus.IN_REVIEW:
            send_to_review(report=report, by=cast.administrator)
        elif status != ReportStatus.DRAFT:
            approve(report, author=cast.administrator, approver=cast.quality_officer)
    pdf = MadeFile(FileKind.PDF, "report.pdf", "application/pdf", b"%PDF-1.7")
    with patch("accountability.publishing.make_files", return_value=[pdf]):
        publish_now(made["report_published"], by=cast.publisher)
    draft_papers(report=made["report_published"])
    section = made["report_draft"].sections.first()
    assert section is not None
    comment = section.comments.create(text="Say who took part.", by=section.report.created_by)
    by: dict[str, Any] = {"by": cast.administrator, "approver": cast.quality_officer}
    old = make_report(cycle, status=ReportStatus.CORRECTED, number=2, **by)
    correction = make_report(cycle, corrects=old, version=2, **by)
    erratum = correction.errata.create(text="It was 11.", by=cast.administrator)
    return {
        "report_correction": correction.pk,
        "report_erratum": erratum.pk,
        **make_poster_world(made["report_published"], cast),
        "report_section": section.pk,
        "report_comment": comment.pk,
        **{name: report.pk for name, report in made.items()},
    }


def make_poster_world(report: Report, cast: Any) -> dict[str, int]:
    """Of a published report: a finding, a poster on its way, and one that is public as number 1."""
    finding = Finding.objects.create(
        partnership=report.partnership,
        report=report,
        title="Staff know whom to tell",
        created_by=cast.administrator,
    )
    finding.themes.set(Theme.objects.all()[:1])
    draft, public = (
        begin_poster(report=report, kind=PosterKind.POSTER, by=cast.administrator) for _ in range(2)
    )
    ask_poster(poster=public, seen_version=public.version, by=cast.publisher)
    sheet = MadeFile(FileKind.PDF, "poster.pdf", "application/pdf", b"%PDF-1.7")
    with patch("accountability.poster_publishing.make_poster_files", return_value=[sheet]):
        publish_poster.call(public.pk)
    Finding.objects.filter(pk=finding.pk).update(status="draft", published_at=None)
    drawn = PosterSheet(poster=draft, asked_by=cast.administrator, version=1, size=1, made_at=timezone.now())
    drawn.file.save("x", ContentFile(b"%PDF-1.7"))
    return {
        "finding": finding.pk,
        "poster": draft.pk,
        "poster_box": draft.boxes.all()[0].pk,
        "poster_published": public.pk,
    }
