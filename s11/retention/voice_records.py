"""What children and families said: what has come due, and what goes with it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping

from accountability.models import Voice
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Partnership
from s11.retention.record import Due
from s11.retention.walk import Reach, gather


def list_voices(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    """Of whole reporting years: what one annual report told of goes together. Removed ones too, with their trail."""
    year = ReportingYear.of(limit)
    last = year if year.last_day <= limit else year.before
    found = Voice.objects.of(partnership).filter(heard_on__lte=last.last_day)
    for pk, organisation, day in found.order_by("heard_on", "pk").values_list(
        "pk", "participation__organisation", "heard_on"
    ):
        counts_from = ReportingYear.of(day).last_day
        yield Due(pk, f"What was heard {pk}, organisation {organisation}", counts_from)


def name_voices(records: Collection[int]) -> Mapping[int, str]:
    rows = Voice.objects.filter(pk__in=records).select_related("participation__organisation")
    return {one.pk: f"{one.participation.organisation}: {one}" for one in rows}


def gather_voice(partnership: Partnership, record: int) -> Reach:
    Voice.objects.of(partnership).get(pk=record)
    return gather({Voice: [record]})
