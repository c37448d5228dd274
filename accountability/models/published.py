"""What was published, as it was published: the frozen content of a report, its files, and the job that makes them.

Rows of Snapshot and PublishedFile are written once. Their managers and save() refuse every change, and so do triggers
that migrations 0003 and 0008 put into the database.
"""

from __future__ import annotations

import datetime
import secrets
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import FileKind
from accountability.models.findings import Poster
from accountability.models.reports import Report
from s11.organisations.models import User

# Making the files takes seconds; a job that has had longer has died.
TAKEN_UP_AFTER = datetime.timedelta(minutes=15)


def refuse() -> NoReturn:
    raise PublishedRowError("What was published stays as it is: publish a correction instead.")


class PublishedRowError(Exception):
    """Somebody's code tried to change or delete what was published."""


class WrittenOnceQuerySet(models.QuerySet[Any]):
    """Rows are added and read, nothing else."""

    def update(self, **columns: Any) -> int:
        refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse()


class WrittenOnce(models.Model):
    """A row that nothing changes once it is there."""

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse()


class Publication(models.Model):
    """One attempt to publish: what was frozen when it was asked for, how far the job is, and why it failed."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="publications")
    # Kept as text: a database's own kind of JSON would order the keys anew.
    content = models.TextField()
    ledger = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The moment that stands on its cover; when it was put into the queue is another, where the demonstration publishes
    # a report of last year.
    asked_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True, help_text="Empty unless it failed.")

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("report",), condition=Q(finished_at=None), name="publication_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(error="") | Q(finished_at__isnull=False), name="publication_failed_is_finished"
            ),
        )

    def __str__(self) -> str:
        return f"{self.report}: publication asked for at {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_unfinished(self) -> bool:
        return self.finished_at is None


class Snapshot(WrittenOnce):
    """Figures and words of a published report, as text of JSON; its pages are made from this and nothing else."""

    report = models.OneToOneField(Report, models.PROTECT, related_name="snapshot")
    content = models.TextField()
    # Who was in which figure: shown to nobody, and needed so that no later publication gives one of them away.
    ledger = models.TextField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.report}, frozen at {self.frozen_at:%Y-%m-%d %H:%M}"


def make_storage_name(file: PublishedFile, name: str) -> str:
    """A place that nobody guesses, and that no later file takes: what is withdrawn is not found by its address."""
    return f"published/{timezone.now():%Y/%m}/{secrets.token_hex(16)}"


class PublishedFile(WrittenOnce):
    """One file of a report, or of a poster, byte for byte as it was published."""

    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="files")
    poster = models.ForeignKey(Poster, models.PROTECT, null=True, blank=True, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind)
    # The last part of its address, such as `report-3.pdf`.
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=make_storage_name, max_length=200)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("report", "kind"), name="published_file_once_a_report"),
            models.UniqueConstraint(fields=("poster", "kind"), name="published_file_once_a_poster"),
            models.CheckConstraint(
                condition=Q(report__isnull=False, poster=None) | Q(report=None, poster__isnull=False),
                name="published_file_names_its_subject",
            ),
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="published_file_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.report or self.poster}"
