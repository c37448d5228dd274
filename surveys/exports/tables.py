"""A table of the export: the same rows as CSV and as JSON, one batch of rows in memory at a time."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from django.conf import settings
from django.db.models import QuerySet

from surveys.overview_csv import neutralise
from surveys.passport_archives import CHUNK, ArchiveWriter

# So many rows are fetched at once.
BATCH: Final = 500
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """`about` is its line in README.txt. `rows` is called once."""

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
    """Both files, of rows that are read once; how many there are."""
    # Two members of a zip cannot be written at once, so one waits on the disk.
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as waiting:
        count = _write_csv(writer, table, _write_json(waiting, table.rows()))
        waiting.seek(0)
        with writer.open(f"{table.name}.json") as member:
            shutil.copyfileobj(waiting, member, CHUNK)
    return count


def _write_json(file: IO[bytes], rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, each as it is written."""
    mark = b"["
    for row in rows:
        file.write(mark + b"\n" + json.dumps(row, ensure_ascii=False, default=_say).encode())
        mark = b","
        yield row
    file.write(b"\n]\n" if mark == b"," else b"[]\n")


def _write_csv(writer: ArchiveWriter, table: Table, rows: Iterable[Row]) -> int:
    """With a byte-order mark, as every CSV here; what a spreadsheet would run is text."""
    count = 0
    with writer.open(f"{table.name}.csv") as member:
        # The encoding writes the mark at the beginning alone.
        text = io.TextIOWrapper(member, encoding="utf-8-sig", newline="", write_through=True)
        cells = csv.writer(text)
        cells.writerow(table.columns)
        for count, row in enumerate(rows, start=1):  # noqa: B007  the last one is how many there are
            cells.writerow([_make_cell(row[column]) for column in table.columns])
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
