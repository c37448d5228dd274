"""An overview of three cycles with 600 organisations each: all the figures of its page."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from benchmarks import large_partnership
from benchmarks.measuring import Figure, Place

AUDITS: Final = 600
CYCLES: Final = ("2024", "2025", large_partnership.CYCLE)
# Of the time that it takes to read every answer once.
TIMES: Final = 25
MEGABYTES: Final = 200


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        answers, _ = large_partnership.load(place, AUDITS, CYCLES)
        size = f"{len(CYCLES)} cycles of {AUDITS} audits, {len(CYCLES) * answers:,} answers"
        floor = min(read_plainly(place) for _ in range(3))
        found = place.measure("benchmarks.one_overview", "self")
        yield Figure(
            "overview over three cycles: time",
            round(found.processor / floor, 1),
            "times the floor",
            TIMES,
            round(floor, 2),
            f"{size}: {found.processor:.2f} s of the processor for all the figures of the page, with the heat map; the "
            "floor is a plain program that reads every answer’s score, in seconds of the processor",
        )
        yield Figure(
            "overview over three cycles: memory",
            round(found.over_idle, 1),
            "MB",
            MEGABYTES,
            round(found.idle, 1),
            f"{size}: over the idle process, whose memory is the floor",
        )


def read_plainly(place: Place) -> float:
    begin = time.thread_time()
    with closing(sqlite3.connect(place.folder / "s11.sqlite3")) as database:
        database.execute("SELECT audit_id, indicator_id, submitted_score FROM surveys_answer").fetchall()
    return time.thread_time() - begin
