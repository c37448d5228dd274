"""Makers of reports in each state, with the fewest arguments that make sense."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.enums import FileKind, ReportStatus
from accountability.models import PublishedFile, Report, ReportCycle, Snapshot
from s11.organisations.models import User
from surveys.models import Cycle

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
