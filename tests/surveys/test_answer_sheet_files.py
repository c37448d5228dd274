"""Answer sheets from anywhere: what their cells say, what is wrong with them, and files made to do harm."""

from __future__ import annotations

import datetime
import io
import random
import time
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from surveys.answer_sheet_files import (
    ABOUT,
    CODE,
    COMMENTARY,
    HOLDS,
    KEY,
    MOST_MERGED,
    MOST_UNPACKED,
    REASON,
    SCORE,
    VERSION,
    Merged,
    Sheet,
    SheetRow,
    is_plain_xml,
    read_sheet,
)
from surveys.answer_sheet_rows import (
    TOO_LONG,
    Bank,
    Entry,
    Problem,
    Question,
    index_merged,
    load_entries,
    read_entries,
)
from surveys.evidence_containers import Unfit

BANK = Bank(
    questions=(
        Question("vision", "A1.1"),
        Question("lead", "A1.2"),
        Question("board", "A1.3", may_be_not_applicable=False),
    ),
    labels={0: "No progress", 1: "Working towards", 2: "Achieved"},
    reasons=("It does not do this", "Another reason"),
    longest=20_000,
)
TITLES = (CODE, "Indicator", SCORE, REASON, COMMENTARY, HOLDS, KEY, VERSION)
Row = tuple[object, ...]
FIRST: Row = ("A1.1", "…", 2, None, "Words", None, "vision", 3)


def make(*rows: Row, titles: Row = TITLES, change: Callable[[Worksheet], object] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Answers"
    for row in (titles, *rows):
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    about = book.create_sheet(ABOUT)
    about.append(("audit", "41"))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(content: bytes) -> Sheet:
    return read_sheet(io.BytesIO(content))


def entries_of(*rows: Row, **more: object) -> tuple[list[Entry], list[Problem]]:
    return read_entries(read(make(*rows, **more)), BANK)  # type: ignore[arg-type]


def say(*rows: Row, change: Callable[[Worksheet], object] | None = None) -> list[str]:
    """The sentences about what is wrong."""
    return [problem.sentence for problem in entries_of(*rows, change=change)[1]]


def repack(content: bytes, changed: dict[str, bytes]) -> bytes:
    """The archive with other members."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in archive.namelist():
            if name not in changed:
                other.writestr(name, archive.read(name))
        for name, member in changed.items():
            other.writestr(name, member)
    return file.getvalue()


def member(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def read_or_refuse(content: bytes) -> list[Entry] | str:
    """The entries, or the first words of the refusal; anything else that is raised fails the test."""
    try:
        return read_entries(read(content), BANK)[0]
    except Unfit as unfit:
        return str(unfit).partition(":")[0]


SHEET_XML = "xl/worksheets/sheet1.xml"


# What a row says


def test_a_row_is_an_entry() -> None:
    assert entries_of(FIRST) == ([Entry("vision", 2, 3, 2, "", "Words")], [])
    assert read(make(FIRST)).about == {"audit": "41"}


def test_entries_are_kept_and_loaded() -> None:
    found, _ = entries_of(FIRST)
    assert list(load_entries([entry.as_json() for entry in found])) == found


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        (0, 0),
        (1.0, 1),
        ("2", 2),
        (" 2 ", 2),
        ("achieved", 2),
        ("Working  towards", 1),
        ("Achieved (2)", 2),
        ("0 No progress", 0),
    ],
)
def test_a_score_may_be_typed_in_many_ways(typed: object, score: int) -> None:
    found, problems = entries_of(("A1.1", "", typed, None, None, None, "vision", 1))
    assert ([one.score for one in found], problems) == ([score], [])


@pytest.mark.parametrize("typed", ["Not applicable", "n/a", "NA", " not  APPLICABLE ", None])
def test_not_applicable_may_be_typed_in_many_ways(typed: object) -> None:
    """Without a score, a reason alone says it too."""
    found, problems = entries_of(("A1.1", "", typed, "another  REASON", None, None, "vision", 1))
    assert ([(one.score, one.reason) for one in found], problems) == ([(None, "Another reason")], [])


NOT_A_SCORE = "is not a score: choose 0, 1, 2 or Not applicable"


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ((3, None, None, None), f"Answers!C2: ‘3’ {NOT_A_SCORE}"),
        ((1.5, None, None, None), f"Answers!C2: ‘1.5’ {NOT_A_SCORE}"),
        ((-1, None, None, None), f"Answers!C2: ‘-1’ {NOT_A_SCORE}"),
        (("two", None, None, None), f"Answers!C2: ‘two’ {NOT_A_SCORE}"),
        (("x" * 90, None, None, None), f"Answers!C2: ‘{'x' * 39}…’ {NOT_A_SCORE}"),
        (
            (datetime.date(2027, 2, 1), None, None, None),
            "Answers!C2: this is a date or a time: choose 0, 1, 2 or Not applicable",
        ),
        ((True, None, None, None), "Answers!C2: this is ‘TRUE’: choose 0, 1, 2 or Not applicable"),
        (
            ("=1+1", None, None, None),
            "Answers!C2: this is a formula, which is not calculated here: choose 0, 1, 2 or Not applicable",
        ),
        (
            ("#N/A", None, None, None),
            "Answers!C2: this is the error ‘#N/A’: choose 0, 1, 2 or Not applicable",
        ),
        (("NA", None, None, None), "Answers!D2: choose why A1.1 does not apply"),
        (
            ("NA", "Because", None, None),
            "Answers!D2: ‘Because’ is not one of the reasons: choose one from the list",
        ),
        (
            (2, "Another reason", None, None),
            "Answers!D2: a reason is given, but A1.1 is scored 2: empty one of the two",
        ),
        (
            (2, None, "y" * 20_001, None),
            "Answers!E2: the text must be 20,000 characters or fewer; yours has 20,001, so shorten it",
        ),
        (
            (2, None, "=A1", None),
            "Answers!E2: this is a formula, which is not calculated here: type the text itself",
        ),
        ((2, None, None, "perhaps"), "Answers!F2: ‘perhaps’ is not clear: choose Yes, or leave it empty"),
    ],
)
def test_what_is_wrong_is_said_by_cell(cells: Row, sentence: str) -> None:
    assert say(("A1.1", "", *cells, "vision", 1)) == [sentence]


def test_what_always_applies_cannot_be_set_aside() -> None:
    for score, reason, place in (("NA", None, "C2"), (None, "Another reason", "D2")):
        row = ("A1.3", "", score, reason, None, None, "board", 1)
        assert say(row) == [f"Answers!{place}: A1.3 always applies: choose 0, 1 or 2"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (2026, "2026"),
        (2.5, "2.5"),
        (datetime.date(2026, 4, 3), "3 April 2026"),
        (datetime.datetime.fromisoformat("2026-04-03T09:30"), "3 April 2026 at 09:30"),
        (datetime.time(9, 30), "09:30"),
        (True, "TRUE"),
        ("one_x000D_\ntwo\r\nthree", "one\ntwo\nthree"),
        ("   ", ""),
        (TOO_LONG, None),
    ],
)
def test_a_commentary_is_what_a_person_reads(typed: object, text: str | None) -> None:
    found, problems = entries_of(("A1.1", "", 2, None, typed, None, "vision", 1))
    assert ([one.commentary for one in found], problems) == ([text], [])


# Rows and columns that are not where they were


def test_rows_without_an_indicator_say_nothing_unless_something_was_answered() -> None:
    heading: Row = ("A1 Leadership", *[None] * 7)
    note: Row = (None, "my own note", *[None] * 6)
    lost: Row = ("Z9", "", 2, None, None, None, None, None)
    assert say(heading, FIRST, note, lost) == [
        "Answers!C5: this row belongs to no indicator: move it to the row of its indicator, or empty it"
    ]


def test_a_key_that_is_gone_is_found_by_its_code() -> None:
    found, problems = entries_of(("A1.2", "", 1, None, None, None, None, 3))
    assert (found, problems) == ([Entry("lead", 2, None, 1)], [])


def test_cells_that_were_mixed_are_said() -> None:
    """Sorted by one column only: an answer would come to stand beside another indicator."""
    assert say(("A1.2", "", 2, None, None, None, "vision", 1))[0].startswith(
        "Answers!A2: the row of A1.1 says ‘A1.2’ here, so its cells have been mixed with others"
    )
    assert say(("A1.2", "", 2, None, None, None, "elsewhere", 1))[0].startswith(
        "Answers!A2: this row’s indicator is not in the audit"
    )


def test_a_row_that_stands_twice_is_left_out_unless_both_say_the_same() -> None:
    other = (*FIRST[:2], 0, *FIRST[3:])
    found, problems = entries_of(FIRST, other, FIRST)
    assert found == []
    assert [one.sentence for one in problems] == [
        "Answers!A3: this indicator stands in row 2 too, with another answer: delete one of the rows"
    ]
    assert entries_of(FIRST, FIRST) == ([Entry("vision", 2, 3, 2, "", "Words")], [])


def test_merged_cells_are_said() -> None:
    second = ("A1.2", "", None, None, None, None, "lead", 1)
    words = "these cells are merged, so it is not clear whose answer they hold: unmerge them"
    said = say(FIRST, second, change=lambda sheet: sheet.merge_cells("C2:C3"))
    assert said == [f"Answers!C2:C3: {words}"] * 2
    assert say(FIRST, change=lambda sheet: sheet.merge_cells("J2:K3")) == []


def test_a_row_in_a_range_that_began_long_before_is_merged() -> None:
    """Of ranges in any order, and one within another."""
    rows = tuple(SheetRow(number, {}) for number in (2, 4, 6, 9))
    ranges = (Merged("C8:C8", range(8, 9)), Merged("D3:D3", range(3, 4)), Merged("C1:C5", range(1, 6)))
    found = index_merged(Sheet({}, rows, (*ranges, Merged("E9:E12", range(9, 13)))))
    assert {number: one.place for number, one in found.items()} == {2: "C1:C5", 4: "C1:C5", 9: "E9:E12"}


@pytest.mark.parametrize("version", [None, "", "abc", -1, 1.5, True, 1e300, datetime.date(2026, 1, 1)])
def test_a_version_that_is_none_is_not_known(version: object) -> None:
    ((entry,), problems) = entries_of((*FIRST[:7], version))
    assert (entry.version, problems) == (None, [])


def test_columns_may_stand_anywhere() -> None:
    titles = (VERSION, COMMENTARY, None, " SCORE ", KEY, REASON, "code", HOLDS)
    found, problems = entries_of((3, "Words", "mine", 2, "vision", None, "A1.1", None), titles=titles)
    assert (found, problems) == ([Entry("vision", 2, 3, 2, "", "Words")], [])


@pytest.mark.parametrize("title", [CODE, SCORE, REASON, COMMENTARY])
def test_a_column_that_is_gone_is_said(title: str) -> None:
    titles = tuple("Other" if one == title else one for one in TITLES)
    with pytest.raises(Unfit, match=f"has no column ‘{title}’: download the answer sheet again"):
        read(make(FIRST, titles=titles))


def test_a_workbook_from_elsewhere_is_none_of_ours() -> None:
    book = openpyxl.Workbook()
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(Unfit, match="is not an answer sheet from here"):
        read(file.getvalue())


# Files made to do harm


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><sst>&j;</sst>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", SHEET_XML, "xl/workbook.xml", "_rels/.rels"])
@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, LAUGHS.decode().encode("utf-16")])
def test_xml_that_grows_or_reads_files_is_refused_unread(name: str, text: bytes) -> None:
    with pytest.raises(Unfit, match="holds parts that no spreadsheet program writes"):
        read(repack(make(FIRST), {name: text}))


@pytest.mark.parametrize("name", ["sheet1.dat", "sheet1", "sheet1.png", "sheet1.XML"])
@pytest.mark.parametrize("text", [LAUGHS, b"\n" + OUTSIDE, ("\n" + LAUGHS.decode()).encode("utf-16-le")])
def test_a_sheet_under_another_name_is_looked_at_too(name: str, text: bytes) -> None:
    content = make(FIRST)
    relations = member(content, "xl/_rels/workbook.xml.rels")
    moved = relations.replace(b"worksheets/sheet1.xml", b"worksheets/" + name.encode())
    assert moved != relations
    with pytest.raises(Unfit, match="holds parts that no spreadsheet program writes"):
        read(repack(content, {"xl/_rels/workbook.xml.rels": moved, f"xl/worksheets/{name}": text}))


@pytest.mark.parametrize(
    "part",
    [
        b"\x89PNG\r\n\x1a\n<!DOCTYPE",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"\1\0\0\0 EMF",
        "HP LaserJet".encode("utf-16-le"),
        b"",
    ],
)
def test_pictures_and_printers_are_no_xml(part: bytes) -> None:
    content = repack(make(FIRST), {"xl/media/image1.png": part})
    assert read_or_refuse(content) == [Entry("vision", 2, 3, 2, "", "Words")]


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        (b"<a/>", True),
        (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<a/>', True),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><a/>", True),
        (b"<a>&lt;!DOCTYPE</a>", True),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', False),
        (b'<?xml version="1.0" encoding="cp037"?><a/>', False),
        ("<a/>".encode("utf-16-le"), False),
        ("<a/>".encode("utf-16-be"), False),
        ("<a/>".encode("utf-16"), False),
        (b"<!--" + b" " * 9_000 + b"--><!doctype x><a/>", False),
    ],
)
def test_plain_xml_is_told_by_its_bytes(text: bytes, is_plain: bool) -> None:
    assert is_plain_xml(text) is is_plain


def test_what_unpacks_to_too_much_is_refused_unread() -> None:
    bomb = repack(make(FIRST), {"xl/sharedStrings.xml": b" " * (MOST_UNPACKED + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(Unfit, match="unpacks to far more"):
        read(bomb)


def test_a_size_that_lies_is_damage() -> None:
    """The archive says that a part is small; reading stops there, and what was read is no whole part."""
    content = bytearray(
        repack(make(FIRST), {"xl/sharedStrings.xml": b"<sst>" + b" " * 5_000_000 + b"</sst>"})
    )
    real = (5_000_011).to_bytes(4, "little")
    assert real in content
    with pytest.raises(Unfit, match="is damaged"):
        read(bytes(content.replace(real, (100).to_bytes(4, "little"))))


def test_a_cell_far_away_costs_nothing() -> None:
    def far(sheet: Worksheet) -> None:
        sheet.cell(1_048_576, 16_384, "far")

    started = time.monotonic()
    assert entries_of(FIRST, change=far)[0] == [Entry("vision", 2, 3, 2, "", "Words")]
    assert time.monotonic() - started < 5


def put_merged(merged: bytes) -> bytes:
    content = make(FIRST)
    text = member(content, SHEET_XML)
    assert b"</sheetData>" in text
    return repack(content, {SHEET_XML: text.replace(b"</sheetData>", b"</sheetData>" + merged)})


@pytest.mark.parametrize("tag", [b"<mergeCell ", b"<mergeCell ref=", b"<" + b"a" * 19 + b":mergeCell\n"])
def test_unfinished_merged_cells_cost_nothing(tag: bytes) -> None:
    """In a comment, for the rest is read as XML."""
    content = put_merged(b"<!--" + tag * (3_000_000 // len(tag)) + b"-->")
    started = time.monotonic()
    assert read_or_refuse(content) == [Entry("vision", 2, 3, 2, "", "Words")]
    assert time.monotonic() - started < 5


def test_too_many_merged_cells_are_said() -> None:
    one = b'<mergeCell ref="J2:K3"/>'
    assert read(put_merged(b"<mergeCells>" + one * MOST_MERGED + b"</mergeCells>")).merged == ()
    with pytest.raises(Unfit, match="has more than 1,000 merged cells"):
        read(put_merged(b"<mergeCells>" + one * (MOST_MERGED + 1) + b"</mergeCells>"))


def test_a_dimension_that_lies_hides_nothing() -> None:
    content = make(FIRST)
    text = member(content, SHEET_XML)
    for claim in (b'ref="A1:A1"', b'ref="A1:XFD1048576"', b'ref="?"'):
        lied = repack(content, {SHEET_XML: text.replace(b'ref="A1:H2"', claim)})
        assert read_or_refuse(lied) in ([Entry("vision", 2, 3, 2, "", "Words")], "is damaged")


def test_names_inside_the_archive_reach_nothing_outside() -> None:
    content = make(FIRST)
    relations = member(content, "xl/_rels/workbook.xml.rels")
    moved = relations.replace(b"/xl/worksheets/sheet1.xml", b"../../../../etc/passwd")
    assert moved != relations
    with pytest.raises(Unfit, match="has no column"):
        read(repack(content, {"xl/_rels/workbook.xml.rels": moved}))


def test_a_hundred_damaged_files_are_each_said_or_read() -> None:
    """Bytes turned over at random: nothing but a refusal comes out."""
    chance = random.Random(11)
    content = make(FIRST, ("A1.2", "", 1, None, "More", None, "lead", 1))
    for _ in range(100):
        broken = bytearray(content)
        for _ in range(chance.randint(1, 12)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        assert read_or_refuse(bytes(broken)) is not None


def test_a_hundred_damaged_sheets_are_each_said_or_read() -> None:
    """The same inside the archive, whose checksums would have found it."""
    chance = random.Random(12)
    content = make(FIRST)
    text = member(content, SHEET_XML)
    for _ in range(100):
        broken = bytearray(text)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.choice(b"<>&\"'0aA9/")
        assert read_or_refuse(repack(content, {SHEET_XML: bytes(broken)})) is not None


CELLS = st.one_of(
    st.none(),
    st.integers(-10, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=30),
    st.dates(datetime.date(1901, 1, 1)),
    st.sampled_from(["A1.1", "A1.2", "vision", "lead", "NA", "Another reason", "Yes", "=1", "#REF!"]),
)


@given(st.lists(st.tuples(*[CELLS] * 8), max_size=5))
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_is_understood_or_said(rows: list[Row]) -> None:
    found, problems = entries_of(*rows)
    assert len({one.key for one in found}) == len(found)
    for entry in found:
        assert entry.score in {None, 0, 1, 2}
        assert not (entry.score is not None and entry.reason)
        assert entry.reason in {"", *BANK.reasons}
    for problem in problems:
        assert problem.place.startswith("Answers!")
        assert problem.words


def test_the_crc_of_a_part_is_held() -> None:
    """A part that was changed after it was packed is damage, not data."""
    content = bytearray(make(FIRST))
    crc = zlib.crc32(member(bytes(content), SHEET_XML)).to_bytes(4, "little")
    with pytest.raises(Unfit, match="is damaged"):
        read(bytes(content.replace(crc, b"\0\0\0\0")))
