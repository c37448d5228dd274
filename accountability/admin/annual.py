"""What the annual report is written from: multi-agency audits, returns, what children and families said."""

from __future__ import annotations

from django.contrib import admin

from accountability.admin.bases import OfMeetings
from accountability.models import (
    AgencyReturn,
    AgencyReturnEvent,
    AgencyReturnPart,
    AgencyReturnPicture,
    MultiAgencyAudit,
    Reflection,
    ReflectionSummary,
    ReturnRequest,
    Voice,
    VoiceChoice,
    VoiceConsent,
)

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
