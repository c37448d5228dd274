"""Splitting a CSV text into rows by RFC 4180, as spreadsheets and registers write it. Pure; a row at a time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator


def split_rows(
    lines: Iterable[str], refuse: Callable[[csv.Error, int], Exception]
) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row that is not empty, with the line on which the row starts.

    A quote that is out of place is an error: then what `refuse` makes of it and of the row's line is raised.
    """
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise refuse(error, line) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
