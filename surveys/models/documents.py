"""Files that take long to build: asked for on a page, built by a worker, kept."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.models import GroupAccess, Membership, Officer, Participation, Partnership, User
from surveys.enums import COUNTED, MEETING_PAPERS, DocumentFormat, DocumentKind, Series
from surveys.models.audits import READERS, Audit
from surveys.models.cycles import Cycle
from surveys.models.messages import Escalation
from surveys.models.questionnaires import Questionnaire

# A zip holds the evidence once more, and a table what stands here; both can be made again at any time.
KEPT_FOR = datetime.timedelta(days=7)


# What those officers have who read audits.
OF_THE_DESK = (DocumentKind.OVERVIEW, DocumentKind.TABLE, DocumentKind.EXECUTIVE)


def get_upload_path(document: Document, name: str) -> str:
    return get_attempt_path(document, document.attempts)


def get_attempt_path(document: Document, attempt: int) -> str:
    """Each attempt writes a file of its own, so that what a killed one left is found and deleted."""
    return f"documents/{document.requested_at:%Y/%m}/{document.pk}-{attempt}.{document.format}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def waiting(self) -> DocumentQuerySet:
        """Neither built nor given up."""
        return self.filter(file="", error="")

    def visible_to(self, user: User) -> DocumentQuerySet:
        """An agency has its audits' copies and its action plans; a desk its overviews, and copies as last submitted.

        Leads of a group that the agency has accepted have its audits' copies. Papers of meetings are read elsewhere.
        """
        members = Membership.objects.active().filter(user=user).values("organisation")
        offices = Officer.objects.active().filter(user=user, role__in=READERS).values("partnership")
        # A draft's copy, and that of a submission that was recalled, are not for officers.
        submitted = Q(
            audit__invitee__cycle__partnership__in=offices,
            audit__status__in=COUNTED,
            submission=F("audit__submission"),
        )
        sites = GroupAccess.objects.of_leader(user).values("site")
        own = Q(audit__invitee__organisation__in=members) | Q(audit__invitee__organisation__in=sites)
        return self.filter(
            Q(kind__in=OF_THE_DESK, partnership__in=offices)
            | Q(own | submitted, kind=DocumentKind.AUDIT_COPY)
            | Q(kind=DocumentKind.ACTION_PLAN, participation__organisation__in=members)
            | Q(kind=DocumentKind.LETTER, escalation__invitee__cycle__partnership__in=offices)
        )


class Document(models.Model):
    """One file. Waiting while it has neither a file nor an error."""

    kind = models.CharField(max_length=20, choices=DocumentKind)
    format = models.CharField(max_length=10, choices=DocumentFormat)
    series = models.CharField(max_length=10, choices=Series, default=Series.SELF)
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="documents")
    audit = models.ForeignKey(Audit, models.PROTECT, null=True, blank=True, related_name="documents")
    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, null=True, blank=True, related_name="documents"
    )
    participation = models.ForeignKey(
        Participation, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    escalation = models.ForeignKey(
        Escalation, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    # Which table of the partnership, by its slug in surveys.resources.
    table = models.CharField(max_length=40, blank=True)
    # Which submission of the audit it shows; empty for a draft's copy.
    submission = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of a draft's copy: a digest of what it shows, as it was when the copy was asked for.
    draft_state = models.CharField(max_length=64, blank=True)
    # Of an overview: slugs of the earlier cycles that were chosen for it, a space between them; empty where none were.
    compared = models.CharField(max_length=250, blank=True)
    file = models.FileField(upload_to=get_upload_path, max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=500, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    built_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Since when it is in the queue or being built; while it waits to be tried again, next_try says until when.
    queued_at = models.DateTimeField(default=timezone.now)
    next_try = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.AUDIT_COPY, audit__isnull=False)
                | Q(kind=DocumentKind.BLANK, questionnaire__isnull=False)
                | Q(
                    kind__in=(DocumentKind.OVERVIEW, DocumentKind.EXECUTIVE),
                    cycle__isnull=False,
                    partnership__isnull=False,
                )
                | Q(kind=DocumentKind.ACTION_PLAN, participation__isnull=False)
                | Q(kind=DocumentKind.LETTER, escalation__isnull=False)
                | Q(kind__in=MEETING_PAPERS, cycle__isnull=False, partnership__isnull=False)
                | Q(kind=DocumentKind.FEEDBACK, audit__isnull=False, partnership__isnull=False)
                | (Q(kind=DocumentKind.TABLE, partnership__isnull=False) & ~Q(table="")),
                name="document_names_its_subject",
            ),
        )
        indexes = (
            models.Index(fields=("queued_at",), condition=Q(file="", error=""), name="document_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_format_display()})"

    @property
    def compared_slugs(self) -> list[str] | None:
        """None where the last cycles of the same kind stand beside it."""
        return self.compared.split() or None

    @property
    def is_built(self) -> bool:
        return bool(self.file)

    @property
    def kept_until(self) -> datetime.datetime | None:
        """None for what is kept for good."""
        is_passing = self.format == DocumentFormat.ZIP or self.kind == DocumentKind.TABLE
        return self.requested_at + KEPT_FOR if is_passing else None

    @property
    def has_failed(self) -> bool:
        return bool(self.error)

    @property
    def state(self) -> str:
        """The tag's word."""
        return "Ready" if self.is_built else "Failed" if self.has_failed else "Being made"

    @property
    def is_put_off(self) -> bool:
        """An attempt has failed, and the next one is not due yet."""
        return self.next_try is not None
