"""Files of tables as officers bring them: made, changed and read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from surveys.enums import DocumentFormat
from surveys.resources.base import FileRow, PartnershipResource
from surveys.resources.files import read_table, write_table
from surveys.resources.rows import Kind, Preview
from surveys.resources.tables import TABLES
from tests.conftest import Cast


def make_table(cast: Cast, slug: str, **more: Any) -> PartnershipResource:
    return TABLES[slug](partnership=cast.partnership, by=cast.administrator, **more)


def read_back(table: PartnershipResource, file_format: DocumentFormat) -> list[FileRow]:
    content = write_table(table, file_format)
    return read_table(io.BytesIO(content), len(content), f"table.{file_format}", table.headings)


def make_rows(*rows: Mapping[str, str]) -> list[FileRow]:
    """Of a file whose columns are those of the first row."""
    return [FileRow(line, dict(row)) for line, row in enumerate(rows, start=2)]


def make_csv(*rows: Mapping[str, str]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def make_workbook(rows: Sequence[Sequence[Any]], *, title: str = "Sheet") -> bytes:
    """By another program than ours, with numbers and formulas where cells say so."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(content: bytes, table: PartnershipResource, name: str = "table.csv") -> list[FileRow]:
    return read_table(io.BytesIO(content), len(content), name, table.headings)


def save(table: PartnershipResource, rows: Sequence[FileRow]) -> Preview:
    """What the preview says is what is done."""
    seen = table.preview(rows)
    assert seen.faults == []
    return table.save_rows(rows, seen.fingerprint)


def say(preview: Preview, kind: Kind) -> list[str]:
    """Such as `Anchor Trust: Statutory yes > no`; what stays as it is has its reason in brackets."""
    return [
        f"{line.name}: "
        + "; ".join(
            f"{one.heading} {one.old} > {one.new}" + (f" ({one.held})" if one.held else "")
            for one in line.changes
        )
        for line in preview.list(kind)
    ]
