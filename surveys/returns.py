"""A cycle's returns by day, with what is to be expected by its closing day: what the pipeline draws."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models.functions import Coalesce

from s11.web.dates import as_london
from surveys.forecast import Curve, Forecast, NoForecast, make_forecast
from surveys.models import Cycle, Invitee


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


def get_returns_ahead(cycle: Cycle, last: Cycle | None, today: datetime.date) -> ReturnsAhead:
    """`last` is the cycle to go by. One query, whatever the number of organisations."""
    if not cycle.is_open:
        last = None
    curves = get_curves([cycle, last] if last else [cycle])
    now = curves[cycle.pk]
    forecast = make_forecast(now, today, curves[last.pk] if last else None) if cycle.is_open else None
    until = as_london(cycle.closed_at).date() if cycle.closed_at else today
    return ReturnsAhead(now.returns, now.invited, until, forecast, last)


def get_curves(cycles: Sequence[Cycle]) -> dict[int, Curve]:
    """By cycle. One query. A return of one's own tool is one."""
    invitees = Invitee.objects.not_exempt().filter(cycle__in=[cycle.pk for cycle in cycles]).order_by()
    returned_at = Coalesce("audit__first_submitted_at", "own_tool_return__submitted_at")
    places: dict[int, list[tuple[datetime.datetime | None, datetime.date | None]]] = defaultdict(list)
    for cycle, *place in invitees.values_list("cycle", returned_at, "extended_to"):
        places[cycle].append((place[0], place[1]))
    return {cycle.pk: _make_curve(cycle, places[cycle.pk]) for cycle in cycles}


def _make_curve(
    cycle: Cycle, places: Sequence[tuple[datetime.datetime | None, datetime.date | None]]
) -> Curve:
    days = Counter(as_london(returned_at).date() for returned_at, _ in places if returned_at)
    extended = Counter(
        day for returned_at, day in places if day and not returned_at and day > cycle.closes_on
    )
    return Curve(cycle.opens_on, cycle.closes_on, len(places), dict(sorted(days.items())), extended)
