"""Tables of retention: periods, holds, destruction lists with what stands on them, and the log that nobody changes.

Nothing here says what a destroyed record said, or names a person but the officers who prepared and approved.
"""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.models import Partnership, User
from s11.retention.enums import OPEN, ItemState, Kind, ListStatus


class Period(models.Model):
    """How long one kind is kept from a moment on. Append-only: the newest version holds."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="retention_periods")
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.PositiveIntegerField(help_text="Counted from 1 in its partnership and kind.")
    months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: never destroyed.")
    why = models.CharField(max_length=500, help_text="Which schedule or decision says so.")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("partnership", "kind", "-version")
        constraints = (
            models.UniqueConstraint(fields=("partnership", "kind", "version"), name="period_version_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="period_kind_known"),
            models.CheckConstraint(condition=Q(months=None) | Q(months__gt=0), name="period_of_some_months"),
            models.CheckConstraint(condition=~Q(why=""), name="period_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def current(self) -> HoldQuerySet:
        return self.filter(released_at=None)


class Hold(models.Model):
    """A record that must not be destroyed for now, such as for a court or an inquiry. It outlives the list."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=12, choices=Kind)
    record = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("partnership", "kind", "record"),
                condition=Q(released_at=None),
                name="hold_one_a_record",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_says_why"),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="hold_released_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.reason}"


class DestructionListQuerySet(models.QuerySet["DestructionList"]):
    def open(self) -> DestructionListQuerySet:
        return self.filter(status__in=OPEN)


class DestructionList(models.Model):
    """What had come due on a day. Once it is approved nothing of it changes but how far it has come."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="destruction_lists")
    number = models.PositiveIntegerField(help_text="Counted from 1 in its partnership.")
    status = models.CharField(max_length=10, choices=ListStatus, default=ListStatus.DRAFT)
    as_of = models.DateField(help_text="What was due by this day.")
    # The clock makes drafts too; an officer then looks through one and puts it forward.
    made_at = models.DateTimeField(default=timezone.now)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    prepared_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # How many items were approved: with one more on it, the database lets nothing of the list be destroyed.
    approved_items = models.PositiveIntegerField(null=True, blank=True)
    # Since when a worker has it, and when it came to its end.
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DestructionListQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("partnership", "number"), name="destruction_list_number_once"),
            models.UniqueConstraint(
                fields=("partnership",), condition=Q(status__in=OPEN), name="destruction_list_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ListStatus.values), name="destruction_list_status_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=(ListStatus.APPROVED, ListStatus.DONE),
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    approved_items__isnull=False,
                    prepared_by__isnull=False,
                    prepared_at__isnull=False,
                )
                | (
                    ~Q(status__in=(ListStatus.APPROVED, ListStatus.DONE))
                    & Q(approved_at=None, approved_by=None, approved_items=None)
                ),
                name="destruction_list_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("prepared_by")),
                name="destruction_list_needs_two_people",
            ),
        )

    def __str__(self) -> str:
        return f"Destruction list {self.number}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class DestructionItem(models.Model):
    """One record on a list: its kind and its row's number, or its month (202703) where a kind goes by months."""

    list = models.ForeignKey(DestructionList, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=Kind)
    record = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=200, help_text="Without a name: numbers and the cycle's slug.")
    counts_from = models.DateField()
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    note = models.CharField(max_length=500, blank=True, help_text="Why it was kept back.")
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("list", "pk")
        constraints = (
            models.UniqueConstraint(fields=("list", "kind", "record"), name="destruction_item_once"),
            models.CheckConstraint(
                condition=Q(state=ItemState.DESTROYED, destroyed_at__isnull=False)
                | (~Q(state=ItemState.DESTROYED) & Q(destroyed_at=None)),
                name="destruction_item_destroyed_has_its_moment",
            ),
        )
        indexes = (
            # What the database asks before it lets a line of a trail go: none, or one.
            models.Index(fields=("kind",), condition=Q(state="under_way"), name="destruction_under_way"),
        )

    def __str__(self) -> str:
        return self.reference


class DoomedFile(models.Model):
    """A file whose rows are gone: deleted after the transaction, and again until it is."""

    item = models.ForeignKey(DestructionItem, models.PROTECT, related_name="files")
    name = models.CharField(max_length=300)
    deleted_at = models.DateTimeField(null=True, blank=True)
    # Another row still names it: it stays until that one goes.
    is_shared = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("item",), condition=Q(deleted_at=None), name="doomed_file_waiting"),)

    def __str__(self) -> str:
        return f"{self.pk} of {self.item}"


class DestructionEntry(models.Model):
    """One line of the log. Each holds the checksum of the line before, so that none can be left out unseen."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="destruction_log")
    number = models.PositiveBigIntegerField(help_text="Counted from 1 in its partnership.")
    # Empty of what was destroyed again after a restore, where the list itself was lost.
    item = models.OneToOneField(DestructionItem, models.PROTECT, null=True, blank=True, related_name="entry")
    list_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    record = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=200)
    # When the record began, as its row said: after a restore another record may have its number.
    began_at = models.DateTimeField(null=True, blank=True)
    # By table, how many rows went.
    counts = models.JSONField(default=dict, blank=True)
    files = models.PositiveIntegerField(default=0)
    prepared_by = models.CharField(max_length=200)
    approved_by = models.CharField(max_length=200)
    approved_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)
    previous = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("partnership", "number")
        verbose_name_plural = "destruction entries"
        constraints = (
            models.UniqueConstraint(fields=("partnership", "number"), name="destruction_entry_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.reference}"


def make_certificate_name(certificate: Certificate, name: str) -> str:
    return f"certificates/{certificate.list_id}-{secrets.token_hex(8)}.pdf"


class Certificate(models.Model):
    """What a finished list destroyed, on paper. Written once."""

    list = models.OneToOneField(DestructionList, models.PROTECT, related_name="certificate")
    file = models.FileField(upload_to=make_certificate_name, max_length=200)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Certificate of {self.list}"
