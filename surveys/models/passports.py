"""A passport that somebody has uploaded and has not decided about yet: it stays for a day."""

from __future__ import annotations

import datetime
import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from s11.organisations.models import User
from surveys.models.audits import Audit

if TYPE_CHECKING:
    from s11.organisations.models import Organisation

KEPT_FOR = datetime.timedelta(days=1)


def make_storage_name(upload: PassportUpload, name: str) -> str:
    """Nothing of the name that a person gave."""
    return f"passports/{secrets.token_hex(16)}"


class PassportUploadQuerySet(models.QuerySet["PassportUpload"]):
    def of(self, user: User, audit: Audit) -> PassportUploadQuerySet:
        """Only whoever uploaded it sees it, in the audit that it is for, while it is kept."""
        since = timezone.now() - KEPT_FOR
        return self.filter(audit=audit, uploaded_by=user, uploaded_at__gt=since)

    def expired(self, now: datetime.datetime) -> PassportUploadQuerySet:
        return self.filter(uploaded_at__lte=now - KEPT_FOR)

    def for_organisation(self, organisation: Organisation) -> PassportUploadQuerySet:
        return self.filter(audit__invitee__organisation=organisation)


class PassportUpload(models.Model):
    """A checked passport that waits for its person's choice; deleted with its file once it is made."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="passport_uploads")
    file = models.FileField(upload_to=make_storage_name, max_length=200)
    name = models.CharField(max_length=255)
    # By the id of its item in the passport: why a file in it cannot be evidence here.
    refusals = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = PassportUploadQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "pk")

    def __str__(self) -> str:
        return f"{self.name} for {self.audit}"

    @property
    def kept_until(self) -> datetime.datetime:
        return self.uploaded_at + KEPT_FOR
