"""Who is signed in where, and which browsers people have signed in with. Neither keeps an internet address.

Not in the trail of changes: signing in changes nothing, and what is kept here is short-lived.
"""

from __future__ import annotations

import datetime
import hashlib

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models.users import User

# What browsers allow a cookie at most.
REMEMBERED_FOR = datetime.timedelta(days=400)


class Session(AbstractBaseSession):
    """Django's own, and of whoever has signed in: who, with what, and since when. So one can be ended by its person."""

    # A session is nothing without its person, and not worth keeping.
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    browser = models.CharField(max_length=60, blank=True)
    begun_at = models.DateTimeField(null=True)
    last_active_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(user=None) | Q(begun_at__isnull=False, last_active_at__isnull=False),
                name="session_of_somebody_has_begun",
            ),
        )

    @property
    def handle(self) -> str:
        """Names it on a page: the key itself would open it."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:20]


class KnownBrowser(models.Model):
    """A browser that somebody has signed in with, by the hash of a cookie: another one is told to them."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_browsers")
    token_hash = models.CharField(max_length=64)
    last_used_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "token_hash"], name="browser_known_once_to_a_person"),
        )

    def __str__(self) -> str:
        return f"A browser of {self.user}"
