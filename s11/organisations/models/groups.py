"""Which group (a trust, a provider) sees which of its sites, since when, and who let it."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.enums import MembershipRole
from s11.organisations.models.memberships import Membership
from s11.organisations.models.organisations import Organisation
from s11.organisations.models.users import User


class GroupAccessQuerySet(models.QuerySet["GroupAccess"]):
    """Asked or offered until it has started, active until it has ended."""

    def current(self) -> GroupAccessQuerySet:
        return self.filter(ended_at=None)

    def active(self) -> GroupAccessQuerySet:
        return self.current().filter(started_at__isnull=False)

    def waiting(self) -> GroupAccessQuerySet:
        return self.current().filter(started_at=None)

    def of_leader(self, user: User) -> GroupAccessQuerySet:
        """Active, of groups that this person leads: no other role there sees a site."""
        leads = Membership.objects.active().filter(user=user, role=MembershipRole.LEAD)
        return self.active().filter(group__in=leads.values("organisation"))


class GroupAccess(models.Model):
    """A site that lets a group's leads read its audits and answer for it. A parent alone gives nothing.

    The group asks and the site's lead accepts, or the site offers and the group's lead accepts. Either ends it at any
    time. Ended, never deleted.
    """

    site = models.ForeignKey(Organisation, models.PROTECT, related_name="group_accesses")
    group = models.ForeignKey(Organisation, models.PROTECT, related_name="site_accesses")
    is_offer = models.BooleanField("offered by the site", default=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField("from", null=True, blank=True)
    ended_at = models.DateTimeField("until", null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GroupAccessQuerySet.as_manager()

    class Meta:
        ordering = ("group__name", "site__name", "pk")
        verbose_name_plural = "group accesses"
        constraints = (
            models.UniqueConstraint(
                fields=("site", "group"), condition=Q(ended_at=None), name="group_access_one_current_a_site"
            ),
            models.CheckConstraint(condition=~Q(site=F("group")), name="group_access_of_another"),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="group_access_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(started_at=None, accepted_by=None)
                | Q(started_at__isnull=False, accepted_by__isnull=False),
                name="group_access_accepted_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.group} sees {self.site}"

    @property
    def is_active(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def is_waiting(self) -> bool:
        return self.started_at is None and self.ended_at is None

    @property
    def asker(self) -> Organisation:
        """Whose lead asked or offered."""
        return self.site if self.is_offer else self.group

    @property
    def answerer(self) -> Organisation:
        """Whose lead accepts."""
        return self.group if self.is_offer else self.site


auditlog.register(GroupAccess)
