"""What a partnership writes to its agencies: the texts, the outbox which is also the log, escalations, saved views."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models import Contact, Organisation, Partnership, User
from surveys.enums import EscalationStep, MessageKind, MessageStatus
from surveys.models.cycles import Cycle, Invitee

# Stands in a message's text for its `personal_link`: officers who read the outbox or the log see this instead.
PERSONAL_LINK = "[personal link]"


class CycleText(models.Model):
    """A cycle's own words for one kind of e-mail, with placeholders; without a row the shipped words are used."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=20, choices=MessageKind)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=5_000)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "pk")
        constraints = (models.UniqueConstraint(fields=("cycle", "kind"), name="cycle_text_once_a_kind"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in {self.cycle}"


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, partnership: Partnership) -> MessageQuerySet:
        return self.filter(partnership=partnership)

    def outbox(self) -> MessageQuerySet:
        """Not gone yet, and may still be read, changed or stopped."""
        return self.filter(status__in=(MessageStatus.HELD, MessageStatus.WAITING))

    def gone(self) -> MessageQuerySet:
        return self.filter(status=MessageStatus.SENT)


class Message(models.Model):
    """One e-mail to one address: waiting in the outbox, or what became of it. It holds no secret link."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="messages")
    cycle = models.ForeignKey(Cycle, models.CASCADE, null=True, blank=True, related_name="messages")
    invitee = models.ForeignKey(Invitee, models.SET_NULL, null=True, blank=True, related_name="messages")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    kind = models.CharField(max_length=20, choices=MessageKind)
    email = models.EmailField(max_length=254)
    # To whom, where the platform knows: a member, or a contact without a login.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="messages")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.WAITING)
    # Who wrote or asked for it; empty where the clock did.
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, help_text="Not before this moment.")
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, help_text="Why the last attempt failed, in words.")
    # A link that opens without a session: put in place of PERSONAL_LINK as the message goes, and emptied then.
    personal_link = models.CharField(max_length=500, blank=True)
    # What makes it the only one of its sort: two runs of the clock at once write one message. Empty: no such limit.
    once = models.CharField(max_length=120, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="message_kind_known"),
            models.CheckConstraint(condition=Q(status__in=MessageStatus.values), name="message_status_known"),
            models.CheckConstraint(
                condition=Q(status=MessageStatus.SENT, sent_at__isnull=False)
                | (~Q(status=MessageStatus.SENT) & Q(sent_at=None)),
                name="message_sent_has_its_moment",
            ),
            models.UniqueConstraint(fields=("once",), condition=~Q(once=""), name="message_once"),
        )
        indexes = (
            models.Index(fields=("status", "due_at"), name="message_due"),
            models.Index(fields=("partnership", "organisation"), name="message_organisation"),
        )

    def __str__(self) -> str:
        return f"{self.subject}, to {self.email}"


class MessageAttachment(models.Model):
    """What goes with a message, as it goes: a letter, or an entry for a calendar."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=100)
    # With its parameters, such as `text/calendar; method=REQUEST; charset=utf-8`.
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()

    class Meta:
        ordering = ("message", "pk")

    def __str__(self) -> str:
        return self.name


class Escalation(models.Model):
    """A step taken with an organisation that does not return its audit. Append-only."""

    invitee = models.ForeignKey(Invitee, models.PROTECT, related_name="escalations")
    step = models.CharField(max_length=20, choices=EscalationStep)
    note = models.TextField(blank=True)
    # To whom, where the step is a letter or an e-mail.
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("invitee", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(step__in=EscalationStep.values), name="escalation_step_known"),
        )

    def __str__(self) -> str:
        return f"{self.invitee}: {self.get_step_display()}"


class SavedView(models.Model):
    """A person's own filter of the pipeline, by a name."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, help_text="The address's query, such as state=started&sort=due.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("user", "partnership", "name"), name="saved_view_name_once"),
        )

    def __str__(self) -> str:
        return self.name


auditlog.register(CycleText)
