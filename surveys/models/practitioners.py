"""Practitioner surveys: what staff of an agency say, beside what its leaders say of the same indicators.

Nobody's answers are kept: an answer adds one to the counts of its survey, and what was answered together, by whom and
when is known to nobody. So nothing here has a time of an answer, and no row is a person.
"""

from __future__ import annotations

import datetime
from typing import Any

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import User
from s11.web.links import LinkQuerySet, OpensByLink
from surveys.models.cycles import Cycle, Invitee
from surveys.practitioner_results import FEWEST, Counts, Result, get_result, say_responses


class CycleSurvey(models.Model):
    """A cycle in which agencies can ask their staff; its statements are as they were when it was switched on."""

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="practitioner_round")
    switched_on_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    switched_on_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Practitioner survey of {self.cycle}"


class SurveyStatement(models.Model):
    """What staff of one variant are asked, and the key of the indicator that it stands beside."""

    round = models.ForeignKey(CycleSurvey, models.CASCADE, related_name="statements")
    variant = models.CharField(max_length=20, choices=Variant)
    code = models.CharField(max_length=10)
    text = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("variant", "position")
        constraints = (
            models.UniqueConstraint(fields=("round", "variant", "code"), name="survey_statement_code_unique"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class AnsweredByLink:
    """How far a row is that people answer by its link, until a day or until somebody closes it."""

    closes_on: Any
    closed_at: Any
    responses: Any

    @property
    def is_over(self) -> bool:
        """Closed by hand or by its day. Only then is anything told."""
        return self.closed_at is not None or timezone.localdate() > self.closes_on

    @property
    def is_told(self) -> bool:
        """Over, and of so many that nobody is alone: from then on it can be read, and takes no answer any more."""
        return self.is_over and self.responses >= FEWEST

    @property
    def state(self) -> str:
        return "Closed" if self.is_over else "Open"

    @property
    def ends_on(self) -> datetime.date:
        """The last day, or the day on which somebody closed it."""
        day: datetime.date = self.closes_on
        return timezone.localdate(self.closed_at) if self.closed_at else day

    @property
    def responses_words(self) -> str:
        return say_responses(self.responses, is_over=self.is_over)


class PractitionerSurveyQuerySet(LinkQuerySet["PractitionerSurvey"]):
    def with_place(self) -> PractitionerSurveyQuerySet:
        return self.select_related("invitee__cycle__partnership", "invitee__organisation")


class PractitionerSurvey(AnsweredByLink, OpensByLink):
    """One agency's in one cycle; opens by its link, which is everybody's on the staff."""

    LINK_SALT = "s11.practitioner-survey"

    invitee = models.OneToOneField(Invitee, models.PROTECT, related_name="practitioner_survey")
    # The last day on which staff can answer.
    closes_on = models.DateField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    responses = models.PositiveIntegerField(default=0)

    objects = PractitionerSurveyQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="practitioner_survey_closed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"Practitioner survey of {self.invitee}"

    @property
    def is_over(self) -> bool:
        """With its cycle too. Only then are there results."""
        return super().is_over or not self.invitee.cycle.is_open


class SurveyTally(models.Model):
    """How often each answer to one statement was given in one survey."""

    survey = models.ForeignKey(PractitionerSurvey, models.CASCADE, related_name="tallies")
    statement = models.ForeignKey(SurveyStatement, models.PROTECT, related_name="tallies")
    yes = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    not_mine = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("survey", "statement__position")
        constraints = (models.UniqueConstraint(fields=("survey", "statement"), name="survey_tally_once"),)

    def __str__(self) -> str:
        return f"{self.statement_id} in {self.survey_id}"

    @property
    def counts(self) -> Counts:
        return Counts(self.yes, self.partly, self.no, self.unknown, self.not_mine)

    @property
    def result(self) -> Result | None:
        """As it may be told; None until the survey is over, and where too few answered."""
        return get_result(self.counts, responses=self.survey.responses, is_over=self.survey.is_over)


auditlog.register(CycleSurvey)
# Neither counts nor links: the trail has the time of each change, and its readers are many.
auditlog.register(PractitionerSurvey, exclude_fields=["responses", "link_nonce"])
