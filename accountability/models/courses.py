"""The partnership's courses: what each is, whom it is for, and which standards and indicators it answers."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Partnership, User


class CourseQuerySet(models.QuerySet["Course"]):
    def of(self, partnership: Partnership) -> CourseQuerySet:
        return self.filter(partnership=partnership)

    def active(self) -> CourseQuerySet:
        """Those that are offered now; a course that is retired stays in the register."""
        return self.filter(is_active=True)


class Course(models.Model):
    """One course. It is retired, never deleted: what was offered last year can be read next year."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="courses")
    name = models.CharField(max_length=200)
    description = models.TextField("what it is", max_length=2_000)
    audience = models.CharField("who it is for", max_length=300)
    link = models.CharField(
        "where to book", max_length=1_000, blank=True, validators=[URLValidator(["http", "https"])]
    )
    is_active = models.BooleanField("active", default=True)
    # Counts each change: a stale save is told, and nothing that was typed is lost.
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("partnership", "name"), name="course_name_once"),)

    def __str__(self) -> str:
        return self.name


class CourseSubject(models.Model):
    """What a course answers: a whole standard of a variant, by its code, or one indicator, by its key.

    Neither is a row of a question bank: banks are loaded anew each year, while codes and keys stay.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="subjects")
    variant = models.CharField(max_length=20, choices=Variant, blank=True)
    code = models.CharField("standard's code", max_length=10, blank=True)
    key = models.CharField("indicator's key", max_length=100, blank=True)

    class Meta:
        ordering = ("course", "variant", "code", "key")
        constraints = (
            models.UniqueConstraint(
                fields=("course", "variant", "code", "key"), name="course_subject_once_a_course"
            ),
            models.CheckConstraint(
                condition=(Q(key="", variant__in=Variant.values) & ~Q(code=""))
                | (Q(variant="", code="") & ~Q(key="")),
                name="course_subject_is_a_standard_or_an_indicator",
            ),
        )

    def __str__(self) -> str:
        return self.key or f"{self.get_variant_display()} {self.code}"


auditlog.register(Course)
auditlog.register(CourseSubject)
