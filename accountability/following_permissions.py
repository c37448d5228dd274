"""Who answers a recommendation, who decides on the answer, and who says whether it worked.

Each check raises NotAllowed with one sentence, as in permissions.py.
"""

from __future__ import annotations

from accountability.at_meeting import AtMeeting
from accountability.enums import Standing
from accountability.following import UNANSWERED, Followed
from accountability.models import GoodPractice
from accountability.permissions import check_can_read_meeting
from s11.organisations.queries import Agency
from s11.web.errors import NotAllowed
from surveys.enums import ActionStatus
from surveys.reach import WRITERS


def check_can_answer_recommendation(agency: Agency, followed: Followed) -> None:
    """Those who write in the plan, while an answer is waited for."""
    _check_writes(agency)
    if followed.standing not in UNANSWERED:
        raise NotAllowed(
            "You have answered this recommendation. It can be answered again only if the partnership returns it."
        )


def check_can_say_shared(agency: Agency, practice: GoodPractice) -> None:
    """An agency may change its mind at any time."""
    _check_writes(agency)


def _check_writes(agency: Agency) -> None:
    if not agency.roles & WRITERS:
        raise NotAllowed(
            f"A lead or contributor of {agency.organisation} answers the panel’s recommendations; you can read them."
        )


def check_can_decide_answer(at: AtMeeting, followed: Followed) -> None:
    """Accept it, or return it with what is missing."""
    _check_works(at)
    if followed.standing in UNANSWERED:
        again = " again" if followed.standing == Standing.RETURNED else ""
        raise NotAllowed(f"{at.organisation} has not answered{again} yet, so there is nothing to decide.")
    if followed.standing != Standing.TO_DECIDE:
        raise NotAllowed("The answer is accepted already.")


def check_can_verify_action(at: AtMeeting, followed: Followed) -> None:
    """Of an accepted answer whose action is done; again where a later look shows something else."""
    _check_works(at)
    action = followed.recommendation.action
    if followed.standing == Standing.RETURNED:
        raise NotAllowed(f"The answer was returned: {at.organisation} answers again first.")
    if followed.standing == Standing.TO_DECIDE:
        raise NotAllowed("Decide on the answer first, then say whether its action worked.")
    if action is None or action.status != ActionStatus.DONE:
        raise NotAllowed("Only an action that is done can be verified.")


def check_can_write_late_letters(at: AtMeeting) -> None:
    """To a contact of the agency, about all that waits for one."""
    check_can_read_meeting(at)
    if not at.is_organiser:
        raise NotAllowed(f"An administrator or quality officer of {at.here.partnership} writes this letter.")


def check_can_write_about(at: AtMeeting, followed: Followed) -> None:
    """After both reminders have gone."""
    check_can_write_late_letters(at)
    if not followed.is_overdue:
        raise NotAllowed("Nothing of it is overdue, so there is nothing to write about.")
    if not followed.is_for_officers:
        raise NotAllowed(
            "The lead and the signatory are reminded first, ten working days apart. It is your turn after that."
        )


def _check_works(at: AtMeeting) -> None:
    check_can_read_meeting(at)
    if not at.is_organiser:
        raise NotAllowed(
            f"An administrator or quality officer of {at.here.partnership} decides on answers and verifies actions."
        )
