"""Which column of a register's file is which fact: a map a register, in maps/*.toml, or chosen by an officer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from s11.organisations.registers.refusals import Refused, shown

FOLDER: Final = Path(__file__).parent / "maps"
FIELDS: Final = ("identifier", "name", "status", "closed_on", "area_code", "area_name")
NEEDED: Final = ("identifier", "name")
# An officer chooses one column for each of these.
CHOSEN: Final = (*FIELDS, "parent_code", "parent_name")
STATUSES: Final = frozenset({"open", "closing", "closed", "proposed"})
ANY_OTHER: Final = "*"
IDENTIFIERS: Final = {
    "urn": "URN",
    "ods_code": "ODS code",
    "ofsted_number": "Ofsted number",
    "group_uid": "UID",
}
KEYS: Final = {
    "title": str,
    "identifier": str,
    "parent_identifier": str,
    "variant": str,
    "statutory": bool,
    "has_header": bool,
    "columns": dict,
    "parents": list,
    "statuses": dict,
    "leave_out": dict,
}


@dataclass(frozen=True, slots=True)
class ParentColumns:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The columns of one register. Names of columns are compared without case and white space around them."""

    register: str
    title: str
    identifier: str
    parent_identifier: str
    variant: str
    is_statutory: bool
    columns: Mapping[str, tuple[str, ...]]
    parents: tuple[ParentColumns, ...] = ()
    # By the word in lower case; ANY_OTHER for all others. Without either a status is an error.
    statuses: Mapping[str, str] = field(default_factory=dict)
    leave_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    has_header: bool = True

    @property
    def identifier_name(self) -> str:
        """‘URN’."""
        return IDENTIFIERS[self.identifier]

    def choose(self, chosen: Mapping[str, str], *, has_header: bool) -> ColumnMap:
        """The same register with an officer's columns, one a field at most; an empty name is no column."""
        columns = {one: (chosen[one],) if chosen.get(one) else () for one in FIELDS}
        parents: tuple[ParentColumns, ...] = ()
        if self.parent_identifier and chosen.get("parent_code") and chosen.get("parent_name"):
            parents = (ParentColumns(chosen["parent_code"], chosen["parent_name"]),)
        return replace(self, columns=columns, parents=parents, leave_out={}, has_header=has_header)

    def guess(self, header: Sequence[str]) -> dict[str, str]:
        """For each field the column of this file that the map names first, or an empty text."""
        there = {fold(name): name for name in reversed(header)}
        wanted = {one: list(self.columns.get(one, ())) for one in FIELDS}
        wanted["parent_code"] = [one.code for one in self.parents]
        wanted["parent_name"] = [one.name for one in self.parents]
        return {
            one: next((there[fold(name)] for name in names if fold(name) in there), "")
            for one, names in wanted.items()
        }


@dataclass(frozen=True, slots=True)
class Places:
    """Where in a row of one file each fact stands, as positions of cells."""

    fields: Mapping[str, tuple[int, ...]]
    parents: tuple[tuple[int, int], ...]
    leave_out: tuple[tuple[int, frozenset[str]], ...]


def fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def name_columns(first: Sequence[str], *, has_header: bool) -> list[str]:
    """What each column is called: by the first row, or by its place where the file has no header."""
    if has_header:
        return [" ".join(cell.split()) for cell in first]
    return [f"Column {number}" for number in range(1, len(first) + 1)]


def find_places(columns: ColumnMap, header: Sequence[str], file: str) -> Places:
    """Raises Refused where the file lacks what is needed, or has a needed column twice."""
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(header):
        positions.setdefault(fold(name), []).append(position)

    def find(name: str) -> tuple[int, ...]:
        found = positions.get(fold(name), [])
        if len(found) > 1:
            raise Refused(f"{file} has the column {shown(name)} more than once: download it again.")
        return tuple(found)

    fields = {
        one: tuple(place for name in columns.columns.get(one, ()) for place in find(name)) for one in FIELDS
    }
    for one in NEEDED:
        if not fields[one]:
            names = " or ".join(columns.columns.get(one, ())) or one
            raise Refused(
                f"{file} has no column {names}, so it is not a file of {columns.title}: choose that file, or "
                "other columns."
            )
    if ANY_OTHER not in columns.statuses and columns.columns.get("status") and not fields["status"]:
        names = " or ".join(columns.columns["status"])
        raise Refused(f"{file} has no column {names}, so nobody knows what is closed: download it again.")
    parents = [(find(one.code), find(one.name)) for one in columns.parents]
    left = [(find(name), values) for name, values in columns.leave_out.items()]
    return Places(
        fields,
        tuple((code[0], name[0]) for code, name in parents if code and name),
        tuple((places[0], values) for places, values in left if places),
    )


def read_map(register: str) -> ColumnMap:
    """The map that is shipped for this register."""
    return parse_map(register, (FOLDER / f"{register}.toml").read_text(encoding="utf-8"))


def parse_map(register: str, text: str) -> ColumnMap:
    """Raises Refused with what is wrong in the map."""
    name = f"The column map of {register}"
    try:
        given: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{name} is not TOML ({error}): compare it with docs/registers.md.") from error
    for key, value in given.items():
        if key not in KEYS or not isinstance(value, KEYS[key]):
            raise Refused(
                f"{name}: {shown(key)} is unknown or of the wrong kind; compare it with docs/registers.md."
            )
    _check(given, name)
    return ColumnMap(
        register=register,
        title=given["title"],
        identifier=given["identifier"],
        parent_identifier=given.get("parent_identifier", ""),
        variant=given["variant"],
        is_statutory=given.get("statutory", False),
        columns={one: tuple(names) for one, names in given["columns"].items()},
        parents=tuple(ParentColumns(one["code"], one["name"]) for one in given.get("parents", ())),
        statuses={fold(word): status for word, status in given.get("statuses", {}).items()},
        leave_out={
            column: frozenset(fold(value) for value in values)
            for column, values in given.get("leave_out", {}).items()
        },
        has_header=given.get("has_header", True),
    )


def _check(given: Mapping[str, Any], name: str) -> None:
    for key in ("title", "identifier", "variant", "columns"):
        if key not in given:
            raise Refused(f"{name} lacks {key}: compare it with docs/registers.md.")
    if given["identifier"] not in IDENTIFIERS or given.get("parent_identifier", "") not in {"", *IDENTIFIERS}:
        raise Refused(f"{name}: an identifier is one of {', '.join(IDENTIFIERS)}.")
    unknown = [one for one in given["columns"] if one not in FIELDS]
    wrong = [names for names in given["columns"].values() if not _are_texts(names)]
    if unknown or wrong:
        raise Refused(f"{name}: under [columns] stand {', '.join(FIELDS)}, each with a list of names.")
    if any(not {"code", "name"} <= one.keys() for one in given.get("parents", ())):
        raise Refused(f"{name}: each of [[parents]] has a code and a name.")
    if not STATUSES.issuperset(given.get("statuses", {}).values()):
        raise Refused(f"{name}: a status means one of {', '.join(sorted(STATUSES))}.")
    if not all(_are_texts(values) for values in given.get("leave_out", {}).values()):
        raise Refused(f"{name}: under [leave_out] stand columns, each with a list of values.")


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
