"""Reports, findings and posters, and what the board is given."""

from __future__ import annotations

from django.contrib import admin

from accountability.admin.bases import OfMeetings
from accountability.models import (
    BoardPaper,
    Erratum,
    Finding,
    FindingFigure,
    Poster,
    PosterBox,
    PosterNumber,
    PosterSheet,
    Publication,
    PublishedFile,
    Report,
    ReportComment,
    ReportCycle,
    ReportEvent,
    ReportSection,
    Snapshot,
)

# Reports, findings and posters ----------------------------------------------------------------------------------------


@admin.register(Report)
class ReportAdmin(OfMeetings):
    list_display = ("pk", "partnership_id", "number", "version", "title", "status", "published_at")


@admin.register(ReportCycle)
class ReportCycleAdmin(OfMeetings):
    list_display = ("pk", "report_id", "cycle_id", "position")


@admin.register(ReportSection)
class ReportSectionAdmin(OfMeetings):
    list_display = ("pk", "report_id", "kind", "subject", "version", "edited_at")


@admin.register(ReportComment)
class ReportCommentAdmin(OfMeetings):
    list_display = ("pk", "section_id", "by_id", "at", "resolved_at")


@admin.register(ReportEvent)
class ReportEventAdmin(OfMeetings):
    list_display = ("pk", "report_id", "kind", "by_id", "at")


@admin.register(Erratum)
class ErratumAdmin(OfMeetings):
    list_display = ("pk", "report_id", "by_id", "at")


@admin.register(Publication)
class PublicationAdmin(OfMeetings):
    list_display = ("pk", "report_id", "asked_at", "started_at", "finished_at", "error")
    # Who is in which figure is no business of anybody who looks.
    exclude = ("ledger",)


@admin.register(Snapshot)
class SnapshotAdmin(OfMeetings):
    list_display = ("pk", "report_id", "sha256", "frozen_at")
    # Likewise.
    exclude = ("ledger",)


@admin.register(PublishedFile)
class PublishedFileAdmin(OfMeetings):
    list_display = ("pk", "report_id", "poster_id", "kind", "name", "size", "sha256")


@admin.register(Finding)
class FindingAdmin(OfMeetings):
    list_display = ("pk", "partnership_id", "title", "status", "position")


@admin.register(FindingFigure)
class FindingFigureAdmin(OfMeetings):
    list_display = ("pk", "finding_id", "path", "text")


@admin.register(Poster)
class PosterAdmin(OfMeetings):
    list_display = ("pk", "partnership_id", "kind", "title", "number", "status")


@admin.register(PosterBox)
class PosterBoxAdmin(OfMeetings):
    list_display = ("pk", "poster_id", "position", "heading")


@admin.register(PosterNumber)
class PosterNumberAdmin(OfMeetings):
    list_display = ("pk", "poster_id", "words", "confirmed_at")


@admin.register(PosterSheet)
class PosterSheetAdmin(OfMeetings):
    list_display = ("pk", "poster_id", "version", "size", "made_at", "error")


@admin.register(BoardPaper)
class BoardPaperAdmin(OfMeetings):
    list_display = ("pk", "report_id", "kind", "version", "edited_at", "pdf_made_at")
