"""A table that somebody has uploaded: kept with what it would change, until its person decides or a day has gone."""

from __future__ import annotations

import datetime
import secrets

from django.db import models
from django.utils import timezone

from s11.organisations.models import Partnership, User
from surveys.models.cycles import Cycle

KEPT_FOR = datetime.timedelta(days=1)


def make_storage_name(upload: TableUpload, name: str) -> str:
    """Nothing of the name that a person gave."""
    return f"tables/{secrets.token_hex(16)}"


class TableUploadQuerySet(models.QuerySet["TableUpload"]):
    def of(self, user: User, partnership: Partnership) -> TableUploadQuerySet:
        """Only whoever uploaded it sees it, while it is kept."""
        since = timezone.now() - KEPT_FOR
        return self.filter(partnership=partnership, uploaded_by=user, uploaded_at__gt=since)

    def expired(self, now: datetime.datetime) -> TableUploadQuerySet:
        return self.filter(uploaded_at__lte=now - KEPT_FOR)

    def queued(self) -> TableUploadQuerySet:
        """In the queue or in a worker's hands."""
        # Of a JSON column `=None` would mean the JSON null.
        to_check = models.Q(preview__isnull=True, error="")
        return self.filter(to_check | models.Q(confirmed_at__isnull=False), saved_at=None)


class TableUpload(models.Model):
    """Being checked, then waiting for its person, then (once confirmed) being saved, then saved."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="table_uploads")
    cycle = models.ForeignKey(Cycle, models.CASCADE, null=True, blank=True, related_name="table_uploads")
    table = models.CharField(max_length=40)
    file = models.FileField(upload_to=make_storage_name, max_length=200)
    name = models.CharField(max_length=255)
    # What it would do, or has done, as surveys.resources.rows keeps it; empty until it is checked.
    preview = models.JSONField(null=True, blank=True)
    # How many rows are checked, for whoever waits.
    checked_rows = models.PositiveIntegerField(default=0)
    # Why the file cannot be read, or was not saved; a sentence.
    error = models.TextField(blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = TableUploadQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return f"{self.name} of {self.uploaded_by}"

    @property
    def kept_until(self) -> datetime.datetime:
        return self.uploaded_at + KEPT_FOR

    @property
    def is_checked(self) -> bool:
        return self.preview is not None

    @property
    def is_saved(self) -> bool:
        return self.saved_at is not None

    @property
    def is_saving(self) -> bool:
        return self.confirmed_at is not None and not self.is_saved

    @property
    def is_waited_for(self) -> bool:
        """A worker has it, or will."""
        return self.is_saving or not (self.is_checked or self.error)
