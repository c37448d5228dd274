"""After the meeting: minutes in phases, recommendations and how each was answered, the letter."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import (
    CorrectionDecision,
    LetterStatus,
    MinutesStatus,
    ResponseDecision,
    ResponseKind,
)
from accountability.models.agendas import AgendaItem
from accountability.models.meetings import Meeting
from accountability.models.panels import PanelMember
from s11.organisations.models import User
from surveys.enums import ActionOutcome
from surveys.models import Action, Indicator, Theme


class Minutes(models.Model):
    """Draft, agreed by the chair, corrected by those who attended, final."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    status = models.CharField(max_length=10, choices=MinutesStatus, default=MinutesStatus.DRAFT)
    # When the draft last went to a chair, and to whom: they read it from then on by their own link too.
    draft_sent_at = models.DateTimeField(null=True, blank=True)
    draft_sent_to = models.ForeignKey(PanelMember, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    # Those who attended may ask for corrections until the end of this day.
    corrections_until = models.DateField(null=True, blank=True)
    final_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    final_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("meeting",)
        verbose_name_plural = "minutes"
        constraints = (
            models.CheckConstraint(condition=Q(status__in=MinutesStatus.values), name="minutes_status_known"),
            models.CheckConstraint(
                condition=Q(status=MinutesStatus.DRAFT) | Q(agreed_at__isnull=False),
                name="minutes_agreed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(status=MinutesStatus.FINAL, final_at__isnull=False)
                | (~Q(status=MinutesStatus.FINAL) & Q(final_at=None)),
                name="minutes_final_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"Minutes of {self.meeting}"


class Passage(models.Model):
    """What the minutes say of one agenda item."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="passages")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="+")
    text = models.TextField(blank=True, max_length=50_000)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("minutes", "item__position", "pk")
        constraints = (models.UniqueConstraint(fields=("minutes", "item"), name="passage_one_an_item"),)

    def __str__(self) -> str:
        return f"{self.minutes}: {self.item}"


class Correction(models.Model):
    """Somebody who attended says that a passage is wrong; an officer takes it in, or says why not."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="corrections")
    text = models.TextField(max_length=5_000)
    # A member of the agency, an officer, or empty with a name: a panel member by their link.
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=10, choices=CorrectionDecision, blank=True)
    reply = models.TextField(blank=True, max_length=2_000)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("passage", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | Q(decision__in=CorrectionDecision.values, decided_at__isnull=False),
                name="correction_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(decision=CorrectionDecision.DECLINED) | ~Q(reply=""),
                name="correction_declined_has_its_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.by_name}: {self.passage}"


# The agency has to answer: it has not yet, or its answer was returned.
UNANSWERED = Q(response="") | Q(decision=ResponseDecision.RETURNED)


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def unanswered(self) -> RecommendationQuerySet:
        return self.filter(UNANSWERED)


class Recommendation(models.Model):
    """What the panel asks of the agency, answered by an action in its plan or by a reasoned refusal."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="recommendations")
    number = models.PositiveSmallIntegerField(help_text="Counted from 1 in its meeting.")
    text = models.TextField(max_length=5_000)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="+")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True, help_text="By when it should be done.")
    respond_by = models.DateField(null=True, blank=True, help_text="By when the agency answers.")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    response = models.CharField(max_length=10, choices=ResponseKind, blank=True)
    action = models.ForeignKey(Action, models.PROTECT, null=True, blank=True, related_name="recommendations")
    refusal = models.TextField(blank=True, max_length=5_000)
    responded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    responded_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=ResponseDecision, blank=True)
    decision_note = models.TextField(blank=True, max_length=2_000)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ("meeting", "number")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "number"), name="recommendation_number_once"),
            models.CheckConstraint(
                condition=Q(response="", action=None, refusal="", responded_at=None)
                | Q(response=ResponseKind.ACTION, action__isnull=False, responded_at__isnull=False)
                | (
                    Q(response=ResponseKind.REFUSAL, action=None, responded_at__isnull=False) & ~Q(refusal="")
                ),
                name="recommendation_answered_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | (Q(decision__in=ResponseDecision.values, decided_at__isnull=False) & ~Q(response="")),
                name="recommendation_decided_has_its_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.text}"

    @property
    def is_unanswered(self) -> bool:
        """As `unanswered` asks the database."""
        return not self.response or self.decision == ResponseDecision.RETURNED

    @property
    def has_failed(self) -> bool:
        """An officer has seen that its action did not work, and it waits for another answer."""
        seen = self.action.verification if self.action is not None else None
        return (
            self.decision == ResponseDecision.RETURNED
            and seen is not None
            and seen.outcome == ActionOutcome.FAILED
        )

    @property
    def is_sent(self) -> bool:
        """The agency was told of it, and by when to answer: the letter of its meeting has gone."""
        return self.respond_by is not None


class Letter(models.Model):
    """To the agency, within ten working days of its meeting."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="letter")
    status = models.CharField(max_length=10, choices=LetterStatus, default=LetterStatus.DRAFT)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=20_000)
    version = models.PositiveIntegerField(default=1)
    due_on = models.DateField(help_text="Ten working days after the meeting.")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_as = models.CharField(
        max_length=200, blank=True, help_text="The name and office under the letter."
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=LetterStatus.values), name="meeting_letter_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=LetterStatus.DRAFT, signed_at=None)
                | (~Q(status=LetterStatus.DRAFT) & Q(signed_at__isnull=False) & ~Q(signed_as="")),
                name="meeting_letter_signed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(status=LetterStatus.SENT, sent_at__isnull=False)
                | (~Q(status=LetterStatus.SENT) & Q(sent_at=None)),
                name="meeting_letter_sent_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return self.subject


auditlog.register(Minutes)
auditlog.register(Recommendation)
auditlog.register(Letter)
