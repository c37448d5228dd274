"""Verbs that set up a round of meetings: its panel, its days and places.

Each takes keyword arguments, `by=` last, and is atomic. Whoever changes a panel's plan holds its row first, so that of
two people at once the second sees what the first did.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accountability.models import Panel
from s11.organisations.models import User
from s11.web.errors import NotInThisState
from surveys.models import Cycle


def set_up_panel(*, cycle: Cycle, seats: int, sectors: int, tracks: int, by: User) -> Panel:
    """A cycle's meetings begin: its panel with its rules, still without people."""
    try:
        with transaction.atomic():
            return Panel.objects.create(
                cycle=cycle, seats=seats, sectors=sectors, tracks=tracks, created_by=by
            )
    except IntegrityError:
        raise NotInThisState(f"The meetings of {cycle} were set up meanwhile. Nothing was changed.") from None


def lock_panel(panel: Panel) -> Panel:
    """Its row as it is now, held until the transaction ends."""
    return Panel.objects.select_for_update().get(pk=panel.pk)
