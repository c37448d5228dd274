"""Which courses are offered: to an agency for its own low answers, and to whoever writes the chapter for the board."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accountability.models import Course, Report
from accountability.training_facts import get_active_courses, get_training
from s11.organisations.enums import Variant
from s11.organisations.models import Partnership
from surveys.disclosure.rules import FEWEST
from surveys.enums import Series
from surveys.models import Cycle, Indicator


@dataclass(frozen=True, slots=True)
class CourseOffer:
    """A course, and the codes of an agency's own low answers that it is about."""

    course: Course
    codes: tuple[str, ...]


def list_offers(partnership: Partnership, variant: Variant, low: Iterable[Indicator]) -> list[CourseOffer]:
    """Active courses alone, those first that answer most. Of indicators fetched with their standard; two queries."""
    low = list(low)
    if not low:
        return []
    offers = []
    for course in get_active_courses(partnership):
        subjects = list(course.subjects.all())
        keys = {one.key for one in subjects if one.key}
        standards = {one.code for one in subjects if one.variant == variant}
        codes = tuple(one.code for one in low if one.key in keys or one.standard.code in standards)
        if codes:
            offers.append(CourseOffer(course, codes))
    return sorted(
        offers, key=lambda offer: (-len(offer.codes), offer.course.name.casefold(), offer.course.pk)
    )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Courses that the results of a report's cycle point to, for the chapter that goes before the public."""

    cycle: Cycle
    courses: tuple[Course, ...]


def suggest_courses(report: Report) -> Suggestion | None:
    """Those that as many agencies need as a figure needs to be told: fewer could be found out. None without any.

    It says no number: the chapter's numbers are those that were published.
    """
    first = report.report_cycles.select_related("cycle__partnership").order_by("position").first()
    if first is None:
        return None
    training = get_training(first.cycle, Series(report.series))
    needed = [need for need in training.needs.needed if need.count >= FEWEST]
    courses = tuple(training.courses[need.course.pk] for need in needed)
    return Suggestion(first.cycle, courses) if courses else None
