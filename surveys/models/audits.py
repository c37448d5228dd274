"""One organisation's answers in one cycle: its status, its trail, and its frozen scorecards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.enums import OfficerRole, Variant
from s11.organisations.models import GroupAccess, Membership, Officer, User
from s11.web.prepared import Later
from surveys.enums import COUNTED, WRITABLE, AuditEventKind, AuditStatus, Scope, Series
from surveys.figures import is_on_time
from surveys.models.cycles import Cycle, Invitee
from surveys.models.questionnaires import Questionnaire, Standard, Theme

if TYPE_CHECKING:
    from s11.organisations.models import Organisation, Partnership

# Officers who read submitted audits. A panel member reads those of their panels, a publisher only figures.
READERS = (OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER, OfficerRole.SCRUTINEER)


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User) -> AuditQuerySet:
        """An agency's members see their own, and leads of a group that it has accepted; officers what was submitted."""
        members = Membership.objects.active().filter(user=user).values("organisation")
        sites = GroupAccess.objects.of_leader(user).values("site")
        offices = Officer.objects.active().filter(user=user, role__in=READERS).values("partnership")
        return self.filter(
            Q(invitee__organisation__in=members)
            | Q(invitee__organisation__in=sites)
            | Q(status__in=COUNTED, invitee__cycle__partnership__in=offices)
        )

    def counted(self) -> AuditQuerySet:
        """Submitted ones: those that figures are about."""
        return self.filter(status__in=COUNTED)

    def with_place(self) -> AuditQuerySet:
        """With what every page of an audit says around it."""
        return self.select_related(
            "invitee__organisation",
            "invitee__cycle__partnership",
            "invitee__cycle_questionnaire__questionnaire",
            "invitee__own_tool_return",
            "submitted_by",
        )

    def in_place(
        self, partnership: str | Later, organisation: str | Later, cycle: str | Later
    ) -> AuditQuerySet:
        """By the slugs of its address."""
        return self.filter(
            invitee__cycle__partnership__slug=partnership,
            invitee__organisation__slug=organisation,
            invitee__cycle__slug=cycle,
        )


class Audit(models.Model):
    """Made when first opened. What is not stored here (progress, late, on time, completeness) is derived."""

    invitee = models.OneToOneField(Invitee, models.PROTECT, related_name="audit")
    status = models.CharField(max_length=20, choices=AuditStatus, default=AuditStatus.DRAFT)
    submission = models.PositiveSmallIntegerField(default=0, help_text="How often it has been submitted.")
    # Emptied by a recall, kept by a return for correction: on time is judged by it.
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    created_at = models.DateTimeField(default=timezone.now)
    # Its answers, their history and their evidence were destroyed when their time was over; its scorecards stay longer.
    destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=AuditStatus.values), name="audit_status_known"),
            models.CheckConstraint(
                condition=Q(
                    status__in=COUNTED,
                    submitted_at__isnull=False,
                    first_submitted_at__isnull=False,
                    submission__gt=0,
                )
                | (~Q(status__in=COUNTED) & Q(submitted_at=None, first_submitted_at=None)),
                name="audit_submitted_has_its_moments",
            ),
        )
        indexes = (models.Index(fields=("status",), name="audit_status"),)

    def __str__(self) -> str:
        return f"{self.organisation}: {self.cycle}"

    @property
    def organisation(self) -> Organisation:
        return self.invitee.organisation

    @property
    def cycle(self) -> Cycle:
        return self.invitee.cycle

    @property
    def partnership(self) -> Partnership:
        return self.invitee.cycle.partnership

    @property
    def questionnaire(self) -> Questionnaire:
        return self.invitee.cycle_questionnaire.questionnaire

    @property
    def slugs(self) -> dict[str, str]:
        """What its pages' addresses are made of."""
        return self.invitee.slugs

    @property
    def variant(self) -> Variant:
        return Variant(self.invitee.cycle_questionnaire.variant)

    @property
    def is_writable(self) -> bool:
        return self.status in WRITABLE and self.cycle.is_open

    @property
    def is_counted(self) -> bool:
        return self.status in COUNTED

    @property
    def needs_signature(self) -> bool:
        """Before it is submitted; a correction needs no second one."""
        if self.status == AuditStatus.DRAFT:
            return self.cycle.asks_sign_off
        return self.status == AuditStatus.AWAITING_SIGN_OFF

    @property
    def was_on_time(self) -> bool:
        return self.first_submitted_at is not None and is_on_time(
            self.first_submitted_at, self.cycle.closes_on, self.invitee.extended_to
        )


class AuditEvent(models.Model):
    """What happened to an audit as a whole. Append-only."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=AuditEventKind)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_kind_display().lower()} at {self.at:%Y-%m-%d %H:%M}"


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def of_last_submission(self) -> ScorecardQuerySet:
        """Of each audit's last submission."""
        return self.filter(submission=F("audit__submission"))


class Scorecard(models.Model):
    """One frozen row an (audit, series, submission, scope): the exact counts that every figure is made from."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="scorecards")
    series = models.CharField(max_length=10, choices=Series)
    submission = models.PositiveSmallIntegerField()
    scope = models.CharField(max_length=10, choices=Scope)
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, blank=True, related_name="+")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="+")
    n = models.PositiveSmallIntegerField(help_text="How many indicators were scored.")
    sum = models.PositiveSmallIntegerField()
    zeros = models.PositiveSmallIntegerField()
    not_applicable = models.PositiveSmallIntegerField()
    grade = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty where nothing was scored."
    )
    frozen_at = models.DateTimeField(default=timezone.now)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = ("audit", "series", "submission", "pk")
        constraints = (
            # Three, because NULLs are distinct in a unique constraint.
            models.UniqueConstraint(
                fields=("audit", "series", "submission"),
                condition=Q(scope=Scope.WHOLE),
                name="scorecard_one_whole",
            ),
            models.UniqueConstraint(
                fields=("audit", "series", "submission", "standard"),
                condition=Q(scope=Scope.STANDARD),
                name="scorecard_one_a_standard",
            ),
            models.UniqueConstraint(
                fields=("audit", "series", "submission", "theme"),
                condition=Q(scope=Scope.THEME),
                name="scorecard_one_a_theme",
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.WHOLE, standard=None, theme=None)
                | Q(scope=Scope.STANDARD, standard__isnull=False, theme=None)
                | Q(scope=Scope.THEME, standard=None, theme__isnull=False),
                name="scorecard_scope_names_its_subject",
            ),
            models.CheckConstraint(
                condition=Q(n=0, sum=0, zeros=0, grade=None)
                | Q(n__gt=0, grade__in=(0, 1, 2), sum__lte=2 * F("n"), zeros__lte=F("n")),
                name="scorecard_counts_agree",
            ),
        )

    def __str__(self) -> str:
        return f"{self.audit}, {self.get_scope_display().lower()}: {self.sum} of {self.n}"
