"""One organisation as a register has it, read from a row's cells, and kept as one line of JSON."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from s11.organisations.registers.dates import read_date
from s11.organisations.registers.files import RegisterFile
from s11.organisations.registers.maps import (
    ANY_OTHER,
    ColumnMap,
    Places,
    find_places,
    fold,
    name_columns,
)
from s11.organisations.registers.refusals import Faults, Refused, Wrong, shown

# What the database's columns hold; a test compares them.
LONGEST_NAME: Final = 200
LONGEST_CODE: Final = {"urn": 6, "ods_code": 10, "ofsted_number": 20, "group_uid": 10}
CODES: Final = {
    "urn": (re.compile(r"[0-9]{6}"), "six digits, such as 123456"),
    "ods_code": (re.compile(r"[0-9A-Z]{1,10}"), "up to ten letters and digits, such as RJ1"),
    "ofsted_number": (re.compile(r"[0-9A-Z-]{1,20}"), "up to twenty letters and digits, such as SC123456"),
    "group_uid": (re.compile(r"[0-9A-Z]{1,10}"), "up to ten digits, such as 2345"),
}
# No row that is passed over is counted by area: of those there are more than anybody wants to read.
AREAS_NAMED: Final = 8


class Status(StrEnum):
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """`closed_on` of a closing one is when it will close. `successors` are identifiers, from the file of links."""

    line: int
    code: str
    name: str
    status: Status
    closed_on: datetime.date | None = None
    parent_code: str = ""
    parent_name: str = ""
    successors: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.status in {Status.OPEN, Status.CLOSING}

    def to_json(self) -> str:
        closed_on = self.closed_on.isoformat() if self.closed_on else ""
        facts = (self.line, self.code, self.name, self.status, closed_on)
        return json.dumps((*facts, self.parent_code, self.parent_name, self.successors), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> RegisterRow:
        line, code, name, status, closed_on, parent_code, parent_name, successors = json.loads(text)
        date = datetime.date.fromisoformat(closed_on) if closed_on else None
        return cls(line, code, name, Status(status), date, parent_code, parent_name, tuple(successors))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are taken: those of these areas (all, where none is named), and those followed already.

    `areas` are codes and names, folded; `followed` identifiers of organisations that take part, wherever they lie.
    """

    areas: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()


class RowReader:
    """The wanted rows of a file. What it passed over is counted; a wanted row that is wrong is a fault."""

    def __init__(
        self,
        file: RegisterFile,
        columns: ColumnMap,
        wanted: Wanted,
        successors: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.file = file
        self.columns = columns
        self.wanted = wanted
        self.successors = successors or {}
        self.line = 0
        self.read = 0
        self.elsewhere = 0
        self.left_out = 0
        self._areas: dict[str, str] = {}
        self._unmatched = set(wanted.areas)

    def rows(self) -> Iterator[RegisterRow]:
        """Raises Refused at the end where a wanted row was wrong, or an area is not in the file."""
        rows = self.file.rows()
        _, first = next(rows, (1, []))
        header = name_columns(first, has_header=self.columns.has_header)
        places = find_places(self.columns, header, self.file.name)
        if not self.columns.has_header:
            rows = self.file.rows()
        faults = Faults()
        seen: dict[str, int] = {}
        for line, cells in rows:
            self.line = line
            self.read += 1
            row = self._read(line, cells, places, faults)
            if row is not None and self._is_first(row, seen, faults):
                yield row
        if not self.read:
            raise Refused(f"{self.file.name} has no rows below its header: download it again.")
        self._check_areas(places)
        faults.refuse_if_any(self.file.name)

    def _is_first(self, row: RegisterRow, seen: dict[str, int], faults: Faults) -> bool:
        first = seen.setdefault(row.code, row.line)
        if first != row.line:
            what = f"{shown(row.code)} stands on line {first} already"
            faults.add(row.line, self.columns.identifier_name, Wrong(what, "download the file again"))
        return first == row.line

    def _read(self, line: int, cells: list[str], places: Places, faults: Faults) -> RegisterRow | None:
        def cell(name: str) -> str:
            found = (" ".join(cells[place].split()) for place in places.fields[name])
            return next((text for text in found if text), "")

        code = cell("identifier").upper()
        if not self._is_wanted(code, cell("area_code"), cell("area_name")):
            self.elsewhere += 1
            return None
        if any(fold(cells[place]) in values for place, values in places.leave_out):
            self.left_out += 1
            return None
        checks = (
            (self.columns.identifier_name, lambda: read_code(code, self.columns.identifier)),
            ("name", lambda: read_name(cell("name"))),
            ("status", lambda: self._read_status(cell("status"), places)),
            ("closed on", lambda: read_date(cell("closed_on"))),
            ("parent", lambda: self._read_parent(cells, places)),
        )
        found: list[object] = []
        for column, read in checks:
            try:
                found.append(read())
            except Wrong as fault:
                faults.add(line, column, fault)
        return self._make(line, found) if len(found) == len(checks) else None

    def _make(self, line: int, found: Sequence[object]) -> RegisterRow:
        code, name, status, closed_on, parent = found
        assert isinstance(code, str)
        assert isinstance(name, str)
        assert closed_on is None or isinstance(closed_on, datetime.date)
        assert isinstance(parent, tuple)
        read = Status(str(status)) if status else Status.CLOSED if closed_on else Status.OPEN
        parent_code, parent_name = parent
        successors = tuple(self.successors.get(code, ()))
        return RegisterRow(line, code, name, read, closed_on, parent_code, parent_name, successors)

    def _is_wanted(self, code: str, area_code: str, area_name: str) -> bool:
        areas = {fold(area_code), fold(area_name)} - {""}
        self._unmatched -= areas
        if areas and self._unmatched and len(self._areas) < AREAS_NAMED:
            self._areas.setdefault(fold(area_code or area_name), f"{area_code} {area_name}".strip())
        if not self.wanted.areas or areas & self.wanted.areas:
            return True
        return bool(code) and code in self.wanted.followed

    def _read_status(self, text: str, places: Places) -> str:
        """Empty where the file has no such column: then its closing date says it."""
        if not places.fields["status"]:
            return ""
        status = self.columns.statuses.get(fold(text)) or self.columns.statuses.get(ANY_OTHER)
        if status is None:
            known = ", ".join(word for word in self.columns.statuses if not word.isdigit())
            raise Wrong(f"{shown(text)} is not a status", f"it would be one of: {known}")
        return status

    def _read_parent(self, cells: list[str], places: Places) -> tuple[str, str]:
        for code_place, name_place in places.parents:
            code, name = (" ".join(cells[place].split()) for place in (code_place, name_place))
            if code and name:
                return read_code(code.upper(), self.columns.parent_identifier), read_name(name)
        return "", ""

    def _check_areas(self, places: Places) -> None:
        if not self._unmatched:
            return
        asked = ", ".join(shown(area) for area in sorted(self._unmatched))
        if not places.fields["area_code"] and not places.fields["area_name"]:
            raise Refused(
                f"{self.file.name} has no column that says the local authority, so {asked} cannot be found: "
                "choose the column, or leave the authority out."
            )
        there = "; ".join(sorted(self._areas.values()))
        raise Refused(
            f"{self.file.name} has no organisation of the local authority {asked}: write its code or its name as "
            f"the register does, such as {there}."
        )


def read_areas(text: str) -> frozenset[str]:
    """Codes and names of local authorities, separated by semicolons; names hold commas."""
    return frozenset(fold(part) for part in text.split(";") if part.strip())


def read_code(text: str, kind: str) -> str:
    pattern, right = CODES[kind]
    if not pattern.fullmatch(text):
        raise Wrong(f"{shown(text)} is not one" if text else "it is empty", f"it would be {right}")
    return text


def read_name(text: str) -> str:
    if not text:
        raise Wrong("it is empty", "download the file again")
    if len(text) > LONGEST_NAME:
        raise Wrong(f"it has {len(text)} characters", f"use at most {LONGEST_NAME}")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise Wrong(f"{shown(text)} holds a character that no name has", "download the file again")
    return text


def make_key(name: str) -> str:
    """The same for names that look the same: without case, accents, punctuation and ‘the’; ‘&’ is ‘and’."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    kept = "".join(
        character
        for character in plain
        # An apostrophe or a full stop parts no words: ‘St. Mary’s’ is ‘St Marys’.
        if not unicodedata.combining(character) and character not in ".'’‘`"
    )
    words = re.findall(r"\w+", kept)
    return " ".join(word for word in words if word != "the") or " ".join(words) or name


def batches(rows: Iterable[RegisterRow], size: int) -> Iterator[list[RegisterRow]]:
    batch: list[RegisterRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
