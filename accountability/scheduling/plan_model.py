"""The model of a whole timetable: which meeting in which slot, and who sits at that time.

It says who sits when, not for whom, which keeps it small: M·S + P·S variables where the whole has M·P·S. What that
leaves open is closed by `spell_out`, slot by slot, where it turns out to matter. So each model here allows every true
timetable, and its bound holds for all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from accountability.scheduling.board import Seats
from accountability.scheduling.highs import Model, Solution
from accountability.scheduling.rules import Rules


@dataclass(frozen=True)
class Plan:
    slots: dict[int, int]  # of each meeting that is held
    present: dict[int, set[int]]  # who sits in each slot
    tracks: dict[int, int]  # of meetings whose track must be this one


class PlanModel:
    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.model = Model()
        self.held: dict[tuple[int, int], int] = {}  # (meeting, slot)
        self.sits: dict[tuple[int, int], int] = {}  # (member, slot)
        self.number: dict[int, int] = {}  # of meetings in a slot
        self.on_track: dict[
            tuple[int, int, int], int
        ] = {}  # (meeting, slot, track), where tracks must be told apart
        self.for_whom: dict[tuple[int, int, int], int] = {}  # (meeting, member, slot), where spelt out
        self.meetings_at: dict[int, list[int]] = {}
        for meeting, slots in enumerate(rules.candidates):
            for slot in slots:
                self.held[meeting, slot] = self.model.add()
                self.meetings_at.setdefault(slot, []).append(meeting)
        self._add_meetings()
        for slot in sorted(self.meetings_at):
            self._add_slot(slot)
        self._add_persons()
        self._add_tracks()

    def _add_meetings(self) -> None:
        for meeting, slots in enumerate(self.rules.candidates):
            least = 1 if meeting in self.rules.locked else 0
            self.model.require(((self.held[meeting, slot], 1) for slot in slots), least, 1)

    def _add_slot(self, slot: int) -> None:
        """Enough people for as many panels, by what each panel needs."""
        problem, model = self.rules.problem, self.model
        number = self.number[slot] = model.add(0, len(self.meetings_at[slot]), whole=False)
        model.require(
            ((self.held[one, slot], 1) for one in self.meetings_at[slot]), 0, len(self.meetings_at[slot])
        )
        model.require([(number, -1), *((self.held[one, slot], 1) for one in self.meetings_at[slot])], 0, 0)
        eligible = {one: set(self.rules.get_eligible(one, slot)) for one in self.meetings_at[slot]}
        here = sorted(set().union(*eligible.values()))
        for member in here:
            self.sits[member, slot] = model.add()
        everybody = [(self.sits[member, slot], 1) for member in here]
        model.require([(number, -problem.panel_size), *everybody], 0, 0)
        chairs = [member for member in here if problem.members[member].chair]
        model.require([(number, -1), *((self.sits[member, slot], 1) for member in chairs)], 0)
        sectors: dict[str, list[int]] = {}
        for member in here:
            sectors.setdefault(problem.members[member].sector, []).append(member)
        # Beside those of one sector a panel holds one from each of the others that it needs
        of_one = problem.panel_size - max(problem.sectors - 1, 0)
        for members in sectors.values():
            if len(members) > of_one:
                model.require([(number, -of_one), *((self.sits[one, slot], 1) for one in members)], upper=0)
        for meeting in self.meetings_at[slot]:
            self._add_conflicts(meeting, slot, here, chairs, eligible[meeting])

    def _add_conflicts(
        self, meeting: int, slot: int, here: list[int], chairs: list[int], eligible: Collection[int]
    ) -> None:
        """Who may not sit for a meeting sits for the others of its time; and one of its own chairs is there."""
        size = self.rules.problem.panel_size
        others = [(self.sits[one, slot], 1.0) for one in here if one not in eligible]
        held = self.held[meeting, slot]
        if others:
            self.model.require([(self.number[slot], -size), (held, size), *others], upper=0)
        own = [one for one in chairs if one in eligible]
        if len(own) < len(chairs):
            self.model.require([(held, -1), *((self.sits[one, slot], 1) for one in own)], 0)

    def _add_persons(self) -> None:
        """One place at a time, and no more meetings than a member will sit in."""
        members = len(self.rules.problem.members)
        for person in self.rules.persons.values():
            attended = self.rules.attended.get(person, ())
            for moment in self.rules.moments:
                terms = [(self.sits[person, slot], 1) for slot in moment if (person, slot) in self.sits]
                terms += [
                    (self.held[one, slot], 1)
                    for one in attended
                    for slot in moment
                    if (one, slot) in self.held
                ]
                if len(terms) > 1:
                    self.model.require(terms, upper=1)
            if person < members and self.rules.most[person] < len(self.rules.weights):
                slots = [slot for slot in sorted(self.number) if (person, slot) in self.sits]
                self.model.require(
                    ((self.sits[person, slot], 1) for slot in slots), upper=self.rules.most[person]
                )

    def _add_tracks(self) -> None:
        tracks = self.rules.problem.tracks
        for moment in self.rules.moments:
            terms = [(self.held[one, slot], 1) for slot in moment for one in self.meetings_at.get(slot, ())]
            if len(terms) > tracks:
                self.model.require(terms, upper=tracks)
        for group in self.rules.groups:
            self._tell_tracks_apart(group)

    def _tell_tracks_apart(self, group: tuple[int, ...]) -> None:
        """Tracks are alike but for those that locked meetings hold; where all slots of a group overlap even
        those are, for then what is held there takes a track each, any. The others need not be told apart ever:
        intervals of which no more than n run at once always fit on n tracks.
        """
        rules = self.rules
        named = {
            one.locked.track
            for one in rules.problem.meetings
            if one.locked is not None and one.locked.slot in group
        }
        if not named or all(len(rules.overlaps[slot]) == len(group) for slot in group):
            return
        slots = [slot for slot in group if slot in self.meetings_at]
        for slot in slots:
            for meeting in self.meetings_at[slot]:
                lock = rules.problem.meetings[meeting].locked
                for track in sorted(named):
                    variable = self.on_track[meeting, slot, track] = self.model.add()
                    if lock is not None:
                        self.model.fix(variable, float(lock.track == track))
                own = [(self.on_track[meeting, slot, track], 1.0) for track in sorted(named)]
                self.model.require([(self.held[meeting, slot], -1), *own], upper=0)
        for moment in rules.moments:
            pairs = [
                (meeting, slot) for slot in moment if slot in slots for meeting in self.meetings_at[slot]
            ]
            for track in sorted(named):
                self.model.require(((self.on_track[*pair, track], 1) for pair in pairs), upper=1)
            told = [(self.on_track[*pair, track], -1) for pair in pairs for track in sorted(named)]
            rest = [(self.held[pair], 1) for pair in pairs]
            self.model.require([*rest, *told], upper=rules.problem.tracks - len(named))

    def spell_out(self, slot: int) -> None:
        """For this slot say too who sits for whom: then it is exact."""
        if any(key[2] == slot for key in self.for_whom):
            return
        problem, model = self.rules.problem, self.model
        of_member: dict[int, list[int]] = {}
        for meeting in self.meetings_at[slot]:
            held = self.held[meeting, slot]
            panel = {}
            for member in self.rules.get_eligible(meeting, slot):
                panel[member] = self.for_whom[meeting, member, slot] = model.add()
                of_member.setdefault(member, []).append(panel[member])
                model.require([(panel[member], 1), (held, -1)], upper=0)
            model.require([(held, -problem.panel_size), *((one, 1) for one in panel.values())], 0, 0)
            chairs = [one for member, one in panel.items() if problem.members[member].chair]
            model.require([(held, -1), *((one, 1) for one in chairs)], 0)
            self._spell_out_sectors(held, panel)
        for member, seats in of_member.items():
            model.require([(self.sits[member, slot], -1), *((one, 1) for one in seats)], 0, 0)

    def _spell_out_sectors(self, held: int, panel: Mapping[int, int]) -> None:
        problem = self.rules.problem
        if problem.sectors < 2:
            return
        sectors: dict[str, list[int]] = {}
        for member, variable in panel.items():
            sectors.setdefault(problem.members[member].sector, []).append(variable)
        present = []
        for variables in sectors.values():
            one = self.model.add(whole=False)
            self.model.require([(one, -1), *((variable, 1) for variable in variables)], 0)
            present.append((one, 1.0))
        self.model.require([(held, -problem.sectors), *present], 0)

    def read(self, solution: Solution) -> Plan:
        present: dict[int, set[int]] = {}
        for (member, slot), one in self.sits.items():
            if solution.has(one):
                present.setdefault(slot, set()).add(member)
        return Plan(
            slots={meeting: slot for (meeting, slot), one in self.held.items() if solution.has(one)},
            present=present,
            tracks={
                meeting: track for (meeting, _, track), one in self.on_track.items() if solution.has(one)
            },
        )

    def describe(self, seats: Seats) -> dict[int, float]:
        """A timetable in this model's variables: what the solver starts from."""
        values = {
            one: 0.0
            for family in (self.held, self.sits, self.on_track, self.for_whom)
            for one in family.values()
        }
        for meeting, seat in seats.items():
            values[self.held[meeting, seat.slot]] = 1
            if (meeting, seat.slot, seat.track) in self.on_track:
                values[self.on_track[meeting, seat.slot, seat.track]] = 1
            for member in seat.panel:
                values[self.sits[member, seat.slot]] = 1
                if (meeting, member, seat.slot) in self.for_whom:
                    values[self.for_whom[meeting, member, seat.slot]] = 1
        for slot, number in self.number.items():
            values[number] = sum(seat.slot == slot for seat in seats.values())
        return values
