"""Who sits: the panel of a cycle's accountability meetings, its members, and what they have an interest in."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import InterestKind, Sector
from s11.organisations.models import Contact, Officer, Organisation, User
from s11.web.links import LinkQuerySet, OpensByLink
from surveys.models import Cycle


class Panel(models.Model):
    """All who may sit in a cycle, and the rules by which each meeting's own panel is drawn from them."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="panel")
    seats = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(3), MaxValueValidator(9)], help_text="The chair included."
    )
    sectors = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(2), MaxValueValidator(8)]
    )
    tracks = models.PositiveSmallIntegerField(
        "panels at a time", default=1, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-cycle__closes_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(seats__gte=3, sectors__gte=2, tracks__gte=1), name="panel_rules_hold"
            ),
        )

    def __str__(self) -> str:
        return f"The panel of {self.cycle}"


class PanelMemberQuerySet(LinkQuerySet["PanelMember"]):
    def active(self) -> PanelMemberQuerySet:
        return self.filter(is_active=True)

    def reachable(self) -> PanelMemberQuerySet:
        """On the panel, and still an officer or a contact: whose link opens, and who is written to."""
        officers = Officer.objects.active()
        return self.active().filter(Q(officer__in=officers) | Q(contact__in=Contact.objects.current()))

    def of_user(self, user: User) -> PanelMemberQuerySet:
        """Their own rows: while the office they were asked in holds."""
        offices = Officer.objects.active().filter(user=user)
        return self.active().filter(officer__in=offices)

    def with_person(self) -> PanelMemberQuerySet:
        return self.select_related("officer__user", "contact", "organisation")


class PanelMember(OpensByLink):
    """One person who may sit: an officer, or a contact without a login. The link is for availability and calendar."""

    LINK_SALT = "s11.panel-member"

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="members")
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="panel_memberships"
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="panel_memberships"
    )
    # Whom they work for; empty for somebody independent.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="panel_members"
    )
    sector = models.CharField(max_length=20, choices=Sector)
    may_chair = models.BooleanField(default=False)
    most = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many meetings they can take at most; empty for no limit."
    )
    is_active = models.BooleanField(default=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Said by the member: that their interests are declared whole, an empty list included.
    declared_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="What the member wrote with their answer.")

    objects = PanelMemberQuerySet.as_manager()

    class Meta:
        ordering = ("panel", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(officer__isnull=False, contact=None) | Q(officer=None, contact__isnull=False),
                name="panel_member_officer_or_contact",
            ),
            models.UniqueConstraint(fields=("panel", "officer"), name="panel_member_officer_once"),
            models.UniqueConstraint(fields=("panel", "contact"), name="panel_member_contact_once"),
            models.CheckConstraint(condition=Q(sector__in=Sector.values), name="panel_member_sector_known"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def user(self) -> User | None:
        return self.officer.user if self.officer is not None else None

    @property
    def name(self) -> str:
        if self.officer is not None:
            return str(self.officer.user)
        assert self.contact is not None  # the check constraint promises one
        return self.contact.name

    @property
    def email(self) -> str:
        if self.officer is not None:
            return self.officer.user.email
        assert self.contact is not None
        return self.contact.email


class Interest(models.Model):
    """A declared interest: this member never sits for this organisation."""

    member = models.ForeignKey(PanelMember, models.CASCADE, related_name="interests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=InterestKind)
    note = models.CharField(max_length=500, blank=True)
    declared_at = models.DateTimeField(default=timezone.now)
    # Empty where the member declared it by their link.
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("member", "organisation__name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("member", "organisation"), name="interest_once_an_organisation"),
            models.CheckConstraint(condition=Q(kind__in=InterestKind.values), name="interest_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.member}: {self.organisation}"


auditlog.register(Panel)
auditlog.register(PanelMember, exclude_fields=["link_nonce"])
auditlog.register(Interest)
