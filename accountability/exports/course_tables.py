"""The partnership's courses, and what each answers."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.exports.columns import keep, name_people
from accountability.models import Course, CourseSubject
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table


def list_course_tables(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "courses",
        "the partnership's courses; one that is not active is retired",
        Course.objects.filter(partnership=partnership),
        {"id": "pk"}
        | keep("name", "description", "audience", "link", "is_active", "version")
        | name_people("changed_by")
        | keep("changed_at"),
    )
    yield make_table(
        "course-subjects",
        "what a course (an id in courses) answers: a standard of a variant by its code, or an indicator by its key",
        CourseSubject.objects.filter(course__partnership=partnership),
        {"course": "course_id"} | keep("variant", "code", "key"),
    )
