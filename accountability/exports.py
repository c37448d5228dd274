"""Reports in the export of all that a partnership owns: on their way and published, with their files."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from accountability.models import (
    Erratum,
    PublishedFile,
    Report,
    ReportComment,
    ReportCycle,
    ReportEvent,
    ReportSection,
    Snapshot,
)
from s11.organisations.models import Partnership
from surveys.exports.files import write_file
from surveys.exports.tables import Row, Table, make_table
from surveys.passport_archives import ArchiveWriter


def list_files(partnership: Partnership) -> QuerySet[PublishedFile]:
    """Of reports; what a poster publishes is its own."""
    return PublishedFile.objects.filter(report__partnership=partnership).select_related("report")


def name_file(file: PublishedFile) -> str:
    return f"published/{file.name}"


def write_published_files(writer: ArchiveWriter, partnership: Partnership) -> int:
    before = len(writer.written)
    for file in list_files(partnership).order_by("pk").iterator():
        write_file(writer, name_file(file), file.file)
    return len(writer.written) - before


def list_report_tables(writer: ArchiveWriter, partnership: Partnership) -> Iterator[Table]:
    here = {"report__partnership": partnership}
    yield make_table(
        "reports",
        "reports to the public, a row a version; without a number while it is on its way",
        Report.objects.of(partnership),
        {name: name for name in ("id", "number", "version", "title", "series", "licence", "status")}
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
        | {name: name for name in ("kind", "subject", "title", "position", "drafted", "drafted_at", "text")}
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
        {name: name for name in ("report", "content", "ledger", "sha256", "frozen_at")},
    )
    yield _list_published_files(writer, partnership)


def _list_published_files(writer: ArchiveWriter, partnership: Partnership) -> Table:
    columns = ("report", "kind", "name", "content_type", "size", "sha256", "file")

    def list_rows() -> Iterator[Row]:
        for one in list_files(partnership).order_by("pk").iterator():
            name = name_file(one)
            yield {
                "report": one.report_id,
                "kind": one.kind,
                "name": one.name,
                "content_type": one.content_type,
                "size": one.size,
                "sha256": one.sha256,
                "file": name if name in writer.written else None,
            }

    return Table("published-files", "the files of published reports", columns, list_rows)
