"""Offers of support to agencies about which there is a concern: what it is about, and all that was done since."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models import Partnership, User
from surveys.enums import ConcernKind, Series, SupportAnswer, SupportOutcome, SupportStatus
from surveys.models.cycles import Invitee


class SupportOfferQuerySet(models.QuerySet["SupportOffer"]):
    def of(self, partnership: Partnership) -> SupportOfferQuerySet:
        return self.filter(invitee__cycle__partnership=partnership)

    def open(self) -> SupportOfferQuerySet:
        return self.exclude(status=SupportStatus.CLOSED)


class SupportOffer(models.Model):
    """What one organisation is offered after one cycle; an invitee is its place in that cycle of that partnership."""

    invitee = models.ForeignKey(Invitee, models.PROTECT, related_name="support_offers")
    # Whose figures the concerns are about, and of which submission.
    series = models.CharField(max_length=10, choices=Series)
    submission = models.PositiveSmallIntegerField()
    message = models.TextField(help_text="What the officer wrote; the agency reads it.")
    status = models.CharField(max_length=20, choices=SupportStatus, default=SupportStatus.CONTACTED)
    answer = models.CharField(max_length=10, choices=SupportAnswer, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=SupportOutcome, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", help_text="The officer who sees to it.")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = SupportOfferQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("invitee",), condition=~Q(status=SupportStatus.CLOSED), name="support_one_open_offer"
            ),
            models.CheckConstraint(condition=Q(status__in=SupportStatus.values), name="support_status_known"),
            models.CheckConstraint(
                condition=(Q(status=SupportStatus.CLOSED) & Q(outcome__in=SupportOutcome.values))
                | (~Q(status=SupportStatus.CLOSED) & Q(outcome="")),
                name="support_closed_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (Q(answer__in=SupportAnswer.values) & Q(answered_at__isnull=False)),
                name="support_answer_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"Support for {self.invitee}"

    @property
    def is_open(self) -> bool:
        return self.status != SupportStatus.CLOSED


class SupportConcern(models.Model):
    """One reason of an offer, in the words of the day on which it was made."""

    offer = models.ForeignKey(SupportOffer, models.CASCADE, related_name="concerns")
    kind = models.CharField(max_length=20, choices=ConcernKind)
    words = models.TextField()

    class Meta:
        ordering = ("offer", "pk")
        constraints = (
            models.UniqueConstraint(fields=("offer", "kind"), name="support_concern_once_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=ConcernKind.values), name="support_concern_known"),
        )

    def __str__(self) -> str:
        return self.words


class SupportNote(models.Model):
    """What was done with an offer, by whom and when. Append-only; officers alone read the text."""

    offer = models.ForeignKey(SupportOffer, models.PROTECT, related_name="notes")
    # What changed by it; each is empty where that stayed as it was.
    status = models.CharField(max_length=20, choices=SupportStatus, blank=True)
    answer = models.CharField(max_length=10, choices=SupportAnswer, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("offer", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="", answer="", owner=None, text=""), name="support_note_says_something"
            ),
        )

    def __str__(self) -> str:
        return f"{self.offer}: {self.get_status_display() or self.get_answer_display() or 'note'}"


auditlog.register(SupportOffer)
