"""When and where: the days of the meetings, their breaks and places, and who can come in which half."""

from __future__ import annotations

import datetime

from auditlog.registry import auditlog
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accountability.enums import AvailabilityAnswer, Half, PlaceKind
from accountability.models.meetings import Meeting
from accountability.models.panels import Panel, PanelMember
from accountability.slots import Slot, make_slots
from s11.organisations.models import User


class MeetingDay(models.Model):
    """One day of meetings. Times are local, Europe/London; its slots follow from these columns and its breaks."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="days")
    date = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(
        "minutes a meeting", default=30, validators=[MinValueValidator(10), MaxValueValidator(240)]
    )

    class Meta:
        ordering = ("date", "pk")
        constraints = (
            models.UniqueConstraint(fields=("panel", "date"), name="meeting_day_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_day_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=10), name="meeting_day_minutes_at_least_10"),
        )

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"

    def list_slots(self) -> list[Slot]:
        """When its meetings can begin; with `breaks` prefetched it asks the database nothing."""
        breaks = [(one.starts_at, one.ends_at) for one in self.breaks.all()]
        return make_slots(self.starts_at, self.ends_at, self.minutes, breaks)

    def get_span(self, starts_at: datetime.time) -> tuple[datetime.datetime, datetime.datetime]:
        """From when until when a meeting lasts that begins then; local."""
        begins = datetime.datetime.combine(self.date, starts_at)
        return begins, begins + datetime.timedelta(minutes=self.minutes)

    def name_place(self, track: int) -> str:
        """Where that panel meets, or its number alone; with `places` prefetched without a query."""
        return next((one.name for one in self.places.all() if one.track == track), f"Panel {track + 1}")

    def has_all_places(self, tracks: int) -> bool:
        """Whether each panel at a time has its room or link; with `places` prefetched without a query."""
        return {one.track for one in self.places.all()} >= set(range(tracks))


class DayBreak(models.Model):
    """A time in which nobody meets."""

    day = models.ForeignKey(MeetingDay, models.CASCADE, related_name="breaks")
    name = models.CharField(max_length=60, default="Break")
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta:
        ordering = ("day", "starts_at")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="day_break_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_at:%H:%M} to {self.ends_at:%H:%M}"


class Place(models.Model):
    """Where one of the panels at a time meets on a day; without a row it is known by its number alone."""

    day = models.ForeignKey(MeetingDay, models.CASCADE, related_name="places")
    track = models.PositiveSmallIntegerField(help_text="Counted from 0.")
    kind = models.CharField(max_length=10, choices=PlaceKind)
    name = models.CharField(max_length=100, help_text="Such as ‘Committee room 2’ or ‘Video call A’.")
    link = models.URLField(max_length=500, blank=True)
    joining = models.TextField(
        blank=True, max_length=2_000, help_text="Address, parking, access, dial-in: what one needs to get in."
    )

    class Meta:
        ordering = ("day", "track")
        constraints = (
            models.UniqueConstraint(fields=("day", "track"), name="place_one_a_day_and_track"),
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="place_kind_known"),
        )

    def __str__(self) -> str:
        return self.name


class Availability(models.Model):
    """What a panel member, or an agency that is called, said of one half of a day. No row: they have not answered."""

    day = models.ForeignKey(MeetingDay, models.CASCADE, related_name="availabilities")
    half = models.CharField(max_length=10, choices=Half)
    member = models.ForeignKey(
        PanelMember, models.CASCADE, null=True, blank=True, related_name="availabilities"
    )
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="availabilities")
    answer = models.CharField(max_length=10, choices=AvailabilityAnswer)
    at = models.DateTimeField(default=timezone.now)
    # Who entered it; empty where a member answered by their link.
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("day", "half", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(member__isnull=False, meeting=None) | Q(member=None, meeting__isnull=False),
                name="availability_of_member_or_agency",
            ),
            models.UniqueConstraint(fields=("day", "half", "member"), name="availability_member_once"),
            models.UniqueConstraint(fields=("day", "half", "meeting"), name="availability_meeting_once"),
            models.CheckConstraint(condition=Q(half__in=Half.values), name="availability_half_known"),
            models.CheckConstraint(
                condition=Q(answer__in=AvailabilityAnswer.values), name="availability_answer_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member or self.meeting}, {self.day} {self.half}: {self.answer}"


auditlog.register(MeetingDay)
auditlog.register(Place)
