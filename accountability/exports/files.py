"""The files that went out: what was published, and the papers of meetings that were signed, final or sent."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accountability.enums import LetterStatus, MinutesStatus
from accountability.exports.board_tables import write_board_files
from accountability.exports.return_tables import write_return_files
from accountability.models import FeedbackReport, Paper, PublishedFile
from s11.organisations.models import Partnership
from surveys.enums import DocumentKind
from surveys.exports.files import write_file
from surveys.exports.tables import BATCH, Row, Table
from surveys.models import Document
from surveys.passport_archives import ArchiveWriter

PUBLISHED = ("report", "poster", "kind", "name", "content_type", "size", "sha256", "file")
PAPERS = ("kind", "organisation", "cycle", "number", "file", "sha256", "built_at")
FEEDBACK = ("organisation", "cycle", "issue", "file", "sha256", "built_at")


def write_accountability_files(writer: ArchiveWriter, partnership: Partnership) -> int:
    """All of them; how many."""
    before = len(writer.written)
    for file in _list_published(partnership).iterator(BATCH):
        write_file(writer, _name_published(file), file.file)
    for paper in _list_papers(partnership).iterator(BATCH):
        write_file(writer, _name_document("papers", paper.document), paper.document.file)
    for report in _list_feedback(partnership).iterator(BATCH):
        write_file(writer, _name_document("feedback", report.document), report.document.file)
    write_board_files(writer, partnership)
    write_return_files(writer, partnership)
    return len(writer.written) - before


def list_file_tables(writer: ArchiveWriter, partnership: Partnership) -> Iterator[Table]:
    """After `write_accountability_files`: a row names a file only where it is in the zip."""

    def list_published() -> Iterator[Row]:
        for one in _list_published(partnership).iterator(BATCH):
            name = _name_published(one)
            about = {column: getattr(one, column) for column in PUBLISHED[2:-1]}
            yield {"report": one.report_id, "poster": one.poster_id, **about} | {
                "file": name if name in writer.written else ""
            }

    def list_papers() -> Iterator[Row]:
        for paper in _list_papers(partnership).iterator(BATCH):
            yield _make_paper_row(writer, paper)

    def list_feedback() -> Iterator[Row]:
        for report in _list_feedback(partnership).iterator(BATCH):
            invitee = report.audit.invitee
            about = {"organisation": invitee.organisation.slug, "cycle": invitee.cycle.slug}
            yield about | {"issue": report.issue.number} | _say_file(writer, "feedback", report.document)

    yield Table("published-files", "the files of published reports and posters", PUBLISHED, list_published)
    yield Table(
        "papers",
        "letters that were signed, final minutes, and each release’s timetable (number), as PDF",
        PAPERS,
        list_papers,
    )
    yield Table(
        "feedback-reports", "what each agency was given back in an issue, as PDF", FEEDBACK, list_feedback
    )


# Which ones -----------------------------------------------------------------------------------------------------------


def _list_published(partnership: Partnership) -> QuerySet[PublishedFile]:
    here = Q(report__partnership=partnership) | Q(poster__partnership=partnership)
    return PublishedFile.objects.filter(here).order_by("pk")


def _list_papers(partnership: Partnership) -> QuerySet[Paper]:
    """As they hold: one that was asked for before a signature, or before minutes were final, says something else.

    Packs and drafts are left out: they can be made again, and say what the tables say.
    """
    made = Paper.objects.exclude(document__file="")
    signed = Q(
        document__kind=DocumentKind.MEETING_LETTER,
        meeting__letter__status__in=(LetterStatus.SIGNED, LetterStatus.SENT),
        document__requested_at__gte=F("meeting__letter__signed_at"),
    )
    final = Q(
        document__kind=DocumentKind.MINUTES,
        meeting__minutes__status=MinutesStatus.FINAL,
        document__requested_at__gte=F("meeting__minutes__final_at"),
    )
    timetable = Q(document__kind=DocumentKind.TIMETABLE, release__isnull=False)
    late = Q(document__kind=DocumentKind.LATE_LETTER, late_letter__isnull=False)
    newer = made.filter(pk__gt=OuterRef("pk"), document__kind=OuterRef("document__kind")).filter(
        Q(meeting=OuterRef("meeting")) | Q(release=OuterRef("release"))
    )
    found = made.filter(document__partnership=partnership)
    return (
        found.filter(late | (Q(signed | final | timetable) & ~Exists(newer)))
        .select_related("document__cycle", "meeting__invitee__organisation", "release")
        .order_by("pk")
    )


def _list_feedback(partnership: Partnership) -> QuerySet[FeedbackReport]:
    """Of issues that agencies were told of: until then a file is nobody's."""
    found = FeedbackReport.objects.filter(
        issue__cycle__partnership=partnership, issue__told_at__isnull=False
    ).exclude(document__file="")
    return found.select_related(
        "document", "issue", "audit__invitee__organisation", "audit__invitee__cycle"
    ).order_by("pk")


# What they are --------------------------------------------------------------------------------------------------------


def _name_published(file: PublishedFile) -> str:
    return f"published/{file.name}"


def _name_document(folder: str, document: Document) -> str:
    return f"{folder}/{document.pk:06}-{document.kind.replace('_', '-')}.{document.format}"


def _make_paper_row(writer: ArchiveWriter, paper: Paper) -> Row:
    document, meeting, release = paper.document, paper.meeting, paper.release
    assert document.cycle is not None  # a check constraint promises one to papers of meetings
    return {
        "kind": document.kind,
        "organisation": meeting.organisation.slug if meeting is not None else "",
        "cycle": document.cycle.slug,
        "number": release.number if release is not None else None,
    } | _say_file(writer, "papers", document)


def _say_file(writer: ArchiveWriter, folder: str, document: Document) -> Row:
    name = _name_document(folder, document)
    there = writer.written.get(name)
    return {
        "file": name if there else "",
        "sha256": there.sha256 if there else "",
        "built_at": document.built_at,
    }
