"""A timetable in the making: who is where, what is still free, and who holds what is not."""

from __future__ import annotations

from dataclasses import dataclass

from accountability.scheduling.rules import Rules


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a meeting is held, and who sits on its panel."""

    slot: int
    track: int
    panel: tuple[int, ...]


Seats = dict[int, Seat]


class Board:
    def __init__(self, rules: Rules, seats: Seats) -> None:
        self.rules = rules
        self.seats: Seats = {}
        slots = len(rules.problem.slots)
        # How many things keep each person, and each track, from each slot
        self.person_busy = [[0] * slots for _ in rules.persons]
        # More tracks than meetings are never needed, but a locked meeting may name any
        self.track_busy: dict[int, list[int]] = {}
        self.sat = [0] * len(rules.problem.members)
        for meeting, seat in seats.items():
            self.place(meeting, seat)

    def place(self, meeting: int, seat: Seat) -> None:
        self.seats[meeting] = seat
        self._book(meeting, seat, 1)

    def remove(self, meeting: int) -> Seat:
        seat = self.seats.pop(meeting)
        self._book(meeting, seat, -1)
        return seat

    def _book(self, meeting: int, seat: Seat, step: int) -> None:
        track = self.track_busy.setdefault(seat.track, [0] * len(self.rules.problem.slots))
        for slot in self.rules.overlaps[seat.slot]:
            track[slot] += step
            for person in (*seat.panel, *self.rules.attendees[meeting]):
                self.person_busy[person][slot] += step
        for person in seat.panel:
            self.sat[person] += step

    def find_track(self, slot: int, wanted: int | None = None) -> int | None:
        """A free track, the one wanted if it can be."""
        if wanted is not None and self._is_free(wanted, slot):
            return wanted
        for track in range(min(self.rules.problem.tracks, len(self.seats) + 1)):
            if self._is_free(track, slot):
                return track
        return None

    def _is_free(self, track: int, slot: int) -> bool:
        busy = self.track_busy.get(track)
        return busy is None or not busy[slot]

    def get_free(self, meeting: int, slot: int) -> list[int]:
        """Who can still sit, those first who have sat least."""
        return sorted(
            (
                one
                for one in self.rules.get_eligible(meeting, slot)
                if not self.person_busy[one][slot] and self.sat[one] < self.rules.most[one]
            ),
            key=lambda one: self.sat[one],
        )

    def find_seat(self, meeting: int, slot: int) -> Seat | None:
        """Where and with whom the meeting can be held at that slot, all else staying as it is."""
        if any(self.person_busy[person][slot] for person in self.rules.attendees[meeting]):
            return None
        one = self.rules.problem.meetings[meeting]
        here = one.current if one.current is not None and one.current.slot == slot else None
        if one.locked is not None:
            track = one.locked.track if self._is_free(one.locked.track, slot) else None
        else:
            track = self.find_track(slot, here.track if here else None)
        if track is None:
            return None
        free = self.get_free(meeting, slot)
        if here is not None:
            kept = {self.rules.persons[member] for member in here.members}
            free.sort(key=lambda person: person not in kept)
        panel = self.rules.form_panel(free)
        return None if panel is None else Seat(slot, track, panel)

    def find_holders(self, meeting: int, slot: int, *, cheapest: bool) -> tuple[int, ...] | None:
        """Few meetings that, were they not held, would leave a place at that slot; None where nothing would.

        None of them is there for nothing. `cheapest` looks for those that weigh little, to move or drop them; else for
        those that weigh much, which better say why there is no place.
        """
        weights, overlaps = self.rules.weights, self.rules.overlaps[slot]
        at_the_time = [one for one, seat in self.seats.items() if seat.slot in overlaps]
        removed = {one: self.remove(one) for one in at_the_time}
        try:
            used_up = [
                one for one in self.rules.get_eligible(meeting, slot) if self.sat[one] >= self.rules.most[one]
            ]
            elsewhere = [one for one, seat in self.seats.items() if not set(used_up).isdisjoint(seat.panel)]
            for one in sorted(elsewhere, key=lambda one: (weights[one] if cheapest else -weights[one], one)):
                if self.find_seat(meeting, slot) is not None:
                    break
                removed[one] = self.remove(one)
            if self.find_seat(meeting, slot) is None:
                return None
            for one in sorted(removed, key=lambda one: (-weights[one] if cheapest else weights[one], one)):
                self.place(one, removed.pop(one))
                if self.find_seat(meeting, slot) is None:
                    removed[one] = self.remove(one)
            return tuple(sorted(removed))
        finally:
            for one, seat in removed.items():
                self.place(one, seat)
