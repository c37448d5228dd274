"""Question banks: what is asked, of whom, and what each score means. In use, a questionnaire never changes."""

from __future__ import annotations

import re

from django.db import models
from django.db.models import Q

from s11.organisations.enums import Variant
from s11.organisations.models import Partnership
from surveys.enums import CycleStatus, Duty, ProfileKind


class Theme(models.Model):
    """One of the ten themes that all variants share, so that results line up across sectors."""

    code = models.CharField(max_length=10, unique=True)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def available_to(self, partnership: Partnership) -> QuestionnaireQuerySet:
        """The shared banks and the partnership's own."""
        return self.filter(Q(partnership=None) | Q(partnership=partnership))

    def in_use(self) -> QuestionnaireQuerySet:
        """Pinned by a cycle that has been opened: from then on a questionnaire never changes."""
        return self.filter(
            cycle_questionnaires__cycle__status__in=(CycleStatus.OPEN, CycleStatus.CLOSED)
        ).distinct()


class Questionnaire(models.Model):
    """One variant's question bank for a year. `partnership` is empty for a shared bank."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="questionnaires"
    )
    variant = models.CharField(max_length=20, choices=Variant)
    duty = models.CharField(max_length=20, choices=Duty)
    title = models.CharField(max_length=200)
    edition = models.CharField(max_length=20)
    revision = models.PositiveSmallIntegerField(default=1)
    introduction = models.TextField()
    # Shown, never scored or queried: a list of {"score", "label", "description"}, and a list of texts.
    scale = models.JSONField()
    not_applicable_reasons = models.JSONField()
    digest = models.CharField(
        max_length=64,
        help_text="SHA-256 of the content, so that loading the same bank again changes nothing.",
    )
    loaded_at = models.DateTimeField(auto_now_add=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ("variant", "-edition", "-revision")
        constraints = (
            models.UniqueConstraint(
                fields=("partnership", "variant", "edition", "revision"),
                condition=Q(partnership__isnull=False),
                name="questionnaire_own_unique",
            ),
            # NULLs are distinct, so shared banks need a constraint of their own.
            models.UniqueConstraint(
                fields=("variant", "edition", "revision"),
                condition=Q(partnership=None),
                name="questionnaire_shared_unique",
            ),
        )

    def __str__(self) -> str:
        revision = f", revision {self.revision}" if self.revision > 1 else ""
        return f"{self.title} {self.edition}{revision}"

    @property
    def introduction_parts(self) -> list[tuple[str, str]]:
        """Its paragraphs, each with the few words before its colon as a heading, or none: ‘How scores work: …’."""
        parts = []
        for paragraph in re.split(r"\n\s*\n", self.introduction.strip()):
            words, _, rest = paragraph.strip().partition(": ")
            has_heading = bool(rest) and "." not in words and len(words.split()) <= 6
            parts.append((words, rest[:1].upper() + rest[1:]) if has_heading else ("", paragraph.strip()))
        return parts


class ProfileQuestion(models.Model):
    """A fact about the organisation, never scored. A `personal` one names a person and is never published."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="profile_questions")
    code = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=ProfileKind)
    text = models.TextField()
    hint = models.TextField(blank=True)
    is_required = models.BooleanField(default=True)
    is_personal = models.BooleanField(default=False)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("questionnaire", "code"), name="profile_question_code_unique"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Standard(models.Model):
    """A variant's numbered heading, with why it matters."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="standards")
    code = models.CharField(max_length=10)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    guidance = models.TextField()
    sources = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("questionnaire", "code"), name="standard_code_unique"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Indicator(models.Model):
    """A statement that is scored. Its `key` is the same across editions and variants; its `code` is only for people."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="indicators")
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=10)
    key = models.CharField(max_length=100)
    # The indicator's own where the bank gives it one, else its standard's: one column to group by.
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    text = models.TextField()
    guidance = models.TextField()
    descriptor_0 = models.TextField()
    descriptor_1 = models.TextField()
    descriptor_2 = models.TextField()
    evidence = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)
    is_critical = models.BooleanField("critical", default=False)
    is_core = models.BooleanField("core", default=False)
    may_be_not_applicable = models.BooleanField("may be not applicable", default=False)
    refresh_months = models.PositiveSmallIntegerField(null=True, blank=True)
    applies_if = models.JSONField(default=dict, blank=True)
    in_force = models.DateField(null=True, blank=True)
    is_prepare = models.BooleanField("prepare", default=False)
    position = models.PositiveSmallIntegerField(help_text="In the whole questionnaire, not in the standard.")

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("questionnaire", "code"), name="indicator_code_unique"),
            models.UniqueConstraint(fields=("questionnaire", "key"), name="indicator_key_unique"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def descriptors(self) -> tuple[str, str, str]:
        """What a 0, a 1 and a 2 look like."""
        return (self.descriptor_0, self.descriptor_1, self.descriptor_2)
