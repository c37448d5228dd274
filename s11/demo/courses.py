"""The demonstration's courses: what Harbourside offers, one of them retired; some needs have no course on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from accountability.course_register import CourseInput, add_course, retire_course
from s11.organisations.enums import OfficerRole, Variant
from s11.organisations.models import Partnership, User


@dataclass(frozen=True, slots=True)
class DemoCourse:
    """Made up, and so is whoever offers it. `standards` name a code by variant."""

    name: str
    description: str
    audience: str
    standards: dict[Variant, tuple[str, ...]]
    keys: tuple[str, ...] = ()
    is_retired: bool = False


COURSES: Final = (
    DemoCourse(
        "Safer recruitment in a day",
        "From the advert to the single central record: checks, references, and an interview that tests values.",
        "Everybody who recruits staff or volunteers",
        {
            Variant.STANDARD: ("A6",),
            Variant.HEALTH: ("H6",),
            Variant.SCHOOL: ("E5",),
            Variant.CARE_HOME: ("R7",),
        },
    ),
    DemoCourse(
        "When a concern is about a colleague",
        "Allegations and low-level concerns: whom to tell within one working day, what to write down.",
        "Leads, headteachers and registered managers",
        {
            Variant.STANDARD: ("A7",),
            Variant.HEALTH: ("H7",),
            Variant.SCHOOL: ("E6",),
            Variant.CARE_HOME: ("R8",),
        },
    ),
    DemoCourse(
        "Supervision that changes practice",
        "Half a day on supervision: how often, what to record, and how to tell whether training is used.",
        "Supervisors and training managers",
        {
            Variant.STANDARD: ("A9",),
            Variant.HEALTH: ("H8", "H9"),
            Variant.SCHOOL: ("E4",),
            Variant.CARE_HOME: ("R9",),
        },
    ),
    DemoCourse(
        "Hearing the child",
        "Ninety minutes online with young people from the harbour’s youth forum: asking, and showing what changed.",
        "Anybody who works with children",
        {Variant.STANDARD: ("A3",), Variant.HEALTH: ("H3",), Variant.CARE_HOME: ("R2",)},
    ),
    DemoCourse(
        "Whistleblowing: a briefing for boards",
        "An hour for a board meeting: what staff must know, and how a board finds out whether they do.",
        "Trustees, governors and boards",
        {},
        ("whistleblowing-policy-known", "speaking-up-protected"),
    ),
    DemoCourse(
        "Neglect: using the tool",
        "An introduction to the neglect tool of 2024. The tool is being rewritten, so the course rests.",
        "Practitioners who visit homes",
        {},
        ("neglect-tool",),
        is_retired=True,
    ),
)


def make_courses(partnership: Partnership) -> None:
    officer = User.objects.filter(
        offices__partnership=partnership, offices__role=OfficerRole.QUALITY_OFFICER
    ).earliest("pk")
    for course in COURSES:
        entered = CourseInput(
            name=course.name,
            description=course.description,
            audience=course.audience,
            link="https://training.harbourside.example/",
            standards=[
                (variant.value, code) for variant, codes in course.standards.items() for code in codes
            ],
            keys=course.keys,
        )
        made = add_course(partnership=partnership, entered=entered, by=officer)
        if course.is_retired:
            retire_course(course=made, by=officer)
