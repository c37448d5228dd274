"""Feedback reports: what each agency is given back of a cycle, and the sector's figures that they are set beside."""

from __future__ import annotations

from decimal import Decimal

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.models import User
from surveys.models import Audit, Cycle, CycleQuestionnaire, Document, Standard


class FeedbackIssue(models.Model):
    """One issue of a cycle's feedback reports, for all agencies at once; a later one takes its place."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="feedback_issues")
    number = models.PositiveSmallIntegerField(help_text="Counted from 1 in its cycle.")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # From then on the agencies read it.
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    # Who is in the sector's figures that this issue is the first to have: shown to nobody, and needed so that no later
    # publication gives one of them away. Empty where it has none.
    ledger = models.TextField(blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("cycle", "number"), name="feedback_issue_number_once"),
            models.CheckConstraint(
                condition=Q(told_by=None, told_at=None) | Q(told_by__isnull=False, told_at__isnull=False),
                name="feedback_issue_told_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle}: feedback reports, issue {self.number}"

    @property
    def is_told(self) -> bool:
        return self.told_at is not None


class SectorFigure(models.Model):
    """Frozen with its issue: where the agencies of one variant stand in a standard, or in all of them (no standard).

    There is a row only where it may be told (accountability.sector_figures). Means of self-assessed scores, 0 to 2.
    """

    issue = models.ForeignKey(FeedbackIssue, models.CASCADE, related_name="sector_figures")
    cycle_questionnaire = models.ForeignKey(CycleQuestionnaire, models.PROTECT, related_name="+")
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, blank=True, related_name="+")
    organisations = models.PositiveIntegerField()
    lower = models.DecimalField(max_digits=3, decimal_places=2)
    median = models.DecimalField(max_digits=3, decimal_places=2)
    upper = models.DecimalField(max_digits=3, decimal_places=2)

    class Meta:
        ordering = ("issue", "cycle_questionnaire", F("standard__position").asc(nulls_last=True))
        constraints = (
            models.UniqueConstraint(
                fields=("issue", "cycle_questionnaire", "standard"), name="sector_figure_once_a_standard"
            ),
            # NULLs are distinct, so the figure of all standards needs a promise of its own.
            models.UniqueConstraint(
                fields=("issue", "cycle_questionnaire"),
                condition=Q(standard=None),
                name="sector_figure_once_of_all",
            ),
            models.CheckConstraint(
                condition=Q(lower__gte=0, lower__lte=F("median"), median__lte=F("upper"), upper__lte=2),
                name="sector_figure_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue}: {self.cycle_questionnaire} {self.standard or 'all standards'}"

    @property
    def values(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.lower, self.median, self.upper


class FeedbackReport(models.Model):
    """One agency's in an issue, with its file, which a worker builds."""

    issue = models.ForeignKey(FeedbackIssue, models.CASCADE, related_name="reports")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="feedback_reports")
    document = models.OneToOneField(Document, models.PROTECT, related_name="feedback_report")

    class Meta:
        ordering = ("issue", "pk")
        constraints = (
            models.UniqueConstraint(fields=("issue", "audit"), name="feedback_report_one_an_agency"),
        )

    def __str__(self) -> str:
        return f"{self.audit}: feedback report, issue {self.issue.number}"


class FeedbackReading(models.Model):
    """Who has opened an agency's report: until then their home page says that it is there."""

    report = models.ForeignKey(FeedbackReport, models.CASCADE, related_name="readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("report", "pk")
        constraints = (
            models.UniqueConstraint(fields=("report", "user"), name="feedback_reading_one_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.report}, read by {self.user}"


auditlog.register(FeedbackIssue, exclude_fields=["ledger"])
