"""The timetable's answer: what is placed where and with whom, and why the rest is not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """It speaks of the first aim, the sum of priorities placed."""

    OPTIMAL = "optimal"  # proven: no timetable places more
    FEASIBLE = "feasible"  # the time ran out before that was proven
    INFEASIBLE = "infeasible"  # locked meetings break a rule, so nothing is placed


@dataclass(frozen=True, slots=True)
class Placed:
    organisation: str
    slot: int
    track: int
    chair: str
    members: tuple[str, ...]  # the chair among them


@dataclass(frozen=True, slots=True)
class Unplaced:
    organisation: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    status: Status
    placed: tuple[Placed, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[str, ...] = ()  # which locked meetings break which rule


def make_answer(timetable: Timetable) -> dict[str, Any]:
    """As JSON takes it."""
    answer: dict[str, Any] = {
        "status": timetable.status.value,
        "placed": [
            {
                "organisation": one.organisation,
                "slot": one.slot,
                "track": one.track,
                "chair": one.chair,
                "members": list(one.members),
            }
            for one in timetable.placed
        ],
        "unplaced": [
            {"organisation": one.organisation, "reasons": list(one.reasons)} for one in timetable.unplaced
        ],
    }
    if timetable.status is Status.INFEASIBLE:
        answer["problems"] = list(timetable.problems)
    return answer
