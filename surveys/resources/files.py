"""Files of a table: written as CSV and as a workbook, and read back without trust.

A text that a spreadsheet would take for a formula is kept from being one, and is itself again when it comes back.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final

from django.utils import timezone

from s11.web import dates
from surveys.answer_sheet_files import check_parts
from surveys.enums import DocumentFormat
from surveys.evidence_containers import (
    COMPOUND_SIGNATURE,
    DAMAGED,
    MACROS,
    ZIP_SIGNATURE,
    Unfit,
    find_archive_kind,
)
from surveys.imports.csv_files import CsvFile, Faults, Refused, Wrong
from surveys.resources.base import FileRow, PartnershipResource, fit
from surveys.resources.columns import KEY, NO, YES
from surveys.sheets import FORMULA_STARTS, Book
from surveys.yaml_nodes import shown

MEGABYTE: Final = 1 << 20
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# All answers of 600 organisations as CSV, with what their moderators read.
LARGEST_TABLE: Final = 30 * MEGABYTE
# Of a workbook's parts: all answers of 600 organisations unpack to about half of it.
MOST_UNPACKED: Final = 96 * MEGABYTE
MOST_ROWS: Final = 60_000
MOST_COLUMNS: Final = 60
# Of a workbook's rows: one short row may name a cell in column 16,384, and each before it would be made.
WIDEST: Final = 256
NAMED: Final = 5
# Rows below the last that get the choices too.
SPARE: Final = 200

FRESH: Final = "use the headings of a fresh export"
NOT_A_TABLE: Final = "is neither a workbook (.xlsx) nor a CSV file: save it as one of the two"
FORMULA: Final = Wrong("it is a formula", "write its value instead")
FAILED: Final = Wrong("it is the error of a formula", "write the value")


# Out ------------------------------------------------------------------------------------------------------------------


def write_table(table: PartnershipResource, file_format: DocumentFormat) -> bytes:
    return write_workbook(table) if file_format == DocumentFormat.XLSX else write_csv(table)


def write_csv(table: PartnershipResource) -> bytes:
    """UTF-8 with a byte-order mark: without it a spreadsheet reads names with accents wrongly."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(table.headings)
    for cells in table.list_cells():
        writer.writerow([escape(cell) for cell in cells])
    return file.getvalue().encode("utf-8-sig")


def escape(text: str) -> str:
    """An apostrophe before what a spreadsheet would run; one more where there is one already, so that `unescape`
    gives the text back whatever it is.
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unescape(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def write_workbook(table: PartnershipResource) -> bytes:
    """One sheet to fill in, and one that says what its columns mean."""
    now = timezone.now()
    book = Book(
        title=f"{table.title}: {table.partnership}",
        partnership=str(table.partnership),
        version=f"Exported on {dates.datetime(now)}",
        place=f"{table.partnership}: {table.title.lower()}",
        made_at=now,
    )
    sheet = book.add_page(table.title[:31])
    top = {**book.formats}
    for x, column in enumerate(table.columns):
        sheet.set_column(x, x, column.width)
        sheet.write_string(0, x, column.heading, top["head"])
    y = 0
    for y, cells in enumerate(table.list_cells(), start=1):
        for x, cell in enumerate(cells):
            if cell:
                style = top["quoted"] if cell.startswith(FORMULA_STARTS) else top["text"]
                sheet.write_string(y, x, fit(cell), style)
    for x, column in enumerate(table.columns):
        if column.choices and not column.readonly:
            words = ", ".join(column.choices)
            options = {"validate": "list", "source": list(column.choices), "error_message": f"Write {words}."}
            sheet.data_validation(1, x, y + SPARE, x, options)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(y, 1), len(table.columns) - 1)
    _add_meanings(book, table)
    return book.read()


def _add_meanings(book: Book, table: PartnershipResource) -> None:
    sheet = book.add_page("What the columns mean")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, "Column", book.formats["head"])
    sheet.write_string(0, 1, "What to write", book.formats["head"])
    for y, (heading, meaning) in enumerate(list_meanings(table), start=1):
        sheet.write_string(y, 0, heading, book.formats["text"])
        sheet.write_string(y, 1, meaning, book.formats["text"])


def list_meanings(table: PartnershipResource) -> Iterator[tuple[str, str]]:
    """Each column's heading, and what to write under it."""
    for column in table.columns:
        words = f"One of: {', '.join(column.choices)}." if column.choices else ""
        said = " ".join(filter(None, (column.hint, "" if column.readonly else words)))
        never = "Only to read: what you write here is passed over." if column.readonly else ""
        yield column.heading, " ".join(filter(None, (said, never)))


# In -------------------------------------------------------------------------------------------------------------------


def read_table(content: IO[bytes], size: int, name: str, headings: Sequence[str]) -> list[FileRow]:
    """The rows of a workbook or a CSV file. Raises Refused, in one sentence, for a file that is neither."""
    if size > LARGEST_TABLE:
        raise Refused(
            f"{shown(name)} is larger than {LARGEST_TABLE // MEGABYTE} MB: split it into several files."
        )
    content.seek(0)
    head = content.read(8)
    content.seek(0)
    try:
        if head.startswith(COMPOUND_SIGNATURE):
            raise Unfit(
                "is an older workbook (.xls), or locked with a password: save it as .xlsx without one"
            )
        if head.startswith(ZIP_SIGNATURE):
            return _read_workbook(content, size, name, headings)
        # A text of two bytes a character is told that it is not UTF-8.
        if (b"\0" in head and not head.startswith(UTF_16)) or head.startswith((b"%PDF", b"<")):
            raise Unfit(NOT_A_TABLE)
    except Unfit as unfit:
        raise Refused(f"{shown(name)} {unfit}.") from None
    return _read_csv(content, name, headings)


def choose_headings(found: Sequence[str], name: str, headings: Sequence[str]) -> list[str]:
    """The table's headings for those of the file, whatever their case; empty ones at the end are no columns."""
    known = {" ".join(heading.split()).casefold(): heading for heading in headings}
    given = [" ".join(heading.split()) for heading in found]
    while given and not given[-1]:
        given.pop()
    if KEY in headings and KEY.casefold() not in {heading.casefold() for heading in given}:
        raise Refused(
            f"{shown(name)} lacks the column {KEY}: {FRESH}, in the first row and, in a CSV file, separated by commas."
        )
    if len(given) > MOST_COLUMNS:
        raise Refused(
            f"{shown(name)} has {len(given):,} columns: {FRESH}, of which there are {len(headings)}."
        )
    if unknown := [heading for heading in given if heading.casefold() not in known]:
        more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
        named = ", ".join(shown(heading) for heading in unknown[:NAMED])
        is_one = len(unknown) == 1
        what = (
            f"the column {named}, which nothing reads"
            if is_one
            else f"columns that nothing reads, {named}{more}"
        )
        raise Refused(f"{shown(name)} has {what}: take {'it' if is_one else 'them'} out, or {FRESH}.")
    chosen = [known[heading.casefold()] for heading in given]
    for heading in chosen:
        if chosen.count(heading) > 1:
            raise Refused(f"{shown(name)} has the column {heading} more than once: keep one of them.")
    return chosen


class _TableCsv(CsvFile):
    """With any of the table's columns."""

    def check_header(self, names: list[str]) -> list[str]:
        return choose_headings(names, self.given_name, self.columns)


class _Odd(Faults):
    """Rows that cannot be told apart into cells, with what is wrong with each."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[FileRow] = []

    def add(self, line: int, column: str, fault: Wrong) -> None:
        self.rows.append(FileRow(line, {}, {column: str(fault)}))


def _read_csv(content: IO[bytes], name: str, headings: Sequence[str]) -> list[FileRow]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
        while piece := content.read(MEGABYTE):
            copy.write(piece)
        copy.flush()
        file = _TableCsv(Path(copy.name), tuple(headings), name=name)
        odd = _Odd()
        rows: list[FileRow] = []
        for row in file.rows(odd):
            rows.append(FileRow(row.line, {heading: unescape(cell) for heading, cell in row.cells.items()}))
            _check_number(len(rows) + len(odd.rows), name)
    return sorted([*rows, *odd.rows], key=lambda row: row.line)


def _check_number(rows: int, name: str) -> None:
    if rows > MOST_ROWS:
        raise Refused(f"{shown(name)} has more than {MOST_ROWS:,} rows: split it into several files.")


def _read_workbook(content: IO[bytes], size: int, name: str, headings: Sequence[str]) -> list[FileRow]:
    # Here, because most pages and commands never read a workbook.
    import openpyxl  # noqa: PLC0415

    try:
        if find_archive_kind(content, size) != "xlsx":
            raise Unfit(NOT_A_TABLE)
    except Unfit as unfit:
        raise Unfit(
            "holds macros, which are programs: save it as .xlsx" if str(unfit) == MACROS else unfit
        ) from None
    check_parts(content, MOST_UNPACKED)
    try:
        with warnings.catch_warnings():
            # It warns of drop-downs that it leaves out and of odd dates, which are said by cell.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(content, read_only=True, data_only=False, keep_links=False)
            try:
                return _read_sheet(book.worksheets[0], name, headings)
            finally:
                book.close()
    except Refused:
        raise
    except Exception:  # noqa: BLE001  a damaged workbook raises whatever its damage leads to
        raise Unfit(DAMAGED) from None


def _read_sheet(sheet: Any, name: str, headings: Sequence[str]) -> list[FileRow]:
    """The first sheet; its first row that is not empty has the headings."""
    sheet.reset_dimensions()
    chosen: list[str] | None = None
    rows: list[FileRow] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=WIDEST), start=1):
        if all(cell.value is None or cell.value == "" for cell in cells):
            if number > MOST_ROWS * 2:
                _check_number(number, name)
            continue
        if chosen is None:
            chosen = choose_headings([str(cell.value or "") for cell in cells], name, headings)
            continue
        rows.append(_read_cells(number, cells, chosen))
        _check_number(len(rows), name)
    if chosen is None:
        raise Refused(f"{shown(name)} is empty: {FRESH}.")
    if not rows:
        raise Refused(f"{shown(name)} has no rows below its headings: there is nothing to import.")
    return rows


def _read_cells(number: int, cells: Sequence[Any], headings: Sequence[str]) -> FileRow:
    faults: dict[str, str] = {}
    texts: dict[str, str] = {}
    for x, heading in enumerate(headings):
        try:
            texts[heading] = _read_value(cells[x]) if x < len(cells) else ""
        except Wrong as fault:
            faults[heading] = str(fault)
            texts[heading] = ""
    if any(cell.value is not None for cell in cells[len(headings) :]):
        faults["cells"] = str(Wrong("there is something to the right of the last heading", "take it out"))
    return FileRow(number, texts, faults)


def _read_value(cell: Any) -> str:
    """As a person reads it: spreadsheets make numbers of what looks like one, and dates."""
    value = cell.value
    if cell.data_type in {"f", "e"}:
        raise FORMULA if cell.data_type == "f" else FAILED
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case float() if value.is_integer():
            return str(int(value))
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
        case _:
            return str(value).strip()
