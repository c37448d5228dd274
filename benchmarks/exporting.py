"""All of a partnership of 600 organisations: its export, and the largest tables of its desk, out and back in."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from benchmarks import large_partnership
from benchmarks.measuring import Figure, Measured, Place

FEW: Final = 60
MANY: Final = 600
TABLES: Final = ("answers", "moderation")


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        small, large = Place(Path(few)), Place(Path(many))
        large_partnership.load(small, FEW)
        answers, _ = large_partnership.load(large, MANY)
        size = f"{MANY} audits, {answers:,} answers"
        floor = min(write_plainly(large) for _ in range(3))
        before, after = (export(place) for place in (small, large))
        yield make_time(
            "export_partnership: time", after, floor, 30, f"{size}, with their trail, as CSV and JSON"
        )
        yield make_memory("export_partnership: memory", after, 40, size)
        yield Figure(
            "export_partnership: growth of memory",
            round(after.over_idle - before.over_idle, 1),
            "MB",
            15,
            round(before.over_idle, 1),
            f"at its highest, from {FEW} audits (the floor) to {MANY}",
        )
        for table in TABLES:
            for file_format in ("xlsx", "csv"):
                yield from measure_table(large, table, file_format, floor, size)


def export(place: Place) -> Measured:
    return place.run("export_partnership", large_partnership.SLUG, "--output", str(place.folder / "all.zip"))


def measure_table(place: Place, table: str, file_format: str, floor: float, size: str) -> Iterator[Figure]:
    """Out to a file, and the same file looked through as it comes back."""
    path = str(place.folder / f"{table}.{file_format}")
    for way, what in (("out", "written to a file"), ("in", "read back and held against what is here")):
        found = place.measure("benchmarks.one_table", table, file_format, way, path)
        name = f"table {table}, {file_format}, {way}"
        yield make_time(f"{name}: time", found, floor, 15, f"{size}, {what}")
        yield make_memory(f"{name}: memory", found, 200, size)


def make_time(name: str, found: Measured, floor: float, target: float, detail: str) -> Figure:
    """As a ratio of the processor's own time: seconds by the clock say more of the machine and of who else is on it."""
    said = (
        f"{detail}: {found.processor:.1f} s of the processor, {found.seconds:.1f} s by the clock; the floor is a plain "
        "program that copies the answers to a zip, in seconds of the processor"
    )
    return Figure(name, round(found.processor / floor, 1), "times the floor", target, round(floor, 2), said)


def make_memory(name: str, found: Measured, target: float, detail: str) -> Figure:
    said = f"{detail}: over the idle process, whose memory is the floor"
    return Figure(name, round(found.over_idle, 1), "MB", target, round(found.idle, 1), said)


def write_plainly(place: Place) -> float:
    """Seconds of the processor for what nothing can do without: every answer read, written twice, and packed."""
    begin = time.thread_time()
    query = (
        "SELECT o.slug, i.code, i.key, i.text, a.score, a.not_applicable_reason, a.commentary FROM surveys_answer a "
        "JOIN surveys_indicator i ON i.id = a.indicator_id JOIN surveys_audit u ON u.id = a.audit_id "
        "JOIN surveys_invitee v ON v.id = u.invitee_id JOIN organisations_organisation o ON o.id = v.organisation_id"
    )
    with (
        closing(sqlite3.connect(place.folder / "s11.sqlite3")) as database,
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
