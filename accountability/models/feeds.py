"""A person's own calendar address, which opens without a session because no calendar program signs in."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from s11.organisations.models import User
from s11.web.links import LinkQuerySet, OpensByLink


class CalendarFeedQuerySet(LinkQuerySet["CalendarFeed"]):
    """Addresses of people who may still sign in."""

    def open(self) -> CalendarFeedQuerySet:
        return self.filter(user__is_active=True)


class CalendarFeed(OpensByLink):
    """One a person: their panel meetings and those of the agencies that they speak for."""

    LINK_SALT = "s11.calendar-feed"

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    created_at = models.DateTimeField(default=timezone.now)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Calendar of {self.user}"
