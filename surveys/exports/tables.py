"""A table of the export: the same rows as CSV and as JSON, one row in memory at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from surveys.overview_csv import neutralise
from surveys.passport_archives import ArchiveWriter

# So many rows are fetched at once.
BATCH: Final = 500
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """`about` is its line in README.txt. `rows` is called once a format, and gives a row for each call anew."""

    name: str
    about: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterable[Row]]


def make_table(
    name: str, about: str, found: QuerySet[Any], columns: Mapping[str, str], *, order: str = "pk"
) -> Table:
    """Of a query: each column with the field that it shows. Nothing else of a row leaves the database."""

    def list_rows() -> Iterator[Row]:
        values = found.order_by(order).values_list(*columns.values())
        for row in values.iterator(BATCH):
            yield dict(zip(columns, row, strict=True))

    return Table(name, about, tuple(columns), list_rows)


def write_table(writer: ArchiveWriter, table: Table) -> int:
    """Both files; how many rows there are."""
    count = _write_csv(writer, table)
    with writer.open(f"{table.name}.json") as member:
        mark = b"["
        for row in table.rows():
            member.write(mark + b"\n" + json.dumps(row, ensure_ascii=False, default=_say).encode())
            mark = b","
        member.write(b"\n]\n" if mark == b"," else b"[]\n")
    return count


def _write_csv(writer: ArchiveWriter, table: Table) -> int:
    """With a byte-order mark, as every CSV here; what a spreadsheet would run is text."""
    count = 0
    with writer.open(f"{table.name}.csv") as member:
        # The encoding writes the mark at the beginning alone.
        text = io.TextIOWrapper(member, encoding="utf-8-sig", newline="", write_through=True)
        rows = csv.writer(text)
        rows.writerow(table.columns)
        for row in table.rows():
            rows.writerow([_make_cell(row[column]) for column in table.columns])
            count += 1
        text.detach()
    return count


def _make_cell(value: object) -> str | int | None:
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case int():
            return value
        case list() | dict():
            return neutralise(json.dumps(value, ensure_ascii=False))
        case _:
            return neutralise(_say(value))


def _say(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
