"""What single agencies write for the partnership's annual report: asked for once a year, a text a heading, pictures."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import (
    APPROVED_RETURNS,
    OPEN_RETURNS,
    AgencyReturnEventKind,
    AgencyReturnStatus,
    ReturnHeading,
)
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Participation, Partnership, User
from surveys.models import EvidenceVersion

LONGEST_TEXT = 10_000
LONGEST_REASON = 2_000


class ReturnRequest(models.Model):
    """That a partnership asks its agencies about a reporting year, and by when. An officer's act."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="return_requests")
    begins = models.PositiveSmallIntegerField(help_text="The calendar year of the reporting year’s 1 April.")
    due_on = models.DateField()
    note = models.TextField(blank=True, max_length=LONGEST_REASON, help_text="What agencies are told beside.")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("partnership", "-begins")
        constraints = (
            models.UniqueConstraint(fields=("partnership", "begins"), name="return_request_once_a_year"),
        )

    def __str__(self) -> str:
        return f"Returns for {self.year}, {self.partnership}"

    @property
    def year(self) -> ReportingYear:
        return ReportingYear(self.begins)


class AgencyReturnQuerySet(models.QuerySet["AgencyReturn"]):
    def of(self, participation: Participation) -> AgencyReturnQuerySet:
        return self.filter(participation=participation)

    def approved(self) -> AgencyReturnQuerySet:
        """What its agency has approved for the public: nothing else leaves its rooms."""
        return self.filter(status__in=APPROVED_RETURNS)

    def accepted(self) -> AgencyReturnQuerySet:
        """What stands in the annual report."""
        return self.filter(status=AgencyReturnStatus.ACCEPTED)


class AgencyReturn(models.Model):
    """One agency's, begun when somebody first saves. Each heading is a part, so that colleagues can share it."""

    request = models.ForeignKey(ReturnRequest, models.PROTECT, related_name="returns")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="annual_returns")
    status = models.CharField(max_length=10, choices=AgencyReturnStatus, default=AgencyReturnStatus.DRAFT)
    begun_at = models.DateTimeField(default=timezone.now)
    # Who approved it for the public, and as what: their name stands beside it until it is the agency's to change again.
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_as = models.CharField(max_length=200, blank=True, help_text="Such as ‘Chief executive’.")
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = AgencyReturnQuerySet.as_manager()

    class Meta:
        ordering = ("request", "participation__organisation__name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("request", "participation"), name="agency_return_once_a_year"),
            models.CheckConstraint(
                condition=Q(status__in=AgencyReturnStatus.values), name="agency_return_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=APPROVED_RETURNS, approved_by__isnull=False, approved_at__isnull=False)
                | (~Q(status__in=APPROVED_RETURNS) & Q(approved_by=None, approved_as="", approved_at=None)),
                name="agency_return_approved_has_its_name",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participation.name}, {self.request.year}"

    @property
    def is_open(self) -> bool:
        """The agency's people may write in it."""
        return self.status in OPEN_RETURNS

    @property
    def is_approved(self) -> bool:
        return self.status in APPROVED_RETURNS


class AgencyReturnPart(models.Model):
    """What stands under one heading. Each has its version: two people under two headings never meet."""

    agency_return = models.ForeignKey(AgencyReturn, models.CASCADE, related_name="parts")
    heading = models.CharField(max_length=10, choices=ReturnHeading)
    text = models.TextField(blank=True, max_length=LONGEST_TEXT)
    # Counts each change: a stale save is told, and keeps both texts.
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("agency_return", "pk")
        constraints = (
            models.UniqueConstraint(fields=("agency_return", "heading"), name="agency_return_part_once"),
            models.CheckConstraint(
                condition=Q(heading__in=ReturnHeading.values), name="agency_return_part_heading_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_heading_display()}: {self.agency_return}"


class AgencyReturnPicture(models.Model):
    """A picture of the agency's evidence library that goes with its return.

    The library receives it: what is no picture is refused, what the camera wrote into it is taken out, a virus scanner
    looks at it. That there is a row says that whoever added it has stated that everyone in it agreed, and that no child
    can be recognised: the form takes none without.
    """

    agency_return = models.ForeignKey(AgencyReturn, models.CASCADE, related_name="pictures")
    version = models.ForeignKey(EvidenceVersion, models.PROTECT, related_name="return_pictures")
    # For who cannot see it, and for whoever lays the report out.
    alt = models.CharField("what it shows", max_length=300)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("agency_return", "pk")
        constraints = (
            models.UniqueConstraint(fields=("agency_return", "version"), name="agency_return_picture_once"),
        )

    def __str__(self) -> str:
        return self.alt

    @property
    def is_there(self) -> bool:
        """Not while it is scanned, nor once it was found infected or was removed for good."""
        return bool(self.version.file) and not self.version.is_held


class AgencyReturnEvent(models.Model):
    """A line in a return's history."""

    agency_return = models.ForeignKey(AgencyReturn, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=AgencyReturnEventKind)
    # With a return or a sending back its reason.
    text = models.TextField(blank=True, max_length=LONGEST_REASON)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("agency_return", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=AgencyReturnEventKind.values), name="agency_return_event_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency_return}: {self.get_kind_display()}"


auditlog.register(ReturnRequest)
auditlog.register(AgencyReturn)
auditlog.register(AgencyReturnPart)
auditlog.register(AgencyReturnPicture)
