"""Every hard rule once more, for any answer, straight from the problem: nothing here is shared with the solver."""

from __future__ import annotations

from itertools import combinations

from accountability.scheduling.problem import Meeting, Member, Problem
from accountability.scheduling.timetable import Placed, Status, Timetable


def find_faults(problem: Problem, timetable: Timetable) -> list[str]:
    """A sentence for each rule that the timetable breaks; none if it is sound."""
    meetings = {one.organisation: one for one in problem.meetings}
    members = {one.id: one for one in problem.members}
    faults = find_faults_of_the_whole(problem, timetable)
    faults += [fault for one in timetable.placed for fault in find_unknown(problem, one, meetings, members)]
    if faults:
        return faults
    for one in timetable.placed:
        meeting = meetings[one.organisation]
        faults += find_faults_of_place(meeting, one, members)
        faults += find_faults_of_panel(problem, meeting, [members[each] for each in one.members], one)
    for first, second in combinations(timetable.placed, 2):
        if problem.slots[first.slot].overlaps(problem.slots[second.slot]):
            faults += find_clashes(first, second, meetings)
    return faults + find_faults_of_load(problem, timetable)


def find_unknown(
    problem: Problem, placed: Placed, meetings: dict[str, Meeting], members: dict[str, Member]
) -> list[str]:
    if placed.organisation not in meetings:
        return [f"{placed.organisation} is not called."]
    faults = [
        f"{placed.organisation}: nobody has the id {one}."
        for one in (*placed.members, placed.chair)
        if one not in members
    ]
    if not (0 <= placed.slot < len(problem.slots) and 0 <= placed.track < problem.tracks):
        faults.append(f"{placed.organisation}: there is no slot {placed.slot}, or no track {placed.track}.")
    return faults


def find_faults_of_load(problem: Problem, timetable: Timetable) -> list[str]:
    sits = {one.id: sum(one.id in placed.members for placed in timetable.placed) for one in problem.members}
    return [
        f"{one.id} sits in {sits[one.id]} meetings and will sit in {one.most} at most."
        for one in problem.members
        if one.most is not None and sits[one.id] > one.most
    ]


def find_faults_of_the_whole(problem: Problem, timetable: Timetable) -> list[str]:
    faults = []
    told = [one.organisation for one in timetable.placed]
    told += [one.organisation for one in timetable.unplaced]
    if sorted(told) != sorted(one.organisation for one in problem.meetings):
        faults.append("Not every meeting is told of once.")
    faults += [f"{one.organisation} has no reason." for one in timetable.unplaced if not one.reasons]
    if timetable.status is Status.INFEASIBLE:
        if timetable.placed or not timetable.problems:
            faults.append("An infeasible timetable places nothing and names its problems.")
        return faults
    places = {one.organisation: (one.slot, one.track) for one in timetable.placed}
    for one in problem.meetings:
        if one.locked and places.get(one.organisation) != (one.locked.slot, one.locked.track):
            faults.append(f"{one.organisation} is not held where it is locked.")
    return faults


def find_faults_of_place(meeting: Meeting, placed: Placed, members: dict[str, Member]) -> list[str]:
    faults = [
        f"{meeting.organisation}: {person} cannot make slot {placed.slot}."
        for person in (*placed.members, *meeting.attendees)
        if person in members and placed.slot not in members[person].slots
    ]
    if placed.slot not in meeting.slots:
        faults.append(f"{meeting.organisation} cannot make slot {placed.slot}.")
    return faults


def find_faults_of_panel(
    problem: Problem, meeting: Meeting, panel: list[Member], placed: Placed
) -> list[str]:
    faults = []
    if len(set(placed.members)) != len(placed.members) or len(panel) != problem.panel_size:
        faults.append(f"{meeting.organisation}: the panel is not {problem.panel_size} people.")
    if placed.chair not in [one.id for one in panel if one.chair]:
        faults.append(f"{meeting.organisation}: {placed.chair} is not of the panel, or cannot chair it.")
    if len({one.sector for one in panel}) < problem.sectors:
        faults.append(f"{meeting.organisation}: the panel is from fewer than {problem.sectors} sectors.")
    for one in panel:
        if (
            one.organisation == meeting.organisation
            or meeting.organisation in one.conflicts
            or (one.group is not None and one.group == meeting.group)
        ):
            faults.append(f"{meeting.organisation}: {one.id} has a conflict of interest.")
        if one.id in meeting.attendees:
            faults.append(f"{meeting.organisation}: {one.id} attends and cannot sit as well.")
    return faults


def find_clashes(one: Placed, other: Placed, meetings: dict[str, Meeting]) -> list[str]:
    both = f"{one.organisation} and {other.organisation}"
    faults = [f"{both} are on one track at the same time."] if one.track == other.track else []
    here = {*one.members, *meetings[one.organisation].attendees}
    there = {*other.members, *meetings[other.organisation].attendees}
    return faults + [f"{both}: {person} is in two places." for person in sorted(here & there)]
