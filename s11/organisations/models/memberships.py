"""Who may act for whom: memberships of organisations, offices in partnerships.

Ended, never deleted: figures look back.
"""

from __future__ import annotations

import datetime

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models.organisations import Organisation
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.users import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    """A membership is a request until it has started, active until it has ended."""

    def active(self) -> MembershipQuerySet:
        return self.filter(started_at__isnull=False, ended_at=None, user__is_active=True)

    def requested(self) -> MembershipQuerySet:
        return self.filter(started_at=None, ended_at=None, user__is_active=True)

    def active_at(self, moment: datetime.datetime) -> MembershipQuerySet:
        was_active = Q(user__is_active=True) | Q(user__deactivated_at__gt=moment)
        return self.filter(was_active, Q(ended_at=None) | Q(ended_at__gt=moment), started_at__lte=moment)


class Membership(models.Model):
    """A person's role in an organisation. `started_at` is empty while somebody must still accept it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=MembershipRole)
    requested_at = models.DateTimeField(default=timezone.now)
    # Where an officer's act made the request: whose officer answers for it first.
    requested_through = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField("from", null=True, blank=True)
    ended_at = models.DateTimeField("until", null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("organisation", "role", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation", "role"),
                condition=Q(ended_at=None),
                name="membership_one_current_a_role",
            ),
            models.CheckConstraint(condition=Q(role__in=MembershipRole.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_it_starts",
            ),
        )
        indexes = (models.Index(fields=("organisation", "role"), name="membership_organisation_role"),)

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} of {self.organisation}"

    @property
    def is_active(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def is_request(self) -> bool:
        return self.started_at is None and self.ended_at is None


class MembershipApproval(models.Model):
    """One partnership's yes to a request at an organisation that has no lead to ask."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="approvals")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("membership", "partnership"), name="approval_once_a_partnership"),
        )

    def __str__(self) -> str:
        return f"{self.partnership} approves {self.membership}"


class OfficerQuerySet(models.QuerySet["Officer"]):
    def active(self) -> OfficerQuerySet:
        return self.filter(ended_at=None, user__is_active=True)


class Officer(models.Model):
    """A person's role in a partnership. Their reach ends at that partnership."""

    user = models.ForeignKey(User, models.PROTECT, related_name="offices")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="officers")
    role = models.CharField(max_length=20, choices=OfficerRole)
    started_at = models.DateTimeField("from", default=timezone.now)
    ended_at = models.DateTimeField("until", null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfficerQuerySet.as_manager()

    class Meta:
        ordering = ("partnership", "role", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "partnership", "role"),
                condition=Q(ended_at=None),
                name="officer_one_current_a_role",
            ),
            models.CheckConstraint(condition=Q(role__in=OfficerRole.values), name="officer_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} of {self.partnership}"


auditlog.register(Membership)
auditlog.register(MembershipApproval)
auditlog.register(Officer)
