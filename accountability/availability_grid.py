"""Who can come when, as a grid: a row for each member or agency, a column for each half day."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accountability.enums import AvailabilityAnswer, Half
from accountability.models import Availability, DayBreak, Meeting, MeetingDay, Panel, PanelMember
from accountability.slots import list_halves

WORDS = {
    AvailabilityAnswer.PREFERRED.value: "Best",
    AvailabilityAnswer.FREE.value: "Yes",
    AvailabilityAnswer.BUSY.value: "No",
}
CAN_COME = (AvailabilityAnswer.PREFERRED, AvailabilityAnswer.FREE)


@dataclass(frozen=True, slots=True)
class Column:
    """A half of a day in which a meeting can begin."""

    day: int
    date: datetime.date
    half: str

    @property
    def label(self) -> str:
        return f"{self.date:%a} {self.date.day} {self.date:%b}, {Half(self.half).label.lower()}"


@dataclass(frozen=True, slots=True)
class Row:
    """One member, or one agency's meeting; a cell is an answer's value, empty where there is none."""

    whose: PanelMember | Meeting
    cells: tuple[str, ...]

    @property
    def is_answered(self) -> bool:
        """For each half."""
        return bool(self.cells) and all(self.cells)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(WORDS.get(cell, "") for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """All of it; under each column how many can come."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def answered(self) -> int:
        return sum(row.is_answered for row in self.rows)

    def count(self, *, chairs: bool = False) -> list[int]:
        """Who can come in each half; of panel members, chairs alone where asked for."""
        rows = [
            row
            for row in self.rows
            if not chairs or (isinstance(row.whose, PanelMember) and row.whose.may_chair)
        ]
        return [sum(row.cells[index] in CAN_COME for row in rows) for index in range(len(self.columns))]


def get_days(panel: Panel) -> list[MeetingDay]:
    """With what their slots and rooms are made of. Three queries."""
    breaks = Prefetch("breaks", queryset=DayBreak.objects.order_by("starts_at"))
    days = list(panel.days.prefetch_related(breaks, "places"))
    for day in days:
        day.panel = panel
    return days


def get_coming_days(panel: Panel) -> list[MeetingDay]:
    """Those of which people can still say whether they can come: nobody is asked about yesterday."""
    return [day for day in get_days(panel) if day.date >= timezone.localdate()]


def list_columns(days: Iterable[MeetingDay]) -> tuple[Column, ...]:
    return tuple(Column(day.pk, day.date, half) for day in days for half in list_halves(day.list_slots()))


def get_member_grid(panel: Panel) -> Grid:
    """Of those on the panel now, by name. A fixed number of queries."""
    members = sorted(panel.members.active().with_person(), key=lambda one: (one.name.casefold(), one.pk))
    for member in members:
        member.panel = panel
    return _make_grid(panel, members, Availability.objects.filter(member__in=members), "member_id")


def get_agency_grid(panel: Panel, meetings: Sequence[Meeting]) -> Grid:
    """Of these meetings' agencies. A fixed number of queries."""
    return _make_grid(panel, meetings, Availability.objects.filter(meeting__in=meetings), "meeting_id")


def _make_grid(
    panel: Panel, whose: Sequence[PanelMember | Meeting], answers: QuerySet[Availability], key: str
) -> Grid:
    columns = list_columns(get_days(panel))
    given: dict[int, dict[tuple[int, str], str]] = defaultdict(dict)
    for one in answers:
        given[getattr(one, key)][one.day_id, one.half] = one.answer
    rows = [
        Row(one, tuple(given[one.pk].get((column.day, column.half), "") for column in columns))
        for one in whose
    ]
    return Grid(columns, tuple(rows))
