"""Tokens by which somebody's own programs, such as Power BI, read what they may read in one partnership.

One that has ended is deleted; the trail of changes says who made it and who ended it.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from s11.organisations.models.invitations import hash_token
from s11.organisations.models.memberships import Officer
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.users import User

# Tells what it is wherever it turns up: programs that look for lost secrets find it, and our logs hide what follows.
PREFIX: Final = "s11f_"
# The row's handle, then 256 random bits.
SHAPE: Final = re.compile(PREFIX + r"([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
LONGEST_NAME: Final = 60


class FeedTokenQuerySet(models.QuerySet["FeedToken"]):
    def unexpired(self) -> FeedTokenQuerySet:
        return self.filter(expires_on__gte=timezone.localdate())

    def usable(self) -> FeedTokenQuerySet:
        """Those of people who work for the partnership now: nothing has to remember to end the others."""
        offices = Officer.objects.active().filter(user=OuterRef("user"), partnership=OuterRef("partnership"))
        return self.unexpired().filter(Exists(offices))

    def find(self, token: str) -> FeedToken | None:
        """The usable one that this is. What was made up in another shape costs no query."""
        shape = SHAPE.fullmatch(token)
        if shape is None:
            return None
        found = self.usable().select_related("user", "partnership").filter(handle=shape[1]).first()
        if found is None or not secrets.compare_digest(found.token_hash, hash_token(token)):
            return None
        return found


class FeedToken(models.Model):
    """Opens the data feed of one partnership to a program, as its person may read it; no page, no other partnership."""

    # Worth nothing without its person.
    user = models.ForeignKey(User, models.CASCADE, related_name="feed_tokens")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="feed_tokens")
    name = models.CharField(max_length=LONGEST_NAME, help_text="Such as ‘Power BI at the office’.")
    # Stands in the token, in lists and in logs: it says which one, and opens nothing.
    handle = models.CharField(max_length=12, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField(db_index=True, help_text="The last day on which it opens anything.")
    last_used_on = models.DateField(null=True, blank=True)

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("user", "partnership", "name"), name="feed_token_one_of_a_name"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.partnership})"

    @property
    def is_expired(self) -> bool:
        return self.expires_on < timezone.localdate()

    def set_new_secret(self) -> str:
        """The token itself, which nothing else ever tells again."""
        self.handle = secrets.token_hex(6)
        token = f"{PREFIX}{self.handle}_{secrets.token_urlsafe(32)}"
        self.token_hash = hash_token(token)
        return token


# That it was used is its own column's to say, and the log's.
auditlog.register(FeedToken, exclude_fields=["token_hash", "last_used_on"])
