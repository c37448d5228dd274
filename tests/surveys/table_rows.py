"""A table as a person handles it: exported, changed in a cell or two, previewed and saved."""

from __future__ import annotations

import io
from collections.abc import Mapping

from surveys.enums import DocumentFormat
from surveys.resources.base import FileRow, PartnershipResource
from surveys.resources.files import read_table, write_table
from surveys.resources.rows import Kind, Preview

Row = dict[str, str]


def export(table: PartnershipResource) -> list[Row]:
    """Its rows by heading."""
    return [dict(zip(table.headings, cells, strict=True)) for cells in table.list_cells()]


def through(table: PartnershipResource, file_format: DocumentFormat) -> list[FileRow]:
    """As they come back from a file that nobody changed."""
    content = write_table(table, file_format)
    return read_table(io.BytesIO(content), len(content), f"table.{file_format}", table.headings)


def number(rows: list[Row]) -> list[FileRow]:
    return [FileRow(line, row) for line, row in enumerate(rows, start=2)]


def preview(table: PartnershipResource, *rows: Row) -> Preview:
    return table.preview(number(list(rows)))


def save(table: PartnershipResource, *rows: Row) -> Preview:
    """What was seen is what is saved."""
    seen = preview(table, *rows)
    assert seen.faults == []
    done = table.save_rows(number(list(rows)), seen.fingerprint)
    assert done == seen
    return done


def refuse(table: PartnershipResource, *rows: Row) -> list[str]:
    """What is wrong with them; nothing can be confirmed then."""
    seen = preview(table, *rows)
    assert seen.faults
    assert not seen.can_be_confirmed
    return seen.faults


def count(found: Preview) -> Mapping[str, int]:
    """Of each kind that there is."""
    return {kind: number for kind, number in found.counts.items() if number}


UNCHANGED = Kind.UNCHANGED.value
