"""`make bench`: every line with its target and whether it is met, as one table and in latest.json.

SCALE=1, 10 or 100 says how much of the country is made, in per cent.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from benchmarks import crowds, documents, exporting, importing, overviews, scale, timetables, visits
from benchmarks.measuring import SMALLEST, Figure, get_percent, make_country

LATEST: Final = Path(__file__).with_name("latest.json")
Benchmark = Callable[[], Iterable[Figure]]
# In the table's order, and whether others may be measured beside it: what is measured by the clock is alone, what is
# measured by the processor's own time, in a process of its own, is not.
BENCHMARKS: Final[tuple[tuple[Benchmark, bool], ...]] = (
    (scale.measure, True),
    (overviews.measure, True),
    (importing.measure, True),
    (exporting.measure, True),
    (documents.measure_overview, True),
    (timetables.measure, True),
    (documents.measure_reports, False),
    (visits.measure, False),
    (crowds.measure, False),
)
AT_ONCE: Final = 2


def main() -> None:
    begin = time.monotonic()
    percent = get_percent()
    for size in {SMALLEST, percent}:
        make_country(size)
    say(begin, "the country is made")
    figures = measure_all(begin)
    for figure in figures:
        print(f"{figure.name:<52}{figure.value:>9g} {figure.unit:<20}{figure.target:>7g}  {say_met(figure)}")
    LATEST.write_text(
        json.dumps([figure.as_row() for figure in figures], indent=2, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    missed = sum(not figure.met for figure in figures)
    print(f"{len(figures)} lines at {percent} per cent, {missed} not met, {time.monotonic() - begin:.0f} s.")
    print(f"Written to {LATEST.relative_to(Path.cwd())}.")


def measure_all(begin: float) -> list[Figure]:
    found: dict[Benchmark, Sequence[Figure]] = {}

    def measure(benchmark: Benchmark) -> None:
        found[benchmark] = list(benchmark())
        say(begin, f"{benchmark.__module__.removeprefix('benchmarks.')}.{benchmark.__name__} is measured")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        # Only what fails is of interest here: it ends the run.
        list(pool.map(measure, (one for one, is_beside_others in BENCHMARKS if is_beside_others)))
    for one, is_beside_others in BENCHMARKS:
        if not is_beside_others:
            measure(one)
    return [figure for one, _ in BENCHMARKS for figure in found[one]]


def say(begin: float, words: str) -> None:
    """How far it is, beside the table."""
    print(f"{time.monotonic() - begin:5.0f} s: {words}", file=sys.stderr, flush=True)


def say_met(figure: Figure) -> str:
    return "met" if figure.met else "NOT MET"


if __name__ == "__main__":
    main()
