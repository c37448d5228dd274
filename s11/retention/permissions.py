"""Who sets periods, holds records back, prepares and approves destruction lists. Each check says why not.

An administrator sets periods. An administrator or quality officer prepares; an administrator or the panel's chair who
did not prepare it approves. Scrutineers read all of it, as those do who act.
"""

from __future__ import annotations

from s11.organisations.enums import ORGANISERS, OfficerRole
from s11.organisations.models import User
from s11.organisations.queries import Desk
from s11.retention.enums import ListStatus
from s11.retention.models import DestructionList
from s11.web.errors import NotAllowed

APPROVERS = frozenset({OfficerRole.ADMINISTRATOR, OfficerRole.PANEL_CHAIR})
READERS = ORGANISERS | APPROVERS | {OfficerRole.SCRUTINEER}


def check_can_see_retention(desk: Desk) -> None:
    if not desk.roles & READERS:
        raise NotAllowed(
            "Retention is for administrators, quality officers, the chair of the panel and scrutineers. Ask one of "
            "them."
        )


def check_can_set_periods(desk: Desk) -> None:
    check_can_see_retention(desk)
    if OfficerRole.ADMINISTRATOR not in desk.roles:
        raise NotAllowed(
            f"Only an administrator of {desk.partnership} sets how long records are kept. Ask one."
        )


def check_can_prepare(desk: Desk) -> None:
    """Also holding back and releasing."""
    check_can_see_retention(desk)
    if not desk.roles & ORGANISERS:
        raise NotAllowed(
            f"Only an administrator or quality officer of {desk.partnership} prepares destruction lists and holds "
            "records back. Ask one of them."
        )


def check_can_propose(desk: Desk, found: DestructionList) -> None:
    check_can_prepare(desk)
    if found.status != ListStatus.DRAFT:
        raise NotAllowed("Only a draft is put forward, and this list is none any more.")


def check_can_withdraw(desk: Desk, found: DestructionList) -> None:
    check_can_prepare(desk)
    if found.status not in (ListStatus.DRAFT, ListStatus.PROPOSED):
        raise NotAllowed("Only a list that nobody has approved can be withdrawn.")


def check_can_decide(desk: Desk, found: DestructionList, user: User) -> None:
    """Approve, or give back. Two people: what is destroyed does not come back."""
    check_can_see_retention(desk)
    if not desk.roles & APPROVERS:
        raise NotAllowed(
            f"Only an administrator of {desk.partnership} or the chair of its panel approves what is destroyed. Ask "
            "one of them."
        )
    if found.status != ListStatus.PROPOSED:
        raise NotAllowed("Only a list that was put forward is approved or given back.")
    if found.prepared_by_id == user.pk:
        raise NotAllowed(
            "You put this list forward yourself. Another administrator, or the chair of the panel, approves it."
        )
