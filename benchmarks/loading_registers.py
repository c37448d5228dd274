"""The schools' register of the whole country: 50,000 generated rows in its real columns, loaded by the command."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.measuring import ROOT, Figure, Measured, Place

ROWS: Final = 50_000
SLUG: Final = "large"
MEGABYTES: Final = 200
# Of the time that it takes to split the same file into cells.
TIMES: Final = 60
SAMPLE: Final = ROOT / "tests/organisations/data/gias_sample.csv"


def write_register(path: Path, rows: int) -> None:
    """Half of them closed, in the encoding that the register is published in, part of 3,000 trusts."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        for number in range(rows):
            is_closed = number % 2 == 1
            facts = {
                "URN": str(100_000 + number),
                "EstablishmentName": f"École school’s {number}",
                "EstablishmentStatus (name)": "Closed" if is_closed else "Open",
                "CloseDate": "31-08-2015" if is_closed else "",
                "Trusts (code)": str(2_000 + number % 3_000),
                "Trusts (name)": f"Trust {number % 3_000}",
            }
            writer.writerow(first | facts)


def write_links(path: Path, rows: int) -> None:
    """Each closed school has the one before it in the file as its successor."""
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"))
        for number in range(1, rows, 2):
            writer.writerow((100_000 + number, 99_999 + number, "A school", "Successor", "01-09-2015"))


def split(path: Path) -> float:
    """Seconds that Python takes for the cells alone: the floor."""
    begin = time.perf_counter()
    with path.open(encoding="cp1252", newline="") as file:
        for _ in csv.reader(file):
            pass
    return time.perf_counter() - begin


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        file, links = place.folder / "edubasealldata.csv", place.folder / "links.csv"
        write_register(file, ROWS)
        write_links(links, ROWS)
        place.run("migrate")
        place.run("create_partnership", "Large", "--slug", SLUG, "--administrator", "a@large.example")
        floor = split(file)
        command = ("import_register", "gias", str(file), "--links", str(links), "--partnership", SLUG)
        for name, options in (("dry run", ("--dry-run",)), ("first load", ()), ("second load", ())):
            yield from _tell(name, place.run(*command, *options), floor)


def _tell(name: str, found: Measured, floor: float) -> Iterator[Figure]:
    rows = f"{ROWS:,} rows of the schools’ register, {name}"
    yield Figure(
        f"register memory, {name}",
        round(found.over_idle, 1),
        "MB over idle",
        MEGABYTES,
        round(found.idle, 1),
        f"{rows}: the most memory over the idle process, whose own {found.idle:.0f} MB are the floor",
    )
    yield Figure(
        f"register time, {name}",
        round(found.seconds / floor, 1),
        "times the floor",
        TIMES,
        round(floor, 2),
        f"{rows}: {found.seconds:.1f} s, against {floor:.2f} s to split the file into cells",
    )
