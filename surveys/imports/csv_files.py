"""A CSV file as people hand it over: read row by row, and refused in sentences that say where and what would be right.

Memory does not grow with the file: it is read a row at a time, and as often as somebody asks for its rows.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Final, Protocol, TypeVar

from s11.organisations.csv_rows import split_rows
from s11.web.text import plural
from surveys.yaml_nodes import shown

T = TypeVar("T")
LISTED: Final = 100
CHUNK: Final = 1 << 20


class Refused(Exception):
    """Nothing was imported. The text is for the person who brought the file: what is wrong and what to do."""


class Wrong(Exception):
    """What is wrong with one cell, and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(f"{wrong}; {right}")
        self.wrong = wrong
        self.right = right


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line on which it starts, and its cells by column, without the white space around them."""

    line: int
    cells: dict[str, str]


class Faults:
    """The bad rows of a file, by the line on which each starts. The texts of the first hundred are kept."""

    def __init__(self) -> None:
        self._lines: set[int] = set()
        self._texts: dict[int, list[str]] = {}

    def add(self, line: int, column: str, fault: Wrong) -> None:
        self._lines.add(line)
        self._texts.setdefault(line, []).append(f"line {line}, {column}: {fault}")
        # Some faults of a row show only at the end of the file, so the first hundred are not the first found.
        if len(self._texts) > 2 * LISTED:
            self._texts = {line: self._texts[line] for line in self._first()}

    def read(self, row: Row, column: str, read: Callable[[str], T]) -> T | None:
        """What the cell says, or None and a fault."""
        try:
            return read(row.cells[column])
        except Wrong as fault:
            self.add(row.line, column, fault)
            return None

    def is_bad(self, row: Row) -> bool:
        return row.line in self._lines

    def _first(self) -> list[int]:
        return sorted(self._texts)[:LISTED]

    @property
    def total(self) -> int:
        """How many rows are bad."""
        return len(self._lines)

    def list_texts(self) -> list[str]:
        """Of the first hundred bad rows."""
        return [text for line in self._first() for text in self._texts[line]]

    def refuse_if_any(self, name: str) -> None:
        """The first hundred bad rows, then how many there are."""
        if not self._lines:
            return
        total = plural(len(self._lines), "bad row")
        more = f" (the first {LISTED} are listed)" if len(self._lines) > LISTED else ""
        raise Refused("\n".join([f"{name} was not imported.", *self.list_texts(), f"{total} in all{more}."]))


class RowSource(Protocol):
    """What an import reads: as often as it asks, from the first row to the last, with a fault for what is no row."""

    @property
    def name(self) -> str: ...

    @property
    def origin(self) -> str:
        """What the trail calls it."""

    def rows(self, faults: Faults) -> Iterator[Row]: ...


class CsvFile:
    """A file with these columns, in any order. Made only of a file that is whole, UTF-8 text and not empty."""

    def __init__(self, path: Path, columns: tuple[str, ...], name: str = "") -> None:
        """`name` is what the person calls it, where that is not the path's."""
        self.columns = columns
        self._path = path
        self.given_name = name or path.name
        self.name = shown(self.given_name)
        try:
            if not path.is_file():
                raise Refused(
                    f"{self.name} is a folder, not a file: name the CSV file in it."
                    if path.is_dir()
                    else f"There is no file {shown(str(path))}: check its name and folder."
                )
            self.sha256 = self._check_bytes()
        except (OSError, ValueError) as error:  # ValueError: a path that no file can have
            raise self._unreadable(error) from error

    @property
    def origin(self) -> str:
        return f"{self.name}, SHA-256 {self.sha256}"

    def _unreadable(self, error: Exception) -> Refused:
        reason = getattr(error, "strerror", None) or str(error)
        return Refused(f"{self.name} cannot be read ({reason}): check the file and who may read it.")

    def _check_bytes(self) -> str:
        """The SHA-256 of the file, of which every byte was looked at."""
        digest = hashlib.sha256()
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        line = 1
        is_empty = True
        with self._path.open("rb") as file:
            while True:
                chunk = file.read(CHUNK)
                digest.update(chunk)
                try:
                    text = decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError as error:
                    line += error.object[: error.start].count(b"\n")
                    raise Refused(
                        f"{self.name} is not UTF-8 (line {line}): save it as ‘CSV UTF-8’ and import it again."
                    ) from error
                if "\0" in text:
                    line += text[: text.index("\0")].count("\n")
                    raise Refused(
                        f"{self.name} holds a NUL character (line {line}), which no text has: export it again."
                    )
                is_empty = is_empty and not text.strip()
                line += text.count("\n")
                if not chunk:
                    break
        if is_empty:
            raise Refused(
                f"{self.name} is empty: it needs the columns {','.join(self.columns)} and its rows."
            )
        return digest.hexdigest()

    def rows(self, faults: Faults) -> Iterator[Row]:
        """The rows that have the right number of cells; for others a fault. Empty lines are passed over."""
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                yield from self._read(file, faults)
        except OSError as error:
            raise self._unreadable(error) from error

    def _read(self, file: TextIOWrapper, faults: Faults) -> Iterator[Row]:
        lines = split_rows(file, self._unsplittable)
        _, header = next(lines, (1, []))
        names = self.check_header([name.strip().lower() for name in header])
        is_without_rows = True
        for line, cells in lines:
            is_without_rows = False
            if len(cells) == len(names):
                yield Row(line, {name: cell.strip() for name, cell in zip(names, cells, strict=True)})
            else:
                faults.add(line, "cells", _wrong_number(len(cells), len(names)))
        if is_without_rows:
            raise Refused(f"{self.name} has no rows below its header: there is nothing to import.")

    def _unsplittable(self, error: csv.Error, line: int) -> Refused:
        """Nothing after it can be told apart any more, so it is the only fault that is named."""
        text = str(error)
        if "unexpected end" in text:
            return Refused(
                f"{self.name}: the row that starts on line {line} opens a quote that never closes; "
                "add the closing quote."
            )
        if "field limit" in text:
            return Refused(
                f"{self.name}: the row that starts on line {line} has a cell of more than "
                f"{csv.field_size_limit():,} characters; look for a quote that never closes."
            )
        return Refused(
            f"{self.name}: the row that starts on line {line} has a quote in the wrong place; put the whole cell "
            "between quotes and double each quote inside it."
        )

    def check_header(self, names: list[str]) -> list[str]:
        """What the columns are called here, from the file's own headings in lower case."""
        expected = f"the columns are {','.join(self.columns)}"
        for column in self.columns:
            if names.count(column) > 1:
                raise Refused(f"{self.name} has the column {column} more than once: {expected}.")
        if missing := [column for column in self.columns if column not in names]:
            raise Refused(f"{self.name} lacks {_columns(missing)}: {expected}, separated by commas.")
        # Passing it over in silence would lose what somebody typed there.
        if unknown := [shown(name) for name in names if name not in self.columns]:
            raise Refused(f"{self.name} has {_columns(unknown)} that nothing reads: {expected}.")
        return names


def _columns(names: list[str]) -> str:
    return f"the column{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _wrong_number(found: int, expected: int) -> Wrong:
    what = f"{plural(found, 'cell')} where there are {expected} columns"
    if found > expected:
        return Wrong(what, "put a text that holds a comma between quotes")
    return Wrong(what, "write a comma for each cell that is left empty")
