"""Which cells may not be shown as they are. The numbers and the words of the rule have their one home here."""

from __future__ import annotations

from enum import Enum
from typing import Final

from surveys.disclosure.cells import Cell

# A figure about the scores of fewer organisations than this is protected.
FEWEST: Final = 5
# In a group smaller than this nothing may show that all share a low grade.
FEWEST_THAT_SHARE: Final = 10


class Fault(Enum):
    """Why a figure is not shown. Only officers are told which: the reason alone can give a figure away."""

    FEW = "few"
    LOW = "low"
    CHANGED = "changed"
    APART = "apart"
    PARTNER = "partner"
    WITHIN = "within"


def is_few(count: int) -> bool:
    """Nobody is no group: that a figure has no contributors says nothing about anybody."""
    return 0 < count < FEWEST


def shares_a_low_grade(cell: Cell) -> bool:
    """Whether the cell shows that all in a small group are at 0 or 1: in this one, or in a variant that is part of it.

    One who is not is as bad: they would know it of all the others. And were only ‘nobody’ withheld, that a figure is
    withheld would say it.
    """
    is_small = any(0 < count < FEWEST_THAT_SHARE for count in cell.contributors.values())
    return is_small and cell.grades.grade_2 <= 1


def find_fault(cell: Cell) -> Fault | None:
    if not cell.grades.total:
        return None
    if is_few(cell.grades.total):
        return Fault.FEW
    return Fault.LOW if shares_a_low_grade(cell) else None
