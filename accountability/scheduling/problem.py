"""The timetable's problem: slots, members, meetings. A Problem that exists is sound: what it names is there, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LONGEST = 24 * 60  # minutes: a slot longer than a day is a mistake
# Sums of priorities stay exact in the solver's floating point well beyond this.
HIGHEST_PRIORITY = 1_000_000


class ProblemError(ValueError):
    """The problem cannot be read as one; its one sentence says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Slot:
    start: datetime  # local time, Europe/London, without an offset
    minutes: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    def overlaps(self, other: Slot) -> bool:
        """Touching is not overlapping."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Place:
    slot: int
    track: int


@dataclass(frozen=True, slots=True)
class Current:
    """Where a meeting is now, and who sits: what need not move stays."""

    slot: int
    track: int | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    sector: str
    slots: tuple[int, ...]  # the indexes they can make
    chair: bool = False
    organisation: str | None = None
    group: str | None = None
    conflicts: tuple[str, ...] = ()  # organisations, called or not
    most: int | None = None  # meetings in all

    def has_conflict_with(self, meeting: Meeting) -> bool:
        return (
            self.organisation == meeting.organisation
            or meeting.organisation in self.conflicts
            or (self.group is not None and self.group == meeting.group)
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    organisation: str
    priority: int
    slots: tuple[int, ...]
    group: str | None = None
    locked: Place | None = None
    preferred: tuple[int, ...] = ()
    attendees: tuple[str, ...] = ()  # ids of members, or of people
    current: Current | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    slots: tuple[Slot, ...]
    tracks: int
    panel_size: int
    sectors: int
    members: tuple[Member, ...]
    meetings: tuple[Meeting, ...]
    # Who may be named as attendee and sits on no panel: agencies' own representatives
    people: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for name, least, value in (
            ("tracks", 1, self.tracks),
            ("panel_size", 1, self.panel_size),
            ("sectors", 0, self.sectors),
        ):
            if value < least:
                raise ProblemError(f"{name}: {value} is too small: give {least} or more.")
        for index, slot in enumerate(self.slots):
            if not 0 < slot.minutes <= LONGEST:
                raise ProblemError(f"slots[{index}], minutes: {slot.minutes} is not from 1 to {LONGEST}.")
        check_once("members", (member.id for member in self.members))
        check_once("meetings", (meeting.organisation for meeting in self.meetings))
        check_once("people", (*(member.id for member in self.members), *self.people))
        for member in self.members:
            self._check_member(member)
        known = {member.id for member in self.members}
        for meeting in self.meetings:
            self._check_meeting(meeting, known, known.union(self.people))

    def _check_member(self, member: Member) -> None:
        where = f"member ‘{member.id}’"
        self._check_indexes(f"{where}, slots", member.slots)
        check_once(f"{where}, conflicts", member.conflicts)
        if member.most is not None and member.most < 0:
            raise ProblemError(f"{where}, most: {member.most} is too small: give 0 or more, or null.")

    def _check_meeting(self, meeting: Meeting, members: set[str], people: set[str]) -> None:
        where = f"meeting ‘{meeting.organisation}’"
        if not 0 <= meeting.priority <= HIGHEST_PRIORITY:
            raise ProblemError(f"{where}, priority: {meeting.priority} is not from 0 to {HIGHEST_PRIORITY}.")
        self._check_indexes(f"{where}, slots", meeting.slots)
        self._check_indexes(f"{where}, preferred", meeting.preferred)
        check_known(f"{where}, attendees", meeting.attendees, people)
        if meeting.locked is not None:
            self._check_place(f"{where}, locked", meeting.locked.slot, meeting.locked.track)
        if meeting.current is not None:
            self._check_place(f"{where}, current", meeting.current.slot, meeting.current.track)
            check_known(f"{where}, current members", meeting.current.members, members)

    def _check_indexes(self, where: str, indexes: tuple[int, ...]) -> None:
        check_once(where, indexes)
        for index in indexes:
            if not 0 <= index < len(self.slots):
                raise ProblemError(
                    f"{where}: there is no slot {index}; {say_range(len(self.slots), 'slots')}."
                )

    def _check_place(self, where: str, slot: int, track: int | None) -> None:
        self._check_indexes(where, (slot,))
        if track is not None and not 0 <= track < self.tracks:
            raise ProblemError(f"{where}: there is no track {track}; {say_range(self.tracks, 'tracks')}.")


def check_once(where: str, given: Iterable[str | int]) -> None:
    seen: set[str | int] = set()
    for one in given:
        if one in seen:
            raise ProblemError(f"{where}: {say(one)} is there twice; name it once.")
        seen.add(one)


def check_known(where: str, given: tuple[str, ...], known: set[str]) -> None:
    check_once(where, given)
    for one in given:
        if one not in known:
            raise ProblemError(f"{where}: nobody has the id {say(one)}; use the id of a member.")


def say(one: str | int) -> str:
    return f"‘{one}’" if isinstance(one, str) else str(one)


def say_range(count: int, what: str) -> str:
    return f"{what} go from 0 to {count - 1}" if count else f"there are no {what}"
