"""Organisations, shared between partnerships, and their participation in each."""

from __future__ import annotations

import secrets
from typing import Any

from auditlog.registry import auditlog
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from s11.organisations.enums import MembershipRole, Variant
from s11.organisations.models.partnerships import Partnership

# Letters and digits that nobody confuses when reading an address aloud (no 0/o, 1/l/i).
SLUG_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def make_organisation_slug(name: str) -> str:
    """The name and a short random id: readable, unique, and not to be guessed from a name."""
    short_id = "".join(secrets.choice(SLUG_ALPHABET) for _ in range(6))
    return f"{slugify(name)[:60].strip('-') or 'organisation'}-{short_id}"


def _unique_if_given(field: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=(field,), condition=~models.Q(**{field: ""}), name=f"organisation_{field}_unique"
    )


class Organisation(models.Model):
    """Who completes an audit. Its national facts live here; what one partnership holds of it lives on Participation."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=70, unique=True, blank=True)
    variant = models.CharField(max_length=20, choices=Variant)
    urn = models.CharField(
        "URN",
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{6}\Z", "A URN has six digits, such as 123456.")],
    )
    ods_code = models.CharField("ODS code", max_length=10, blank=True)
    ofsted_number = models.CharField("Ofsted number", max_length=20, blank=True)
    # A trust's or federation's code in Get Information about Schools.
    group_uid = models.CharField("group UID", max_length=10, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sites")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            _unique_if_given("urn"),
            _unique_if_given("ods_code"),
            _unique_if_given("ofsted_number"),
            _unique_if_given("group_uid"),
            models.CheckConstraint(
                condition=models.Q(variant__in=Variant.values), name="organisation_variant_known"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The slug is the row's identity in addresses: given once, never changed with the name.
        if not self.slug:
            self.slug = make_organisation_slug(self.name)
        super().save(*args, **kwargs)

    def has_lead(self) -> bool:
        """Whether anybody active answers for this organisation."""
        return self.memberships.active().filter(role=MembershipRole.LEAD).exists()


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def active(self) -> ParticipationQuerySet:
        return self.filter(is_active=True)


class Participation(models.Model):
    """An organisation in a partnership, with what that partnership alone holds of it."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    is_statutory = models.BooleanField(
        "statutory", default=False, help_text="The law names it, so it must take part."
    )
    is_active = models.BooleanField("active", default=True)
    local_name = models.CharField(
        max_length=200, blank=True, help_text="What this partnership calls it, if not by its own name."
    )
    joined_at = models.DateTimeField(default=timezone.now)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("partnership", "organisation"), name="participation_once_a_partnership"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} in {self.partnership}"

    @property
    def name(self) -> str:
        """What this partnership calls the organisation."""
        return self.local_name or self.organisation.name


auditlog.register(Organisation)
auditlog.register(Participation)
