"""Who reads the risk list and training needs, and who keeps the register of courses.

Each check raises NotAllowed with one sentence. None asks the database: the first is made on every page of the desk.
"""

from __future__ import annotations

from accountability.models import Course
from s11.organisations.enums import ORGANISERS
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.permissions import NAMED_FIGURES_READERS


def check_can_see_risk(desk: Desk) -> None:
    """As organisations by standard: both put names to scores."""
    if not desk.roles & NAMED_FIGURES_READERS:
        raise NotAllowed(
            "The risk list and training needs name organisations, so they are for administrators, quality officers "
            "and scrutineers. Ask one of them."
        )


def check_can_keep_courses(desk: Desk) -> None:
    check_can_see_risk(desk)
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} changes the register of courses. "
            "Ask one of them."
        )


def check_can_retire_course(desk: Desk, course: Course) -> None:
    check_can_keep_courses(desk)
    if not course.is_active:
        raise NotAllowed(f"{course} is retired already.")


def check_can_offer_course_again(desk: Desk, course: Course) -> None:
    check_can_keep_courses(desk)
    if course.is_active:
        raise NotAllowed(f"{course} is offered already.")
