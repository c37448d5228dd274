"""Choices of multi-agency audits, and the seven questions that practitioners are asked after one."""

from __future__ import annotations

from django.db.models import TextChoices


class AuditMethod(TextChoices):
    CASE_AUDIT = "case_audit", "Case audit"
    DIP_SAMPLE = "dip_sample", "Dip sample"
    DEEP_DIVE = "deep_dive", "Deep dive"
    SURVEY = "survey", "Survey"
    OTHER = "other", "Other"


class ReflectiveQuestion(TextChoices):
    """In the order in which they are asked; the value is its part of an address."""

    WENT_WELL = "went-well", "What went well?"
    LEARNED = "learned", "What did you learn?"
    MORE_EFFECTIVE = "more-effective", "What could have been more effective?"
    BARRIERS = "barriers", "What stood in the way?"
    ESCALATION = "escalation", "If you disagreed, how did taking it further work?"
    SUPERVISION = "supervision", "How did supervision help you?"
    POLICY = "policy", "Which policy or procedure helped you?"

    @property
    def about(self) -> str:
        """As a list of findings calls it."""
        return ABOUT[self]


ABOUT = {
    ReflectiveQuestion.WENT_WELL: "What went well",
    ReflectiveQuestion.LEARNED: "What was learned",
    ReflectiveQuestion.MORE_EFFECTIVE: "What could be more effective",
    ReflectiveQuestion.BARRIERS: "Barriers",
    ReflectiveQuestion.ESCALATION: "Escalation",
    ReflectiveQuestion.SUPERVISION: "Supervision",
    ReflectiveQuestion.POLICY: "Helpful policy",
}
