"""A national register's file on its way into a partnership: what it would change, who applied it, and when."""

from __future__ import annotations

import datetime
import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.enums import LoadState, Register, RegisterLineKind, Variant
from s11.organisations.models.organisations import Organisation
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.users import User

# What nobody has applied by then is discarded.
KEPT_FOR = datetime.timedelta(days=7)
# A register's own file may hold names of head teachers, so it stays no longer than it takes to read it.
FILE_KEPT_FOR = datetime.timedelta(days=1)
WAITING = (LoadState.READING, LoadState.APPLYING)
UNDECIDED = (LoadState.CHOOSING, LoadState.READING, LoadState.READY, LoadState.FAILED)


def make_storage_name(load: RegisterLoad, name: str) -> str:
    """Nothing of the name that a person gave."""
    return f"registers/{secrets.token_hex(16)}"


class RegisterLoadQuerySet(models.QuerySet["RegisterLoad"]):
    def undecided(self) -> RegisterLoadQuerySet:
        return self.filter(state__in=UNDECIDED)

    def expired(self, now: datetime.datetime) -> RegisterLoadQuerySet:
        return self.undecided().filter(requested_at__lte=now - KEPT_FOR)


class RegisterLoad(models.Model):
    """One file and what became of it. Applied ones stay as the record; others go after a week."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="register_loads")
    register = models.CharField(max_length=10, choices=Register)
    name = models.CharField(max_length=255, help_text="What the file was called.")
    # As they were published; deleted once they are read, for they may name people.
    file = models.FileField(upload_to=make_storage_name, max_length=200, blank=True)
    links = models.FileField(upload_to=make_storage_name, max_length=200, blank=True)
    # Of the wanted rows the facts that we use, a row a line.
    rows = models.FileField(upload_to=make_storage_name, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # As they were written, separated by semicolons; empty for all.
    areas = models.CharField(max_length=500, blank=True)
    # An officer's column for each field, where the register has no map of its own.
    columns = models.JSONField(default=dict, blank=True)
    has_header = models.BooleanField(default=True)
    variant = models.CharField(max_length=20, choices=Variant)
    is_statutory = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=LoadState)
    # Per cent of the file that has been read.
    progress = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    # How many of each, as they were shown or applied.
    counts = models.JSONField(default=dict, blank=True)
    # Of the lines that the preview shows: what is applied must be what was seen.
    digest = models.CharField(max_length=64, blank=True)
    # By identifier, the organisation that somebody said is the same.
    chosen = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = RegisterLoadQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=LoadState.DONE, applied_at__isnull=False)
                | (~Q(state=LoadState.DONE) & Q(applied_at__isnull=True)),
                name="register_load_applied_when_done",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_register_display()}: {self.name}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def kept_until(self) -> datetime.datetime:
        return self.requested_at + KEPT_FOR


class RegisterLine(models.Model):
    """One line of a preview, and afterwards of what was applied."""

    load = models.ForeignKey(RegisterLoad, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RegisterLineKind)
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    text = models.CharField(max_length=1_000)
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    # An organisation that may be the same one: somebody decides.
    choice = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("load", "position"), name="register_line_position_once"),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"
