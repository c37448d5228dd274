"""An officer's yes to a request to take part, together with the cycles that the organisation is invited to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from s11.organisations.models import Application, Organisation, Participation, Partnership, User
from s11.organisations.workflow import accept_application
from surveys.cycle_plans import invite_to_cycle
from surveys.enums import CycleStatus
from surveys.models import Cycle
from surveys.planning import make_invited


def get_cycles_to_join(partnership: Partnership) -> list[Cycle]:
    """Those that are open, the first to close before the others. One query."""
    found = Cycle.objects.of(partnership).filter(status=CycleStatus.OPEN)
    return list(found.order_by("closes_on", "pk"))


@transaction.atomic
def accept_and_invite(
    *,
    application: Application,
    organisation: Organisation | None,
    is_statutory: bool,
    cycles: Iterable[Cycle],
    by: User,
) -> tuple[Participation, list[Cycle]]:
    """All of it or nothing; of the cycles those that have the organisation's variant and have not closed meanwhile."""
    participation = accept_application(
        application=application, organisation=organisation, is_statutory=is_statutory, by=by
    )
    invited = make_invited([participation])
    joined = [cycle for cycle in cycles if invite_to_cycle(cycle=cycle, invited=invited, by=by)]
    return participation, joined
