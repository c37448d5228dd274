"""The yearly check of who has access: that somebody who answers for a place has looked, and what they said of each."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.enums import AccessOutcome
from s11.organisations.models.contacts import Contact
from s11.organisations.models.groups import GroupAccess
from s11.organisations.models.memberships import Membership, Officer
from s11.organisations.models.organisations import Organisation
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.users import User

SUBJECTS = ("membership", "office", "contact", "group_access")


def _exactly_one(*names: str) -> Q:
    """One of these columns is set and no other."""
    found = Q()
    for name in names:
        found |= Q(**{f"{one}__isnull": one != name for one in names})
    return found


class AccessCheckQuerySet(models.QuerySet["AccessCheck"]):
    def standing(self) -> AccessCheckQuerySet:
        """Without those that were taken back."""
        return self.filter(taken_back_at=None)


class AccessCheck(models.Model):
    """Of an organisation, for all partnerships it is in; or of a partnership's own officers. Never deleted."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="access_checks"
    )
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="access_checks"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # Confirmed by mistake: it counts no more, and those whom it ended have their roles again.
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AccessCheckQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=_exactly_one("organisation", "partnership"), name="access_check_of_one_place"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="access_check_taken_back_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"Access to {self.organisation or self.partnership} checked by {self.by}"


class AccessCheckLine(models.Model):
    """What was said of one role, contact or group. Append-only; who said it and when stands on the check."""

    access_check = models.ForeignKey(AccessCheck, models.CASCADE, related_name="lines")
    # A line goes with what it is about: alone it says nothing.
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="+")
    office = models.ForeignKey(Officer, models.CASCADE, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    group_access = models.ForeignKey(GroupAccess, models.CASCADE, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=AccessOutcome)

    class Meta:
        ordering = ("access_check", "pk")
        constraints = (
            models.CheckConstraint(condition=_exactly_one(*SUBJECTS), name="access_line_about_one_thing"),
            models.CheckConstraint(
                condition=Q(outcome__in=AccessOutcome.values), name="access_line_outcome_known"
            ),
        )

    def __str__(self) -> str:
        about = self.membership or self.office or self.contact or self.group_access
        return f"{about}: {self.get_outcome_display().lower()}"


auditlog.register(AccessCheck)
