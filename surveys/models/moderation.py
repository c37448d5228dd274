"""The partnership's own view beside the agency's: moderated scores, questions on answers, samples. Append-only."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models import User
from surveys.enums import Score, Series
from surveys.models.answers import Answer
from surveys.models.audits import Audit
from surveys.models.cycles import Cycle


class Moderation(models.Model):
    """A moderator's or panel's score of one submitted answer; the newest row of a (answer, submission, series) holds.

    Neither a score nor not applicable: the agency's answer stands, and the row says who looked at it.
    """

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="moderations", db_index=False)
    submission = models.PositiveSmallIntegerField(help_text="Which submission of the audit it is about.")
    series = models.CharField(
        max_length=10,
        choices=((Series.MODERATED.value, Series.MODERATED.label), (Series.PANEL.value, Series.PANEL.label)),
    )
    version = models.PositiveIntegerField(
        help_text="Counts the rows of the same answer, submission and series."
    )
    score = models.PositiveSmallIntegerField(choices=Score, null=True, blank=True)
    is_not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("answer", "series", "submission", "version")
        constraints = (
            # Of two moderators on one answer the second is told: both wrote the same next version.
            models.UniqueConstraint(
                fields=("answer", "submission", "series", "version"), name="moderation_one_a_version"
            ),
            models.CheckConstraint(
                condition=Q(series__in=(Series.MODERATED, Series.PANEL)), name="moderation_series_known"
            ),
            models.CheckConstraint(
                condition=Q(score=None, is_not_applicable=False)
                | (Q(score__in=Score.values, is_not_applicable=False) & ~Q(reason=""))
                | (Q(score=None, is_not_applicable=True) & ~Q(reason="")),
                name="moderation_changed_score_has_its_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.answer}: {self.get_series_display().lower()} {self.score}"


class Clarification(models.Model):
    """A moderator's question on an answer, the agency's reply, and whether it was accepted."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="clarifications")
    submission = models.PositiveSmallIntegerField()
    question = models.TextField(max_length=5_000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    reply = models.TextField(blank=True, max_length=20_000)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)
    # Empty until a moderator has judged the reply, or has withdrawn the question.
    accepted = models.BooleanField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("answer", "asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("answer",), condition=Q(closed_at=None), name="clarification_one_open_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(replied_at=None, reply="") | (Q(replied_at__isnull=False) & ~Q(reply="")),
                name="clarification_replied_has_its_reply",
            ),
        )

    def __str__(self) -> str:
        return f"{self.answer}: a question"


class SeriesClose(models.Model):
    """Moderation, or a panel's minutes, are final for this submission: its scorecards of the series are frozen."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="series_closes")
    submission = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=10, choices=Series)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("audit", "submission", "series")
        constraints = (
            models.UniqueConstraint(fields=("audit", "submission", "series"), name="series_close_once"),
            models.CheckConstraint(
                condition=Q(series__in=(Series.MODERATED, Series.PANEL)), name="series_close_series_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_series_display().lower()} closed"


class ModerationSample(models.Model):
    """Which audits of a cycle are moderated: drawn by a rule and a seed, so that anybody can draw it again."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="samples")
    rule = models.CharField(max_length=20)
    size = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    audits = models.ManyToManyField(Audit, related_name="samples")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "-at")

    def __str__(self) -> str:
        return f"{self.cycle}: {self.size} drawn with seed {self.seed}"


auditlog.register(Clarification)
auditlog.register(SeriesClose)
