"""Who gives feedback reports out, and who reads them before their agencies do."""

from __future__ import annotations

from accountability.models import FeedbackIssue
from s11.organisations.enums import ORGANISERS
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.enums import CycleStatus
from surveys.models import Cycle
from surveys.models.audits import READERS


def check_can_read_feedback(desk: Desk) -> None:
    """Every agency's: it names them."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Feedback reports name their agencies: administrators, quality officers and scrutineers read them."
        )


def check_can_issue_feedback(desk: Desk, cycle: Cycle) -> None:
    """A sector's figures move while agencies still submit, and two issues side by side would tell who came last."""
    check_can_read_feedback(desk)
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} can have feedback reports made. "
            "Ask one of them."
        )
    if cycle.status != CycleStatus.CLOSED:
        raise NotAllowed(
            f"{cycle} is not closed yet. Close it first: until then agencies submit, and the sector’s figures move."
        )


def check_can_tell_agencies(desk: Desk, issue: FeedbackIssue) -> None:
    check_can_issue_feedback(desk, issue.cycle)
    if issue.is_told:
        raise NotAllowed("The agencies have been told already.")
