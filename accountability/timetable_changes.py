"""What differs between two timetables, meeting by meeting: what a release says, and whom it concerns.

Pure: two timetables in, changes out; no Django, no clock.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sitting:
    """One panel member in one meeting; `member` is an id."""

    member: int
    name: str
    is_chair: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One meeting as those affected are told it; `meeting` is an id, the track is counted from 0."""

    meeting: int
    name: str
    date: datetime.date
    starts_at: datetime.time
    minutes: int
    track: int
    place: str = ""
    link: str = ""
    joining: str = ""
    seats: tuple[Sitting, ...] = ()

    @property
    def slot(self) -> tuple[datetime.date, datetime.time, int]:
        """What no two meetings of a timetable share."""
        return self.date, self.starts_at, self.track

    @property
    def ends(self) -> datetime.datetime:
        """Local."""
        return datetime.datetime.combine(self.date, self.starts_at) + datetime.timedelta(minutes=self.minutes)

    @property
    def when(self) -> tuple[datetime.date, datetime.time, int]:
        return self.date, self.starts_at, self.minutes

    @property
    def where(self) -> tuple[int, str, str, str]:
        return self.track, self.place, self.link, self.joining

    @property
    def place_words(self) -> str:
        return self.place or f"Panel {self.track + 1}"

    @property
    def members(self) -> frozenset[int]:
        return frozenset(seat.member for seat in self.seats)

    @property
    def chair(self) -> Sitting | None:
        return next((seat for seat in self.seats if seat.is_chair), None)


Timetable = Mapping[int, Told]


@dataclass(frozen=True, slots=True)
class Change:
    """Of one meeting: without `before` it is new, without `after` it is off."""

    before: Told | None
    after: Told | None

    @property
    def told(self) -> Told:
        found = self.after or self.before
        assert found is not None  # a change is of something
        return found

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_off(self) -> bool:
        return self.after is None

    @property
    def has_other_time(self) -> bool:
        return self.before is not None and self.after is not None and self.before.when != self.after.when

    @property
    def has_other_place(self) -> bool:
        return self.before is not None and self.after is not None and self.before.where != self.after.where

    @property
    def joined(self) -> tuple[Sitting, ...]:
        """Who sits and did not, where the meeting itself is not new."""
        if self.before is None or self.after is None:
            return ()
        return tuple(seat for seat in self.after.seats if seat.member not in self.before.members)

    @property
    def left(self) -> tuple[Sitting, ...]:
        if self.before is None or self.after is None:
            return ()
        return tuple(seat for seat in self.before.seats if seat.member not in self.after.members)

    @property
    def has_other_chair(self) -> bool:
        if self.before is None or self.after is None:
            return False
        was, now = self.before.chair, self.after.chair
        return (was.member if was else None) != (now.member if now else None)

    @property
    def concerns_agency(self) -> bool:
        """An agency is told when and where; who sits for it may change until the day."""
        return self.is_new or self.is_off or self.has_other_time or self.has_other_place

    @property
    def concerned_members(self) -> frozenset[int]:
        """Everybody who sits or sat, where time or place changed; else those who come, go or chair."""
        was = self.before.members if self.before else frozenset()
        now = self.after.members if self.after else frozenset()
        if self.concerns_agency:
            return was | now
        chairs = {seat.member for told in (self.before, self.after) if told and (seat := told.chair)}
        return (was ^ now) | (frozenset(chairs) if self.has_other_chair else frozenset())


def compare(before: Timetable, after: Timetable) -> list[Change]:
    """In the order of the days, what is off at the time that it had."""
    changes = [
        Change(before.get(meeting), after.get(meeting))
        for meeting in before.keys() | after.keys()
        if _has_changed(before.get(meeting), after.get(meeting))
    ]
    return sorted(
        changes, key=lambda one: (one.told.date, one.told.starts_at, one.told.track, one.told.meeting)
    )


def _has_changed(before: Told | None, after: Told | None) -> bool:
    if before is None or after is None:
        return True
    seats = [{(seat.member, seat.is_chair) for seat in told.seats} for told in (before, after)]
    return before.when != after.when or before.where != after.where or seats[0] != seats[1]


def make_digest(timetable: Timetable) -> str:
    """Of two that say the same it is the same: a page shows one, and its button means that one."""
    lines = [
        repr(
            (told.meeting, told.when, told.where, sorted((seat.member, seat.is_chair) for seat in told.seats))
        )
        for told in sorted(timetable.values(), key=lambda told: told.meeting)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
