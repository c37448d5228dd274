"""The tables of question banks, cycles, audits and their answers, a file a concept."""

from surveys.models.actions import Action, ActionReminder, ActionUpdate, ActionVerification
from surveys.models.answer_sheets import AnswerSheet
from surveys.models.answers import Answer, AnswerChange, ProfileAnswer, ProfileChange
from surveys.models.audits import Audit, AuditEvent, Scorecard
from surveys.models.calibration import (
    Calibration,
    CalibrationItem,
    CalibrationScore,
    CalibrationScorer,
)
from surveys.models.cycles import Cycle, CycleQuestionnaire, Invitee
from surveys.models.documents import Document
from surveys.models.evidence import AnswerEvidence, Evidence, EvidenceChange, EvidenceVersion
from surveys.models.freshness import FreshnessReminder, Recheck
from surveys.models.messages import CycleText, Escalation, Message, MessageAttachment, SavedView
from surveys.models.moderation import Clarification, Moderation, ModerationSample, SeriesClose
from surveys.models.passports import PassportUpload
from surveys.models.practitioners import CycleSurvey, PractitionerSurvey, SurveyStatement, SurveyTally
from surveys.models.questionnaires import Indicator, ProfileQuestion, Questionnaire, Standard, Theme
from surveys.models.sign_offs import Assignment, Correction, OwnToolReturn, SignOff
from surveys.models.support import SupportConcern, SupportNote, SupportOffer
from surveys.models.tables import TableUpload

__all__ = [
    "Action",
    "ActionReminder",
    "ActionUpdate",
    "ActionVerification",
    "Answer",
    "AnswerChange",
    "AnswerEvidence",
    "AnswerSheet",
    "Assignment",
    "Audit",
    "AuditEvent",
    "Calibration",
    "CalibrationItem",
    "CalibrationScore",
    "CalibrationScorer",
    "Clarification",
    "Correction",
    "Cycle",
    "CycleQuestionnaire",
    "CycleSurvey",
    "CycleText",
    "Document",
    "Escalation",
    "Evidence",
    "EvidenceChange",
    "EvidenceVersion",
    "FreshnessReminder",
    "Indicator",
    "Invitee",
    "Message",
    "MessageAttachment",
    "Moderation",
    "ModerationSample",
    "OwnToolReturn",
    "PassportUpload",
    "PractitionerSurvey",
    "ProfileAnswer",
    "ProfileChange",
    "ProfileQuestion",
    "Questionnaire",
    "Recheck",
    "SavedView",
    "Scorecard",
    "SeriesClose",
    "SignOff",
    "Standard",
    "SupportConcern",
    "SupportNote",
    "SupportOffer",
    "SurveyStatement",
    "SurveyTally",
    "TableUpload",
    "Theme",
]
