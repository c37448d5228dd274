"""A cycle's returns by day, with what is to be expected by its closing day: what the pipeline draws."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from s11.web.dates import as_london
from surveys.enums import CycleStatus
from surveys.forecast import Curve, Forecast, NoForecast, make_forecast
from surveys.models import Cycle
from surveys.participation import get_participation_by_day


@dataclass(frozen=True, slots=True)
class ReturnsAhead:
    """What is in, by day; `forecast` is None where the cycle is not open. `last` is the cycle that it goes by."""

    returns: Mapping[datetime.date, int]
    invited: int
    until: datetime.date
    forecast: Forecast | NoForecast | None
    last: Cycle | None

    @property
    def is_drawn(self) -> bool:
        return bool(self.returns) or isinstance(self.forecast, Forecast)

    @property
    def line(self) -> Forecast | None:
        """For the drawing."""
        return self.forecast if isinstance(self.forecast, Forecast) else None


def get_returns_ahead(cycle: Cycle, today: datetime.date) -> ReturnsAhead:
    """Five queries at most, whatever the number of organisations."""
    last = find_last_cycle(cycle) if cycle.is_open else None
    now = get_curve(cycle)
    forecast = make_forecast(now, today, get_curve(last) if last else None) if cycle.is_open else None
    until = as_london(cycle.closed_at).date() if cycle.closed_at else today
    return ReturnsAhead(now.returns, now.invited, until, forecast, last)


def get_curve(cycle: Cycle) -> Curve:
    found = get_participation_by_day(cycle)
    return Curve(cycle.opens_on, cycle.closes_on, found.figures.invited, found.returns)


def find_last_cycle(cycle: Cycle) -> Cycle | None:
    """The closed one before it, of its kind, that asked one of its variants: one asked of schools alone is no guide."""
    variants = cycle.cycle_questionnaires.values("variant")
    return (
        Cycle.objects.of(cycle.partnership)
        .filter(
            status=CycleStatus.CLOSED,
            kind=cycle.kind,
            closes_on__lt=cycle.closes_on,
            cycle_questionnaires__variant__in=variants,
        )
        .order_by("-closes_on", "-pk")
        .first()
    )
