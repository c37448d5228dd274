"""Archives and XML that are made to fill a memory: whatever reads files of others refuses them in one sentence."""

from __future__ import annotations

import ast
import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from openpyxl.xml.functions import iterparse

from surveys.answer_sheet_files import read_sheet
from surveys.evidence_containers import MOST_MEMBERS, Unfit
from surveys.evidence_files import Refused, check_file
from surveys.imports.csv_files import Refused as RefusedTable
from surveys.passport_archives import check_archive
from surveys.passport_fields import Unreadable
from surveys.resources.files import read_table

MEGABYTE = 1 << 20
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9)
)
LAUGHS += b"]><sst>&j;</sst>"
TYPES = (
    b'<Types><Override PartName="/xl/workbook.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def make_workbook(**more: bytes) -> bytes:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return target.getvalue()


def make_zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


ZEROS = b"\0" * (20 * MEGABYTE)


def make_large(first: dict[str, bytes]) -> bytes:
    """Says of each of its members that it is as large as four gigabytes; nothing has to be packed for that."""
    content = bytearray(make_zip(first | {f"evidence/e{number}.txt": b"x" for number in range(3)}))
    at = content.index(b"PK\1\2")
    while content[at : at + 4] == b"PK\1\2":
        struct.pack_into("<L", content, at + 24, 0xFFFF_FFF0)
        lengths = struct.unpack_from("<3H", content, at + 28)
        at += 46 + sum(lengths)
    return bytes(content)


def make_many() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for number in range(MOST_MEMBERS + 1):
            archive.writestr(str(number), b"")
    return target.getvalue()


def read_answer_sheet(content: bytes) -> None:
    """As an upload is: told what it is first."""
    check_file("Answers.xlsx", io.BytesIO(content))
    read_sheet(io.BytesIO(content))


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "says it is large": lambda: make_large({"[Content_Types].xml": TYPES}),
    "has too many members": make_many,
    "multiplies entities": lambda: make_workbook(**{"xl/sharedStrings.xml": LAUGHS}),
    "reads other files": lambda: make_workbook(
        **{"xl/extra.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'}
    ),
}
READERS: dict[str, Callable[[bytes], Any]] = {
    "answer sheets": read_answer_sheet,
    "tables": lambda content: read_table(io.BytesIO(content), len(content), "Table.xlsx", ["Name"]),
    "passports": lambda content: check_archive(io.BytesIO(content), len(content)),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_unpacks_what_is_made_to_fill_a_memory(reader: str) -> None:
    for kind, make in WORKBOOKS.items():
        content = make()
        tracemalloc.start()
        with pytest.raises((Refused, Unfit, Unreadable, RefusedTable)) as refusal:
            READERS[reader](content)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert 20 < len(str(refusal.value)) < 250, kind
        assert most < 40 * MEGABYTE, kind


def test_an_archive_inside_an_archive_is_left_packed() -> None:
    """It is evidence only if it is a document, and what lies in that is not looked into."""
    inner = make_zip({"zeros": ZEROS})
    for _ in range(3):
        inner = make_zip({"inner.zip": inner})
    with pytest.raises(Refused, match="is an archive of other files"):
        check_file("Plan.zip", io.BytesIO(inner))
    found = check_file("Plan.xlsx", io.BytesIO(make_workbook(**{"xl/embeddings/inner.zip": inner})))
    assert found.type.label == "Excel workbook"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_openpyxl_itself_refuses_entities(name: str) -> None:
    """A second wall: what gets past our own look meets defusedxml, or lxml with its own limits where that is there."""
    assert openpyxl.DEFUSEDXML
    assert iterparse.__module__.startswith("defusedxml")
    with zipfile.ZipFile(io.BytesIO(make_workbook())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[name] = LAUGHS
    with pytest.raises((ValueError, SyntaxError)) as refusal:
        list(openpyxl.load_workbook(io.BytesIO(make_zip(members)), read_only=True).worksheets[0].rows)
    said = repr(refusal.value), repr(refusal.value.__cause__)
    assert any("EntitiesForbidden" in one or "entity amplification" in one for one in said)


def test_no_file_is_opened_in_the_browser() -> None:
    """Whatever a file really is, it is kept under the type that we found and never shown on our pages' address.

    And one place hands out what is private, by a link that ends where there is a store of files.
    """
    wrong, found = [], set()
    for folder in ("s11", "surveys", "accountability"):
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            text = path.read_text()
            for call in ast.walk(ast.parse(text)) if "FileResponse(" in text else ():
                if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "FileResponse":
                    continue
                found.add(path.name)
                given = {word.arg: ast.unparse(word.value) for word in call.keywords}
                if given.get("as_attachment") != "True":
                    wrong.append(f"{path}:{call.lineno}")
    # The second is a table of the feed, made for the token that asks; the third a blank of a question bank, which is
    # public, and which caches keep.
    assert found == {"downloads.py", "feed.py", "questionnaires.py"}
    assert not wrong
    assert settings.SECURE_CONTENT_TYPE_NOSNIFF
