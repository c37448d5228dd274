"""The schools' register of the whole country: generated rows in its real columns."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from benchmarks.measuring import ROOT

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
