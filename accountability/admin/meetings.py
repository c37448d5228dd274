"""Panels, days and meetings, and what came of them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accountability.admin.bases import OfMeetings
from accountability.models import (
    AgendaItem,
    Availability,
    CalendarFeed,
    Chase,
    Correction,
    Course,
    CourseSubject,
    DayBreak,
    FeedbackIssue,
    FeedbackReading,
    FeedbackReport,
    GoodPractice,
    Interest,
    LateLetter,
    Letter,
    LineOfEnquiry,
    Meeting,
    MeetingDay,
    MeetingReason,
    Minutes,
    Note,
    Panel,
    PanelMember,
    Paper,
    Passage,
    Place,
    Recommendation,
    RecommendationEvent,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Representative,
    ScoreProposal,
    Seat,
    SectorFigure,
    TimetableRun,
)
from surveys.admin_bases import LookedAt


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
