"""One agency before its panel: why it is called, when it meets as planned now, who sits and who comes."""

from __future__ import annotations

import datetime
import uuid

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q, Subquery
from django.utils import timezone

from accountability.enums import CallReason, MeetingStatus
from accountability.models.panels import Panel, PanelMember
from s11.organisations.models import Organisation, User
from surveys.models import Cycle, Invitee


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def announced(self) -> MeetingQuerySet:
        """Those of which the agency knows that it is called, with or without a time."""
        return self.filter(Q(asked_at__isnull=False) | Q(told_at__isnull=False))

    def unasked(self) -> MeetingQuerySet:
        """Whose agency does not know that it is called."""
        return self.called().filter(asked_at=None, told_at=None)

    def silent(self) -> MeetingQuerySet:
        """Whose agency was asked when it can come, has said nothing and has not been told a time."""
        return self.called().filter(asked_at__isnull=False, told_at=None, availabilities=None)

    def called(self) -> MeetingQuerySet:
        """Neither held nor cancelled."""
        return self.filter(status=MeetingStatus.CALLED)

    def sat_in_by(self, member: PanelMember) -> MeetingQuerySet:
        """Those in which they sit as the last timetable told it: what is planned since only officers know. In one that
        was held they sit who sat.
        """
        newest = member.panel.releases.order_by("-number").values("pk")[:1]
        told = Q(released__release=Subquery(newest), released__seats__member=member)
        still = Q(pk__in=Meeting.objects.called().filter(told).order_by().values("pk"))
        sat = Q(pk__in=Seat.objects.filter(member=member).order_by().values("meeting"))
        return self.filter(still | (sat & ~Q(status=MeetingStatus.CALLED)))

    def with_place(self) -> MeetingQuerySet:
        """With what every page of a meeting says around it."""
        return self.select_related("panel__cycle__partnership", "invitee__organisation", "day")

    def in_place(self, partnership: str, cycle: str, organisation: str) -> MeetingQuerySet:
        """By the slugs of its address."""
        return self.filter(
            panel__cycle__partnership__slug=partnership,
            panel__cycle__slug=cycle,
            invitee__organisation__slug=organisation,
        )


class Meeting(models.Model):
    """An agency that is called in a cycle. Its day, time and track are the plan as it stands; a release freezes it."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="meetings")
    invitee = models.OneToOneField(Invitee, models.PROTECT, related_name="meeting")
    status = models.CharField(max_length=10, choices=MeetingStatus, default=MeetingStatus.CALLED)
    priority = models.PositiveSmallIntegerField(default=1, help_text="The higher, the more concerning.")
    # All three, or none while it has no slot.
    day = models.ForeignKey(
        "accountability.MeetingDay", models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    starts_at = models.TimeField(null=True, blank=True)
    track = models.PositiveSmallIntegerField(null=True, blank=True)
    is_locked = models.BooleanField(default=False, help_text="A new timetable keeps its slot.")
    why_unplaced = models.TextField(blank=True, help_text="One sentence a line, from the last timetable.")
    # Its calendar entry: the same for ever, and how often those invited were told of a change.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    # When the agency and its panel were first told a time; before that only officers know it.
    told_at = models.DateTimeField(null=True, blank=True)
    # When the agency was told that it is called and asked when it can come; its answer's note.
    asked_at = models.DateTimeField(null=True, blank=True)
    availability_note = models.CharField(max_length=500, blank=True)
    # When lines of enquiry were last suggested for its pack.
    pack_prepared_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(default=timezone.now)
    cancel_reason = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("day__date", "starts_at", "track", "invitee__organisation__name", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=MeetingStatus.values), name="meeting_status_known"),
            models.CheckConstraint(
                condition=Q(day=None, starts_at=None, track=None)
                | Q(day__isnull=False, starts_at__isnull=False, track__isnull=False),
                name="meeting_slot_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_locked=False) | Q(day__isnull=False), name="meeting_locked_has_a_slot"
            ),
            models.CheckConstraint(
                condition=~Q(status=MeetingStatus.CANCELLED) | ~Q(cancel_reason=""),
                name="meeting_cancelled_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="meeting_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=("day", "starts_at", "track"),
                condition=~Q(status=MeetingStatus.CANCELLED),
                name="meeting_one_a_slot_and_track",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invitee.organisation}: meeting in {self.panel.cycle}"

    @property
    def organisation(self) -> Organisation:
        return self.invitee.organisation

    @property
    def cycle(self) -> Cycle:
        return self.panel.cycle

    @property
    def is_placed(self) -> bool:
        return self.day_id is not None

    @property
    def span(self) -> tuple[datetime.datetime, datetime.datetime] | None:
        """From when until when it lasts, local; none while it has no time. Its day must be at hand."""
        if self.day is None or self.starts_at is None:
            return None
        return self.day.get_span(self.starts_at)

    def overlaps(self, other: Meeting) -> bool:
        """Whether nobody can be in both. Touching is not overlapping."""
        mine, theirs = self.span, other.span
        return mine is not None and theirs is not None and mine[0] < theirs[1] and theirs[0] < mine[1]

    @property
    def slugs(self) -> dict[str, str]:
        """What its pages' addresses are made of."""
        return self.invitee.slugs


class MeetingReason(models.Model):
    """Why it is called, as it stood when an officer called it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="reasons")
    kind = models.CharField(max_length=20, choices=CallReason)
    sentence = models.CharField(max_length=500)

    class Meta:
        ordering = ("meeting", "pk")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "kind"), name="meeting_reason_once_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=CallReason.values), name="meeting_reason_known"),
        )

    def __str__(self) -> str:
        return self.sentence


class Seat(models.Model):
    """Who sits in this meeting, as planned now; attendance is filled in on the day."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    member = models.ForeignKey(PanelMember, models.PROTECT, related_name="seats")
    is_chair = models.BooleanField(default=False)
    # Who was to sit: the member came in for them.
    substitute_for = models.ForeignKey(
        PanelMember, models.PROTECT, null=True, blank=True, related_name="replaced_seats"
    )
    attended = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ("meeting", "-is_chair", "pk")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "member"), name="seat_once_a_member"),
            models.UniqueConstraint(
                fields=("meeting",), condition=Q(is_chair=True), name="seat_one_chair_a_meeting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member} in {self.meeting}"

    def pass_to(self, member: PanelMember) -> None:
        """Unsaved. Whoever was to sit first of all stays named, also after a second; they themselves may come back."""
        first = self.substitute_for_id or self.member_id
        self.member = member
        self.substitute_for_id = None if first == member.pk else first


class Representative(models.Model):
    """Who comes for the agency: given by its lead, or entered on the day."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="representatives")
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    substitute_for = models.CharField(max_length=200, blank=True, help_text="Who was to come, by name.")
    attended = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ("meeting", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "email"), condition=~Q(email=""), name="representative_address_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


auditlog.register(Meeting)
auditlog.register(Seat)
auditlog.register(Representative, mask_fields=["email"])
