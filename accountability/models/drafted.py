"""A text that is drafted from figures and changed by officers: a report's section, a paper for the board."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from s11.organisations.models import User


class DraftedText(models.Model):
    """`drafted` is written from figures, `text` is what an officer made of it; both may hold number tokens."""

    drafted = models.TextField(blank=True, max_length=50_000)
    drafted_at = models.DateTimeField(default=timezone.now)
    # Empty where nobody has changed the draft. What the draft said then is kept, to show what has changed since.
    text = models.TextField(blank=True, max_length=50_000)
    edited_from = models.TextField(blank=True, max_length=50_000)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    # Counts each change of what it says: a stale save is told, and keeps both.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def is_edited(self) -> bool:
        return self.edited_at is not None

    @property
    def is_draft_newer(self) -> bool:
        """The draft says something else than when an officer changed the text."""
        return self.is_edited and self.drafted != self.edited_from

    @property
    def words(self) -> str:
        """What it says, tokens and all: an officer's text, also an empty one, before the draft."""
        return self.text if self.is_edited else self.drafted
