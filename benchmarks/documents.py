"""Files that workers build: the overview's PDF, and the feedback reports of all agencies of a cycle."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from benchmarks.country import LARGE
from benchmarks.measuring import SMALLEST, Figure, Measured, Place, get_percent, make_country

PARTNERSHIP: Final = "large"
TIMES: Final = 1.3
# As many at once as docs/deploy.md has workers on two processors.
WORKERS: Final = 2
# Of all reports this many are built, by the scale.
SAMPLES: Final = {1: 12, 10: 60, 100: 480}
# Over the time that the processors would take if none was ever idle: the last to be ready is waited for.
IDLE: Final = 1.25
GROWTH: Final = 40


def measure_overview() -> Iterator[Figure]:
    found = make_country(SMALLEST).tell("benchmarks.one_document", PARTNERSHIP)
    yield Figure(
        "overview PDF: time",
        round(found["times"], 2),
        "times the floor",
        TIMES,
        round(found["floor"], 2),
        f"{LARGE} audits, {found['pages']} pages: {found['value']:.1f} s of the processor from answers to file; the "
        "floor is WeasyPrint alone on the finished HTML",
    )


def measure_reports() -> Iterator[Figure]:
    """Each worker takes the next that waits, as in production; what it builds is on the disk before it goes on."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.copy_from(make_country(SMALLEST))
        yield from measure_workers(place)


def measure_workers(place: Place) -> Iterator[Figure]:
    number = place.tell("benchmarks.one_issue", PARTNERSHIP)["reports"]
    sample = SAMPLES[get_percent()]
    first = work(place, 1)
    with ThreadPoolExecutor(WORKERS) as pool:
        taken = list(pool.map(lambda _: work(place, sample // WORKERS), range(WORKERS)))
    # Without the seconds in which a worker starts, which is once.
    wall = max(one.seconds for one in taken)
    shared = sum(one.processor for one in taken) / min(WORKERS, os.cpu_count() or 1)
    said = f"{sample} of {number} reports by {WORKERS} workers"
    yield Figure(
        "agency reports: time by the clock",
        round(wall / shared, 2),
        "times the floor",
        IDLE,
        round(shared, 1),
        f"{said}: {wall:.1f} s, {60 * sample / wall:.0f} a minute; the floor is the workers’ own time, shared out over "
        "the processors, in seconds",
    )
    yield Figure(
        "agency reports: growth of memory",
        round(max(one.over_idle for one in taken) - first.over_idle, 1),
        "MB",
        GROWTH,
        round(first.over_idle, 1),
        f"{said}: of one that built {sample // WORKERS}, over what it holds after one, which is the floor",
    )


def work(place: Place, reports: int) -> Measured:
    return place.run("db_worker", "--batch", "--max-tasks", str(reports), "--no-startup-delay")
