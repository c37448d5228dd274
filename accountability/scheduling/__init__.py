"""Timetables of accountability meetings: people, slots and conflicts in; a timetable and the reasons for the rest out.

Pure: no Django, no database and no clock but the time that is given. docs/scheduling.md states the rules and the model.
"""

from accountability.scheduling.problem import Current, Meeting, Member, Place, Problem, ProblemError, Slot
from accountability.scheduling.problem_files import parse_problem, read_problem
from accountability.scheduling.solve import schedule
from accountability.scheduling.timetable import Placed, Status, Timetable, Unplaced, make_answer

__all__ = [
    "Current",
    "Meeting",
    "Member",
    "Place",
    "Placed",
    "Problem",
    "ProblemError",
    "Slot",
    "Status",
    "Timetable",
    "Unplaced",
    "make_answer",
    "parse_problem",
    "read_problem",
    "schedule",
]
