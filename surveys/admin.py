"""The Django admin, for repair and not for daily work: nearly everything can be looked at and little changed.

What a workflow wrote as history or as figures (answers, changes, events, scorecards) is never changed here.
"""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from surveys.admin_bases import LookedAt, OfAudit, Repaired
from surveys.models import (
    Action,
    ActionReminder,
    ActionUpdate,
    ActionVerification,
    Answer,
    AnswerChange,
    AnswerEvidence,
    AnswerSheet,
    Assignment,
    Audit,
    AuditEvent,
    Calibration,
    CalibrationItem,
    CalibrationScore,
    CalibrationScorer,
    Clarification,
    Correction,
    Cycle,
    CycleQuestionnaire,
    CycleSurvey,
    CycleText,
    Document,
    Escalation,
    Evidence,
    EvidenceChange,
    EvidenceVersion,
    FreshnessReminder,
    Indicator,
    Invitee,
    Message,
    MessageAttachment,
    Moderation,
    ModerationSample,
    OwnToolReturn,
    PassportUpload,
    PractitionerSurvey,
    ProfileAnswer,
    ProfileChange,
    ProfileQuestion,
    Questionnaire,
    Recheck,
    SavedView,
    Scorecard,
    SeriesClose,
    SignOff,
    Standard,
    SupportConcern,
    SupportNote,
    SupportOffer,
    SurveyStatement,
    TableUpload,
    Theme,
)


@admin.register(Theme)
class ThemeAdmin(LookedAt):
    list_display = ("code", "title", "position")


@admin.register(Questionnaire)
class QuestionnaireAdmin(LookedAt):
    """Changed by `load_questionnaires` alone."""

    list_display = ("title", "variant", "edition", "revision", "partnership", "loaded_at")
    list_filter = ("variant", "edition")
    list_select_related = ("partnership",)


@admin.register(ProfileQuestion)
class ProfileQuestionAdmin(LookedAt):
    list_display = ("code", "text", "questionnaire")
    list_select_related = ("questionnaire",)


@admin.register(Standard)
class StandardAdmin(LookedAt):
    list_display = ("code", "title", "questionnaire")
    list_select_related = ("questionnaire",)


@admin.register(Indicator)
class IndicatorAdmin(LookedAt):
    list_display = ("code", "key", "questionnaire")
    list_select_related = ("questionnaire",)
    search_fields = ("key", "text")


@admin.register(Cycle)
class CycleAdmin(Repaired):
    """A wrong day or title can be put right in an open cycle too."""

    list_display = ("title", "partnership", "status", "opens_on", "closes_on")
    list_filter = ("status",)
    list_select_related = ("partnership",)
    repaired = ("title", "opens_on", "closes_on")


@admin.register(CycleQuestionnaire)
class CycleQuestionnaireAdmin(LookedAt):
    list_display = ("cycle", "variant", "questionnaire")
    list_select_related = ("cycle", "questionnaire")


@admin.register(Invitee)
class InviteeAdmin(Repaired):
    """An agreement of a closed cycle can be put right here, and nowhere else."""

    list_display = ("organisation", "cycle", "obligation", "extended_to", "exempt_reason")
    list_select_related = ("organisation", "cycle")
    search_fields = ("organisation__name",)
    repaired = ("obligation", "extended_to", "extension_reason", "exempt_reason")


@admin.register(Audit)
class AuditAdmin(LookedAt):
    list_display = ("invitee", "status", "submission", "submitted_at")
    list_filter = ("status",)
    list_select_related = ("invitee__organisation", "invitee__cycle")
    search_fields = ("invitee__organisation__name",)


@admin.register(Answer)
class AnswerAdmin(OfAudit):
    list_display = ("pk", "audit_id", "indicator_id", "score", "version", "updated_at")


@admin.register(AnswerChange)
class AnswerChangeAdmin(OfAudit):
    list_display = ("pk", "answer_id", "version", "score_before", "score_after", "at")


@admin.register(ProfileAnswer)
class ProfileAnswerAdmin(OfAudit):
    list_display = ("pk", "audit_id", "question_id", "version", "updated_at")


@admin.register(ProfileChange)
class ProfileChangeAdmin(OfAudit):
    list_display = ("pk", "answer_id", "version", "value_before", "value_after", "at")


@admin.register(AuditEvent)
class AuditEventAdmin(OfAudit):
    list_display = ("pk", "audit_id", "kind", "at", "detail")


@admin.register(Evidence)
class EvidenceAdmin(OfAudit):
    list_display = ("pk", "organisation_id", "kind", "title", "expires_on", "removed_at")


@admin.register(EvidenceVersion)
class EvidenceVersionAdmin(OfAudit):
    list_display = ("pk", "evidence_id", "number", "content_type", "size", "scan_state")
    # Django 5.2 warns about the scheme that a form field for it would assume; nothing here is typed.
    readonly_fields = ("url",)


@admin.register(AnswerEvidence)
class AnswerEvidenceAdmin(OfAudit):
    list_display = ("pk", "answer_id", "evidence_id", "submitted_version_id", "removed_at")


@admin.register(EvidenceChange)
class EvidenceChangeAdmin(OfAudit):
    list_display = ("pk", "answer_id", "evidence_id", "is_put_on", "by", "at")


@admin.register(Action)
class ActionAdmin(OfAudit):
    list_display = ("pk", "participation_id", "origin", "status", "due_on", "first_due_on")


@admin.register(ActionUpdate)
class ActionUpdateAdmin(OfAudit):
    list_display = ("pk", "action_id", "status_after", "percent_after", "at")


@admin.register(ActionVerification)
class ActionVerificationAdmin(OfAudit):
    list_display = ("pk", "action_id", "outcome", "by_id", "at")


@admin.register(ActionReminder)
class ActionReminderAdmin(OfAudit):
    list_display = ("pk", "action_id", "due_on", "claimed_at", "sent_at")


@admin.register(Recheck)
class RecheckAdmin(OfAudit):
    list_display = ("pk", "participation_id", "code", "by_id", "at")


@admin.register(FreshnessReminder)
class FreshnessReminderAdmin(OfAudit):
    list_display = ("pk", "user_id", "month", "looked_on", "sent_at")


@admin.register(Assignment)
class AssignmentAdmin(OfAudit):
    list_display = ("pk", "audit_id", "user_id", "standard_id", "indicator_id", "at")


@admin.register(SignOff)
class SignOffAdmin(OfAudit):
    list_display = ("pk", "audit_id", "decision", "asked_at", "decided_at", "submission")


@admin.register(Correction)
class CorrectionAdmin(OfAudit):
    list_display = ("pk", "audit_id", "submission", "at")


@admin.register(OwnToolReturn)
class OwnToolReturnAdmin(OfAudit):
    list_display = ("pk", "invitee_id", "title", "submitted_at")


@admin.register(Scorecard)
class ScorecardAdmin(OfAudit):
    list_display = ("pk", "audit_id", "series", "submission", "scope", "n", "sum", "grade")


@admin.register(PassportUpload)
class PassportUploadAdmin(OfAudit):
    list_display = ("pk", "audit_id", "uploaded_by_id", "uploaded_at")


@admin.register(AnswerSheet)
class AnswerSheetAdmin(OfAudit):
    list_display = ("pk", "audit_id", "uploaded_by_id", "uploaded_at")


@admin.register(Moderation)
class ModerationAdmin(OfAudit):
    list_display = ("pk", "answer_id", "submission", "series", "version", "score", "at")


@admin.register(ModerationSample)
class ModerationSampleAdmin(OfAudit):
    list_display = ("pk", "cycle_id", "rule", "size", "seed", "at")


@admin.register(Clarification)
class ClarificationAdmin(OfAudit):
    list_display = ("pk", "answer_id", "asked_at", "replied_at", "closed_at", "accepted")


@admin.register(SeriesClose)
class SeriesCloseAdmin(OfAudit):
    list_display = ("pk", "audit_id", "submission", "series", "at")


@admin.register(SupportOffer)
class SupportOfferAdmin(OfAudit):
    list_display = ("pk", "invitee_id", "status", "answer", "outcome", "made_at")


@admin.register(SupportConcern)
class SupportConcernAdmin(OfAudit):
    list_display = ("pk", "offer_id", "kind")


@admin.register(SupportNote)
class SupportNoteAdmin(OfAudit):
    list_display = ("pk", "offer_id", "status", "answer", "at")


@admin.register(Calibration)
class CalibrationAdmin(OfAudit):
    list_display = ("pk", "cycle_id", "rule", "size", "seed", "at")


@admin.register(CalibrationItem)
class CalibrationItemAdmin(OfAudit):
    list_display = ("pk", "calibration_id", "position", "answer_id", "submission")


@admin.register(CalibrationScorer)
class CalibrationScorerAdmin(OfAudit):
    list_display = ("pk", "calibration_id", "user_id", "finished_at")


@admin.register(CalibrationScore)
class CalibrationScoreAdmin(OfAudit):
    list_display = ("pk", "item_id", "scorer_id", "at")


@admin.register(CycleSurvey)
class CycleSurveyAdmin(OfAudit):
    list_display = ("pk", "cycle_id", "switched_on_at")


@admin.register(SurveyStatement)
class SurveyStatementAdmin(OfAudit):
    list_display = ("pk", "round_id", "variant", "code", "key")


@admin.register(PractitionerSurvey)
class PractitionerSurveyAdmin(OfAudit):
    """Without its counts, as their table is not here at all: who looks twice would see what was answered between."""

    list_display = ("pk", "invitee_id", "closes_on", "opened_at", "closed_at")
    exclude = ("responses",)


@admin.register(Message)
class MessageAdmin(OfAudit):
    list_display = ("pk", "kind", "status", "organisation_id", "due_at", "sent_at")
    list_filter = ("status", "kind")
    # It opens without a session: nobody's but the receiver's.
    exclude = ("personal_link",)


@admin.register(MessageAttachment)
class MessageAttachmentAdmin(OfAudit):
    list_display = ("pk", "message_id", "name", "content_type")


@admin.register(CycleText)
class CycleTextAdmin(OfAudit):
    list_display = ("pk", "cycle_id", "kind", "subject", "updated_at")


@admin.register(Escalation)
class EscalationAdmin(OfAudit):
    list_display = ("pk", "invitee_id", "step", "by_id", "at")


@admin.register(SavedView)
class SavedViewAdmin(OfAudit):
    list_display = ("pk", "partnership_id", "user_id", "name")


@admin.register(Document)
class DocumentAdmin(LookedAt):
    """A file that was built wrongly is deleted here, and asked for again on its page."""

    list_display = ("kind", "format", "requested_at", "built_at", "error")
    list_filter = ("kind",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(TableUpload)
class TableUploadAdmin(LookedAt):
    """What is waiting or was saved today; each goes by itself after a day."""

    list_display = ("name", "table", "partnership", "uploaded_by", "uploaded_at", "confirmed_at", "saved_at")
    list_select_related = ("partnership", "uploaded_by")
    # It holds what other people's rows say.
    exclude = ("preview",)
