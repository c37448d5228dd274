"""Answers are rows, one an (audit, indicator), each with a version; every change of one is kept."""

from __future__ import annotations

import datetime
from copy import copy

from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models import Organisation, User
from surveys.enums import Score
from surveys.models.audits import Audit
from surveys.models.questionnaires import Indicator, ProfileQuestion

# In characters: more than anybody reads, and a bound on what one page can hold.
COMMENTARY_LENGTH = 20_000


class AnswerQuerySet(models.QuerySet["Answer"]):
    def answered(self) -> AnswerQuerySet:
        """Scored or set aside. A commentary alone is no answer, nor is a carried-over one that nobody confirmed."""
        return self.filter(~Q(score=None) | ~Q(not_applicable_reason=""), confirmed=True)

    def to_confirm(self) -> AnswerQuerySet:
        """Brought forward from an earlier audit, and nobody has said yet that it still holds."""
        return self.filter(~Q(score=None) | ~Q(not_applicable_reason=""), confirmed=False)

    def submitted(self) -> AnswerQuerySet:
        """Held by their audit's last submission."""
        return self.filter(~Q(submitted_score=None) | Q(submitted_not_applicable=True))


class Standing:
    """What follows from an answer's columns, of a whole row and of the few that were asked for."""

    score: int | None
    not_applicable_reason: str
    confirmed: bool

    @property
    def is_not_applicable(self) -> bool:
        return bool(self.not_applicable_reason)

    @property
    def is_to_confirm(self) -> bool:
        """Brought forward from an earlier audit, and nobody has said yet that it still holds."""
        return not self.confirmed and (self.score is not None or self.is_not_applicable)

    @property
    def is_answered(self) -> bool:
        return self.confirmed and (self.score is not None or self.is_not_applicable)


class Answer(Standing, models.Model):
    """Made when first saved. `score` is empty while unanswered or not applicable; 0 is a real answer."""

    # No index of its own, as in all that an audit has most of: the unique one below begins with it.
    audit = models.ForeignKey(Audit, models.CASCADE, related_name="answers", db_index=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="answers")
    score = models.PositiveSmallIntegerField(choices=Score, null=True, blank=True)
    not_applicable_reason = models.CharField(max_length=200, blank=True)
    commentary = models.TextField(blank=True)
    # False only for an answer brought forward from an earlier audit that nobody has confirmed yet.
    confirmed = models.BooleanField(default=True)
    # The answer of an earlier audit that it was brought forward from.
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    # From an audit in another partnership: what it said before somebody confirmed it is none of this one's.
    is_from_elsewhere = models.BooleanField(default=False)
    no_action_reason = models.TextField(blank=True, help_text="Why a 0 or 1 needs no action.")
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    # Whose lead answered for this site; empty once the organisation's own people say something else.
    group = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    # As last submitted: what every figure reads.
    submitted_score = models.PositiveSmallIntegerField(choices=Score, null=True, blank=True)
    submitted_not_applicable = models.BooleanField(default=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ("audit", "indicator__position")
        constraints = (
            models.UniqueConstraint(fields=("audit", "indicator"), name="answer_one_an_indicator"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__in=Score.values, not_applicable_reason=""),
                name="answer_score_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(submitted_score=None)
                | Q(submitted_score__in=Score.values, submitted_not_applicable=False),
                name="answer_submitted_score_or_not_applicable",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator.code} in {self.audit}"

    @property
    def is_submitted(self) -> bool:
        """Whether the last submission holds it; emptied by a recall."""
        return self.submitted_score is not None or self.submitted_not_applicable

    def change_to(
        self,
        *,
        score: int | None,
        reason: str,
        commentary: str,
        by: User | None,
        at: datetime.datetime,
        group: Organisation | None = None,
    ) -> AnswerChange:
        """Say this from now on, confirmed, as the next version. Neither the answer nor the change is saved.

        What stood there unconfirmed from another partnership's audit is left out of the trail, which officers read.
        """
        is_covered = self.is_from_elsewhere and not self.confirmed
        change = AnswerChange(
            answer=self,
            version=self.version + 1,
            score_before=None if is_covered else self.score,
            score_after=score,
            reason_before="" if is_covered else self.not_applicable_reason,
            reason_after=reason,
            commentary_before="" if is_covered else self.commentary,
            commentary_after=commentary,
            by=by,
            at=at,
            group=group,
        )
        self.group = group
        self.score, self.not_applicable_reason, self.commentary = score, reason, commentary
        self.confirmed = True
        self.version = change.version
        self.updated_by, self.updated_at = by, at
        return change

    def as_before(self, change: AnswerChange) -> Answer:
        """A copy that says what it said before this change, never to be saved.

        It counts as confirmed, for only such answers are ever submitted, and names nobody: whoever knows more adds it.
        """
        before = copy(self)
        before.score = change.score_before
        before.not_applicable_reason = change.reason_before
        before.commentary = change.commentary_before
        before.version = change.version - 1
        before.updated_by = before.group = None
        before.confirmed = True
        return before


class AnswerChange(models.Model):
    """One change of one answer: before, after, by whom and when. Append-only."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="changes", db_index=False)
    version = models.PositiveIntegerField(help_text="The answer's version after the change.")
    score_before = models.PositiveSmallIntegerField(null=True, blank=True)
    score_after = models.PositiveSmallIntegerField(null=True, blank=True)
    reason_before = models.CharField(max_length=200, blank=True)
    reason_after = models.CharField(max_length=200, blank=True)
    commentary_before = models.TextField(blank=True)
    commentary_after = models.TextField(blank=True)
    # Why a 0 or 1 needs no action; both empty in a change of something else.
    no_action_before = models.TextField(blank=True)
    no_action_after = models.TextField(blank=True)
    # Taken from a passport: from this version on it waits to be confirmed.
    is_brought_in = models.BooleanField(default=False)
    # The answer of the organisation's audit in another partnership that it was sent from. Never for officers' eyes.
    sent_from = models.ForeignKey(Answer, models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # The group whose lead made it for this site.
    group = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("answer", "version")
        constraints = (
            models.UniqueConstraint(fields=("answer", "version"), name="answer_change_one_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.answer}, version {self.version}"


class ProfileAnswer(models.Model):
    """A fact about the organisation in this audit, as text: numbers in digits, dates ISO 8601, yes or no."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="profile_answers", db_index=False)
    question = models.ForeignKey(ProfileQuestion, models.PROTECT, related_name="answers")
    value = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("audit", "question__position")
        constraints = (
            models.UniqueConstraint(fields=("audit", "question"), name="profile_answer_one_a_question"),
        )

    def __str__(self) -> str:
        return f"{self.question.code} in {self.audit}"


class ProfileChange(models.Model):
    """One change of one fact of the profile. Append-only."""

    answer = models.ForeignKey(ProfileAnswer, models.CASCADE, related_name="changes", db_index=False)
    version = models.PositiveIntegerField(help_text="The fact's version after the change.")
    value_before = models.TextField(blank=True)
    value_after = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("answer", "version")
        constraints = (
            models.UniqueConstraint(fields=("answer", "version"), name="profile_change_one_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.answer}, version {self.version}"
