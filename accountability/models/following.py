"""How what was agreed is followed: the history of each answer, each step when it is late, each letter. Append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import AnswerEvent, ChaseAbout, ChaseStep
from accountability.models.meetings import Meeting
from accountability.models.outcomes import Recommendation
from accountability.models.papers import Paper
from s11.organisations.models import Contact, User
from surveys.models import Message


class RecommendationEvent(models.Model):
    """What the agency answered, or what an officer decided on it, in the words of that day."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=AnswerEvent)
    text = models.TextField(blank=True, help_text="The action, the reason or the note, as it was then.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("recommendation", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=AnswerEvent.values), name="recommendation_event_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_kind_display().lower()}"


class LateLetter(models.Model):
    """What an officer wrote to a contact after both reminders, as it went; its PDF goes with the e-mail."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="late_letters")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message = models.OneToOneField(Message, models.PROTECT, related_name="late_letter")
    # Empty for a moment: the paper is asked for in the same transaction.
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="late_letter")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("meeting", "at", "pk")

    def __str__(self) -> str:
        return self.subject


class Chase(models.Model):
    """One step about one day that was missed: an answer's, or an action's. It is taken once."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="chases")
    about = models.CharField(max_length=10, choices=ChaseAbout)
    step = models.CharField(max_length=10, choices=ChaseStep)
    due_on = models.DateField(help_text="The day that was missed.")
    # How many people were written to: nobody, where the agency has no such person.
    people = models.PositiveSmallIntegerField(default=0)
    # Of the last step.
    letter = models.ForeignKey(LateLetter, models.PROTECT, null=True, blank=True, related_name="chases")
    # Empty where the clock did.
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("recommendation", "at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("recommendation", "about", "due_on", "step"), name="chase_once"),
            models.CheckConstraint(condition=Q(about__in=ChaseAbout.values), name="chase_about_known"),
            models.CheckConstraint(condition=Q(step__in=ChaseStep.values), name="chase_step_known"),
            models.CheckConstraint(
                condition=Q(step=ChaseStep.LETTER) | Q(letter=None), name="chase_letter_is_the_last_step"
            ),
        )

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_step_display().lower()}"
