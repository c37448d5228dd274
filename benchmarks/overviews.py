"""An overview of three cycles with 600 organisations each: all the figures of its page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import large_partnership
from benchmarks.measuring import Figure, Place, round_up

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
        found = place.tell("benchmarks.one_overview", "self")
        yield Figure(
            "overview over three cycles: time",
            round_up(found["times"], 1),
            "times the floor",
            TIMES,
            round(found["floor"], 2),
            f"{size}: {found['value']:.2f} s of the processor for all the figures of the page, with the heat map; the "
            "floor is one query that reads every answer’s score, in seconds of the processor",
        )
        yield Figure(
            "overview over three cycles: memory",
            round_up(found["over_idle"], 1),
            "MB",
            MEGABYTES,
            round(found["idle"], 1),
            f"{size}: over the idle process, whose memory is the floor",
        )
