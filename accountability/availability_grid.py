"""Who can come when, as a grid: a row for each member or agency, a column for each half day."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accountability.enums import AvailabilityAnswer, Half
from accountability.models import (
    Availability,
    DayBreak,
    Meeting,
    MeetingDay,
    Panel,
    PanelMember,
    ReleasedSeat,
)
from accountability.queries import get_touched_dates, is_released
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
    # The days to come of which they can still say whether they come, and have not said it for each half.
    missing: tuple[datetime.date, ...] = ()

    @property
    def is_answered(self) -> bool:
        """For any half: whoever plans counts on them there. A day that was added since takes nothing of it back."""
        return any(self.cells)

    @property
    def is_asked(self) -> bool:
        """About all that is missing: who was last asked before they answered was not asked about a later day."""
        whose = self.whose
        if whose.asked_at is None or not isinstance(whose, PanelMember):
            return whose.asked_at is not None
        return whose.answered_at is None or whose.asked_at > whose.answered_at

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

    @property
    def to_ask(self) -> list[PanelMember]:
        """Who was never asked about a day that is still to come, or not since it was added."""
        return [whose for row, whose in self._list_missing() if not row.is_asked]

    @property
    def silent(self) -> list[PanelMember]:
        """Who was asked about all of them, and has not answered each."""
        return [whose for row, whose in self._list_missing() if row.is_asked]

    @property
    def new_days(self) -> list[datetime.date]:
        """Those of which members who have answered were not asked yet."""
        rows = [row for row in self.rows if row.is_answered and not row.is_asked]
        return sorted({date for row in rows for date in row.missing})

    def _list_missing(self) -> list[tuple[Row, PanelMember]]:
        return [(row, row.whose) for row in self.rows if row.missing and isinstance(row.whose, PanelMember)]

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


def get_open_days(member: PanelMember) -> list[MeetingDay]:
    """Those of which they may still say whether they come: once a timetable has them in it, of days on
    which it has no meeting.
    """
    touched = get_touched_dates(member.panel) if is_released(member) else set()
    return [day for day in get_coming_days(member.panel) if day.date not in touched]


def get_days_to_ask(member: PanelMember) -> list[MeetingDay]:
    """Of those the ones that they have not answered for each half; all of them where they have."""
    days = get_open_days(member)
    said = {(one.day_id, one.half) for one in member.availabilities.all()}
    missing = [
        day for day in days if any((day.pk, half) not in said for half in list_halves(day.list_slots()))
    ]
    return missing or days


def get_member_grid(panel: Panel) -> Grid:
    """Of those on the panel now, by name, with what each has not said. A fixed number of queries."""
    members = sorted(panel.members.active().with_person(), key=lambda one: (one.name.casefold(), one.pk))
    for member in members:
        member.panel = panel
    grid = _make_grid(panel, members, Availability.objects.filter(member__in=members), "member_id")
    seated = set(ReleasedSeat.objects.filter(member__in=members).order_by().values_list("member", flat=True))
    touched, today = get_touched_dates(panel), timezone.localdate()
    columns = [(at, column.date) for at, column in enumerate(grid.columns) if column.date >= today]
    rows = []
    for row in grid.rows:
        empty = {date for at, date in columns if not row.cells[at]}
        rows.append(
            dataclasses.replace(
                row, missing=tuple(sorted(empty - touched if row.whose.pk in seated else empty))
            )
        )
    return Grid(grid.columns, tuple(rows))


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
