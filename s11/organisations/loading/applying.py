"""A read register compared with what is known, and applied: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from s11.organisations.loading.facts import Facts
from s11.organisations.loading.planning import Planned, Planner
from s11.organisations.loading.reading import get_followed, iterate_rows
from s11.organisations.loading.writing import Writer
from s11.organisations.models import Partnership, User
from s11.organisations.registers.maps import ColumnMap
from s11.organisations.registers.plan import Line, Rules
from s11.organisations.registers.refusals import Refused

Tell = Callable[[Line], None]


def tell_nobody(line: Line) -> None:
    """For whoever wants the digest alone."""


SAID_QUICKER: Final = (
    "Somebody has changed the organisations that this file speaks of since it was compared, so nothing was "
    "changed. Look at what it would change now."
)


class Quicker(Refused):
    """What was seen is not what would be applied now."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is loaded and by which rules. `is_operator`: from the command, which changes what others also have."""

    partnership: Partnership
    columns: ColumnMap
    variant: str
    is_statutory: bool
    is_operator: bool
    by: User | None = None

    @property
    def rules(self) -> Rules:
        return Rules(timezone.localdate(), self.is_operator, self.columns.identifier_name)


def compare(order: Order, rows: IO[bytes], tell: Tell, chosen: Mapping[str, int] | None = None) -> Planned:
    """What applying would do now; writes nothing."""
    planner = Planner(Facts(order.partnership, order.columns), order.rules, tell, chosen=chosen)
    return planner.run(lambda: iterate_rows(rows), get_followed(order.partnership, order.columns))


def apply(
    order: Order,
    rows: IO[bytes],
    tell: Tell,
    *,
    chosen: Mapping[str, int] | None = None,
    seen: str | None = None,
) -> Planned:
    """All of it or nothing. `seen` is the digest of the lines that somebody was shown; raises Quicker.

    Inside a transaction of its own, or of the caller's.
    """
    try:
        with transaction.atomic():
            # Two loads into one partnership wait for each other.
            Partnership.objects.select_for_update(no_key=True).get(pk=order.partnership.pk)
            if seen is not None and compare(order, rows, tell_nobody).digest != seen:
                raise Quicker(SAID_QUICKER)
            return _write(order, rows, tell, chosen)
    except IntegrityError as error:
        # Somebody else's load, or an officer, has just brought one of the same organisations.
        raise Quicker(SAID_QUICKER) from error


def _write(order: Order, rows: IO[bytes], tell: Tell, chosen: Mapping[str, int] | None) -> Planned:
    writer = Writer(
        order.partnership,
        order.columns,
        variant=order.variant,
        is_statutory=order.is_statutory,
        by=order.by,
    )
    facts = Facts(order.partnership, order.columns, locks=True)
    planner = Planner(facts, order.rules, tell, chosen=chosen, writer=writer)
    return planner.run(lambda: iterate_rows(rows), get_followed(order.partnership, order.columns))
