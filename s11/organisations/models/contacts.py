"""People of an organisation without a login whom one partnership can write to: the chief executive and others."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.enums import ContactKind
from s11.organisations.models.organisations import Participation
from s11.organisations.models.users import User


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> ContactQuerySet:
        return self.filter(ended_at=None)

    def reachable(self) -> ContactQuerySet:
        """Those to whom mail is not known to be refused."""
        return self.current().filter(refused_at=None)


class Contact(models.Model):
    """Local facts of one partnership: another that the organisation is in never sees them. Ended, never deleted."""

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=20, choices=ContactKind)
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254)
    telephone = models.CharField(max_length=40, blank=True)
    # A mail server said that there is no such address, or an officer had the mail back.
    refused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ("participation", "kind", "name", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="contact_kind_known"),
            models.UniqueConstraint(
                fields=("participation", "kind", "email"),
                condition=Q(ended_at=None),
                name="contact_once_a_kind_and_address",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.job_title or self.get_kind_display().lower()}"


auditlog.register(Contact, mask_fields=["email", "telephone"])
