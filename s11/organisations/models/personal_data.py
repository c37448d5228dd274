"""Requests about one's own data: an export of what is held about somebody, and the anonymising of an account.

Both stay as the record that they were answered; the files of an export go after some days.
"""

from __future__ import annotations

import datetime
import secrets

from auditlog.registry import auditlog
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.enums import AnonymisationReason
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.users import User


def make_storage_name(export: DataExport, name: str) -> str:
    """Nothing of whom it is about."""
    return f"personal/{secrets.token_hex(16)}"


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def own(self, user: User) -> DataExportQuerySet:
        """Those that a person has made about themself."""
        return self.filter(partnership=None, user=user)

    def of(self, partnership: Partnership) -> DataExportQuerySet:
        """Those that its officers have made."""
        return self.filter(partnership=partnership)

    def waiting(self) -> DataExportQuerySet:
        """For a worker: neither gathered nor given up."""
        return self.filter(gathered_at=None, error="")


class DataExport(models.Model):
    """What is held about one person, in one partnership for its officers, or everywhere for the person themself."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="data_exports"
    )
    # Whom it is about: somebody with an account, or whoever has this address or this name.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="data_exports")
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=150, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    # All that was found, as JSON, and the numbers of the texts in it that an officer keeps back.
    material = models.FileField(upload_to=make_storage_name, max_length=200, blank=True)
    gathered_at = models.DateTimeField(null=True, blank=True)
    kept_back = models.JSONField(default=list, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    # The zip to hand over.
    file = models.FileField(upload_to=make_storage_name, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(email="") | ~Q(name=""),
                name="data_export_about_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("queued_at",), condition=Q(gathered_at=None, error=""), name="data_export_waiting"
            ),
        )

    def __str__(self) -> str:
        # The record of changes keeps this for longer than the name should stand anywhere.
        return f"Export of personal data, number {self.pk}"

    @property
    def about(self) -> str:
        return str(self.user) if self.user else self.name or self.email

    @property
    def kept_until(self) -> datetime.datetime:
        return self.requested_at + datetime.timedelta(days=settings.DATA_EXPORT_DAYS)

    @property
    def is_waiting(self) -> bool:
        return self.gathered_at is None and not self.error

    @property
    def is_discarded(self) -> bool:
        return self.discarded_at is not None

    @property
    def state(self) -> str:
        """The tag's word."""
        if self.error:
            return "Failed"
        if self.is_discarded:
            return "Expired"
        if self.is_waiting:
            return "Being made"
        return "Ready" if self.file else "To review"


class AnonymisationQuerySet(models.QuerySet["Anonymisation"]):
    def open(self) -> AnonymisationQuerySet:
        """Neither done nor stopped."""
        return self.filter(done_at=None, stopped_at=None)


class Anonymisation(models.Model):
    """An account loses its name: asked for, agreed by each partnership that knows it, waited for, done once."""

    user = models.ForeignKey(User, models.PROTECT, related_name="anonymisations")
    reason = models.CharField(max_length=10, choices=AnonymisationReason)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # From the last partnership's agreement; until then it can be withdrawn.
    due_at = models.DateTimeField(null=True, blank=True)
    # Why it could not be done when it was due; asked again at each run of the clock.
    obstacle = models.CharField(max_length=300, blank=True)
    stopped_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    why_stopped = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    # Only ever inside the transaction that does it: a trail that refuses changes lets the name go in that one alone.
    is_under_way = models.BooleanField(default=False, editable=False)

    objects = AnonymisationQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user",), condition=Q(stopped_at=None), name="anonymisation_one_a_person"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(stopped_at=None), name="anonymisation_done_or_stopped"
            ),
            models.CheckConstraint(
                condition=Q(is_under_way=False) | Q(due_at__isnull=False, done_at=None, stopped_at=None),
                name="anonymisation_under_way_when_due",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=AnonymisationReason.values), name="anonymisation_reason_known"
            ),
        )

    def __str__(self) -> str:
        return f"Anonymising {self.user}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.stopped_at is None

    @property
    def state(self) -> str:
        """The tag's word."""
        if self.done_at is not None:
            return "Done"
        if self.stopped_at is not None:
            return "Stopped"
        return "Waiting" if self.due_at is not None else "To decide"


class AnonymisationApproval(models.Model):
    """One partnership's yes: its record loses the name too."""

    anonymisation = models.ForeignKey(Anonymisation, models.CASCADE, related_name="approvals")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("anonymisation", "partnership"), name="anonymisation_approved_once_a_partnership"
            ),
        )

    def __str__(self) -> str:
        return f"{self.partnership} agrees to {self.anonymisation}"


auditlog.register(
    DataExport,
    include_fields=["partnership", "user", "requested_by", "reviewed_by", "reviewed_at", "discarded_at"],
)
auditlog.register(Anonymisation, exclude_fields=["is_under_way", "obstacle"])
auditlog.register(AnonymisationApproval)
