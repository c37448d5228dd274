"""Searches for a timetable, and its numbered releases: what those affected were told, frozen."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import RunStatus
from accountability.models.meetings import Meeting
from accountability.models.panels import Panel, PanelMember
from s11.organisations.models import User

# A search takes five minutes at most, and a little for reading and writing; who takes longer has died.
TAKEN_UP_AFTER = datetime.timedelta(minutes=6)


class TimetableRun(models.Model):
    """One search by the solver, in the background: how far it is, and what it said."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="runs")
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.WAITING)
    seconds = models.PositiveSmallIntegerField(default=60, help_text="For the whole search.")
    # The solver's word: optimal, feasible or infeasible; empty until it is done, and after a change by hand.
    proof = models.CharField(max_length=10, blank=True)
    placed = models.PositiveSmallIntegerField(null=True, blank=True)
    unplaced = models.PositiveSmallIntegerField(null=True, blank=True)
    moved = models.PositiveSmallIntegerField(null=True, blank=True)
    problems = models.TextField(
        blank=True, help_text="One sentence a line: why locks break rules, or what failed."
    )
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=RunStatus.values), name="timetable_run_status_known"
            ),
            # One at a time: two would overwrite each other's plan.
            models.UniqueConstraint(
                fields=("panel",),
                condition=Q(status__in=(RunStatus.WAITING, RunStatus.RUNNING)),
                name="timetable_run_one_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.panel}, {self.get_status_display().lower()}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in (RunStatus.WAITING, RunStatus.RUNNING)

    def is_lost(self, now: datetime.datetime) -> bool:
        """Left by a worker that died."""
        return self.is_unfinished and (self.started_at or self.asked_at) <= now - TAKEN_UP_AFTER


class Release(models.Model):
    """A numbered timetable that went out. Append-only."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("panel", "-number")
        constraints = (models.UniqueConstraint(fields=("panel", "number"), name="release_number_once"),)

    def __str__(self) -> str:
        return f"Timetable {self.number} of {self.panel.cycle}"


class ReleasedMeeting(models.Model):
    """One meeting as a release told it. Append-only; times are local, Europe/London."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="meetings")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="released")
    date = models.DateField()
    starts_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    track = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=100, blank=True)
    link = models.URLField(max_length=500, blank=True)
    joining = models.TextField(blank=True)

    class Meta:
        ordering = ("release", "date", "starts_at", "track")
        constraints = (
            models.UniqueConstraint(fields=("release", "meeting"), name="released_meeting_once"),
            models.UniqueConstraint(
                fields=("release", "date", "starts_at", "track"), name="released_meeting_one_a_slot"
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting.organisation}, {self.date} {self.starts_at:%H:%M}"


class ReleasedSeat(models.Model):
    """Who was to sit, as a release told it. Append-only."""

    released = models.ForeignKey(ReleasedMeeting, models.CASCADE, related_name="seats")
    member = models.ForeignKey(PanelMember, models.PROTECT, related_name="+")
    is_chair = models.BooleanField(default=False)

    class Meta:
        ordering = ("released", "-is_chair", "pk")
        constraints = (
            models.UniqueConstraint(fields=("released", "member"), name="released_seat_once_a_member"),
        )

    def __str__(self) -> str:
        return f"{self.member} in {self.released}"
