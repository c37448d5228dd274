"""Writing a table of the feed, a row at a time: however many there are, only a few are in memory."""

from __future__ import annotations

import csv
import io
import json
from typing import IO

from surveys.feed.base import Asked, Cell, FeedTable, Format
from surveys.overview_csv import neutralise


def write(table: FeedTable, asked: Asked, file_format: Format, file: IO[bytes]) -> None:
    """In UTF-8. CSV begins with a byte-order mark: without it a spreadsheet reads names with accents wrongly."""
    encoding = "utf-8-sig" if file_format == Format.CSV else "utf-8"
    text = io.TextIOWrapper(file, encoding, newline="")
    if file_format == Format.CSV:
        write_csv(table, asked, text)
    elif table.make is not None:
        json.dump(table.make(asked), text, ensure_ascii=False)
    else:
        write_json(table, asked, text)
    text.detach()  # flushes; else the file would be closed with it


def write_csv(table: FeedTable, asked: Asked, file: IO[str]) -> None:
    assert table.list_rows is not None  # only tables have the format
    writer = csv.writer(file)
    writer.writerow([column.name for column in table.columns])
    for row in table.list_rows(asked):
        writer.writerow([neutralise(show(cell)) for cell in row])


def write_json(table: FeedTable, asked: Asked, file: IO[str]) -> None:
    """Each row says its columns, so that a program that takes the first for all of them is right."""
    assert table.list_rows is not None  # what has no rows is made whole
    about = {"partnership": asked.desk.partnership.slug, "table": table.name}
    if asked.own_cycle is not None:
        about["cycle"] = asked.own_cycle.slug
    names = [column.name for column in table.columns]
    file.write(json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": [')
    between = "\n"
    for row in table.list_rows(asked):
        cells = {name: show(cell) for name, cell in zip(names, row, strict=True)}
        file.write(between + json.dumps(cells, ensure_ascii=False))
        between = ",\n"
    file.write("\n]}\n")


def show(cell: Cell) -> str | int | None:
    """Days as 2027-03-31."""
    return cell if cell is None or isinstance(cell, str | int) else cell.isoformat()
