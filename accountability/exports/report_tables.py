"""Reports to the public, on their way and published."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.exports.columns import keep, name_people
from accountability.models import (
    Erratum,
    Publication,
    Report,
    ReportComment,
    ReportCycle,
    ReportEvent,
    ReportSection,
    Snapshot,
)
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table


def list_report_tables(partnership: Partnership) -> Iterator[Table]:
    here = {"report__partnership": partnership}
    yield make_table(
        "reports",
        "reports to the public, a row a version; without a number while it is on its way",
        Report.objects.of(partnership),
        keep("id", "number", "version", "title", "series", "licence", "status")
        | {"corrects": "corrects_id", "created_by": "created_by__email", "created_at": "created_at"}
        | {"approved_by": "approved_by__email", "approved_at": "approved_at"}
        | {"published_by": "published_by__email", "published_at": "published_at"}
        | {"withdrawn_by": "withdrawn_by__email", "withdrawn_at": "withdrawn_at"}
        | {"why_withdrawn": "why_withdrawn"},
    )
    yield make_table(
        "report-cycles",
        "which cycles each is about; report is an id in reports",
        ReportCycle.objects.filter(**here),
        {"report": "report_id", "cycle": "cycle__slug", "position": "position"},
    )
    yield make_table(
        "report-sections",
        "their words: as drafted and as changed, numbers as tokens in double brackets",
        ReportSection.objects.filter(**here),
        {"report": "report_id"}
        | keep("kind", "subject", "title", "position", "drafted", "drafted_at", "text", "removed_at")
        | {"edited_by": "edited_by__email", "edited_at": "edited_at"},
    )
    yield make_table(
        "report-comments",
        "what colleagues said of a section",
        ReportComment.objects.filter(section__report__partnership=partnership),
        {"report": "section__report_id", "section": "section__kind", "subject": "section__subject"}
        | {"text": "text", "by": "by__email", "at": "at"}
        | {"resolved_by": "resolved_by__email", "resolved_at": "resolved_at"},
    )
    yield make_table(
        "report-errata",
        "what a version puts right",
        Erratum.objects.filter(**here),
        {"report": "report_id", "text": "text", "by": "by__email", "at": "at"},
    )
    yield make_table(
        "report-events",
        "who did what with a report",
        ReportEvent.objects.filter(**here),
        {"report": "report_id", "kind": "kind", "detail": "detail", "by": "by__email", "at": "at"},
    )
    yield make_table(
        "report-snapshots",
        "figures and words as they were frozen; ledger says which organisations are in which figure, never publish it",
        Snapshot.objects.filter(**here),
        keep("report", "content", "ledger", "sha256", "frozen_at"),
    )
    yield make_table(
        "report-publications",
        "each attempt to publish one, and why it failed",
        Publication.objects.filter(**here),
        {"report": "report_id"}
        | name_people("asked_by")
        | keep("asked_at", "started_at", "finished_at", "error"),
    )
