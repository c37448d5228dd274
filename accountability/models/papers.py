"""Files of the meetings. A worker builds each as a Document; the row here says of what it is and who may read it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accountability.models.days import MeetingDay
from accountability.models.meetings import Meeting
from accountability.models.timetables import Release
from s11.organisations.models import User
from surveys.models import Document


class Paper(models.Model):
    """One file about a meeting, a day or a release."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="paper")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="papers")
    day = models.ForeignKey(MeetingDay, models.CASCADE, null=True, blank=True, related_name="papers")
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="papers")
    # A day's packs leave out those in which their reader has a conflict, so that each reader has a file of their own.
    reader = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-document__requested_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(meeting__isnull=False, day=None, release=None)
                | Q(meeting=None, day__isnull=False, release=None)
                | Q(meeting=None, day=None, release__isnull=False),
                name="paper_names_its_subject",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document.get_kind_display()}: {self.meeting or self.day or self.release}"
