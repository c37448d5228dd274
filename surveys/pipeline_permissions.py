"""Who may do what with the pipeline, with the record of contacts, and with the copy of a cycle.

Each check raises NotAllowed with one sentence, as those of permissions do.
"""

from __future__ import annotations

from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.enums import CycleStatus
from surveys.models import Cycle
from surveys.permissions import NAMED_FIGURES_READERS, OVERVIEW_READERS, check_can_plan_cycles


def check_can_read_pipeline(desk: Desk) -> None:
    """The counts and the forecast."""
    if not desk.roles & OVERVIEW_READERS:
        raise NotAllowed(
            "Panel members read the packs for their own meetings. Ask an administrator how the cycle stands."
        )


def check_can_read_places(desk: Desk) -> None:
    """The list by name, its file, and views of it; publishers see figures."""
    check_can_read_pipeline(desk)
    if not desk.roles & NAMED_FIGURES_READERS:
        raise NotAllowed(
            "The list names organisations. Ask an administrator for it, or read the counts on this page."
        )


def check_can_read_contacts(desk: Desk) -> None:
    """All that passed between the partnership and an organisation."""
    if not desk.roles & NAMED_FIGURES_READERS:
        raise NotAllowed(
            "Administrators, quality officers and scrutineers read what passed with an organisation. "
            "Ask one of them."
        )


def check_can_copy_cycle(desk: Desk, cycle: Cycle) -> None:
    """Plan another from it; a plan is changed instead."""
    check_can_plan_cycles(desk)
    if cycle.status == CycleStatus.PLANNED:
        raise NotAllowed(f"{cycle} is planned and not opened yet. Change it instead of copying it.")
