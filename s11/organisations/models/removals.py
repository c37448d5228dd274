"""What somebody took away, kept as it was until it is put back or its time is over.

A removed thing leaves its own table: no page, figure or file has to remember to leave it out, its name is free again,
and the database goes on holding every rule it held. Here lie its rows, with those that went with it.
"""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models.organisations import Organisation
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.users import User
from s11.web.exact_json import Exact


class RemovalQuerySet(models.QuerySet["Removal"]):
    def removed(self) -> RemovalQuerySet:
        """What has not been put back, the newest first."""
        return self.filter(restored_at=None).order_by("-removed_at", "-pk")


class Removal(models.Model):
    """One act of removing: of a partnership, of an organisation, or of an organisation's part in a partnership."""

    # A key of s11.organisations.removals; the apps above add theirs.
    kind = models.CharField(max_length=30)
    title = models.CharField(
        max_length=300, help_text="As a sentence begins, such as ‘The view Late schools’."
    )
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="removals"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="removals"
    )
    # Its rows, first what the others name; and the columns of rows that stayed which named them. Empty once it is back.
    rows = models.JSONField(default=list, blank=True, encoder=Exact)
    links = models.JSONField(default=list, blank=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(default=timezone.now, db_index=True)
    restored_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    restored_at = models.DateTimeField(null=True, blank=True)

    objects = RemovalQuerySet.as_manager()

    class Meta:
        ordering = ("-removed_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(partnership__isnull=False) | Q(organisation__isnull=False),
                name="removal_is_somebodys",
            ),
        )

    def __str__(self) -> str:
        return self.title


# That it was removed and put back, and by whom; what it said is in the lines of its own tables.
auditlog.register(Removal, exclude_fields=["rows", "links"])
