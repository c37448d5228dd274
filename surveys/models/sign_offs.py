"""Sharing an audit's work, having it signed off, and sending it back for correction."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models import User
from surveys.enums import SignOffDecision
from surveys.figures import is_on_time
from surveys.models.audits import Audit
from surveys.models.cycles import Invitee
from surveys.models.evidence import EvidenceVersion
from surveys.models.questionnaires import Indicator, Standard


class Assignment(models.Model):
    """Who is to answer a standard, or one indicator of it."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, blank=True, related_name="+")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("audit", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(standard__isnull=False, indicator=None)
                | Q(standard=None, indicator__isnull=False),
                name="assignment_of_a_standard_or_an_indicator",
            ),
            models.UniqueConstraint(
                fields=("audit", "user", "standard"),
                condition=Q(standard__isnull=False),
                name="assignment_standard_once",
            ),
            models.UniqueConstraint(
                fields=("audit", "user", "indicator"),
                condition=Q(indicator__isnull=False),
                name="assignment_indicator_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.part}"

    @property
    def part(self) -> Standard | Indicator | None:
        return self.standard or self.indicator


class SignOff(models.Model):
    """The signatory was asked, and what they decided. The current row is undecided, or signed and not yet used."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="sign_offs")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=12, choices=SignOffDecision, blank=True)
    # With a signature its statement, with a refusal what is to be done first.
    statement = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # The submission that it led to.
    submission = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("audit", "asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("audit",), condition=Q(decision=""), name="sign_off_one_waiting_an_audit"
            ),
        )

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_decision_display() or 'waiting'}"


class Correction(models.Model):
    """An officer's return of a submitted audit: the chosen indicators are open again, the rest stays locked."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="corrections")
    submission = models.PositiveSmallIntegerField(help_text="Which submission was returned.")
    indicators = models.ManyToManyField(Indicator, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("audit", "at")
        constraints = (
            models.UniqueConstraint(fields=("audit", "submission"), name="correction_once_a_submission"),
        )

    def __str__(self) -> str:
        return f"{self.audit}: submission {self.submission} returned"


class OwnToolReturn(models.Model):
    """An organisation's own national audit in place of answers: it counts in participation only."""

    invitee = models.OneToOneField(Invitee, models.PROTECT, related_name="own_tool_return")
    title = models.CharField(max_length=200)
    version = models.ForeignKey(EvidenceVersion, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.title}: {self.invitee}"

    @property
    def was_on_time(self) -> bool:
        return is_on_time(self.submitted_at, self.invitee.cycle.closes_on, self.invitee.extended_to)


auditlog.register(OwnToolReturn)
