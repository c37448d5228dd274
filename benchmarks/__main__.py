"""`make bench`: every line with its target and whether it is met, as one table and in latest.json.

SCALE=1, 10 or 100 says how much of the country is made, in per cent.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from benchmarks import crowds, documents, exporting, importing, overviews, scale, timetables, visits
from benchmarks.measuring import LARGEST, SMALLEST, Figure, collect_static, get_percent, make_country

LATEST: Final = Path(__file__).with_name("latest.json")
Benchmark = Callable[[], Iterable[Figure]]
# By the processor's own time, in processes of their own: as many at once as there are processors, the longest first.
BESIDE_OTHERS: Final[tuple[Benchmark, ...]] = (
    importing.measure,
    documents.measure_overview,
    documents.measure_memory,
    timetables.measure,
    scale.measure,
)
# Beside these where there is time, at 100 per cent.
LONG: Final[tuple[Benchmark, ...]] = (timetables.measure_long, exporting.measure, overviews.measure)
# By the clock.
ALONE: Final[tuple[Benchmark, ...]] = (documents.measure_reports, visits.measure, crowds.measure)
# What these are measured on is made beside the others.
PREPARED: Final[tuple[Callable[[], object], ...]] = (
    visits.prepare,
    crowds.prepare,
    crowds.prepare_postgresql,
)
FIRST_IN_THE_TABLE: Final = (scale.measure, overviews.measure)
AT_ONCE: Final = len(os.sched_getaffinity(0))


def main() -> None:
    begin = time.monotonic()
    percent = get_percent()
    # Before the countries, which both begin with them.
    collect_static()
    figures, failed = measure_all(begin, percent)
    print_table(figures)
    if failed:
        raise SystemExit(f"{', '.join(failed)} failed, so {LATEST.name} is as it was.")
    LATEST.write_text(
        json.dumps([figure.as_row() for figure in figures], indent=2, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    missed = sum(not figure.met for figure in figures)
    print(f"{len(figures)} lines at {percent} per cent, {missed} not met, {time.monotonic() - begin:.0f} s.")
    print(f"Written to {LATEST.relative_to(Path.cwd())}.")


def print_table(figures: Sequence[Figure]) -> None:
    width = max((len(figure.name) for figure in figures), default=0)
    print(f"{'':<{width}} {'measured':>9} {'':<18} {'target':>7} {'floor':>9}")
    for figure in figures:
        print(
            f"{figure.name:<{width}} {figure.value:>9g} {figure.unit:<18} {figure.target:>7g} {figure.floor:>9g}  "
            f"{say_met(figure)}"
        )


def measure_all(begin: float, percent: int) -> tuple[list[Figure], list[str]]:
    """In the table's order, and what failed: the others are worth knowing all the same."""
    found: dict[Benchmark, Sequence[Figure]] = {}
    failed: list[str] = []

    def measure(benchmark: Benchmark) -> None:
        name, started = name_of(benchmark), time.monotonic()
        try:
            found[benchmark] = list(benchmark())
            say(begin, f"{name} is measured, in {time.monotonic() - started:.0f} s")
        except Exception:  # noqa: BLE001  whatever it is, it is said
            found[benchmark] = ()
            failed.append(name)
            say(begin, f"{name} failed\n{traceback.format_exc()}")

    together = (*BESIDE_OTHERS, *(LONG if percent == LARGEST else ()))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # The longest first: what is measured in no country, beside the country that is being made.
        steps: list[Future[Any]] = [
            pool.submit(measure, together[0]),
            pool.submit(make_countries, begin, percent),
            *(pool.submit(prepare) for prepare in PREPARED),
            *(pool.submit(measure, one) for one in together[1:]),
        ]
        for step in steps:
            step.result()
    for one in ALONE:
        measure(one)
    order = dict.fromkeys((*FIRST_IN_THE_TABLE, *together, *ALONE))
    return [figure for one in order for figure in found.get(one, ())], failed


def make_countries(begin: float, percent: int) -> None:
    for one in sorted({SMALLEST, percent}):
        make_country(one)
    say(begin, "the country is made")


def name_of(benchmark: Benchmark) -> str:
    return f"{benchmark.__module__.removeprefix('benchmarks.')}.{benchmark.__name__}"


def say(begin: float, words: str) -> None:
    """How far it is, beside the table."""
    print(f"{time.monotonic() - begin:5.0f} s: {words}", file=sys.stderr, flush=True)


def say_met(figure: Figure) -> str:
    return "met" if figure.met else "NOT MET"


if __name__ == "__main__":
    main()
