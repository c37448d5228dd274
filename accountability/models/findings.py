"""Findings, each a theme that holds across agencies, and the posters and briefings that are laid out from them."""

from __future__ import annotations

import secrets

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import FindingStatus, PosterKind
from accountability.models.reports import Report
from s11.organisations.models import Partnership, User
from surveys.models import Cycle, Theme


class Finding(models.Model):
    """What was found, why it matters, what happens next: of a report, or of a cycle where there is no report yet."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="findings")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="findings")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="findings")
    themes = models.ManyToManyField(Theme, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    found = models.TextField(blank=True, max_length=5_000)
    why_it_matters = models.TextField(blank=True, max_length=5_000)
    next_steps = models.TextField(blank=True, max_length=5_000)
    position = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=FindingStatus, default=FindingStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    # Whoever has ever changed it: of two who did, `changed_by` keeps one.
    writers = models.ManyToManyField(User, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    # Of the version that this one's report corrects: what became of it is followed from there.
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=FindingStatus.values), name="finding_status_known"),
            models.CheckConstraint(
                condition=Q(report__isnull=False) | Q(cycle__isnull=False), name="finding_names_its_source"
            ),
            models.CheckConstraint(
                condition=Q(status=FindingStatus.DRAFT, published_at=None)
                | (~Q(status=FindingStatus.DRAFT) & Q(published_at__isnull=False)),
                name="finding_published_has_its_moment",
            ),
            models.UniqueConstraint(fields=("report", "carried_from"), name="finding_carried_once"),
        )

    def __str__(self) -> str:
        return self.title


class FindingFigure(models.Model):
    """A number that stands behind a finding: where it is in the public figures, and as it was when it was linked."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="figures")
    # Such as `variants.health.standards.A1.at_grade_2`.
    path = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    text = models.CharField(max_length=200, blank=True, help_text="‘10 of 11 (91%)’.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("finding", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("finding", "path"), name="finding_figure_once"),)

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"


class Poster(models.Model):
    """One page of findings: an A4 poster, or the seven boxes of a briefing."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="posters")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="posters")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="posters")
    kind = models.CharField(max_length=10, choices=PosterKind)
    title = models.CharField(max_length=200)
    # Counted from 1 in its partnership; empty until it is published.
    number = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=FindingStatus, default=FindingStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    renamed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    renamed_at = models.DateTimeField(null=True, blank=True)
    # Whoever has ever written words that stood on it, or that its new issue was made of: none of them publishes it.
    writers = models.ManyToManyField(User, blank=True, related_name="+")
    # The issue made before its report was corrected; it stays at its address, with a link to this one.
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="new_issues")

    sheet: PosterSheet

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=PosterKind.values), name="poster_kind_known"),
            models.CheckConstraint(condition=Q(status__in=FindingStatus.values), name="poster_status_known"),
            models.CheckConstraint(
                condition=Q(report__isnull=False) | Q(cycle__isnull=False), name="poster_names_its_source"
            ),
            models.CheckConstraint(
                condition=Q(status=FindingStatus.DRAFT, published_at=None, number=None)
                | (~Q(status=FindingStatus.DRAFT) & Q(published_at__isnull=False, number__isnull=False)),
                name="poster_published_has_its_number",
            ),
            models.UniqueConstraint(fields=("partnership", "number"), name="poster_number_once"),
            models.CheckConstraint(
                condition=Q(renamed_by=None, renamed_at=None)
                | Q(renamed_by__isnull=False, renamed_at__isnull=False),
                name="poster_renamed_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return self.title


class PosterBox(models.Model):
    """One box of a poster, in words that an officer may change; made from a finding, or free."""

    poster = models.ForeignKey(Poster, models.CASCADE, related_name="boxes")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="boxes")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    figure = models.CharField(max_length=60, blank=True, help_text="One figure, such as ‘10 of 11’.")
    text = models.TextField(blank=True, max_length=1_500)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("poster", "position")
        constraints = (
            models.UniqueConstraint(fields=("poster", "position"), name="poster_box_one_a_position"),
        )

    def __str__(self) -> str:
        return f"{self.poster}: {self.heading}"


class PosterNumber(models.Model):
    """A number on a poster that its report does not say, and who answers for it: it tells of nobody's scores."""

    poster = models.ForeignKey(Poster, models.CASCADE, related_name="own_numbers")
    words = models.CharField(max_length=200, help_text="As it stands there, such as ‘3 of our 5’.")
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("poster", "pk")
        constraints = (
            models.UniqueConstraint(fields=("poster", "words"), name="poster_number_confirmed_once"),
        )

    def __str__(self) -> str:
        return f"{self.words}: {self.poster}"


def make_sheet_name(sheet: PosterSheet, name: str) -> str:
    """A place that nobody guesses: a draft is nobody's to find."""
    return f"poster-drafts/{timezone.now():%Y/%m}/{secrets.token_hex(16)}"


class PosterSheet(models.Model):
    """The sheet of a draft as a PDF, made by a worker for whoever writes it; gone once the poster is published."""

    poster = models.OneToOneField(Poster, models.CASCADE, related_name="sheet")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Empty once the file is made, or has failed.
    asked_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=make_sheet_name, max_length=200, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True, help_text="Of the poster, as it shows it.")
    size = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of its letters, 1 the largest.")
    made_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(file="", version=None, size=None, made_at=None)
                | (~Q(file="") & Q(version__isnull=False, size__isnull=False, made_at__isnull=False)),
                name="poster_sheet_file_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"Sheet of {self.poster}"

    @property
    def is_waiting(self) -> bool:
        return self.asked_at is not None

    @property
    def is_old(self) -> bool:
        return bool(self.file) and self.version != self.poster.version


auditlog.register(Finding)
auditlog.register(Poster)
