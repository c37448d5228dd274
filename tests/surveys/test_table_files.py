"""Hostile files: each gets one clear sentence."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest

from s11.organisations.models import Organisation
from surveys.enums import DocumentFormat
from surveys.imports.csv_files import Refused
from surveys.resources import files
from surveys.resources.base import PartnershipResource
from surveys.resources.columns import KEY, Column
from surveys.resources.files import list_meanings, write_table
from tests.surveys.table_files import make_workbook, read

HEAD = "Key,Name,Note\n"


class Things(PartnershipResource):
    """Three columns, without a database."""

    slug, title, hint = "things", "Things", ""
    key = Column(KEY, "pk")
    name = Column("Name", "name", choices=("a", "b"))
    note = Column("Note", "note", readonly=True, hint="What else.")

    class Meta(PartnershipResource.Meta):
        model = Organisation

    def get_rows(self) -> Any:
        return [
            SimpleNamespace(pk=1, name="=1+1", note="x" * 40_000),
            SimpleNamespace(pk=2, name="'b", note=""),
        ]


@pytest.fixture
def things() -> Things:
    people: Any = SimpleNamespace(pk=1)
    return Things(partnership=people, by=people)


def zip_up(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def replace_member(workbook: bytes, name: str, old: bytes, new: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive, zipfile.ZipFile(file, "w") as renewed:
        for member in archive.infolist():
            content = archive.read(member)
            renewed.writestr(member, content.replace(old, new) if member.filename == name else content)
    return file.getvalue()


GOOD = make_workbook([["Key", "Name", "Note"], ["1", "a", ""]])
MANY = [f"c{number}" for number in range(100)]
HOSTILE: dict[str, tuple[bytes, str]] = {
    "not UTF-8": ("Key,Name\n1,Café\n".encode("latin-1"), "is not UTF-8 (line 2): save it as ‘CSV UTF-8’"),
    "UTF-16": ("Key,Name\n1,a\n".encode("utf-16"), "is not UTF-8"),
    "NUL": (b"Key,Name\n1,a\0b\n", "holds a NUL character (line 2)"),
    "NUL at once": (b"\0\0\0\0", "is neither a workbook (.xlsx) nor a CSV file"),
    "empty": (b"", "is empty"),
    "blank": (b"\n\n  \n", "is empty"),
    "no rows": (HEAD.encode(), "has no rows below its header"),
    "open quote": (b'Key,Name\n1,"a\n2,b\n', "opens a quote that never closes"),
    "stray quote": (b'Key,Name\n1,"a"b\n', "has a quote in the wrong place"),
    "huge cell": (b"Key,Name\n1," + b"a" * 200_000 + b"\n", "has a cell of more than 131,072 characters"),
    "semicolons": (b"Key;Name\n1;a\n", "lacks the column Key"),
    "wrong headings": (b"Name,Note\na,b\n", "lacks the column Key"),
    "unknown heading": (b"Key,Name,Nmae\n1,a,b\n", 'has the column "nmae", which nothing reads: take it out'),
    "unknown headings": (b"Key,p,q,r,s,t,u\n1,,,,,,\n", '"p", "q", "r", "s", "t" and 1 more'),
    "repeated heading": (b"Key,Name,name\n1,a,b\n", "has the column Name more than once"),
    "many columns": (
        ",".join(["Key", *MANY]).encode() + b"\n1\n",
        "has 101 columns: use the headings of a fresh export, of which there are 3",
    ),
    "PDF": (b"%PDF-1.7\n", "is neither a workbook (.xlsx) nor a CSV file"),
    "web page": (b"<html><table>", "is neither a workbook (.xlsx) nor a CSV file"),
    "old workbook": (
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600,
        "is an older workbook (.xls), or locked",
    ),
    "damaged workbook": (GOOD[: len(GOOD) // 2], "is damaged"),
    "another archive": (zip_up(a__b=b"text"), "is an archive of other files"),
    "macros": (
        replace_member(
            GOOD,
            "[Content_Types].xml",
            b"</Types>",
            b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        ),
        "holds macros, which are programs: save it as .xlsx",
    ),
    "entities": (
        replace_member(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet", b"<!DOCTYPE x><worksheet"),
        "holds parts that no spreadsheet program writes",
    ),
    "empty workbook": (make_workbook([]), "is empty"),
    "workbook without rows": (make_workbook([["Key", "Name"]]), "has no rows below its headings"),
    "workbook with other headings": (make_workbook([["Name"], ["a"]]), "lacks the column Key"),
    "workbook with many columns": (make_workbook([["Key", *MANY], ["1"]]), "has 101 columns"),
}


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_a_hostile_file_gets_one_sentence(things: Things, kind: str) -> None:
    content, sentence = HOSTILE[kind]
    with pytest.raises(Refused) as refused:
        read(content, things, "Bad <b>.csv")
    text = str(refused.value)
    assert sentence in text
    assert text.startswith(('"Bad <b>.csv" ', '"Bad <b>.csv": '))
    assert "\n" not in text
    assert text.endswith(".")


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(
    things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_UNPACKED", 1_000)
    with pytest.raises(Refused, match="unpacks to far more than a document holds"):
        read(GOOD, things)


def test_too_many_rows_are_one_sentence_and_soon(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    rows = [["Key", "Name"], *([str(number), "a"] for number in range(5))]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    for content in (text.getvalue().encode(), make_workbook(rows)):
        with pytest.raises(Refused, match="has more than 3 rows: split it into several files"):
            read(content, things)


def test_cells_that_a_row_only_names_are_not_made(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    far = b'<row r="3"><c r="XFD3"/></row></sheetData>'
    content = replace_member(GOOD, "xl/worksheets/sheet1.xml", b"</sheetData>", far)
    widths = []

    def all_of(cells: Any) -> bool:
        found = list(cells)
        widths.append(len(found))
        return all(found)

    monkeypatch.setattr(files, "all", all_of, raising=False)
    assert len(read(content, things)) == 1
    assert max(widths) == files.WIDEST


def test_a_file_larger_than_any_table_is_not_read(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_TABLE", 10)
    with pytest.raises(Refused, match="is larger than 0 MB"):
        read(b"Key,Name\n1,a\n", things)


def test_cells_are_read_as_a_person_reads_them(things: Things) -> None:
    day = datetime.datetime(2027, 3, 31)  # noqa: DTZ001  a spreadsheet's days have no zone
    rows = read(
        make_workbook([["KEY ", "name", None], [1.0, True], [None, None], [2, day], [3, 1.5]]), things
    )
    assert [(row.line, dict(row.cells)) for row in rows] == [
        (2, {"Key": "1", "Name": "yes"}),
        (4, {"Key": "2", "Name": "2027-03-31"}),
        (5, {"Key": "3", "Name": "1.5"}),
    ]


def test_formulas_and_strays_are_faults_of_their_cells(things: Things) -> None:
    rows = read(make_workbook([["Key", "Name"], ["1", "=A1"], ["2", "#N/A"], ["3", "a", "stray"]]), things)
    assert [dict(row.faults) for row in rows] == [
        {"Name": "it is a formula; write its value instead"},
        {"Name": "it is the error of a formula; write the value"},
        {"cells": "there is something to the right of the last heading; take it out"},
    ]


def test_a_row_of_a_csv_file_with_too_many_cells_is_a_fault_in_its_place(things: Things) -> None:
    rows = read(b'Key,Name\n1,a\n2,"b\nc",d\n3,e\n', things)
    assert [(row.line, bool(row.faults)) for row in rows] == [(2, False), (3, True), (5, False)]


def test_headings_in_another_order_and_some_left_out(things: Things) -> None:
    (row,) = read("\ufeffname, KEY\n'=1,7\n".encode(), things)
    assert dict(row.cells) == {"Name": "=1", "Key": "7"}


def test_what_goes_out_is_never_a_formula_and_fits_a_cell(things: Things) -> None:
    import openpyxl  # noqa: PLC0415

    text = write_table(things, DocumentFormat.CSV).decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(text))] == ["Name", "'=1+1", "'b"]
    book = openpyxl.load_workbook(io.BytesIO(write_table(things, DocumentFormat.XLSX)))
    cell = book.worksheets[0]["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert len(book.worksheets[0]["C2"].value) == 32_767
    assert book.worksheets[0].data_validations.dataValidation[0].formula1 == '"a,b"'
    assert dict(list_meanings(things)) == {
        "Key": "",
        "Name": "One of: a, b.",
        "Note": "What else. Only to read: what you write here is passed over.",
    }
