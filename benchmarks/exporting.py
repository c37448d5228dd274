"""All of a partnership of 600 organisations: its export, and the largest tables of its desk, out and back in."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import large_partnership
from benchmarks.measuring import DATABASE, Figure, Measured, Place, round_up, take_pairs

FEW: Final = 60
MANY: Final = 600
TABLES: Final = ("answers", "moderation")


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        small, large = Place(Path(few)), Place(Path(many))
        large_partnership.load(small, FEW)
        answers, _ = large_partnership.load(large, MANY)
        size = f"{MANY} audits, {answers:,} answers"
        before = export(small).over_idle
        taken, held = measure_work(
            "export_partnership",
            large,
            partial(export, large),
            targets=(30, 40),
            detail=f"{size}, with their trail, as CSV and JSON",
        )
        yield taken
        yield held
        yield Figure(
            "export_partnership: growth of memory",
            round_up(held.value - before, 1),
            "MB",
            15,
            round(before, 1),
            f"at its highest, from {FEW} audits (the floor) to {MANY}",
        )
        for table in TABLES:
            for file_format in ("xlsx", "csv"):
                yield from measure_table(large, table, file_format, size)


def export(place: Place) -> Measured:
    return place.run("export_partnership", large_partnership.SLUG, "--output", str(place.folder / "all.zip"))


def measure_table(place: Place, table: str, file_format: str, size: str) -> Iterator[Figure]:
    """Out to a file, and the same file looked through as it comes back."""
    path = str(place.folder / f"{table}.{file_format}")
    for way, what in (("out", "written to a file"), ("in", "read back and held against what is here")):
        yield from measure_work(
            f"table {table}, {file_format}, {way}",
            place,
            partial(place.measure, "benchmarks.one_table", table, file_format, way, path),
            targets=(15, 200),
            detail=f"{size}, {what}",
        )


def measure_work(
    name: str, place: Place, work: Callable[[], Measured], *, targets: tuple[float, float], detail: str
) -> tuple[Figure, Figure]:
    """Its time, and its memory at its highest.

    The processor's own time: seconds by the clock say more of the machine and of who else is on it.
    """
    found: list[Measured] = []

    def run() -> float:
        found.append(work())
        return found[-1].processor

    pair = take_pairs(run, partial(write_plainly, place))
    taken = Figure(
        f"{name}: time",
        round_up(pair.times, 1),
        "times the floor",
        targets[0],
        round(pair.floor, 2),
        f"{detail}: {pair.value:.1f} s of the processor; the floor is a plain program that copies the answers to a "
        "zip, in seconds of the processor",
    )
    held = Figure(
        f"{name}: memory",
        round_up(max(one.over_idle for one in found), 1),
        "MB",
        targets[1],
        round(found[0].idle, 1),
        f"{detail}: over the idle process, whose memory is the floor",
    )
    return taken, held


def write_plainly(place: Place) -> float:
    """Seconds of the processor for what nothing can do without: every answer read, written twice, and packed."""
    begin = time.thread_time()
    query = (
        "SELECT o.slug, i.code, i.key, i.text, a.score, a.not_applicable_reason, a.commentary FROM surveys_answer a "
        "JOIN surveys_indicator i ON i.id = a.indicator_id JOIN surveys_audit u ON u.id = a.audit_id "
        "JOIN surveys_invitee v ON v.id = u.invitee_id JOIN organisations_organisation o ON o.id = v.organisation_id"
    )
    with (
        closing(sqlite3.connect(place.folder / DATABASE)) as database,
        zipfile.ZipFile(place.folder / "plain.zip", "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        with archive.open("answers.csv", "w") as member:
            text = io.TextIOWrapper(member, encoding="utf-8", newline="")
            csv.writer(text).writerows(database.execute(query))
            text.flush()
            text.detach()
        with archive.open("answers.json", "w") as member:
            for row in database.execute(query):
                member.write(json.dumps(row).encode())
    return time.thread_time() - begin
