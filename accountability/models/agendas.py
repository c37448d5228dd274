"""The meeting itself: its agenda, notes as they are typed, lines of enquiry, proposed scores, good practice."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import AgendaKind, EnquiryOrigin, ProposalStatus
from accountability.models.meetings import Meeting
from s11.organisations.models import User
from surveys.enums import Score
from surveys.models import Answer, Indicator


class AgendaItem(models.Model):
    """One item, with the minutes it may take."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    kind = models.CharField(max_length=20, choices=AgendaKind)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("meeting", "position", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=AgendaKind.values), name="agenda_kind_known"),
        )

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """What one note-taker typed under one item. Each has a text of their own, so that nobody overwrites another's."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="notes")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(blank=True, max_length=20_000)
    # A stale save, from a second window of the same person, is told so.
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("item", "pk")
        constraints = (models.UniqueConstraint(fields=("item", "by"), name="note_one_a_person_and_item"),)

    def __str__(self) -> str:
        return f"{self.by} on {self.item}"


class LineOfEnquiry(models.Model):
    """A question for the agency. A private one is read by who wrote it, and by nobody else."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="enquiries")
    origin = models.CharField(max_length=10, choices=EnquiryOrigin)
    # What it is about: the same suggestion is not made twice, and one that was dropped stays dropped.
    rule = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=2_000)
    reason = models.CharField(max_length=500, blank=True)
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    is_private = models.BooleanField(default=False)
    is_dropped = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("meeting", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "rule"), condition=~Q(rule=""), name="enquiry_once_a_rule"
            ),
            models.CheckConstraint(
                condition=Q(is_private=False) | Q(by__isnull=False, origin=EnquiryOrigin.ADDED),
                name="enquiry_private_has_its_author",
            ),
        )

    def __str__(self) -> str:
        return self.text


class ScoreProposal(models.Model):
    """Another score for one answer, and why. Agreed ones enter the panel's series when the minutes are final."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="proposals")
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    submission = models.PositiveSmallIntegerField(help_text="Which submission of the audit it is about.")
    score = models.PositiveSmallIntegerField(choices=Score, null=True, blank=True)
    is_not_applicable = models.BooleanField(default=False)
    justification = models.TextField(max_length=5_000)
    status = models.CharField(max_length=10, choices=ProposalStatus, default=ProposalStatus.PROPOSED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("meeting", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(score__in=Score.values, is_not_applicable=False)
                | Q(score=None, is_not_applicable=True),
                name="score_proposal_says_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(justification=""), name="score_proposal_has_its_justification"
            ),
            models.UniqueConstraint(
                fields=("meeting", "answer"),
                condition=Q(status=ProposalStatus.AGREED),
                name="score_proposal_one_agreed_an_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.answer}: {'not applicable' if self.is_not_applicable else self.score}"


class GoodPractice(models.Model):
    """Something others may learn from; named outside the meeting only where the agency agrees."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="good_practices")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=5_000)
    # Empty until the agency has said; a refusal is respected.
    may_be_shared = models.BooleanField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("meeting", "pk")

    def __str__(self) -> str:
        return self.text


auditlog.register(LineOfEnquiry)
auditlog.register(ScoreProposal)
auditlog.register(GoodPractice)
