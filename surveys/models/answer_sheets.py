"""An answer sheet that somebody has uploaded and has not decided about yet: what was read from it stays for a day."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone

from s11.organisations.models import User
from surveys.models.audits import Audit

KEPT_FOR = datetime.timedelta(days=1)


class AnswerSheetQuerySet(models.QuerySet["AnswerSheet"]):
    def of(self, user: User, audit: Audit) -> AnswerSheetQuerySet:
        """Only whoever uploaded it sees it, in the audit that it is for, while it is kept."""
        return self.filter(audit=audit, uploaded_by=user, uploaded_at__gt=timezone.now() - KEPT_FOR)

    def expired(self, now: datetime.datetime) -> AnswerSheetQuerySet:
        return self.filter(uploaded_at__lte=now - KEPT_FOR)


class AnswerSheet(models.Model):
    """What the cells said, and what was wrong with them; the file itself is not kept. Deleted once it is decided."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="answer_sheets")
    name = models.CharField(max_length=255)
    # A list for each of the two: see surveys.answer_sheet_rows.
    entries = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    uploaded_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = AnswerSheetQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "pk")

    def __str__(self) -> str:
        return f"{self.name} for {self.audit}"

    @property
    def kept_until(self) -> datetime.datetime:
        return self.uploaded_at + KEPT_FOR
