"""Overview reports on their way to the public: drafted, reviewed, approved, published, corrected.

What was published is frozen: the rows of published.py never change, which the database itself holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accountability.enums import PUBLIC, READABLE, Licence, ReportEventKind, ReportStatus, SectionKind
from accountability.models.drafted import DraftedText
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Officer, Partnership, User
from surveys.enums import Series
from surveys.models import Cycle
from surveys.models.audits import READERS

if TYPE_CHECKING:
    from accountability.models.published import Snapshot

# Who reads reports before the public does: beside the readers of audits whoever publishes.
REPORT_READERS = (*READERS, OfficerRole.PUBLISHER)
APPROVED_ONCE = (ReportStatus.APPROVED, *PUBLIC)


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        """On the desk: officers of the partnership who see figures. Panel members find none."""
        offices = Officer.objects.active().filter(user=user, role__in=REPORT_READERS)
        return self.filter(partnership__in=offices.values("partnership"))

    def of(self, partnership: Partnership) -> ReportQuerySet:
        return self.filter(partnership=partnership)

    def public(self) -> ReportQuerySet:
        """What has an address on the public site; also what was corrected or withdrawn since."""
        return self.filter(status__in=PUBLIC)

    def current(self) -> ReportQuerySet:
        """Of each published report the version that holds."""
        return self.filter(status=ReportStatus.PUBLISHED)

    def with_place(self) -> ReportQuerySet:
        return self.select_related("partnership")


class Report(models.Model):
    """One version of a report. Its number comes when it is published; a correction keeps it and counts the version."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="reports")
    title = models.CharField(max_length=200)
    series = models.CharField(max_length=10, choices=Series, default=Series.SELF)
    licence = models.CharField(max_length=10, choices=Licence, default=Licence.OGL)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT)
    # Counted from 1 in its partnership, without gaps; empty until it is published.
    number = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # SHA-256 of all that was read when it was approved: only that is published.
    approved_digest = models.CharField(max_length=64, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why_withdrawn = models.TextField(blank=True, max_length=1_000, help_text="The public reads it.")

    snapshot: Snapshot
    corrected_by: Report
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=ReportStatus.values), name="report_status_known"),
            models.CheckConstraint(condition=Q(licence__in=Licence.values), name="report_licence_known"),
            models.CheckConstraint(
                condition=Q(corrects=None, version=1) | Q(corrects__isnull=False, version__gt=1),
                name="report_correction_has_a_version",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status__in=APPROVED_ONCE, approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_digest="")
                )
                | (~Q(status__in=APPROVED_ONCE) & Q(approved_by=None, approved_at=None, approved_digest="")),
                name="report_approved_has_its_moment",
            ),
            # Four eyes, whatever a page lets through.
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("created_by")),
                name="report_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=PUBLIC,
                    number__isnull=False,
                    published_by__isnull=False,
                    published_at__isnull=False,
                )
                | (~Q(status__in=PUBLIC) & Q(number=None, published_by=None, published_at=None)),
                name="report_published_has_its_number",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=ReportStatus.WITHDRAWN, withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                    & ~Q(why_withdrawn="")
                )
                | (
                    ~Q(status=ReportStatus.WITHDRAWN)
                    & Q(withdrawn_by=None, withdrawn_at=None, why_withdrawn="")
                ),
                name="report_withdrawn_has_its_reason",
            ),
            models.UniqueConstraint(
                fields=("partnership", "number", "version"), name="report_number_and_version_once"
            ),
            models.UniqueConstraint(
                fields=("partnership", "number"),
                condition=Q(status=ReportStatus.PUBLISHED),
                name="report_one_current_version",
            ),
        )
        indexes = (models.Index(fields=("status", "-published_at"), name="report_newest"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC

    @property
    def is_readable(self) -> bool:
        """By the public, at this moment."""
        return self.status in READABLE

    @property
    def reference(self) -> str:
        """‘Report 3’, ‘Report 3, version 2’; what it is called before it has a number."""
        if self.number is None:
            word = "Draft" if self.status == ReportStatus.DRAFT else "Not published yet"
            return word if self.corrects_id is None else f"{word}: version {self.version}"
        return f"Report {self.number}" + (f", version {self.version}" if self.version > 1 else "")


class ReportCycle(models.Model):
    """A cycle that the report is about; the first one is the newest, which the others are compared with."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="report_cycles")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="report_cycles")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("report", "position")
        constraints = (
            models.UniqueConstraint(fields=("report", "cycle"), name="report_cycle_once"),
            models.UniqueConstraint(fields=("report", "position"), name="report_cycle_one_a_position"),
        )

    def __str__(self) -> str:
        return f"{self.cycle} in {self.report}"


class ReportSectionQuerySet(models.QuerySet["ReportSection"]):
    def in_report(self) -> ReportSectionQuerySet:
        """What the report says; less what a new draft has taken out of it."""
        return self.filter(removed_at=None)


class ReportSection(DraftedText):
    """One part of the text. Its number tokens are filled with the figures as they stand, until they are frozen."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=20, choices=SectionKind)
    # Which group of variants it is about, by its key in the public figures; empty for the report as a whole.
    subject = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    # Since when its group of variants is not shown any more: then it stands in no report, and is kept for what people
    # wrote in it and said of it.
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ReportSectionQuerySet.as_manager()

    class Meta:
        ordering = ("report", "position")
        constraints = (
            models.UniqueConstraint(fields=("report", "kind", "subject"), name="report_section_once"),
            models.UniqueConstraint(fields=("report", "position"), name="report_section_one_a_position"),
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="report_section_known"),
            models.CheckConstraint(
                condition=Q(edited_at=None, edited_by=None, text="")
                | Q(edited_at__isnull=False, edited_by__isnull=False),
                name="report_section_edited_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.report}: {self.title}"

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None


class ReportComment(models.Model):
    """What a colleague says about a section while it is written; the public never sees it."""

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="comments")
    text = models.TextField(max_length=5_000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("section", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="report_comment_resolved_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.by} on {self.section}"

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None


class ReportEvent(models.Model):
    """What happened to a report, and who did it. Append-only."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=ReportEventKind)
    detail = models.TextField(blank=True, max_length=2_000)
    # Empty where a worker did.
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("report", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=ReportEventKind.values), name="report_event_known"),
        )

    def __str__(self) -> str:
        return f"{self.report}: {self.get_kind_display().lower()}"


class Erratum(models.Model):
    """What was wrong, and what this version says instead; public with it, on every version of the report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="errata")
    text = models.TextField(max_length=2_000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("report", "at", "pk")
        verbose_name_plural = "errata"

    def __str__(self) -> str:
        return f"{self.report}: {self.text[:60]}"


auditlog.register(Report)
auditlog.register(Erratum)
