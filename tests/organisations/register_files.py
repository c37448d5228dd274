"""Files of registers for tests: the schools' register in its real columns, with rows of one's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SAMPLE: Final = Path(__file__).parent / "data" / "gias_sample.csv"
# In the columns about head teachers, of every row that is made here: nothing may be left of it.
HEAD: Final = "Zebrafinch"
SHORT: Final = {
    "urn": "URN",
    "name": "EstablishmentName",
    "status": "EstablishmentStatus (name)",
    "closed": "CloseDate",
    "area": "LA (name)",
    "area_code": "LA (code)",
    "trust": "Trusts (name)",
    "trust_code": "Trusts (code)",
    "federation": "Federations (name)",
    "federation_code": "Federations (code)",
    "sponsor": "SchoolSponsors (name)",
    "group": "EstablishmentTypeGroup (name)",
}
CODES: Final = {"Open": "1", "Closed": "2", "Open, but proposed to close": "3", "Proposed to open": "4"}
DEFAULTS: Final = {
    "status": "Open",
    "area": "Northshire",
    "area_code": "801",
    "trust": "",
    "trust_code": "",
    "group": "Academies",
}


def read_header() -> list[str]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def make_gias(*rows: Mapping[str, str], encoding: str = "utf-8") -> bytes:
    """A file of these rows, by the short names above or by the register's own columns."""
    header = read_header()
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    for row in rows:
        facts = DEFAULTS | dict(row)
        cells = {SHORT.get(name, name): value for name, value in facts.items()}
        cells["EstablishmentStatus (code)"] = CODES.get(facts["status"], "")
        cells |= {"HeadTitle (name)": "Ms", "HeadFirstName": HEAD, "HeadLastName": HEAD}
        writer.writerow(cells)
    return out.getvalue().encode(encoding)


def make_links(*rows: tuple[str, str, str]) -> bytes:
    """URN, URN of the other one, and the kind of link."""
    lines = [f'{urn},{link},"A school, renamed",{kind},01-09-2025' for urn, link, kind in rows]
    return "\r\n".join(["URN,LinkURN,LinkName,LinkType,LinkEstablishedDate", *lines, ""]).encode("cp1252")


def school(urn: int, name: str, **facts: str) -> dict[str, str]:
    return {"urn": str(urn), "name": name, **facts}
