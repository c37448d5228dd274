"""An answer sheet that came back: a workbook from any program, read cell by cell and without trust.

Pure: an open file in, rows of cells out, or a refusal. Nothing in it is calculated or followed, or unpacked beyond a
limit.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from surveys.evidence_containers import BOMB, DAMAGED, Unfit
from surveys.evidence_limits import MEGABYTE

LARGEST_SHEET: Final = 5 * MEGABYTE
# Of all its parts: a full audit of long texts unpacks to about a tenth of it.
MOST_UNPACKED: Final = 40 * MEGABYTE
MOST_ROWS: Final = 3_000
MOST_COLUMNS: Final = 60
MOST_MERGED: Final = 1_000
# The titles may have been moved down, but not far.
TITLES_WITHIN: Final = 30

# The sheet that says which audit it belongs to, hidden; and the titles by which columns are found, wherever they are.
ABOUT: Final = "s11"
ANSWERS: Final = "Answers"
CODE: Final = "Code"
SCORE: Final = "Score"
REASON: Final = "Why it does not apply"
COMMENTARY: Final = "Commentary"
HOLDS: Final = "Still holds?"
KEY: Final = "Key"
VERSION: Final = "Version"
NEEDED: Final = (CODE, SCORE, REASON, COMMENTARY)
TITLES: Final = (*NEEDED, HOLDS, KEY, VERSION)
FILLED_IN: Final = (SCORE, REASON, COMMENTARY, HOLDS)

AGAIN: Final = "download the answer sheet again, and copy your answers into it"
NOT_OURS: Final = f"is not an answer sheet from here: {AGAIN}"
HOSTILE: Final = f"holds parts that no spreadsheet program writes: {AGAIN}"
MUCH_MERGED: Final = (
    f"has more than {MOST_MERGED:,} merged cells, so it is not clear whose answers they hold: {AGAIN}"
)

ENCODING: Final = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")
DECLARATION: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
# Before what XML begins with, in whichever encoding a reader would guess.
BLANK: Final = b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"
# ‘<?xml’ as mainframes write it, which some readers guess too.
EBCDIC: Final = b"\x4c\x6f\xa7\x94"
# Never beyond the next tag: else a text full of unfinished ones takes hours.
MERGED: Final = re.compile(
    rb"""<(?:\w{1,20}:)?mergeCell\s[^<>]*?ref\s*=\s*["']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})["']"""
)


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is openpyxl's letter: s text, n number (or empty), d date, b true or false, f formula, e error."""

    place: str
    value: Any
    kind: str = "s"

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row's cells by the titles of their columns."""

    number: int
    cells: Mapping[str, Cell]

    def get(self, title: str) -> Cell:
        return self.cells.get(title, Cell("", None))


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of cells that were made one, such as Answers!D5:D7."""

    place: str
    rows: range


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read. `about` says which audit it was downloaded from; `merged` are ranges in the columns read."""

    about: Mapping[str, str]
    rows: tuple[SheetRow, ...]
    merged: tuple[Merged, ...] = ()


def read_sheet(content: IO[bytes]) -> Sheet:
    """Of a file that is an XLSX by its content. Raises Unfit."""
    # Here, because most pages and commands never read a workbook.
    import openpyxl  # noqa: PLC0415

    try:
        check_parts(content)
        with warnings.catch_warnings():
            # It warns of drop-downs that it leaves out and of odd dates, which are said by cell.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(content, read_only=True, data_only=False, keep_links=False)
            try:
                return _read_book(book, content)
            finally:
                book.close()
    except Unfit:
        raise
    except Exception:  # noqa: BLE001  a damaged workbook raises whatever its damage leads to
        raise Unfit(DAMAGED) from None


def check_parts(content: IO[bytes], most: int = MOST_UNPACKED) -> None:
    """Before anything understands it: how much it unpacks to, and that its XML is plain."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > most:
                raise Unfit(BOMB)
            for member in members:
                # Reading stops at the size that the member claims, and that is counted above. Its name says nothing:
                # a worksheet may have any.
                text = archive.read(member)
                if may_be_xml(text) and not is_plain_xml(text):
                    raise Unfit(HOSTILE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, zlib.error, EOFError, OSError):
        raise Unfit(DAMAGED) from None
    finally:
        content.seek(0)


def may_be_xml(text: bytes) -> bool:
    """Whether a reader of XML comes beyond the first character; of a picture none does."""
    return text.startswith(EBCDIC) or text.lstrip(BLANK).startswith(b"<")


def is_plain_xml(text: bytes) -> bool:
    """UTF-8 without a document type: nothing that grows as it is read, or that names a file elsewhere."""
    start = text[:4]
    if b"\0" in start or start.startswith((b"\xff\xfe", b"\xfe\xff", EBCDIC)):
        return False
    named = ENCODING.match(text.removeprefix(b"\xef\xbb\xbf").lstrip()[:300])
    if named is not None and named[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        return False
    return DECLARATION.search(text) is None


def _read_book(book: Any, content: IO[bytes]) -> Sheet:
    sheets = list(book.worksheets)
    about = next((_read_about(sheet) for sheet in sheets if sheet.title == ABOUT), None)
    if not about:
        raise Unfit(NOT_OURS)
    missing: list[str] = list(NEEDED)
    for sheet in sheets:
        if sheet.title == ABOUT:
            continue
        sheet.reset_dimensions()
        found = _find_titles(sheet)
        if found is None:
            continue
        top, columns = found
        missing = [title for title in NEEDED if title not in columns]
        if not missing:
            rows = tuple(_read_rows(sheet, top, columns))
            return Sheet(about, rows, tuple(_find_merged(sheet, content, columns)))
    raise Unfit(f"has no column ‘{missing[0]}’: {AGAIN}")


def _read_about(sheet: Any) -> dict[str, str]:
    sheet.reset_dimensions()
    pairs = sheet.iter_rows(min_row=1, max_row=20, max_col=2, values_only=True)
    return {str(name): str(value) for name, value in pairs if name is not None and value is not None}


def _find_titles(sheet: Any) -> tuple[int, dict[str, int]] | None:
    """The row of the titles, and the column of each."""
    known = {title.casefold(): title for title in TITLES}
    rows = sheet.iter_rows(min_row=1, max_row=TITLES_WITHIN, max_col=MOST_COLUMNS, values_only=True)
    for number, row in enumerate(rows, start=1):
        columns: dict[str, int] = {}
        for place, value in enumerate(row, start=1):
            title = known.get(" ".join(value.split()).casefold()) if isinstance(value, str) else None
            if title is not None:
                columns.setdefault(title, place)
        if CODE in columns and len(columns) > 1:
            return number, columns
    return None


def _read_rows(sheet: Any, top: int, columns: Mapping[str, int]) -> Iterator[SheetRow]:
    rows = sheet.iter_rows(min_row=top + 1, max_row=top + MOST_ROWS, max_col=MOST_COLUMNS)
    for number, row in enumerate(rows, start=top + 1):
        cells = {}
        for title, column in columns.items():
            if column <= len(row) and row[column - 1].value is not None:
                cell = row[column - 1]
                cells[title] = Cell(make_place(sheet.title, column, number), cell.value, cell.data_type)
            else:
                cells[title] = Cell(make_place(sheet.title, column, number), None)
        if any(not cell.is_empty for cell in cells.values()):
            yield SheetRow(number, cells)


def make_place(sheet: str, column: int, row: int) -> str:
    """Such as Answers!D14."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    return f"{sheet}!{get_column_letter(column)}{row}"


def _find_merged(sheet: Any, content: IO[bytes], columns: Mapping[str, int]) -> Iterator[Merged]:
    """Cells that were made one hold the first one's text and nothing else: which answer it is cannot be told."""
    from openpyxl.utils import range_boundaries  # noqa: PLC0415

    held = set(columns.values())
    with zipfile.ZipFile(content) as archive:
        text = archive.read(sheet._worksheet_path.lstrip("/"))
    for count, found in enumerate(MERGED.finditer(text), start=1):
        if count > MOST_MERGED:
            raise Unfit(MUCH_MERGED)
        place = found[1].decode()
        left, top, right, bottom = (bound or 0 for bound in range_boundaries(place))
        if any(left <= column <= right for column in held):
            yield Merged(f"{sheet.title}!{place}", range(top, bottom + 1))
