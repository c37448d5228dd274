"""The partnership's own thematic audits, held by several agencies together, and what practitioners say after one.

Not to be confused with an agency's `Audit`, which is its self-assessment in a cycle.
"""

from __future__ import annotations

import datetime

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accountability.multi_agency_enums import AuditMethod, ReflectiveQuestion
from accountability.multi_agency_state import Days, State, get_state, say_late
from s11.organisations.models import Participation, Partnership, User
from s11.web.links import LinkQuerySet, OpensByLink
from surveys.models import Action, Theme
from surveys.models.practitioners import AnsweredByLink


class MultiAgencyAuditQuerySet(models.QuerySet["MultiAgencyAudit"]):
    def of(self, partnership: Partnership) -> MultiAgencyAuditQuerySet:
        return self.filter(partnership=partnership)

    def with_repeats(self) -> MultiAgencyAuditQuerySet:
        """Each knows, without a query of its own, whether another repeats it: `state` asks."""
        again = MultiAgencyAudit.objects.filter(repeats=OuterRef("pk"), cancelled="")
        return self.annotate(is_repeated=Exists(again))

    def reported_between(self, first: datetime.date, last: datetime.date) -> MultiAgencyAuditQuerySet:
        return self.filter(reported_on__range=(first, last), cancelled="")


class MultiAgencyAudit(models.Model):
    """One thematic audit: what is planned, who takes part, what it found. Cancelled with a reason, never deleted."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="multi_agency_audits")
    title = models.CharField(max_length=200)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField(help_text="The first day of the month for which it is planned.")
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    again_on = models.DateField("to be repeated on", null=True, blank=True)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeated_by")
    committee = models.CharField(max_length=200, help_text="Which group is responsible for it.")
    method = models.CharField(max_length=20, choices=AuditMethod)
    about = models.TextField(
        max_length=5_000, blank=True, help_text="What is looked at, and how. No case is named."
    )
    taking_part = models.ManyToManyField(Participation, blank=True, related_name="multi_agency_audits")
    key_messages = models.TextField(max_length=5_000, blank=True)
    strengths = models.TextField(max_length=5_000, blank=True)
    weaknesses = models.TextField(max_length=5_000, blank=True)
    # In the plans of their agencies, which report on them there.
    actions = models.ManyToManyField(Action, blank=True, related_name="multi_agency_audits")
    cancelled = models.TextField("why it is not held", max_length=1_000, blank=True)
    # Counts each change: a stale save is told, and nothing that was typed is lost.
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = MultiAgencyAuditQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "title", "pk")
        verbose_name = "multi-agency audit"
        constraints = (
            models.CheckConstraint(
                condition=Q(method__in=AuditMethod.values), name="multi_agency_audit_method_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(begins_on__isnull=False, ends_on__gte=F("begins_on")),
                name="multi_agency_audit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(again_on=None) | Q(reported_on__isnull=False, again_on__gt=F("reported_on")),
                name="multi_agency_audit_repeated_after_it_is_reported",
            ),
            models.CheckConstraint(
                condition=Q(repeats=None) | ~Q(repeats=F("id")), name="multi_agency_audit_repeats_another"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> Days:
        """Of one fetched `with_repeats` it asks the database nothing."""
        is_repeated: bool | None = vars(self).get("is_repeated")
        if is_repeated is None:
            is_repeated = self.repeated_by.filter(cancelled="").exists()
        return Days(
            month=self.month,
            begins=self.begins_on,
            ends=self.ends_on,
            reported=self.reported_on,
            again=self.again_on,
            is_repeated=is_repeated,
            is_cancelled=bool(self.cancelled),
        )

    @property
    def state(self) -> State:
        return get_state(self.days, timezone.localdate())

    @property
    def is_reported(self) -> bool:
        return self.state in (State.REPORTED, State.DUE_AGAIN)

    @property
    def late(self) -> str:
        """What should have happened by now; empty where nothing is late."""
        return say_late(self.days, timezone.localdate())


# What practitioners say -----------------------------------------------------------------------------------------------


class ReflectionQuerySet(LinkQuerySet["Reflection"]):
    def with_place(self) -> ReflectionQuerySet:
        return self.select_related("audit__partnership")


class Reflection(AnsweredByLink, OpensByLink):
    """The seven reflective questions after one audit; opens by its link, which is the same for every practitioner."""

    LINK_SALT = "s11.reflection"

    audit = models.OneToOneField(MultiAgencyAudit, models.PROTECT, related_name="reflection")
    # The last day on which practitioners can answer.
    closes_on = models.DateField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    responses = models.PositiveIntegerField(default=0)
    # Of answers that are gone by now, so that nobody takes them for ones that never came.
    forgotten_on = models.DateField(null=True, blank=True)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="reflection_closed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"What practitioners say after {self.audit}"


class ReflectionTheme(models.Model):
    """A few words of the officers' own, by which answers are counted."""

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="themes")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("reflection", "name"), name="reflection_theme_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class ReflectionAnswer(models.Model):
    """What somebody wrote to one question. Nothing says when, or which others are theirs.

    While it runs, all of a reflection's answers are written anew with each that comes, in another order: neither their
    numbers nor the database's own bookkeeping tell which came last, or together.
    """

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=20, choices=ReflectiveQuestion)
    text = models.TextField(max_length=2_000)
    themes = models.ManyToManyField(ReflectionTheme, blank=True, related_name="answers")

    class Meta:
        ordering = ("reflection", "question", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(question__in=ReflectiveQuestion.values), name="reflection_answer_question_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="reflection_answer_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.question} in {self.reflection_id}"


class ReflectionSummary(models.Model):
    """What an officer makes of the answers to one question: this goes to the public, the answers never do."""

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="summaries")
    question = models.CharField(max_length=20, choices=ReflectiveQuestion)
    text = models.TextField(max_length=2_000)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("reflection", "question")
        verbose_name_plural = "reflection summaries"
        constraints = (
            models.UniqueConstraint(fields=("reflection", "question"), name="reflection_summary_once"),
            models.CheckConstraint(
                condition=Q(question__in=ReflectiveQuestion.values), name="reflection_summary_question_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_question_display()} {self.text[:60]}"


auditlog.register(MultiAgencyAudit, m2m_fields={"taking_part"})
# Neither counts nor links: the trail has the time of each change, and its readers are many. Answers are not in it.
auditlog.register(Reflection, exclude_fields=["responses", "link_nonce"])
auditlog.register(ReflectionSummary)
