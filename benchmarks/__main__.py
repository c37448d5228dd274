"""`make bench`: every line with its target and whether it is met, as one table and in latest.json.

SCALE=1, 10 or 100 says how much of the country is made, in per cent.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from benchmarks import crowds, documents, exporting, importing, overviews, scale, timetables, visits
from benchmarks.measuring import SMALLEST, Figure, collect_static, get_percent, make_country

LATEST: Final = Path(__file__).with_name("latest.json")
Benchmark = Callable[[], Iterable[Figure]]
# By the processor's own time, in processes of their own: two are measured at once, those that take longest first.
BESIDE_OTHERS: Final[tuple[Benchmark, ...]] = (
    importing.measure,
    documents.measure_overview,
    timetables.measure,
    scale.measure,
    exporting.measure,
    overviews.measure,
)
# By the clock.
ALONE: Final[tuple[Benchmark, ...]] = (documents.measure_reports, visits.measure, crowds.measure)
FIRST_IN_THE_TABLE: Final = (scale.measure, overviews.measure)
AT_ONCE: Final = 2


def main() -> None:
    begin = time.monotonic()
    percent = get_percent()
    # Before the countries, which both begin with them.
    collect_static()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(make_country, {SMALLEST, percent}))
    say(begin, "the country is made")
    figures, failed = measure_all(begin)
    for figure in figures:
        print(f"{figure.name:<52}{figure.value:>9g} {figure.unit:<20}{figure.target:>7g}  {say_met(figure)}")
    if failed:
        raise SystemExit(f"{', '.join(failed)} failed, so {LATEST.name} is as it was.")
    LATEST.write_text(
        json.dumps([figure.as_row() for figure in figures], indent=2, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    missed = sum(not figure.met for figure in figures)
    print(f"{len(figures)} lines at {percent} per cent, {missed} not met, {time.monotonic() - begin:.0f} s.")
    print(f"Written to {LATEST.relative_to(Path.cwd())}.")


def measure_all(begin: float) -> tuple[list[Figure], list[str]]:
    """In the table's order, and what failed: the others are worth knowing all the same."""
    found: dict[Benchmark, Sequence[Figure]] = {}
    failed: list[str] = []

    def measure(benchmark: Benchmark) -> None:
        name = f"{benchmark.__module__.removeprefix('benchmarks.')}.{benchmark.__name__}"
        try:
            found[benchmark] = list(benchmark())
            say(begin, f"{name} is measured")
        except Exception:  # noqa: BLE001  whatever it is, it is said
            found[benchmark] = ()
            failed.append(name)
            say(begin, f"{name} failed\n{traceback.format_exc()}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(measure, BESIDE_OTHERS))
    for one in ALONE:
        measure(one)
    order = dict.fromkeys((*FIRST_IN_THE_TABLE, *BESIDE_OTHERS, *ALONE))
    return [figure for one in order for figure in found[one]], failed


def say(begin: float, words: str) -> None:
    """How far it is, beside the table."""
    print(f"{time.monotonic() - begin:5.0f} s: {words}", file=sys.stderr, flush=True)


def say_met(figure: Figure) -> str:
    return "met" if figure.met else "NOT MET"


if __name__ == "__main__":
    main()
