"""A workbook that is being written: the look of all our sheets, and what a cell may hold."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

Cell = str | int | datetime.date | None
Row = Sequence[Cell]

INK, FILL = "#1d4a6d", "#e9edf1"
STEPS = ("#c9dbe8", "#7ba4c4", "#1d4a6d")  # grades 0, 1 and 2: one hue in three steps, as in the charts
HEAD = {"bold": True, "font_color": "#ffffff", "bg_color": INK, "text_wrap": True, "valign": "vcenter"}
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    # What a spreadsheet would read as a formula once somebody edits the cell; this keeps it a text.
    "quoted": {"text_wrap": True, "valign": "top", "quote_prefix": True},
    "number": {"num_format": "#,##0", "valign": "top"},
    "percent": {"num_format": "0%", "valign": "top"},
    "mean": {"num_format": "0.00", "valign": "top"},
    "date": {"num_format": "d mmm yyyy", "valign": "top", "align": "left"},
    "head": HEAD,
    "head number": HEAD | {"align": "right"},
    # Names of people's choosing stand there too; the mark does nothing to other texts.
    "title": {"bold": True, "font_size": 16, "font_color": INK, "quote_prefix": True},
    "label": {"bold": True, "bg_color": FILL, "valign": "top", "quote_prefix": True},
    "fact": {"quote_prefix": True},
}
# What a spreadsheet takes for the start of a formula, whatever the quotes around it.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

# 0 and 1 are fixed, or the longest bar would be the largest of the column and not 100%.
FULL_BAR = {
    "type": "data_bar",
    "bar_color": STEPS[0],
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 1,
}

# What Excel's cells hold, in units of UTF-16: a character beyond the first 65,536 counts twice.
LONGEST_CELL: Final = 32_767
# In points.
LINE: Final = 14.5
TALLEST_ROW: Final = 409
# How far back a break between words is looked for.
WORD_REACH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is text, number, percent (whole per cent), mean (text with two decimals) or date.

    `names` says that its cell stands again in the rows that go on with a text too long for one cell.
    """

    title: str
    width: int
    kind: str = "number"
    names: bool = False


class Book:
    """A workbook that is being written, in memory."""

    def __init__(
        self, *, title: str, partnership: str, version: str, place: str, made_at: datetime.datetime
    ) -> None:
        # Here, because most pages and commands never make a workbook.
        import xlsxwriter  # noqa: PLC0415

        self.file = io.BytesIO()
        # A cell is what it says: text from people is never a formula, and an address in it is no link.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.file, options)
        self.book.set_properties(
            {
                "title": title,
                "company": partnership,
                "comments": version,
                "created": made_at.astimezone(datetime.UTC).replace(tzinfo=None),
            }
        )
        self.formats = {name: self.book.add_format(options) for name, options in FORMATS.items()}
        # An ampersand is a command there, and a spreadsheet takes 255 characters in all.
        self.foot = f"&L{_escape(place)}&C{_escape(version)}&RPage &P of &N"

    def add_sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        sheet = self.add_page(name)
        self.write_table(sheet, 0, columns, list(rows))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)

    def add_list(self, name: str, columns: Sequence[Column], rows: Iterable[Row], *, none: str) -> None:
        """A sheet to sort and filter; `none` is its one sentence where there is nothing to list."""
        sheet = self.add_page(name)
        spread = [part for row in rows for part in spread_row(columns, row)]
        self.write_table(sheet, 0, columns, spread)
        for y, row in enumerate(spread, start=1):
            cells = zip(row, columns, strict=True)
            sheet.set_row(
                y, find_height((cell, column.width) for cell, column in cells if isinstance(cell, str))
            )
        sheet.freeze_panes(1, sum(column.names for column in columns[:2]))
        sheet.repeat_rows(0)
        if spread:
            sheet.autofilter(0, 0, len(spread), len(columns) - 1)
        else:
            sheet.write_string(1, 0, none)

    def add_page(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(self.foot)
        return sheet

    def write_table(self, sheet: Any, top: int, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        sheet.set_row(top, find_height((column.title, column.width) for column in columns) + 4)
        for x, column in enumerate(columns):
            head = "head" if column.kind in {"text", "date"} else "head number"
            sheet.set_column(x, x, column.width)
            sheet.write_string(top, x, column.title, self.formats[head])
            for y, row in enumerate(rows, start=top + 1):
                self.write_cell(sheet, y, x, row[x], column.kind)
            if column.kind == "percent" and rows:
                sheet.conditional_format(top + 1, x, top + len(rows), x, FULL_BAR)

    def write_cell(self, sheet: Any, y: int, x: int, cell: Cell, kind: str) -> None:
        style = self.formats[kind]
        match cell:
            case None:
                sheet.write_blank(y, x, None, style)
            case datetime.date():
                sheet.write_datetime(y, x, cell, style)
            case _ if kind == "text":
                text = str(cell)
                is_risky = text.startswith(FORMULA_STARTS)
                sheet.write_string(y, x, text, self.formats["quoted"] if is_risky else style)
            case _ if kind == "percent":
                # Rounded already, as a whole number: a spreadsheet that rounds again has nothing left to do.
                sheet.write_number(y, x, int(cell) / 100, style)
            case _:
                sheet.write_number(y, x, float(cell), style)

    def read(self) -> bytes:
        self.book.close()
        return add_language(self.file.getvalue())


def _escape(text: str) -> str:
    return text[:100].replace("&", "&&")


def add_language(workbook: bytes) -> bytes:
    """With the language of the document, which the library has no property for: screen readers read it out by it."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as archive,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as renewed,
    ):
        for member in archive.infolist():
            content = archive.read(member)
            if member.filename == "docProps/core.xml":
                content = content.replace(
                    b"</cp:coreProperties>", b"<dc:language>en-GB</dc:language></cp:coreProperties>"
                )
            renewed.writestr(member, content)
    return written.getvalue()


def find_height(texts: Iterable[tuple[str, int]]) -> float:
    """Of a row, in points, from its texts and the widths of their columns: some programs leave rows one line high."""
    lines = (
        sum(max(1, -(-len(line) // max(1, width - 2))) for line in text.split("\n")) for text, width in texts
    )
    return float(min(TALLEST_ROW, LINE * max(lines, default=1) + 2))


def spread_row(columns: Sequence[Column], row: Row) -> Iterator[Row]:
    """The row, and rows below it that go on with whatever is too long for a cell. Nothing of a text is lost."""
    pieces = [split_text(cell) if isinstance(cell, str) else [cell] for cell in row]
    for place in range(max(len(parts) for parts in pieces)):
        yield [
            parts[place] if place < len(parts) else parts[0] if column.names else None
            for column, parts in zip(columns, pieces, strict=True)
        ]


def split_text(text: str, limit: int = LONGEST_CELL) -> list[str]:
    """Pieces that a cell holds each; together they are the text. Cut between words where that can be."""
    pieces = []
    while count_units(text) > limit:
        end = _find_cut(text, limit)
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]


def count_units(text: str) -> int:
    """Of UTF-16, by which Excel counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def _find_cut(text: str, limit: int) -> int:
    head = text[:limit]
    while (over := count_units(head) - limit) > 0:
        head = head[: -max(1, over // 2)]
    for mark in ("\n", " "):
        at = head.rfind(mark, max(0, len(head) - WORD_REACH))
        if at > 0:
            return at + 1
    return len(head)
