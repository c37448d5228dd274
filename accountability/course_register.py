"""Writing the register of courses: a course with what it answers, retired and offered again. Atomic, with versions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accountability.models import Course, CourseSubject
from s11.organisations.models import Partnership, User
from s11.web import errors


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the name is taken."""


@dataclass(frozen=True, slots=True)
class CourseInput:
    """What was entered. `standards` are (variant, code), `keys` those of single indicators."""

    name: str
    description: str
    audience: str
    link: str = ""
    standards: Collection[tuple[str, str]] = field(default_factory=tuple)
    keys: Collection[str] = field(default_factory=tuple)


@transaction.atomic
def add_course(*, partnership: Partnership, entered: CourseInput, by: User) -> Course:
    # Two who enter the same name queue here.
    Partnership.objects.select_for_update().only("pk").get(pk=partnership.pk)
    _check_name(partnership.pk, entered.name)
    course = Course(partnership=partnership)
    _write(course, entered, by)
    return course


@transaction.atomic
def change_course(*, course: Course, entered: CourseInput, seen_version: int, by: User) -> Course | None:
    """None once it is saved; the course as it stands where somebody saved another version meanwhile."""
    Partnership.objects.select_for_update().only("pk").get(pk=course.partnership_id)
    now = Course.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=course.pk)
    if now.version != seen_version:
        return now
    _check_name(now.partnership_id, entered.name, now.pk)
    now.version += 1
    _write(now, entered, by)
    return None


@transaction.atomic
def retire_course(*, course: Course, by: User) -> None:
    """It is offered to nobody any more, and what it answered is a gap again."""
    _set_active(course, is_active=False, by=by)


@transaction.atomic
def offer_course_again(*, course: Course, by: User) -> None:
    _set_active(course, is_active=True, by=by)


def _set_active(course: Course, *, is_active: bool, by: User) -> None:
    now = Course.objects.select_for_update().get(pk=course.pk)
    if now.is_active == is_active:
        raise NotInThisState(
            f"Somebody was quicker: {now} is {'offered' if is_active else 'retired'} already."
        )
    now.is_active = is_active
    now.version += 1
    now.changed_by, now.changed_at = by, timezone.now()
    now.save()


def _check_name(partnership: int, name: str, own: int = 0) -> None:
    same = Course.objects.filter(partnership=partnership, name=name).first()
    if same is not None and same.pk != own:
        again = "" if same.is_active else " It is retired: offer it again instead."
        raise NotInThisState(f"There is a course of this name already.{again}")


def _write(course: Course, entered: CourseInput, by: User) -> None:
    course.name, course.description = entered.name, entered.description
    course.audience, course.link = entered.audience, entered.link
    course.changed_by, course.changed_at = by, timezone.now()
    course.save()
    wanted = {(variant, code, "") for variant, code in entered.standards}
    wanted |= {("", "", key) for key in entered.keys}
    held = {(one.variant, one.code, one.key): one.pk for one in course.subjects.all()}
    course.subjects.filter(pk__in=[pk for one, pk in held.items() if one not in wanted]).delete()
    CourseSubject.objects.bulk_create(
        CourseSubject(course=course, variant=variant, code=code, key=key)
        for variant, code, key in sorted(wanted.difference(held))
    )
