"""Timetables of accountability meetings for 25, 100 and 200 agencies: what they take, and what is proven of them."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from accountability.scheduling import parse_problem
from accountability.scheduling.construct import construct
from accountability.scheduling.highs import Model
from accountability.scheduling.rules import Rules
from benchmarks.measuring import LARGEST, Figure, Measured, Place, get_percent, round_up, take_pairs
from tests.accountability.scheduling.large import make_large

SECONDS: Final = 60
MOST_IN_PAIRS: Final = 100
Sizes = tuple[tuple[int, dict[str, int], float, str], ...]
# The agencies, the days and their slots, how many times the floor it may take, and in what words
SIZES: Final[Sizes] = (
    (25, {"days": 2, "a_day": 14, "tracks": 1, "members": 12}, 300, "all can be heard"),
    (100, {"days": 5, "a_day": 12, "tracks": 2, "members": 20}, 300, "all can be heard"),
    (200, {"days": 10, "a_day": 12, "tracks": 2, "members": 30}, 300, "all can be heard"),
)
# Most of a minute each time.
LONG: Final[Sizes] = (
    (200, {"days": 5, "a_day": 12, "tracks": 2, "members": 30}, 300, "more agencies than places"),
)


def measure() -> Iterator[Figure]:
    yield from measure_sizes(SIZES)


def measure_long() -> Iterator[Figure]:
    yield from measure_sizes(LONG)


def measure_sizes(sizes: Sizes) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        for one in sizes:
            yield from measure_one(Place(Path(folder)), *one)


def measure_one(
    place: Place, agencies: int, size: dict[str, int], target: float, words: str
) -> Iterator[Figure]:
    problem, output = place.folder / "problem.json", place.folder / "timetable.json"
    data = make_large(agencies, **size)
    problem.write_text(json.dumps(data), encoding="utf-8")
    command = (
        "schedule_meetings",
        "--problem",
        str(problem),
        "--output",
        str(output),
        "--seconds",
        str(SECONDS),
    )
    found: list[Measured] = []

    def run() -> float:
        found.append(place.run(*command))
        return found[-1].processor

    pair = take_pairs(run, lambda: assign_plainly(data)) if has_pairs(agencies) else None
    if pair is None:
        run()
    answer = json.loads(output.read_text(encoding="utf-8"))
    name = f"timetable, {agencies} agencies, {words}"
    detail = (
        f"{len(data['slots'])} slots, {size['tracks']} tracks, {size['members']} members; {answer['status']}"
    )
    yield Figure(
        f"{name}: time",
        round_up(max(one.seconds for one in found), 1),
        "s",
        SECONDS,
        round(assign_plainly(data), 3),
        f"{detail}: the whole command by the clock, the longest of {len(found)}; the floor is the same solver giving "
        "each agency a slot, without panels or wishes",
    )
    if pair is not None:
        yield Figure(
            f"{name}: time as a ratio",
            round_up(pair.times, 1),
            "times the floor",
            target,
            round(pair.floor, 3),
            f"{detail}: {pair.value:.1f} s of the processor; the floor is the same as before, by turns",
        )
    yield Figure(
        f"{name}: not proven the best",
        int(answer["status"] != "optimal"),
        "timetables",
        0,
        0,
        f"{detail}: 1 where the time ran out before no greater sum of priorities was proven possible",
    )
    least = sum_of_constructed(data)
    yield Figure(
        f"{name}: priorities lost",
        least - sum_of(data, answer),
        "priorities",
        0,
        least,
        f"{detail}: the sum of the timetable that the solver starts from (the floor), less the sum placed",
    )


def has_pairs(agencies: int) -> bool:
    """Five pairs of the largest take minutes, which only the whole country has."""
    return agencies <= MOST_IN_PAIRS or get_percent() == LARGEST


def sum_of(data: dict[str, Any], answer: dict[str, Any]) -> int:
    priorities = {one["organisation"]: one["priority"] for one in data["meetings"]}
    return sum(priorities[one["organisation"]] for one in answer["placed"])


def sum_of_constructed(data: dict[str, Any]) -> int:
    rules = Rules(parse_problem(data))
    return sum(rules.problem.meetings[one].priority for one in construct(rules, {}, lambda: SECONDS))


def assign_plainly(data: dict[str, Any]) -> float:
    """Seconds for what no timetable can do without: each agency in one slot, no slot with more than its tracks."""
    chance = Random(0)  # noqa: S311  numbers to try, the same each time
    begin = time.thread_time()
    model = Model()
    by_slot: dict[int, list[int]] = {}
    costs = {}
    for meeting in data["meetings"]:
        variables = []
        for slot in meeting["slots"]:
            one = model.add()
            variables.append(one)
            by_slot.setdefault(slot, []).append(one)
            costs[one] = float(chance.randint(1, 100))
        model.require(((one, 1) for one in variables), upper=1)
    for variables in by_slot.values():
        model.require(((one, 1) for one in variables), upper=data["tracks"])
    model.solve(costs, seconds=SECONDS)
    return time.thread_time() - begin
