"""The action plan: what will be done, by whom, by when. It belongs to a participation and outlives the cycle."""

from __future__ import annotations

import datetime

from auditlog.registry import auditlog
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.models import GroupAccess, Membership, Officer, Participation, Partnership, User
from s11.web.dates import date
from surveys.enums import (
    AGREED,
    ASKING,
    COUNTED,
    ActionOrigin,
    ActionOutcome,
    ActionPriority,
    ActionStatus,
)
from surveys.models.answers import Answer
from surveys.models.audits import READERS
from surveys.models.evidence import Evidence


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> ActionQuerySet:
        """Members see their organisation's, and leads of a group that it has accepted; officers those of their
        partnership that stand in what was submitted, or that were agreed with it."""
        members = Membership.objects.active().filter(user=user).values("organisation")
        offices = Officer.objects.active().filter(user=user, role__in=READERS).values("partnership")
        sites = GroupAccess.objects.of_leader(user).values("site")
        return self.filter(
            Q(participation__organisation__in=members)
            | Q(participation__organisation__in=sites)
            | Q(participation__partnership__in=offices, origin__in=AGREED)
            | Q(participation__partnership__in=offices, answer__audit__status__in=COUNTED)
        )

    def on_desk_of(self, partnership: Partnership) -> ActionQuerySet:
        """What its officers see as such: what agencies plan of their own accord, or in a draft, is theirs."""
        seen = Q(origin__in=AGREED) | Q(answer__audit__status__in=COUNTED)
        return self.filter(seen, participation__partnership=partnership)

    def unfinished(self) -> ActionQuerySet:
        return self.filter(status__in=(ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS))

    def overdue(self, today: datetime.date) -> ActionQuerySet:
        return self.unfinished().filter(due_on__lt=today)


class Action(models.Model):
    """One action. `first_due_on` stays what it was when the date is revised."""

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="actions")
    origin = models.CharField(max_length=10, choices=ActionOrigin)
    # The answer with a 0 or 1 that it was born from.
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, blank=True, related_name="actions")
    what = models.TextField(help_text="The outcome: what will be true when it is done.")
    measure = models.TextField(help_text="How you will know that it worked.")
    owner = models.CharField(max_length=150, help_text="The person or post that will see to it.")
    owner_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    first_due_on = models.DateField()
    priority = models.CharField(max_length=10, choices=ActionPriority, default=ActionPriority.MEDIUM)
    status = models.CharField(max_length=12, choices=ActionStatus, default=ActionStatus.NOT_STARTED)
    percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    impact = models.TextField(blank=True, help_text="What changed for children.")
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="actions")
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=ActionStatus.values), name="action_status_known"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="action_percent_at_most_100"),
            models.CheckConstraint(
                condition=~Q(status=ActionStatus.DONE) | Q(percent=100), name="action_done_is_100_percent"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on__gte=F("starts_on")), name="action_due_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(origin=ActionOrigin.SCORE, answer__isnull=False) | ~Q(origin=ActionOrigin.SCORE),
                name="action_from_a_score_names_its_answer",
            ),
        )

    def __str__(self) -> str:
        return self.what

    @property
    def is_unfinished(self) -> bool:
        return self.status in (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS)

    @property
    def has_outlived_score(self) -> bool:
        """Born from a 0 or 1 that is none any more: it stays in the plan all the same."""
        return self.answer is not None and self.answer.score not in ASKING

    @property
    def verification(self) -> ActionVerification | None:
        """The newest look at it: did it work? With `verifications` prefetched it asks the database nothing."""
        found = list(self.verifications.all())
        return found[-1] if found else None

    def is_overdue(self, today: datetime.date) -> bool:
        return self.is_unfinished and self.due_on < today


class ActionUpdate(models.Model):
    """What somebody reported or changed. Append-only."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="updates")
    text = models.TextField(blank=True)
    status_before = models.CharField(max_length=12, choices=ActionStatus)
    status_after = models.CharField(max_length=12, choices=ActionStatus)
    percent_before = models.PositiveSmallIntegerField()
    percent_after = models.PositiveSmallIntegerField()
    due_before = models.DateField()
    due_after = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("action", "at", "pk")

    def __str__(self) -> str:
        return f"{self.action}, {self.at:%Y-%m-%d}"


class ActionVerification(models.Model):
    """An officer has looked at an action that is done: did it work? Append-only; the newest holds."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="verifications")
    outcome = models.CharField(max_length=10, choices=ActionOutcome)
    text = models.TextField(help_text="What shows it.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("action", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=ActionOutcome.values), name="action_verification_outcome_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="action_verification_says_what_shows_it"),
        )

    def __str__(self) -> str:
        return f"{self.action}: {self.get_outcome_display().lower()}"

    @property
    def words(self) -> str:
        """Whether it worked, who says so and when: ‘It worked in part (Ada Byron, 3 March 2027)’."""
        return f"{self.get_outcome_display()} ({self.by}, {date(self.at)})"


class ActionReminder(models.Model):
    """That the owner was chased about this due date, so that nobody is chased twice for the same."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    # Since when somebody has it in hand; one that dies before it is sent leaves it to the next.
    claimed_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("action", "due_on"), name="action_reminder_once_a_date"),
        )

    def __str__(self) -> str:
        return f"{self.action}, due on {self.due_on}"


auditlog.register(Action, exclude_fields=["version"])
