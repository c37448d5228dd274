"""What is refused of any file before a word of it is believed; and how faults are listed."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from surveys.imports.csv_files import CsvFile, Faults, Refused, Row, Wrong
from tests.surveys.import_files import make_file

COLUMNS = ("name", "note")


def read(path: Path) -> list[Row]:
    """All rows; refused where any is bad."""
    file = CsvFile(path, COLUMNS)
    faults = Faults()
    rows = list(file.rows(faults))
    faults.refuse_if_any(file.name)
    return rows


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read(path)
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        "name,note\nÉlan,one\nB,two\n".encode(),
        "name,note\r\nÉlan,one\r\nB,two\r\n".encode(),
        "\ufeffname,note\r\nÉlan,one\r\nB,two".encode(),
        '\ufeff"name","note"\n"Élan","one"\n"B","two"\n'.encode(),
        "\nnote,name\n\none,Élan\n,\n two , B \n".encode(),
        " Name ,NOTE\nÉlan,one\nB,two\n".encode(),
    ],
    ids=["LF", "CRLF", "byte-order mark", "all quoted", "other order, empty lines", "other case"],
)
def test_files_that_people_have_are_read_alike(tmp_path: Path, content: bytes) -> None:
    rows = read(make_file(tmp_path, content))
    assert [row.cells for row in rows] == [{"name": "Élan", "note": "one"}, {"name": "B", "note": "two"}]


def test_a_row_is_named_by_the_line_on_which_it_starts(tmp_path: Path) -> None:
    path = make_file(tmp_path, 'name,note\n"A","one\r\ntwo\n\nthree"\n\nB,"four, ""five"""\nC,\n')
    rows = read(path)
    assert [(row.line, row.cells["note"]) for row in rows] == [
        (2, "one\r\ntwo\n\nthree"),
        (7, 'four, "five"'),
        (8, ""),
    ]


def test_its_fingerprint_is_that_of_its_bytes(tmp_path: Path) -> None:
    content = "\ufeffname,note\r\nA,b\r\n".encode()
    assert CsvFile(make_file(tmp_path, content), COLUMNS).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty: it needs the columns name,note and its rows."),
        (b"\xef\xbb\xbf", "is empty"),
        (b" \r\n\n,", "lacks the columns name, note"),
        (b" \r\n \n", "is empty"),
        (b"name,note\n", "has no rows below its header"),
        (b"name,note\n,\n  ,\n", "has no rows below its header"),
        ("name,note\nÉ,b\n".encode("cp1252"), "is not UTF-8 (line 2): save it as ‘CSV UTF-8’"),
        ("name,note\nA,b\n".encode("utf-16"), "is not UTF-8 (line 1)"),
        (b"name,note\nA,b\nB,\xe2\x82", "is not UTF-8 (line 3)"),
        (b"name,note\nA,b\nB,\xed\xa0\x80\n", "is not UTF-8 (line 3)"),
        (b"name,note\nA,b\nB\0,c\n", "holds a NUL character (line 3)"),
        ("name,note\nA,b\n".encode("utf-16-le"), "holds a NUL character (line 1)"),
        (b"name\nA\n", "lacks the column note: the columns are name,note, separated by commas."),
        (b"name;note\nA;b\n", "lacks the columns name, note"),
        (b"A,b\nB,c\n", "lacks the columns name, note"),
        (b"name,note,name\nA,b,C\n", "has the column name more than once"),
        (b"name,note,remark\nA,b,c\n", 'has the column "remark" that nothing reads'),
        (b"name,note,\nA,b,\n", 'has the column "" that nothing reads'),
        (
            b"name,note\nA,b,c\n",
            "line 2, cells: 3 cells where there are 2 columns; put a text that holds a comma",
        ),
        (b"name,note\nA\n", "line 2, cells: 1 cell where there are 2 columns; write a comma for each cell"),
        (b'name,note\nA,b\nB,"c\nC,d\n', "the row that starts on line 3 opens a quote that never closes"),
        (b'name,note\nA,"b"c\n', "the row that starts on line 2 has a quote in the wrong place"),
        (b'name,note\nA,"' + b"b" * 200_000, "line 2 has a cell of more than 131,072 characters"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refusal(make_file(tmp_path, content))


def test_a_broken_character_across_two_chunks_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.imports.csv_files.CHUNK", 12)
    assert read(make_file(tmp_path, "name,note\nAÉ,bÉ\nCÉ,d\n"))[1].cells["name"] == "CÉ"
    assert "(line 3)" in refusal(make_file(tmp_path, b"name,note\nAAAAAAAA,b\nB\xc3,c\n"))
    assert "(line 3)" in refusal(make_file(tmp_path, b"name,note\nAAAAAAAA,b\nB\0,c\n"))


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "is a folder, not a file" in refusal(tmp_path)
    assert "There is no file" in refusal(tmp_path / "absent.csv")
    assert "There is no file" in refusal(Path("/dev/null"))
    assert refusal(Path("a\0b"))


def test_the_limit_of_a_cell_is_left_as_it_was(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    read(make_file(tmp_path, "name,note\nA,b\n"))
    assert csv.field_size_limit() == before


def test_faults_are_listed_by_line_with_their_total() -> None:
    faults = Faults()
    for line in (*range(900, 300, -1), 2):
        faults.add(line, "name", Wrong("it is empty", "write one"))
    faults.add(2, "note", Wrong("it is too long", "write less"))
    with pytest.raises(Refused) as refused:
        faults.refuse_if_any("file.csv")
    lines = str(refused.value).split("\n")
    assert lines[:4] == [
        "file.csv was not imported.",
        "line 2, name: it is empty; write one",
        "line 2, note: it is too long; write less",
        "line 301, name: it is empty; write one",
    ]
    assert lines[-2:] == [
        "line 399, name: it is empty; write one",
        "601 bad rows in all (the first 100 are listed).",
    ]
    assert len({line.split(",")[0] for line in lines[1:-1]}) == 100


def test_a_hundred_bad_rows_are_all_listed() -> None:
    faults = Faults()
    for line in range(2, 102):
        faults.add(line, "name", Wrong("it is empty", "write one"))
    with pytest.raises(Refused) as refused:
        faults.refuse_if_any("file.csv")
    lines = str(refused.value).split("\n")
    assert len(lines) == 102
    assert lines[-1] == "100 bad rows in all."


def test_nothing_wrong_is_no_refusal() -> None:
    Faults().refuse_if_any("file.csv")
