"""The Django admin of meetings and reports, to look at and for nothing else: each row has its page, with its rules."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accountability.models import (
    AgencyReturn,
    AgencyReturnEvent,
    AgencyReturnPart,
    AgencyReturnPicture,
    AgendaItem,
    Availability,
    BoardPaper,
    CalendarFeed,
    Chase,
    Correction,
    Course,
    CourseSubject,
    DayBreak,
    Erratum,
    FeedbackIssue,
    FeedbackReading,
    FeedbackReport,
    Finding,
    FindingFigure,
    GoodPractice,
    Interest,
    LateLetter,
    Letter,
    LineOfEnquiry,
    Meeting,
    MeetingDay,
    MeetingReason,
    Minutes,
    MultiAgencyAudit,
    Note,
    Panel,
    PanelMember,
    Paper,
    Passage,
    Place,
    Poster,
    PosterBox,
    PosterNumber,
    PosterSheet,
    Publication,
    PublishedFile,
    Recommendation,
    RecommendationEvent,
    Reflection,
    ReflectionSummary,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Report,
    ReportComment,
    ReportCycle,
    ReportEvent,
    ReportSection,
    Representative,
    ReturnRequest,
    ScoreProposal,
    Seat,
    SectorFigure,
    Snapshot,
    TimetableRun,
    Voice,
    VoiceChoice,
    VoiceConsent,
)
from surveys.admin_bases import LookedAt


class OfMeetings(LookedAt):
    """Shown by id, because a row's name would cost queries for each."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("-pk")


@admin.register(Panel)
class PanelAdmin(LookedAt):
    list_display = ("cycle", "seats", "sectors", "tracks")
    list_select_related = ("cycle__partnership",)


@admin.register(PanelMember)
class PanelMemberAdmin(OfMeetings):
    list_display = ("pk", "panel_id", "officer_id", "contact_id", "sector", "may_chair", "is_active")
    # Half of a secret is no business of anybody who looks.
    exclude = ("link_nonce",)


@admin.register(Interest)
class InterestAdmin(OfMeetings):
    list_display = ("pk", "member_id", "organisation_id", "kind", "declared_at")


@admin.register(MeetingDay)
class MeetingDayAdmin(OfMeetings):
    list_display = ("pk", "panel_id", "date", "starts_at", "ends_at", "minutes")


@admin.register(DayBreak)
class DayBreakAdmin(OfMeetings):
    list_display = ("pk", "day_id", "name", "starts_at", "ends_at")


@admin.register(Place)
class PlaceAdmin(OfMeetings):
    list_display = ("pk", "day_id", "track", "kind", "name")
    # Django 5.2 warns about the scheme that a form field for it would assume; nothing here is typed.
    readonly_fields = ("link",)


@admin.register(Availability)
class AvailabilityAdmin(OfMeetings):
    list_display = ("pk", "day_id", "half", "member_id", "meeting_id", "answer", "at")


@admin.register(Meeting)
class MeetingAdmin(OfMeetings):
    list_display = ("pk", "panel_id", "invitee_id", "status", "day_id", "starts_at", "track", "told_at")


@admin.register(MeetingReason)
class MeetingReasonAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "kind", "sentence")


@admin.register(Seat)
class SeatAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "member_id", "is_chair", "attended")


@admin.register(Representative)
class RepresentativeAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "name", "attended")


@admin.register(TimetableRun)
class TimetableRunAdmin(OfMeetings):
    list_display = ("pk", "panel_id", "status", "proof", "placed", "unplaced", "asked_at")


@admin.register(Release)
class ReleaseAdmin(OfMeetings):
    list_display = ("pk", "panel_id", "number", "by_id", "at")


@admin.register(ReleasedMeeting)
class ReleasedMeetingAdmin(OfMeetings):
    list_display = ("pk", "release_id", "meeting_id", "date", "starts_at", "track")
    # Django 5.2 warns about the scheme that a form field for it would assume; nothing here is typed.
    readonly_fields = ("link",)


@admin.register(ReleasedSeat)
class ReleasedSeatAdmin(OfMeetings):
    list_display = ("pk", "released_id", "member_id", "is_chair")


@admin.register(AgendaItem)
class AgendaItemAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "kind", "title", "minutes", "position")


@admin.register(Note)
class NoteAdmin(OfMeetings):
    list_display = ("pk", "item_id", "by_id", "version", "updated_at")


@admin.register(LineOfEnquiry)
class LineOfEnquiryAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "origin", "rule", "is_dropped")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LineOfEnquiry]:
        """A private question is its author's alone, not the operator's either."""
        return super().get_queryset(request).filter(is_private=False)


@admin.register(ScoreProposal)
class ScoreProposalAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "answer_id", "score", "status", "at")


@admin.register(GoodPractice)
class GoodPracticeAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "may_be_shared", "at")


@admin.register(Minutes)
class MinutesAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "status", "agreed_at", "final_at")


@admin.register(Passage)
class PassageAdmin(OfMeetings):
    list_display = ("pk", "minutes_id", "item_id", "version", "updated_at")


@admin.register(Correction)
class CorrectionAdmin(OfMeetings):
    list_display = ("pk", "passage_id", "by_name", "decision", "at")


@admin.register(Recommendation)
class RecommendationAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "number", "response", "decision", "respond_by")


@admin.register(Letter)
class LetterAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "status", "due_on", "sent_at")


@admin.register(Paper)
class PaperAdmin(OfMeetings):
    list_display = ("pk", "document_id", "meeting_id", "day_id", "release_id")


@admin.register(CalendarFeed)
class CalendarFeedAdmin(OfMeetings):
    list_display = ("pk", "user_id", "created_at")
    # Half of a secret is no business of anybody who looks.
    exclude = ("link_nonce",)


@admin.register(RecommendationEvent)
class RecommendationEventAdmin(OfMeetings):
    list_display = ("pk", "recommendation_id", "kind", "by_id", "at")


@admin.register(LateLetter)
class LateLetterAdmin(OfMeetings):
    list_display = ("pk", "meeting_id", "contact_id", "subject", "by_id", "at")


@admin.register(Chase)
class ChaseAdmin(OfMeetings):
    list_display = ("pk", "recommendation_id", "about", "step", "due_on", "people", "at")


@admin.register(FeedbackIssue)
class FeedbackIssueAdmin(OfMeetings):
    exclude = ("ledger",)
    list_display = ("pk", "cycle_id", "number", "asked_by_id", "asked_at", "told_at")


@admin.register(SectorFigure)
class SectorFigureAdmin(OfMeetings):
    list_display = ("pk", "issue_id", "cycle_questionnaire_id", "standard_id", "organisations", "median")


@admin.register(FeedbackReport)
class FeedbackReportAdmin(OfMeetings):
    list_display = ("pk", "issue_id", "audit_id", "document_id")


@admin.register(FeedbackReading)
class FeedbackReadingAdmin(OfMeetings):
    list_display = ("pk", "report_id", "user_id", "at")


# Courses --------------------------------------------------------------------------------------------------------------


@admin.register(Course)
class CourseAdmin(OfMeetings):
    list_display = ("pk", "partnership_id", "name", "audience", "is_active", "changed_at")


@admin.register(CourseSubject)
class CourseSubjectAdmin(OfMeetings):
    list_display = ("pk", "course_id", "variant", "code", "key")


# Multi-agency audits --------------------------------------------------------------------------------------------------


@admin.register(MultiAgencyAudit)
class MultiAgencyAuditAdmin(OfMeetings):
    list_display = ("pk", "partnership_id", "title", "method", "month", "reported_on", "again_on")


@admin.register(Reflection)
class ReflectionAdmin(OfMeetings):
    """Neither its key, nor how many answered: who looks twice would see who came between."""

    list_display = ("pk", "audit_id", "closes_on", "opened_at", "closed_at", "forgotten_on")
    exclude = ("link_nonce", "responses")


@admin.register(ReflectionSummary)
class ReflectionSummaryAdmin(OfMeetings):
    list_display = ("pk", "reflection_id", "question", "changed_by_id", "changed_at")


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


@admin.register(ReturnRequest)
class ReturnRequestAdmin(OfMeetings):
    list_display = ("pk", "partnership_id", "begins", "due_on", "asked_at")


@admin.register(AgencyReturn)
class AgencyReturnAdmin(OfMeetings):
    list_display = ("pk", "request_id", "participation_id", "status", "approved_at")


@admin.register(AgencyReturnPart)
class AgencyReturnPartAdmin(OfMeetings):
    list_display = ("pk", "agency_return_id", "heading", "version", "changed_at")


@admin.register(AgencyReturnPicture)
class AgencyReturnPictureAdmin(OfMeetings):
    list_display = ("pk", "agency_return_id", "version_id", "added_at")


@admin.register(AgencyReturnEvent)
class AgencyReturnEventAdmin(OfMeetings):
    list_display = ("pk", "agency_return_id", "kind", "at")


@admin.register(Voice)
class VoiceAdmin(OfMeetings):
    list_display = ("pk", "participation_id", "heard_on", "group", "source", "version", "removed_at")
    # What children said is for those who work with it: whoever repairs a row needs none of it.
    exclude = ("told", "changed", "why_not", "quotation")


@admin.register(VoiceConsent)
class VoiceConsentAdmin(OfMeetings):
    list_display = ("pk", "voice_id", "kind", "giver", "consented_on", "at")


@admin.register(VoiceChoice)
class VoiceChoiceAdmin(OfMeetings):
    list_display = ("pk", "voice_id", "version", "by_id", "at")
