"""What is due for another look during the year: that somebody looked, and that the leads were told."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from s11.organisations.models import Participation, User
from surveys.models.answers import Answer


class Recheck(models.Model):
    """Somebody looked at an answer, or at a new duty, outside any cycle and says that it holds. Append-only."""

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="rechecks")
    # By its key and its words, not by its row: the newest bank may be loaded again before any cycle asks it.
    key = models.CharField(max_length=100)
    code = models.CharField(max_length=10)
    text = models.TextField()
    # The submitted answer that holds; none for a duty that nobody was asked about.
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="rechecks")
    note = models.TextField(help_text="Who checked what, and what they saw.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("participation", "key"), name="recheck_of_a_key"),)

    def __str__(self) -> str:
        return f"{self.code} checked by {self.by or 'somebody'}, {self.at:%Y-%m-%d}"


class FreshnessReminder(models.Model):
    """What one person was told in one month: at most one e-mail, and nothing twice."""

    user = models.ForeignKey(User, models.CASCADE, related_name="freshness_reminders")
    month = models.DateField(help_text="Its first day.")
    # The day on which a run last looked for this person: whoever sets it sends. Emptied where the e-mail failed.
    looked_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    told = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("user", "month")
        constraints = (
            models.UniqueConstraint(fields=("user", "month"), name="freshness_reminder_once_a_month"),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.month:%Y-%m}"
