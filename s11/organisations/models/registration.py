"""Asking to take part: what somebody entered on the public pages, and the mail domains that vouch for a person."""

from __future__ import annotations

import datetime

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.enums import ApplicationDecision, Variant
from s11.organisations.models.invitations import hash_token
from s11.organisations.models.organisations import Organisation
from s11.organisations.models.partnerships import Partnership
from s11.organisations.models.users import User

# To open the mailed link in.
VERIFY_WITHIN = datetime.timedelta(days=3)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def with_token(self, token: str) -> ApplicationQuerySet:
        return self.filter(token_hash=hash_token(token))

    def waiting(self) -> ApplicationQuerySet:
        """Verified, and nobody has decided."""
        return self.filter(verified_at__isnull=False, decision="")


class Application(models.Model):
    """One person's wish to take part for one organisation. Until its address is verified it is nothing but a mail."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="applications")
    # One that is known here; empty where the organisation was entered.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    organisation_name = models.CharField(max_length=200)
    variant = models.CharField(max_length=20, choices=Variant)
    urn = models.CharField(max_length=6, blank=True)
    ods_code = models.CharField(max_length=10, blank=True)
    ofsted_number = models.CharField(max_length=20, blank=True)
    # What picked the variant, in the words of the page: a list of {"question", "answer"}.
    profile = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254)
    note = models.TextField(blank=True, max_length=1_000)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=ApplicationDecision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Empty with a decision: a confirmed mail domain decided, or it was passed on to the organisation's lead.
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision_reason = models.CharField(max_length=500, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | Q(decision__in=ApplicationDecision.values, decided_at__isnull=False),
                name="application_decided_has_its_moment",
            ),
        )
        indexes = (models.Index(fields=("partnership", "decision"), name="application_partnership"),)

    def __str__(self) -> str:
        return f"{self.name} for {self.organisation_name}"

    @property
    def expires_at(self) -> datetime.datetime:
        return self.created_at + VERIFY_WITHIN

    @property
    def is_expired(self) -> bool:
        return self.verified_at is None and self.created_at <= timezone.now() - VERIFY_WITHIN


class MailDomain(models.Model):
    """An officer has confirmed that this domain is this organisation's alone: its mailboxes are its people's."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mail_domains")
    domain = models.CharField(
        max_length=253, unique=True, help_text="Lower-case, such as anchor-trust.example."
    )
    confirmed_in = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("domain",)

    def __str__(self) -> str:
        return f"{self.domain} of {self.organisation}"


auditlog.register(Application, exclude_fields=["token_hash"], mask_fields=["email"])
auditlog.register(MailDomain)
