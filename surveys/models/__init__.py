"""The tables of question banks, cycles, audits and their answers, a file a concept."""

from surveys.models.answers import Answer, AnswerChange, ProfileAnswer
from surveys.models.audits import Audit, AuditEvent, Scorecard
from surveys.models.cycles import Cycle, CycleQuestionnaire, Invitee
from surveys.models.documents import Document
from surveys.models.questionnaires import Indicator, ProfileQuestion, Questionnaire, Standard, Theme

__all__ = [
    "Answer",
    "AnswerChange",
    "Audit",
    "AuditEvent",
    "Cycle",
    "CycleQuestionnaire",
    "Document",
    "Indicator",
    "Invitee",
    "ProfileAnswer",
    "ProfileQuestion",
    "Questionnaire",
    "Scorecard",
    "Standard",
    "Theme",
]
