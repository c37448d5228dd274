"""The audit plan of a reporting year: by month what is planned, under way, reported and due again, and what is late."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accountability.models import MultiAgencyAudit
from accountability.multi_agency_state import State
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Partnership

PLANNED, REPORTED, AGAIN = "Planned", "Reported", "To be repeated"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a month has of an audit: that it is planned for it, was reported in it, or is to be repeated."""

    what: str
    audit: MultiAgencyAudit


@dataclass(frozen=True, slots=True)
class Plan:
    """`carried` are those of earlier years that are not reported yet; `months` are the year's twelve, some empty."""

    year: ReportingYear
    audits: tuple[MultiAgencyAudit, ...]
    carried: tuple[MultiAgencyAudit, ...]
    months: tuple[tuple[datetime.date, tuple[Entry, ...]], ...]

    @property
    def late(self) -> list[MultiAgencyAudit]:
        return [one for one in self.audits if one.late]

    @property
    def due_again(self) -> list[MultiAgencyAudit]:
        return [one for one in self.audits if one.state == State.DUE_AGAIN]

    def count(self, state: State) -> int:
        return sum(one.state == state for one in self.audits)


def get_plan(partnership: Partnership, year: ReportingYear) -> Plan:
    """One query. A year that has not begun carries nothing over yet."""
    first, last = year.first_day, year.last_day
    wanted = Q(month__range=(first, last)) | Q(reported_on__range=(first, last))
    wanted |= Q(again_on__range=(first, last), cancelled="")
    if first <= timezone.localdate():
        wanted |= Q(month__lt=first, reported_on=None, cancelled="")
    found = MultiAgencyAudit.objects.of(partnership).with_repeats().filter(wanted)
    audits = tuple(found.select_related("theme").order_by("month", "title", "pk"))
    return Plan(
        year,
        audits,
        tuple(one for one in audits if one.month < first and one.reported_on is None),
        tuple((month, _list_entries(audits, month)) for month in list_months(year)),
    )


def list_months(year: ReportingYear) -> list[datetime.date]:
    """The first day of each."""
    ahead = [datetime.date(year.begins, month, 1) for month in range(4, 13)]
    return ahead + [datetime.date(year.begins + 1, month, 1) for month in range(1, 4)]


def _list_entries(audits: tuple[MultiAgencyAudit, ...], month: datetime.date) -> tuple[Entry, ...]:
    """An audit that is reported in the month for which it was planned stands there once."""
    entries = []
    for audit in audits:
        is_reported = _is_in(audit.reported_on, month)
        if is_reported:
            entries.append(Entry(REPORTED, audit))
        elif audit.month == month:
            entries.append(Entry(PLANNED, audit))
        if _is_in(audit.again_on, month) and not audit.days.is_repeated:
            entries.append(Entry(AGAIN, audit))
    return tuple(entries)


def _is_in(day: datetime.date | None, month: datetime.date) -> bool:
    return day is not None and (day.year, day.month) == (month.year, month.month)
