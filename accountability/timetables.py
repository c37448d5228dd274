"""What the timetable’s page shows: a grid a day, who has no time, who sits how often, and what no longer holds."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accountability.enums import MeetingStatus, RunStatus
from accountability.models import Meeting, MeetingDay, Panel, PanelMember, TimetableRun
from accountability.problems import Built, build_problem, get_names, say_plainly
from accountability.releases import SEATED
from accountability.scheduling import Placed, Status, Timetable
from accountability.scheduling.check import find_faults
from s11.web.dates import date as in_words
from s11.web.text import list_words, plural


@dataclass(frozen=True, slots=True)
class Cell:
    """One meeting in the grid."""

    meeting: Meeting
    name: str
    chair: str
    others: tuple[str, ...]

    @property
    def is_held(self) -> bool:
        return self.meeting.status == MeetingStatus.HELD

    @property
    def organisation(self) -> str:
        """Its slug, for addresses."""
        return self.meeting.organisation.slug


@dataclass(frozen=True, slots=True)
class Line:
    """A time with a cell a panel, or a break, which has a name and no cells."""

    starts_at: datetime.time
    ends_at: datetime.time
    cells: tuple[Cell | None, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One day."""

    day: MeetingDay
    heads: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def placed(self) -> int:
        return sum(cell is not None for line in self.lines for cell in line.cells)


@dataclass(frozen=True, slots=True)
class Load:
    """How often one member sits."""

    member: PanelMember
    sits: int
    chairs: int
    highest: int  # of all members

    @property
    def percent(self) -> int:
        """The length of the bar."""
        return 100 * self.sits // self.highest if self.highest else 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The plan as it stands."""

    grids: tuple[Grid, ...]
    unplaced: tuple[Cell, ...]
    loads: tuple[Load, ...]
    warnings: tuple[str, ...]
    run: TimetableRun | None
    placed: int
    locked: int

    @property
    def is_running(self) -> bool:
        """One that its worker has left is not: then it can be asked for again."""
        now = timezone.now()
        return self.run is not None and self.run.is_unfinished and not self.run.is_lost(now)


def get_overview(panel: Panel) -> Overview:
    """A fixed number of queries, whatever the number of meetings and members."""
    meetings = list(
        panel.meetings.exclude(status=MeetingStatus.CANCELLED)
        .select_related("invitee__organisation", "invitee__cycle__partnership", "day")
        .prefetch_related(*SEATED)
        .order_by("-priority", "pk")
    )
    names = get_names(panel, meetings)
    cells = [_make_cell(meeting, names[meeting.pk]) for meeting in meetings]
    days = panel.days.prefetch_related("breaks", "places").order_by("date", "pk")
    built = build_problem(panel)
    return Overview(
        grids=tuple(_make_grid(day, panel.tracks, cells) for day in days),
        unplaced=tuple(cell for cell in cells if not cell.meeting.is_placed),
        loads=_count_loads(panel, meetings),
        warnings=tuple(_warn(built)),
        run=panel.runs.select_related("asked_by").order_by("-asked_at", "-pk").first(),
        placed=sum(cell.meeting.is_placed for cell in cells),
        locked=sum(cell.meeting.is_locked for cell in cells),
    )


def _make_cell(meeting: Meeting, name: str) -> Cell:
    seats = list(meeting.seats.all())
    chair = next((seat.member.name for seat in seats if seat.is_chair), "")
    return Cell(meeting, name, chair, tuple(seat.member.name for seat in seats if not seat.is_chair))


def _make_grid(day: MeetingDay, tracks: int, cells: Iterable[Cell]) -> Grid:
    """Its times, those that a meeting has and the hours of the day no longer offer included, and its breaks."""
    here = {
        (cell.meeting.starts_at, cell.meeting.track): cell for cell in cells if cell.meeting.day_id == day.pk
    }
    used = [cell.meeting.track for cell in here.values() if cell.meeting.track is not None]
    width = max([tracks, *(track + 1 for track in used)])
    times = {slot.start for slot in day.list_slots()} | {at for at, _ in here if at is not None}
    lines = [
        Line(at, add_minutes(at, day.minutes), tuple(here.get((at, track)) for track in range(width)))
        for at in times
    ]
    lines += [Line(one.starts_at, one.ends_at, name=one.name) for one in day.breaks.all()]
    heads = tuple(day.name_place(track) for track in range(width))
    return Grid(day, heads, tuple(sorted(lines, key=lambda line: (line.starts_at, line.name))))


def add_minutes(at: datetime.time, minutes: int) -> datetime.time:
    return (datetime.datetime.combine(datetime.date.min, at) + datetime.timedelta(minutes=minutes)).time()


def _count_loads(panel: Panel, meetings: Sequence[Meeting]) -> tuple[Load, ...]:
    """Everybody on the panel, who sits most often first."""
    seats = [seat for meeting in meetings if meeting.is_placed for seat in meeting.seats.all()]
    sits = Counter(seat.member_id for seat in seats)
    chairs = Counter(seat.member_id for seat in seats if seat.is_chair)
    highest = max(sits.values(), default=0)
    members = panel.members.active().with_person().order_by("pk")
    found = [Load(one, sits[one.pk], chairs[one.pk], highest) for one in members]
    return tuple(sorted(found, key=lambda load: (-load.sits, load.member.name.casefold(), load.member.pk)))


def _warn(built: Built) -> list[str]:
    """What an officer should know before this goes out."""
    found = [f"It no longer holds: {say_plainly(fault, built)}" for fault in find_current_faults(built)]
    if built.silent:
        names = list_words([member.name for member in built.silent])
        said = plural(len(built.silent), "member has", "members have")
        found.append(f"{said} not said when they can come, so nobody counts on them: {names}.")
    for day, members in built.unsaid.items():
        names = list_words([member.name for member in members])
        said = plural(len(members), "member has", "members have")
        found.append(
            f"{said} not said whether they can come on {in_words(day.date)}, so nobody counts on them then: {names}."
        )
    return found


def find_current_faults(built: Built) -> list[str]:
    """Rules that the plan breaks as it stands, since somebody changed what they had said."""
    names = {member.pk: name for name, member in built.members.items()}
    placed, faults = [], []
    for one in built.problem.meetings:
        meeting, here = built.meetings[one.organisation], one.current
        if here is None:
            if meeting.is_placed:
                faults.append(f"{one.organisation} has a time at which no meeting can begin any more.")
            continue
        seats = meeting.seats.all()
        if any(seat.member_id not in names for seat in seats):
            faults.append(f"{one.organisation} has somebody on its panel who is on it no longer.")
            continue
        chair = next((names[seat.member_id] for seat in seats if seat.is_chair), "")
        if not chair:
            faults.append(f"{one.organisation} has a panel without a chair.")
            continue
        placed.append(Placed(one.organisation, here.slot, here.track or 0, chair, here.members))
    return faults + _check(built, placed)


def _check(built: Built, placed: Sequence[Placed]) -> list[str]:
    """Against the problem of these meetings alone: the rest has no time, which is no fault."""
    names = {one.organisation for one in placed}
    meetings = tuple(one for one in built.problem.meetings if one.organisation in names)
    problem = dataclasses.replace(built.problem, meetings=meetings)
    return find_faults(problem, Timetable(Status.FEASIBLE, placed=tuple(placed)))


PROOFS = {
    "optimal": "No better timetable is possible: none has a time for agencies that matter more.",
    "feasible": (
        "The time ran out before it was proved best: it is at least as good as the one that the search began with."
    ),
    "infeasible": "Nothing was changed, for locked meetings break rules:",
}


BY_HAND = (
    "Changed by hand since it was worked out: nothing says any more that no better timetable is possible."
)


def say_run(run: TimetableRun) -> str:
    """How the last search ended, in words."""
    if run.is_lost(timezone.now()):
        return "The worker that had the timetable seems to have stopped. Ask for it again."
    if run.status == RunStatus.WAITING:
        return "A timetable waits to be worked out."
    if run.status == RunStatus.RUNNING:
        return f"A timetable is being worked out; it takes {run.seconds} seconds at most."
    if run.status == RunStatus.FAILED:
        return "The last timetable was not worked out."
    counts = ""
    if run.placed is not None and run.unplaced is not None:
        counts = f" {run.placed} of {plural(run.placed + run.unplaced, 'agency has', 'agencies have')} a time"
        counts += f", {plural(run.moved, 'meeting')} moved." if run.moved else "."
    return f"{PROOFS[run.proof]}{counts}" if run.proof else BY_HAND
