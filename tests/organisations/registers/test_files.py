"""Any file that somebody may bring: read in either encoding, or refused in one sentence."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11.organisations.registers import files
from s11.organisations.registers.files import RegisterFile
from s11.organisations.registers.refusals import Refused


def read(content: bytes) -> list[tuple[int, list[str]]]:
    return list(RegisterFile(io.BytesIO(content), "edubase.csv").rows())


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("URN,Name\r\n1,École St Mary’s\r\n".encode("cp1252"), "cp1252"),
        ("URN,Name\r\n1,École St Mary’s\r\n".encode(), "utf-8-sig"),
        ("\ufeffURN,Name\n1,École St Mary’s\n".encode(), "utf-8-sig"),
        ("\n \nURN,Name\n,\n1,École St Mary’s".encode(), "utf-8-sig"),
    ],
    ids=["Windows-1252", "UTF-8", "byte-order mark", "empty lines"],
)
def test_both_encodings_are_read_alike(content: bytes, encoding: str) -> None:
    file = RegisterFile(io.BytesIO(content), "edubase.csv")
    assert [cells for _, cells in file.rows()] == [["URN", "Name"], ["1", "École St Mary’s"]]
    assert file.encoding == encoding
    assert file.sha256 == hashlib.sha256(content).hexdigest()


def test_windows_letters_that_look_like_one_of_utf_8_do_not_mislead() -> None:
    # ‘É’ and ‘’’ side by side are the bytes of one letter in UTF-8; the others beside them are none.
    content = "URN,Name\n1,CAFÉ’S École à côté\n".encode("cp1252")
    assert read(content)[1][1] == ["1", "CAFÉ’S École à côté"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty: download it again."),
        (b"\xef\xbb\xbf", "is empty"),
        (b" \r\n \n", "is empty"),
        (b"URN,Name\n1,A\n2,B\0\n", "holds a NUL character (line 3), which no text has: download it again."),
        ("URN,Name\n1,A\n".encode("utf-16"), "is UTF-16: save it as ‘CSV UTF-8’"),
        (b"PK\x03\x04 and more", "is a zip or a workbook: unpack it, and load the CSV file in it."),
        (
            "URN,Name\n1,École à côté\n2,Bé".encode()[:-1],
            "is UTF-8, but damaged or cut off on line 3: download it again.",
        ),
        (b"\xef\xbb\xbfURN,Name\n1,A\n2,B\xff\n", "is UTF-8, but damaged or cut off on line 3"),
        (b"URN,Name\n1,A\x81\n", "is neither UTF-8 nor Windows-1252 (line 2)"),
        (
            b'URN,Name\n1,A\n2,"B\n3,C\n',
            "the row that starts on line 3 opens a quote that never closes: the file is cut off",
        ),
        (b'URN,Name\n1,A\n2,"B"C\n', "the row that starts on line 3 has a quote in the wrong place"),
        (b'URN,Name\n1,"' + b"A" * 140_000 + b'"\n', "has a cell of more than 131,072 characters"),
        (
            b"URN,Name\n1,A,B\n2,C\n",
            "line 2 has 3 cells where the first has 2: a text that holds a comma must stand between quotes",
        ),
        (b"URN,Name\n1\n2,C\n", "line 2 has 1 cell where the first has 2: download the file again"),
        (b"URN,Name\n1,A\n2", "line 3 has 1 cell where the first has 2, so the file seems to be cut off"),
    ],
)
def test_what_is_no_whole_file_is_refused_in_one_sentence(content: bytes, said: str) -> None:
    text = refusal(content)
    assert text.startswith("‘edubase.csv’")
    assert said in text
    assert "\n" not in text


def test_damage_is_found_beyond_the_first_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK", 7)
    assert read("URN,Name\n1,École à côté\n2,É\n".encode()) == [
        (1, ["URN", "Name"]),
        (2, ["1", "École à côté"]),
        (3, ["2", "É"]),
    ]
    assert "(line 3)" in refusal(b"URN,Name\n1,AAAAAAAAAA\n2,B\0\n")
    assert "on line 3" in refusal("URN,Name\n1,École à côté\n2,É\n".encode()[:-2])
    assert "(line 3)" in refusal(b"URN,Name\n1,AAAAAAAAAA\n2,B\x8d\n")


def test_the_stream_stays_open_and_can_be_read_again() -> None:
    stream = io.BytesIO(b"URN,Name\n1,A\n")
    file = RegisterFile(stream, "edubase.csv")
    assert list(file.rows()) == list(file.rows())
    next(file.rows())
    assert not stream.closed


CELLS = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Cs"), exclude_characters="\x00"), max_size=12
)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_whatever_is_written_in_utf_8_is_read(rows: list[tuple[str, str, str]], encoding: str) -> None:
    content = write([("URN", "A", "B"), *rows]).encode(encoding)
    assert [tuple(cells) for _, cells in read(content)][1:] == [
        row for row in rows if any(c.strip() for c in row)
    ]


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_what_is_written_in_windows_1252_is_read_or_refused(rows: list[tuple[str, str, str]]) -> None:
    content = write([("URN", "A", "B"), *rows]).encode("cp1252")
    try:
        found = [tuple(cells) for _, cells in read(content)]
    except Refused:
        return
    # Where every byte fits UTF-8 it is that, and a person would read it so too.
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    assert found == [
        tuple(one) for one in csv.reader(io.StringIO(text, newline="")) if any(c.strip() for c in one)
    ]


@given(content=st.binary(max_size=200))
def test_any_bytes_are_rows_or_one_sentence(content: bytes) -> None:
    try:
        rows = read(content)
    except Refused as refused:
        rows, said = [], str(refused)
    else:
        said = "read."
    assert said.endswith(".")
    assert "\n" not in said
    assert len({len(cells) for _, cells in rows}) <= 1


@given(cut=st.integers(min_value=0, max_value=400))
def test_a_file_that_is_cut_off_is_never_read_as_something_else(cut: int) -> None:
    whole = write([("URN", "Name"), *((str(100_000 + n), f'École "{n}", côté') for n in range(9))]).encode()
    try:
        found = read(whole[:cut])
    except Refused:
        return
    # A cut in the last cell cannot be told; all before it is as it was.
    assert found[:-1] == read(whole)[: max(0, len(found) - 1)]


def write(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()
