"""The demonstration's retention: two periods that Harbourside has set, and a list that waits for its approval.

Nothing of it is destroyed until somebody approves it, and everything on it is of the demonstration alone.
"""

from __future__ import annotations

import datetime
from typing import Final

from s11.organisations.enums import OfficerRole
from s11.organisations.models import Partnership, User
from s11.retention.enums import Kind
from s11.retention.listing import hold_back, make_list, propose_list
from s11.retention.schedules import set_period

# Short, for nothing in the demonstration is older than two years.
PERIODS: Final = {
    Kind.MAIL: (1, "Records management policy, line 9.2: reminders and invitations, agreed by the executive"),
    Kind.AUDIT: (84, "Records management policy, line 14.3: self-assessments, agreed by the executive"),
}
WHY_HELD: Final = (
    "A complaint about reminders is being looked into; the business manager asked on the telephone."
)


def make_retention(partnership: Partnership, today: datetime.date) -> None:
    administrator, officer = (
        User.objects.filter(offices__partnership=partnership, offices__role=role).earliest("pk")
        for role in (OfficerRole.ADMINISTRATOR, OfficerRole.QUALITY_OFFICER)
    )
    for kind, (months, why) in PERIODS.items():
        set_period(
            partnership=partnership, kind=kind, months=months, why=why, seen_version=0, by=administrator
        )
    made = make_list(partnership=partnership, today=today)
    if made.items.count() > 1:
        hold_back(item=made.items.latest("pk"), reason=WHY_HELD, by=officer)
    propose_list(found=made, by=officer)
