"""Who may do what with panels, meetings and what came of them.

Each check raises NotAllowed with one sentence: the 403 page, the hint beside a disabled button, and the test's table.
"""

from __future__ import annotations

from s11.organisations.enums import ORGANISERS, OfficerRole
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.models.audits import READERS

# A panel's people see their own part of the room; a publisher has no part in it.
SITTING = frozenset({OfficerRole.PANEL_MEMBER, OfficerRole.PANEL_CHAIR})
SEEING = frozenset(READERS) | SITTING

# The desk -------------------------------------------------------------------------------------------------------------


def check_can_see_meetings(desk: Desk) -> None:
    """The room; what a panel member finds in it is theirs alone."""
    if not desk.roles & SEEING:
        raise NotAllowed("Publishers see figures and findings; meetings are for officers and panel members.")


def check_can_read_round(desk: Desk) -> None:
    """A whole round of meetings: who sits, when, for whom, and what came of it."""
    if not desk.roles & frozenset(READERS):
        raise NotAllowed(
            "Administrators, quality officers and scrutineers see the whole round; you see your own meetings and your "
            "own availability."
        )


def check_can_plan_meetings(desk: Desk) -> None:
    """The panel, its days and places, who is called and when."""
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} can plan meetings. Ask one of them."
        )
