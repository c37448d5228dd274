"""Files that workers build: the overview's PDF, and the feedback reports of all agencies of a cycle."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from benchmarks.measuring import (
    DATABASE,
    LARGEST,
    PAIRS,
    SMALLEST,
    Figure,
    Measured,
    Place,
    get_percent,
    make_country,
    round_up,
    take_pairs,
)

PARTNERSHIP: Final = "large"
# With 200 audits, a third of the large one's.
AVERAGE: Final = "area-1"
TIMES: Final = 1.3
# As many at once as docs/deploy.md has workers on two processors.
WORKERS: Final = 2
# Reports that a worker builds in one turn, by the scale; and in how many turns' worth memory is looked at.
AT_ONCE: Final = {1: 1, 10: 2, 100: 20}
LONG: Final = 8
# Two workers build twice as much as one in the same time, but that they share the memory and the disk.
SLOWER: Final = 1.25
# Over one report: what a worker loads once is in it.
GROWTH: Final = {1: 20, 10: 25, 100: 40}


def measure_overview() -> Iterator[Figure]:
    partnership = PARTNERSHIP if get_percent() == LARGEST else AVERAGE
    found = make_country(SMALLEST).tell("benchmarks.one_document", partnership)
    yield Figure(
        "overview PDF: time",
        round_up(found["times"], 2),
        "times the floor",
        TIMES,
        round(found["floor"], 2),
        f"{found['audits']} audits, {found['pages']} pages: {found['value']:.1f} s of the processor from answers to "
        "file; the floor is WeasyPrint alone on the finished HTML",
    )


def measure_reports() -> Iterator[Figure]:
    """Each worker takes the next that waits, as in production; what it builds is on the disk before it goes on."""
    with ask_for_reports() as (place, number):
        yield measure_workers(place, number)


def measure_memory() -> Iterator[Figure]:
    with ask_for_reports() as (place, number):
        first, many = work(place, 1), LONG * AT_ONCE[get_percent()]
        last = work(place, many)
        check_built(place, 1 + many)
    yield Figure(
        "agency reports: growth of memory",
        round_up(last.over_idle - first.over_idle, 1),
        "MB",
        GROWTH[get_percent()],
        round(first.over_idle, 1),
        f"of {number} reports {many} by one worker, over what it holds after one, which is the floor",
    )


@contextmanager
def ask_for_reports() -> Iterator[tuple[Place, int]]:
    """A place in which all agencies' wait for workers, and how many these are."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.copy_from(make_country(SMALLEST))
        yield place, place.tell("benchmarks.one_issue", PARTNERSHIP)["reports"]


def measure_workers(place: Place, number: int) -> Figure:
    each = AT_ONCE[get_percent()]

    def run_all() -> float:
        with ThreadPoolExecutor(WORKERS) as pool:
            taken = list(pool.map(lambda _: work(place, each), range(WORKERS)))
        # Without the seconds in which a worker starts, which is once.
        return max(one.seconds for one in taken)

    pair = take_pairs(run_all, lambda: work(place, each).seconds)
    check_built(place, PAIRS * (WORKERS + 1) * each)
    return Figure(
        "agency reports on all processors: time",
        round_up(pair.times, 2),
        "times the floor",
        SLOWER,
        round(pair.floor, 1),
        f"of {number} reports {each} by each of {WORKERS} workers at once: {pair.value:.1f} s by the clock, "
        f"{60 * WORKERS * each / pair.value:.0f} a minute; the floor is one worker alone with as many, in seconds",
    )


def work(place: Place, reports: int) -> Measured:
    return place.run("db_worker", "--batch", "--max-tasks", str(reports), "--no-startup-delay")


def check_built(place: Place, asked: int) -> None:
    """What fails is quick, and holds no memory."""
    with closing(sqlite3.connect(place.folder / DATABASE)) as database:
        query = "SELECT COUNT(*) FROM surveys_document WHERE kind = 'feedback' AND file <> ''"
        [(built,)] = database.execute(query)
    if built != asked:
        raise RuntimeError(f"{built} reports were built of {asked} that workers took.")
