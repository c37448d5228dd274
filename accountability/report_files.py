"""The files of a report, made from its frozen content and nothing else: page, PDF, workbook, tables, JSON."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.template.loader import render_to_string

from accountability.enums import FileKind
from accountability.report_content import Json, as_text
from accountability.report_pages import make_page
from accountability.report_tables import COLUMNS, DICTIONARY, make_rows
from s11.web.dates import date
from s11.web.pdf import Cover, render_pdf
from surveys.overview_csv import write_csv
from surveys.sheets import Book, Column

TEMPLATE: Final = "documents/report.html"
CONTENT_TYPES: Final[Mapping[FileKind, str]] = {
    FileKind.PAGE: "text/html; charset=utf-8",
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.DICTIONARY: "text/csv; charset=utf-8",
    FileKind.JSON: "application/json",
}
ENDINGS: Final[Mapping[FileKind, str]] = {
    FileKind.PAGE: ".html",
    FileKind.PDF: ".pdf",
    FileKind.XLSX: ".xlsx",
    FileKind.CSV: ".csv",
    FileKind.DICTIONARY: "-dictionary.csv",
    FileKind.JSON: ".json",
}
WIDTHS: Final = {"title": 70, "figure": 24, "section": 16, "variant": 20, "partnership": 16}
# Of the workbook's columns; the others hold text.
KINDS: Final = {
    "report": "number",
    "version": "number",
    "value": "number",
    "of": "number",
    "percent": "percent",
    "mean": "mean",
}


@dataclass(frozen=True, slots=True)
class MadeFile:
    kind: FileKind
    name: str
    content_type: str
    content: bytes


def make_files(content: Json) -> list[MadeFile]:
    """All of them, in the order in which they are offered."""
    makers: Mapping[FileKind, Callable[[Json], bytes]] = {
        FileKind.PAGE: make_html,
        FileKind.PDF: make_pdf,
        FileKind.XLSX: make_workbook,
        FileKind.CSV: make_data,
        FileKind.DICTIONARY: make_dictionary,
        FileKind.JSON: make_json,
    }
    name = name_report(content)
    return [
        MadeFile(kind, f"{name}{ENDINGS[kind]}", CONTENT_TYPES[kind], make(content))
        for kind, make in makers.items()
    ]


def name_report(content: Json) -> str:
    """Such as `harbourside-report-3`, and for a correction `harbourside-report-3-version-2`."""
    about = content["report"]
    version = f"-version-{about['version']}" if about["version"] > 1 else ""
    return f"{about['partnership']}-report-{about['number']}{version}"


def make_document(content: Json) -> dict[str, Any]:
    """What the document's template shows, as a page and on paper."""
    about = content["report"]
    version = f", version {about['version']}" if about["version"] > 1 else ""
    number = f"Report {about['number']}{version}" if about.get("number") else "Draft"
    published_on = about.get("published_on")
    when = (
        f"published on {date(datetime.date.fromisoformat(published_on))}" if published_on else "not published"
    )
    cover = Cover(
        title=about["title"],
        partnership=about["partnership_name"],
        subtitle=", ".join(one["title"] for one in content["cycles"]),
        version=f"{number}, {when}",
    )
    page = make_page(content)
    return {"cover": cover, "sections": page.contents, "page": page}


def make_html(content: Json) -> bytes:
    return render_to_string(TEMPLATE, make_document(content)).encode()


def make_pdf(content: Json) -> bytes:
    return render_pdf(TEMPLATE, make_document(content))


def make_json(content: Json) -> bytes:
    return as_text(content).encode()


def make_data(content: Json) -> bytes:
    """UTF-8 with a byte-order mark: without it a spreadsheet reads names with accents wrongly."""
    return write_csv(COLUMNS, (row.values() for row in make_rows(content)))


def make_dictionary(content: Json) -> bytes:
    """What each column and each figure means, and under which licence all of it may be used."""
    return write_csv(("kind", "name", "meaning"), (*DICTIONARY, *make_licence_rows(content)))


def make_licence_rows(content: Json) -> list[tuple[str, str, str]]:
    about = content["report"]
    licence = about["licence"]
    return [
        ("licence", licence["name"], licence["address"]),
        ("source", about["partnership_name"], f"{about['title']}, report {about['number']}"),
        *(("method", "disclosure control", line) for line in content["figures"][0]["disclosure"]["method"]),
    ]


def make_workbook(content: Json) -> bytes:
    """The same rows as the CSV, and the dictionary beside them."""
    about = content["report"]
    made_on = datetime.date.fromisoformat(about["published_on"])
    book = Book(
        title=about["title"],
        partnership=about["partnership_name"],
        version=f"Report {about['number']}, version {about['version']}",
        place=f"{about['partnership_name']}: {about['title']}",
        made_at=datetime.datetime.combine(made_on, datetime.time(), datetime.UTC),
    )
    columns = [Column(name, WIDTHS.get(name, 10), KINDS.get(name, "text")) for name in COLUMNS]
    book.add_sheet("Figures", columns, [tuple(row.values()) for row in make_rows(content)])
    meaning = (Column("Kind", 10, "text"), Column("Name", 24, "text"), Column("Meaning", 100, "text"))
    book.add_sheet("What it means", meaning, [*DICTIONARY, *make_licence_rows(content)])
    return book.read()
