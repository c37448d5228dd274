"""The country's imports against `bulk_create` of the same rows: the schools' register, organisations, their answers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import large_partnership, registers
from benchmarks.country import AUDITS
from benchmarks.large_partnership import CYCLE, SLUG
from benchmarks.measuring import (
    DATABASE,
    LARGEST,
    SMALLEST,
    Figure,
    Measured,
    Place,
    get_percent,
    round_up,
    take_pairs,
)

ORGANISATIONS: Final = 50_000
TIMES: Final = 3
MEGABYTES: Final = 100
# From an eighth to the whole, for each 10,000: what is kept are names and numbers, never rows.
GROWTH: Final = 20
HERE: Final = ("--partnership", SLUG)
INTO: Final = (*HERE, "--cycle", CYCLE)
NEW: Final = ("--closes", f"{CYCLE}-06-30", "--title", f"Audit {CYCLE}")


@dataclass(frozen=True, slots=True)
class Import:
    """A command for a file of `organisations`, and how many rows it writes at once."""

    name: str
    what: str
    organisations: int
    at_once: int


def measure() -> Iterator[Figure]:
    percent = get_percent()
    organisations, audits = ORGANISATIONS * percent // 100, AUDITS * percent // 100
    for one in (
        Import("register", "rows of the schools’ register", organisations, 500),
        Import("organisations", "organisations with a lead each, invited", organisations, 500),
        Import("answers", "submitted audits", audits, 1_000),
    ):
        with tempfile.TemporaryDirectory() as folder:
            yield from measure_import(one, Path(folder))


def measure_import(one: Import, folder: Path) -> Iterator[Figure]:
    """Five pairs of a part, for the ratio; the whole once, for memory and, where there is time, what the ratio is."""
    before, after, plain = (make_place(folder / name) for name in ("before", "after", "plain"))
    part = get_part(one)
    # The whole last: what stays before it are the organisations of all its answers.
    commands = {size: prepare(one, size, before) for size in sorted({part, one.organisations})}
    found: list[Measured] = []
    written: list[int] = []

    def load(size: int = part) -> Measured:
        after.copy_from(before)
        found.append(after.run(*commands[size]))
        return found[-1]

    def insert() -> float:
        plain.copy_from(before)
        told = plain.tell("benchmarks.same_rows", str(after.folder / DATABASE), str(one.at_once))
        written.append(told["rows"])
        return float(told["processor"])

    pair = take_pairs(lambda: load().processor, insert)
    few = found[-1]
    whole = load(one.organisations)
    ratio = f"{whole.processor / insert():.2f}" if has_time() else ""
    yield Figure(
        f"import of {one.name}: time",
        round_up(pair.times, 2),
        "times the floor",
        TIMES,
        round(pair.floor, 2),
        f"{part:,} {one.what}, {written[0]:,} rows: {pair.value:.1f} s of the processor; the floor is bulk_create of "
        "the same rows, as many at once"
        + (f"; {ratio} times for {one.organisations:,}, once" if ratio else ""),
    )
    said = f"{one.organisations:,} {one.what}"
    yield Figure(
        f"import of {one.name}: memory",
        round_up(whole.over_idle, 1),
        "MB",
        MEGABYTES,
        round(whole.idle, 1),
        f"{said}: over the idle process, whose memory is the floor",
    )
    if part == one.organisations:
        return
    yield Figure(
        f"import of {one.name}: growth of memory",
        round_up((whole.over_idle - few.over_idle) / (one.organisations - part) * 10_000, 1),
        "MB for each 10,000",
        GROWTH,
        round(few.over_idle, 1),
        f"{said}: from {part:,} of them, whose memory is the floor, to the whole",
    )


def get_part(one: Import) -> int:
    """An eighth; at one per cent all, for an eighth is less than a batch."""
    return one.organisations if get_percent() == SMALLEST else one.organisations // 8


def has_time() -> bool:
    """The floor of the whole takes as long as its five pairs."""
    return get_percent() == LARGEST


def make_place(folder: Path) -> Place:
    folder.mkdir()
    return Place(folder)


def prepare(one: Import, size: int, before: Place) -> Sequence[str]:
    """Its file, and what must be there before it; the command that loads it."""
    file = before.folder / f"{one.name}-{size}.csv"
    before.begin()
    match one.name:
        case "register":
            links = before.folder / f"links-{size}.csv"
            registers.write_register(file, size)
            registers.write_links(links, size)
            before.run("create_partnership", "Large", "--slug", SLUG, "--administrator", "a@large.example")
            return ("import_register", "gias", str(file), "--links", str(links), *HERE)
        case "organisations":
            large_partnership.write_organisations(file, size)
            return ("import_organisations", str(file), *INTO, *NEW)
        case _:
            people = before.folder / "people.csv"
            large_partnership.write_organisations(people, size)
            before.run("import_organisations", str(people), *INTO, *NEW)
            large_partnership.write_answers(file, size)
            return ("import_answers", str(file), *INTO)
