"""Pages, saving and overviews against their floors, in a country of SCALE per cent (1, 10 or 100; 10 by default)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from benchmarks.country import LARGE, Extent, get_extent
from benchmarks.measuring import SMALLEST, Figure, get_percent, make_country, round_up

PAGE_TIMES, PAGE_QUERIES = 10, 15
SAVING_TIMES, SAVING_QUERIES = 3, 12
SECONDS_OF_ONE: Final = 0.3
NATION_TIMES, NATION_MEGABYTES = 3, 500
# Linear growth, and what the clock's own noise adds to it.
NO_WORSE: Final = 1.1


def measure() -> Iterator[Figure]:
    percent = get_percent()
    before, after = make_country(SMALLEST), make_country(percent)
    extent = get_extent(percent)
    yield from tell_pages(after.tell("benchmarks.one_page"), extent)
    yield tell_one(after.tell("benchmarks.one_nation", "large"))
    nation = after.tell("benchmarks.one_nation", "national")
    yield from tell_nation(nation, extent)
    if percent != SMALLEST:
        yield tell_growth(before.tell("benchmarks.one_nation", "national"), nation, percent)


def tell_pages(found: Mapping[str, Any], extent: Extent) -> Iterator[Figure]:
    for page, taken in found.items():
        is_saving = page == "saving one answer"
        beside = (
            "a view that does one UPDATE" if is_saving else "its own SQL run raw and its HTML sent as bytes"
        )
        said = (
            f"{LARGE} organisations among {extent.rows}: {1000 * taken['value']:.1f} ms against "
            f"{1000 * taken['floor']:.1f} ms for {beside}, behind the same middleware and session"
        )
        times = SAVING_TIMES if is_saving else PAGE_TIMES
        yield Figure(
            f"{page}: time",
            round_up(taken["times"], 1),
            "times the floor",
            times,
            round(taken["floor"], 5),
            said,
        )
        most = SAVING_QUERIES if is_saving else PAGE_QUERIES
        yield Figure(
            f"{page}: queries",
            taken["queries"],
            "queries",
            most,
            0,
            f"{LARGE} organisations: all of the request's, those of its session and its person too",
        )


def tell_one(found: Mapping[str, Any]) -> Figure:
    return Figure(
        "overview of one partnership: time",
        round_up(found["value"], 3),
        "seconds",
        SECONDS_OF_ONE,
        round(found["floor"], 4),
        f"{LARGE} audits, {found['answers']:,} answers: the figures alone, as the database counts them, nothing kept "
        "from before; the floor is one scan of them",
    )


def tell_nation(found: Mapping[str, Any], extent: Extent) -> Iterator[Figure]:
    said = f"one cycle of {extent.audits:,} audits, {found['answers']:,} answers"
    yield Figure(
        "overview of the nation: time",
        round_up(found["times"], 1),
        "times the floor",
        NATION_TIMES,
        round(found["floor"], 4),
        f"{said}: {found['value']:.2f} s; the floor is one scan that groups them by indicator and score",
    )
    yield Figure(
        "overview of the nation: memory",
        round_up(found["over_idle"], 1),
        "MB",
        NATION_MEGABYTES,
        round(found["idle"], 1),
        f"{said}: over the idle process, whose memory is the floor",
    )


def tell_growth(before: Mapping[str, Any], after: Mapping[str, Any], percent: int) -> Figure:
    grown = after["answers"] / before["answers"]
    return Figure(
        "overview of the nation: growth",
        round_up(after["value"] / before["value"] / grown, 2),
        "of linear",
        NO_WORSE,
        round(grown, 1),
        f"seconds from {SMALLEST} to {percent} per cent, over how much more there is to count, which is the floor",
    )
