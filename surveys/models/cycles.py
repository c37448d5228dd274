"""One round of audits in a partnership: when, which question banks, and who is invited."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from auditlog.registry import auditlog
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, Partnership, User
from surveys.enums import CycleKind, CycleStatus, Obligation
from surveys.figures import last_day
from surveys.models.questionnaires import Questionnaire, Standard

if TYPE_CHECKING:
    from surveys.models.audits import Audit
    from surveys.models.sign_offs import OwnToolReturn


class CycleQuerySet(models.QuerySet["Cycle"]):
    def of(self, partnership: Partnership) -> CycleQuerySet:
        return self.filter(partnership=partnership)

    def opened(self) -> CycleQuerySet:
        return self.exclude(status=CycleStatus.PLANNED)

    def whole(self) -> CycleQuerySet:
        """Of which nothing was destroyed, so that figures can be made."""
        return self.filter(destroyed_at=None)


class Cycle(models.Model):
    """Section 11 is asked yearly, section 175 every other year; full, core (the short form) or on a topic."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="cycles")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=CycleKind, default=CycleKind.FULL)
    status = models.CharField(max_length=10, choices=CycleStatus, default=CycleStatus.PLANNED)
    opens_on = models.DateField()
    closes_on = models.DateField(help_text="Returns are on time until the end of this day.")
    asks_sign_off = models.BooleanField(
        "sign-off is needed",
        default=True,
        help_text="A signatory approves each audit before it is submitted.",
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # Since when records that its figures are made of have been destroyed: it shows none, for they would be wrong.
    destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ("-closes_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("partnership", "slug"), name="cycle_slug_unique"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="cycle_closes_after_it_opens"
            ),
            models.CheckConstraint(condition=Q(status__in=CycleStatus.values), name="cycle_status_known"),
            models.CheckConstraint(
                condition=Q(status=CycleStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=CycleStatus.CLOSED) & Q(closed_at=None)),
                name="cycle_closed_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:cycle", args=[self.partnership.slug, self.slug])

    @property
    def kind_words(self) -> str:
        """‘Short form’ or ‘Topic’; empty for a full audit, which needs no word."""
        words = {CycleKind.CORE.value: "Short form", CycleKind.TOPIC.value: "Topic"}
        return words.get(self.kind, "")

    @property
    def is_open(self) -> bool:
        return self.status == CycleStatus.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == CycleStatus.CLOSED


class CycleQuestionnaire(models.Model):
    """The revision that a cycle pins for one variant; for a topic cycle, the standards that it asks."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="cycle_questionnaires")
    variant = models.CharField(max_length=20, choices=Variant)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="cycle_questionnaires")
    standards = models.ManyToManyField(Standard, blank=True, related_name="+")

    class Meta:
        ordering = ("cycle", "variant")
        constraints = (
            models.UniqueConstraint(fields=("cycle", "variant"), name="cycle_one_questionnaire_a_variant"),
        )

    def __str__(self) -> str:
        return f"{self.get_variant_display()} in {self.cycle}"


class InviteeQuerySet(models.QuerySet["Invitee"]):
    def not_exempt(self) -> InviteeQuerySet:
        return self.filter(exempt_reason="")


class Invitee(models.Model):
    """An organisation in a cycle. Its variant is the one it was invited under, never the organisation's of today."""

    # The cycle stands here too, so that the database itself invites an organisation once.
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="invitees")
    cycle_questionnaire = models.ForeignKey(CycleQuestionnaire, models.PROTECT, related_name="invitees")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitees")
    obligation = models.CharField(max_length=10, choices=Obligation, default=Obligation.MUST)
    extended_to = models.DateField(null=True, blank=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    exempt_reason = models.CharField(
        max_length=500, blank=True, help_text="Empty unless the organisation is exempt."
    )
    invited_at = models.DateTimeField(default=timezone.now)

    audit: Audit
    own_tool_return: OwnToolReturn
    objects = InviteeQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("cycle", "organisation"), name="invitee_once_a_cycle"),
        )

    def __str__(self) -> str:
        return f"{self.organisation} in {self.cycle}"

    @property
    def slugs(self) -> dict[str, str]:
        """What its pages' addresses are made of."""
        return {
            "partnership": self.cycle.partnership.slug,
            "organisation": self.organisation.slug,
            "cycle": self.cycle.slug,
        }

    @property
    def is_exempt(self) -> bool:
        return bool(self.exempt_reason)

    @property
    def due_on(self) -> datetime.date:
        """The last day on which a return is on time."""
        return last_day(self.cycle.closes_on, self.extended_to)


auditlog.register(Cycle)
auditlog.register(CycleQuestionnaire, m2m_fields={"standards"})
auditlog.register(Invitee)
