"""The evidence library: files, links and references of an organisation that back its answers.

Evidence belongs to the organisation. A partnership sees a version of it only through a submitted answer, which pins it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from s11.organisations.enums import MembershipRole
from s11.organisations.models import GroupAccess, Membership, Officer, Organisation, User
from s11.web.prepared import Later
from surveys.enums import COUNTED, HELD, Caution, EvidenceKind, ScanProblem, ScanState
from surveys.evidence_types import LABELS
from surveys.models.answers import Answer
from surveys.models.audits import READERS

if TYPE_CHECKING:
    import datetime


def make_storage_name(version: EvidenceVersion, name: str) -> str:
    """Nothing of the name that a person gave: it may say too much, and it is kept beside the file."""
    return f"evidence/{timezone.now():%Y/%m}/{secrets.token_hex(16)}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def of(self, organisation: Organisation) -> EvidenceQuerySet:
        """What is in its library: what was removed is gone from every list."""
        return self.filter(organisation=organisation, removed_at=None)

    def known_to(self, user: User | Later | None) -> EvidenceQuerySet:
        """Without what lies in quarantine: only who added it, or is told of it, knows that it is there."""
        known = EvidenceVersion.objects.known_to(user).filter(evidence=OuterRef("pk"))
        return self.filter(Exists(known))


class Evidence(models.Model):
    """One item; it backs any number of answers. Replaced, it keeps its earlier versions."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=EvidenceKind)
    title = models.CharField(max_length=200)
    effective_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    # Taken out of the library; with `removal_reason` its files are deleted too, and only this row says that it was.
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removal_reason = models.CharField(max_length=500, blank=True)

    objects = EvidenceQuerySet.as_manager()
    # Its versions, where a list has fetched them.
    newest_first: list[EvidenceVersion]

    class Meta:
        ordering = ("title", "pk")
        verbose_name_plural = "evidence"
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_known"),
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("effective_on")),
                name="evidence_expires_after_it_takes_effect",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_erased(self) -> bool:
        """Its files are deleted, because of what they showed."""
        return bool(self.removal_reason)

    def has_expired(self, today: datetime.date) -> bool:
        return self.expires_on is not None and self.expires_on < today


class EvidenceVersionQuerySet(models.QuerySet["EvidenceVersion"]):
    def released(self) -> EvidenceVersionQuerySet:
        """What no quarantine holds."""
        return self.exclude(scan_state__in=HELD)

    def known_to(self, user: User | Later | None) -> EvidenceVersionQuerySet:
        """And of what is in quarantine, what this person added; a lead is told of what was found infected."""
        if user is None:
            return self.released()
        led = Membership.objects.active().filter(user=user, role=MembershipRole.LEAD).values("organisation")
        told = Q(scan_state=ScanState.INFECTED, evidence__organisation__in=led)
        return self.filter(~Q(scan_state__in=HELD) | Q(added_by=user) | told)

    def visible_to(self, user: User) -> EvidenceVersionQuerySet:
        """Members see all of their organisation's; officers what a submitted answer in their partnership pins.

        Leads of a group that the organisation has accepted see what backs its answers, drafts too, and not what only
        lies in its library.
        """
        members = Membership.objects.active().filter(user=user).values("organisation")
        offices = Officer.objects.active().filter(user=user, role__in=READERS).values("partnership")
        pinned = AnswerEvidence.objects.filter(
            answer__audit__status__in=COUNTED,
            answer__audit__invitee__cycle__partnership__in=offices,
        ).values("submitted_version")
        sites = GroupAccess.objects.of_leader(user).values("site")
        backing = AnswerEvidence.objects.filter(
            Q(removed_at=None) | ~Q(submitted_version=None), evidence__organisation__in=sites
        ).values("evidence")
        return self.filter(Q(evidence__organisation__in=members) | Q(pk__in=pinned) | Q(evidence__in=backing))


class EvidenceVersion(models.Model):
    """What the item was from a certain day: a file, or the address of a link, or where a thing can be seen."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=make_storage_name, max_length=200, blank=True)
    # Of a file: the name that it came with, and what its content was found to be, not what the name claims.
    name = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    # What a camera wrote into a picture, such as the place, was taken out of it before it was kept.
    is_stripped = models.BooleanField(default=False)
    # What its reader should know before it is opened.
    caution = models.CharField(max_length=12, choices=Caution, blank=True)
    scan_state = models.CharField(max_length=12, choices=ScanState, default=ScanState.NOT_SCANNED)
    # What the scanner calls what it found; the file is deleted then.
    scan_finding = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    # While it is not answered: how often it was tried, when it is tried next, and why the last try came to nothing.
    scan_tries = models.PositiveIntegerField(default=0)
    scan_due = models.DateTimeField(null=True, blank=True)
    scan_problem = models.CharField(max_length=12, choices=ScanProblem, blank=True)
    # That it was found infected, by e-mail.
    told_at = models.DateTimeField(null=True, blank=True)
    url = models.URLField(max_length=1_000, blank=True)
    reference = models.TextField(
        blank=True, help_text="Where it can be seen, such as ‘in the office, shelf 3’."
    )
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = EvidenceVersionQuerySet.as_manager()

    class Meta:
        ordering = ("evidence", "-number")
        constraints = (
            models.UniqueConstraint(fields=("evidence", "number"), name="evidence_version_number_unique"),
        )

    def __str__(self) -> str:
        return f"{self.evidence}, version {self.number}"

    @property
    def is_held(self) -> bool:
        """In quarantine, or found infected."""
        return self.scan_state in HELD

    @property
    def type_label(self) -> str:
        """‘PDF’, ‘Link to example.org’, ‘Reference’."""
        if self.content_type:
            return LABELS.get(self.content_type, "File")
        if self.url:
            return f"Link to {urlsplit(self.url).hostname}"
        return self.evidence.get_kind_display()


class AnswerEvidenceQuerySet(models.QuerySet["AnswerEvidence"]):
    def pinned(self) -> AnswerEvidenceQuerySet:
        """What readers of the last submission see: nothing that lies in quarantine."""
        return self.filter(submitted_version__isnull=False).exclude(submitted_version__scan_state__in=HELD)

    def known_to(self, user: User | Later | None) -> AnswerEvidenceQuerySet:
        """Without what lies in quarantine, unless this person knows of it."""
        known = EvidenceVersion.objects.known_to(user).filter(evidence=OuterRef("evidence"))
        return self.filter(Exists(known))

    def current(self) -> AnswerEvidenceQuerySet:
        """What backs the answer as it stands: neither taken off it nor out of the library."""
        return self.filter(removed_at=None, evidence__removed_at=None)


class AnswerEvidence(models.Model):
    """An item that backs an answer; `submitted_version` is the one that the last submission pinned."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="evidence_links", db_index=False)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="answer_links")
    submitted_version = models.ForeignKey(
        EvidenceVersion, models.PROTECT, null=True, blank=True, related_name="pins"
    )
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    # Taken off the answer while it is corrected: what was submitted stands until it is submitted again.
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerEvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("answer", "pk")
        constraints = (models.UniqueConstraint(fields=("answer", "evidence"), name="answer_evidence_once"),)

    def __str__(self) -> str:
        return f"{self.evidence} for {self.answer}"


class EvidenceChange(models.Model):
    """That an item was put on an answer, or taken off it. Append-only: the links themselves come and go."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="evidence_changes")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="answer_changes")
    is_put_on = models.BooleanField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("answer", "at", "pk")

    def __str__(self) -> str:
        return f"{self.evidence} {'put on' if self.is_put_on else 'taken off'} {self.answer}"
