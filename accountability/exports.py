"""Reports, findings and posters in the export of all that a partnership owns, with what was published of them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from accountability.models import (
    BoardPaper,
    Erratum,
    Finding,
    FindingFigure,
    Poster,
    PosterBox,
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
    of_report, of_poster = Q(report__partnership=partnership), Q(poster__partnership=partnership)
    return PublishedFile.objects.filter(of_report | of_poster)


def name_file(file: PublishedFile) -> str:
    return f"published/{file.pk:06}-{file.name}"


def write_published_files(writer: ArchiveWriter, partnership: Partnership) -> int:
    before = len(writer.written)
    for file in list_files(partnership).order_by("pk").iterator():
        write_file(writer, name_file(file), file.file)
    return len(writer.written) - before


def list_report_tables(writer: ArchiveWriter, partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "reports",
        "reports to the public, a row a version; without a number while it is on its way",
        Report.objects.of(partnership),
        _same("id", "number", "version", "title", "series", "licence", "status")
        | {"corrects": "corrects_id", "created_by": "created_by__email", "created_at": "created_at"}
        | {"approved_by": "approved_by__email", "approved_at": "approved_at"}
        | {"published_by": "published_by__email", "published_at": "published_at"}
        | {"withdrawn_by": "withdrawn_by__email", "withdrawn_at": "withdrawn_at"}
        | _same("why_withdrawn"),
    )
    yield from _list_words(partnership)
    yield from _list_what_happened(partnership)
    yield from _list_findings(partnership)
    yield _list_published_files(writer, partnership)


def _list_words(partnership: Partnership) -> Iterator[Table]:
    here = {"report__partnership": partnership}
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
        | _same("kind", "subject", "title", "position", "drafted", "drafted_at", "text")
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


def _list_what_happened(partnership: Partnership) -> Iterator[Table]:
    here = {"report__partnership": partnership}
    yield make_table(
        "board-papers",
        "what the board is given about a report: as drafted and as changed, numbers as tokens in double brackets",
        BoardPaper.objects.filter(**here),
        {name: name for name in ("kind", "meetings", "drafted", "drafted_at", "text", "training", "version")}
        | {"report": "report_id", "compared_with": "compared_with_id"}
        | {"edited_by": "edited_by__email", "edited_at": "edited_at"},
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
        "figures and words as they were frozen; ledger says who is in which figure, never publish it",
        Snapshot.objects.filter(**here),
        _same("report", "content", "ledger", "sha256", "frozen_at"),
    )


def _list_findings(partnership: Partnership) -> Iterator[Table]:
    of = {"report": "report_id", "cycle": "cycle__slug"}
    yield make_table(
        "findings",
        "what holds across agencies",
        Finding.objects.filter(partnership=partnership),
        _same("id") | of | _same("position", "title", "found", "why_it_matters", "next_steps", "status"),
    )
    yield make_table(
        "finding-themes",
        "the themes of each; finding is an id in findings",
        Finding.objects.filter(partnership=partnership, themes__isnull=False),
        {"finding": "id", "theme": "themes__code"},
    )
    yield make_table(
        "finding-figures",
        "the figures behind each",
        FindingFigure.objects.filter(finding__partnership=partnership),
        {"finding": "finding_id"} | _same("path", "label", "text", "position"),
    )
    yield make_table(
        "posters",
        "posters and briefings made of findings",
        Poster.objects.filter(partnership=partnership),
        _same("id", "number", "kind", "title", "status") | of | {"published_at": "published_at"},
    )
    yield make_table(
        "poster-boxes",
        "their words; poster is an id in posters",
        PosterBox.objects.filter(poster__partnership=partnership),
        {"poster": "poster_id", "finding": "finding_id"} | _same("position", "heading", "figure", "text"),
    )


def _list_published_files(writer: ArchiveWriter, partnership: Partnership) -> Table:
    columns = ("report", "poster", "kind", "name", "content_type", "size", "sha256", "file")

    def list_rows() -> Iterator[Row]:
        for one in list_files(partnership).order_by("pk").iterator():
            name = name_file(one)
            yield {
                "report": one.report_id,
                "poster": one.poster_id,
                "kind": one.kind,
                "name": one.name,
                "content_type": one.content_type,
                "size": one.size,
                "sha256": one.sha256,
                "file": name if name in writer.written else None,
            }

    return Table("published-files", "the files of published reports and posters", columns, list_rows)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}
