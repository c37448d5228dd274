"""Meetings with all that came of them: what has come due, and what goes with it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping

from django.db.models import Max
from django.db.models.functions import Coalesce, TruncDate

from accountability.models import Meeting
from s11.organisations.models import Partnership
from s11.retention.record import Due
from s11.retention.walk import Reach, gather
from surveys.action_plans import UNFINISHED


def list_meetings(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    """Nothing that was agreed there is unfinished, and the cycle is closed."""
    unfinished = Meeting.objects.filter(recommendations__action__status__in=UNFINISHED)
    found = Meeting.objects.filter(
        panel__cycle__partnership=partnership, panel__cycle__closed_at__isnull=False
    ).exclude(pk__in=unfinished)
    held = found.annotate(
        held_on=Coalesce("day__date", TruncDate("called_at")),
        decided_on=TruncDate(Max("recommendations__decided_at")),
    )
    rows = held.order_by("held_on", "pk").values_list(
        "pk", "panel__cycle__slug", "invitee__organisation", "held_on", "decided_on"
    )
    for pk, cycle, organisation, held_on, decided_on in rows:
        day = max(filter(None, (held_on, decided_on)))
        if day <= limit:
            yield Due(pk, f"Meeting {pk}, cycle {cycle}, organisation {organisation}", day)


def name_meetings(records: Collection[int]) -> Mapping[int, str]:
    rows = Meeting.objects.filter(pk__in=records).values_list(
        "pk", "invitee__organisation__name", "panel__cycle__title"
    )
    return {pk: f"{organisation}, {cycle}" for pk, organisation, cycle in rows}


def gather_meeting(partnership: Partnership, record: int) -> Reach:
    Meeting.objects.get(pk=record, panel__cycle__partnership=partnership)
    return gather({Meeting: [record]})
