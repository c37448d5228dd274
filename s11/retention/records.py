"""The kinds of record, in the order in which they are destroyed. Nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from accountability.models import Meeting, Voice
from s11.organisations.models import Removal
from s11.retention.audit_records import (
    gather_action,
    gather_audit,
    gather_scorecards,
    gather_survey,
    get_cycle_of_action,
    get_cycle_of_audit,
    list_actions,
    list_audits,
    list_scorecards,
    list_surveys,
    name_actions,
    name_audits,
    name_surveys,
)
from s11.retention.enums import Kind
from s11.retention.loose_records import (
    gather_evidence,
    gather_files,
    gather_mails,
    gather_removal,
    list_evidence,
    list_files,
    list_mails,
    list_removed,
    name_evidence,
    name_months,
    name_removed,
)
from s11.retention.meeting_records import (
    gather_meeting,
    list_meetings,
    name_meetings,
)
from s11.retention.record import Record
from s11.retention.voice_records import gather_voice, list_voices, name_voices
from surveys.models import Action, Audit, Evidence, PractitionerSurvey

RECORDS: Final[Mapping[Kind, Record]] = {
    Kind.MEETING: Record(
        list_meetings,
        name_meetings,
        gather_meeting,
        lambda record: Meeting.objects.values_list("called_at", flat=True).filter(pk=record).first(),
        lambda record: Meeting.objects.values_list("panel__cycle", flat=True).filter(pk=record).first(),
    ),
    Kind.ACTION: Record(
        list_actions,
        name_actions,
        gather_action,
        lambda record: Action.objects.values_list("created_at", flat=True).filter(pk=record).first(),
        get_cycle_of_action,
    ),
    Kind.AUDIT: Record(
        list_audits,
        name_audits,
        gather_audit,
        lambda record: Audit.objects.values_list("created_at", flat=True).filter(pk=record).first(),
        get_cycle_of_audit,
    ),
    Kind.SCORECARD: Record(
        list_scorecards,
        name_audits,
        gather_scorecards,
        lambda record: Audit.objects.values_list("created_at", flat=True).filter(pk=record).first(),
        get_cycle_of_audit,
    ),
    Kind.SURVEY: Record(
        list_surveys,
        name_surveys,
        gather_survey,
        lambda record: (
            PractitionerSurvey.objects.values_list("opened_at", flat=True).filter(pk=record).first()
        ),
    ),
    Kind.VOICE: Record(
        list_voices,
        name_voices,
        gather_voice,
        lambda record: Voice.objects.values_list("added_at", flat=True).filter(pk=record).first(),
    ),
    Kind.MAIL: Record(list_mails, name_months, gather_mails),
    Kind.FILE: Record(list_files, name_months, gather_files),
    Kind.EVIDENCE: Record(
        list_evidence,
        name_evidence,
        gather_evidence,
        lambda record: Evidence.objects.values_list("added_at", flat=True).filter(pk=record).first(),
    ),
    Kind.REMOVED: Record(
        list_removed,
        name_removed,
        gather_removal,
        lambda record: Removal.objects.values_list("removed_at", flat=True).filter(pk=record).first(),
    ),
}
