"""An invitation by e-mail to act for an organisation or for a partnership. Until it is accepted it gives nothing."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.enums import (
    MEMBERSHIP_ROLE_HINTS,
    OFFICER_ROLE_HINTS,
    MembershipRole,
    OfficerRole,
)
from s11.organisations.models.organisations import Organisation
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.users import User

# Long enough for a school holiday.
VALID_FOR = datetime.timedelta(days=28)


def hash_token(token: str) -> str:
    """Only the hash is stored: a copy of the database opens no invitation."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, revoked_at=None)

    def usable(self) -> InvitationQuerySet:
        return self.waiting().filter(sent_at__gt=timezone.now() - VALID_FOR)

    def with_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=hash_token(token))


class Invitation(models.Model):
    """To an organisation (with a membership role), or to a partnership (with an officer's)."""

    email = models.EmailField(max_length=254)
    # Through which partnership an officer invited; empty where an organisation's own lead did.
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, role__in=MembershipRole.values)
                | Q(organisation=None, partnership__isnull=False, role__in=OfficerRole.values),
                name="invitation_role_fits_its_place",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} as {self.role_label.lower()} of {self.place}"

    @property
    def place(self) -> Organisation | Partnership:
        place = self.organisation or self.partnership
        assert place is not None  # the check constraint promises one
        return place

    @property
    def role_label(self) -> str:
        return str(MembershipRole(self.role).label if self.organisation_id else OfficerRole(self.role).label)

    @property
    def role_hint(self) -> str:
        """What the role may do."""
        if self.organisation_id:
            return MEMBERSHIP_ROLE_HINTS[MembershipRole(self.role)]
        return OFFICER_ROLE_HINTS[OfficerRole(self.role)]

    @property
    def expires_at(self) -> datetime.datetime:
        return self.sent_at + VALID_FOR

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    def set_new_token(self) -> str:
        """A fresh secret for the link; an earlier link stops working."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hash_token(token)
        return token


auditlog.register(Invitation, exclude_fields=["token_hash"], mask_fields=["email"])
