"""Moderators who score the same answers, each alone, to see how far they agree. Not moderation: no series reads it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models import Partnership, User
from surveys.enums import Score
from surveys.models.answers import Answer
from surveys.models.cycles import Cycle


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    def of(self, partnership: Partnership) -> CalibrationQuerySet:
        return self.filter(cycle__partnership=partnership)


class Calibration(models.Model):
    """A sample of submitted answers, drawn by a rule and a seed, so that anybody can draw it again."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="calibrations")
    rule = models.CharField(max_length=20)
    size = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        ordering = ("cycle", "-at", "-pk")

    def __str__(self) -> str:
        return f"{self.cycle}: {self.size} answers drawn with seed {self.seed}"


class CalibrationItem(models.Model):
    """One answer of the sample, as the submission said it from which it was drawn."""

    calibration = models.ForeignKey(Calibration, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    submission = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("calibration", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("calibration", "position"), name="calibration_item_position_once"
            ),
            models.UniqueConstraint(fields=("calibration", "answer"), name="calibration_item_answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.answer}, number {self.position}"


class CalibrationScorer(models.Model):
    """One of those who score the sample. Nobody sees another's scores before all have finished."""

    calibration = models.ForeignKey(Calibration, models.CASCADE, related_name="scorers")
    user = models.ForeignKey(User, models.PROTECT, related_name="calibrations")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("calibration", "pk")
        constraints = (
            models.UniqueConstraint(fields=("calibration", "user"), name="calibration_scorer_once"),
        )

    def __str__(self) -> str:
        return str(self.user)


class CalibrationScore(models.Model):
    """What one scorer says of one answer; theirs to change until they have finished."""

    item = models.ForeignKey(CalibrationItem, models.CASCADE, related_name="scores")
    scorer = models.ForeignKey(CalibrationScorer, models.CASCADE, related_name="scores")
    score = models.PositiveSmallIntegerField(choices=Score, null=True, blank=True)
    is_not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("item", "scorer")
        constraints = (
            models.UniqueConstraint(fields=("item", "scorer"), name="calibration_score_once"),
            models.CheckConstraint(
                condition=Q(score__in=Score.values, is_not_applicable=False)
                | Q(score=None, is_not_applicable=True),
                name="calibration_score_says_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}: {'not applicable' if self.is_not_applicable else self.score}"
