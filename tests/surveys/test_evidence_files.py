"""What a file is, by its content and held against its name: each wrong one gets one sentence that names it."""

from __future__ import annotations

import hashlib
import io
import struct
import unicodedata
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from surveys import evidence_files
from surveys.evidence_containers import MOST_MEMBERS
from surveys.evidence_files import LONGEST_NAME, UNSEEN, FoundFile, Refused, check_file, clean_name
from surveys.evidence_limits import LARGEST_FILE
from surveys.evidence_types import TYPES
from tests.surveys.evidence_samples import (
    ELF,
    GIF,
    GOOD,
    HTML,
    OFFICE,
    OPEN,
    PDF,
    PNG,
    PROGRAM,
    SVG,
    TEXT,
    WORD,
    make_compound,
    make_office,
    make_zip,
)


def check(name: str, content: bytes) -> FoundFile:
    return check_file(name, io.BytesIO(content))


def refuse(name: str, content: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        check(name, content)
    return str(refusal.value)


def test_there_is_a_sample_of_each_kind() -> None:
    assert GOOD.keys() == TYPES.keys()


def with_sector_shift(shift: int) -> bytes:
    """A document of Word 97 whose sectors are 2 to this power of bytes."""
    content = make_compound("WordDocument")
    return content[:30] + bytes([shift]) + content[31:]


@pytest.mark.parametrize("kind", GOOD)
def test_each_kind_is_found_by_its_content(kind: str) -> None:
    name, content = GOOD[kind]
    found = check(name, content)
    assert found == FoundFile(name, TYPES[kind], len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("ending", [".pdf", ".docx", ".png", ".exe", ""])
def test_each_kind_is_held_against_its_name(kind: str, ending: str) -> None:
    _, content = GOOD[kind]
    if ending in TYPES[kind].endings:
        return
    sentence = refuse(f"Plan{ending}", content)
    assert sentence.startswith(f"‘Plan{ending}’ is ")
    assert "rename it to end in" in sentence


def test_a_name_that_says_otherwise_is_told_what_the_content_is() -> None:
    assert refuse("Plan.pdf", make_office(WORD)) == (
        "‘Plan.pdf’ is a Word document, but its name ends in .pdf: choose the right file, or rename it to end in .docx."
    )
    assert "is an Excel workbook, but its name has no ending" in refuse("Staff", GOOD["xlsx"][1])
    assert "is plain text, but its name ends in .pdf" in refuse("Plan.pdf", TEXT)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("Plan.pdf", b"", "is empty"),
        ("Plan.pdf", b"x" * (LARGEST_FILE + 1), "is larger than 20 MB"),
        ("Plan.pdf", HTML, "is a web page (HTML)"),
        ("Notes.txt", b"\n  <script>alert(1)</script>", "is a web page (HTML)"),
        ("Notes.txt", "<html>".encode("utf-16"), "is a web page (HTML)"),
        ("Poster.png", SVG, "is an SVG picture"),
        ("Poster.svg", SVG, "is an SVG picture"),
        ("Plan.pdf", PROGRAM, "is a program"),
        ("Plan.docx", ELF, "is a program"),
        ("Plan.exe", PROGRAM, "is a program"),
        ("Plan.doc", b"{\\rtf1 Hello}", "is a rich text file"),
        ("Plan.zip", make_zip({"a.txt": b"a"}), "is an archive of other files"),
        ("Plan.docx", make_zip({"a.txt": b"a"}), "is an archive of other files"),
        ("Plan.docx", make_office(WORD.replace("document.main", "template.main")), "is an archive"),
        ("Plan.odt", make_zip({"mimetype": f"{OPEN}.graphics".encode()}), "is an archive of other files"),
        ("Plan.docx", make_office(WORD, **{"word/vbaProject.bin": b"x"}), "holds macros"),
        ("Plan.doc", make_compound("WordDocument", "Macros"), "holds macros"),
        ("Staff.xls", make_compound("Workbook", "_VBA_PROJECT_CUR"), "holds macros"),
        ("Staff.xls", make_compound("Workbook", embedded="_VBA_PROJECT"), "holds macros"),
        (
            "Plan.odt",
            make_zip({"mimetype": f"{OPEN}.text".encode(), "Basic/Standard/Module1.xml": b"<x/>"}),
            "holds macros",
        ),
        ("Plan.docm", make_office("application/vnd.ms-word.document.macroEnabled.main+xml"), "holds macros"),
        (
            "Plan.docx",
            make_office(WORD + '"/><Default ContentType="application/vnd.ms-office.vbaProject'),
            "macros",
        ),
        ("Plan.docx", make_office(WORD)[:-30], "is damaged"),
        ("Plan.docx", b"PK\x03\x04" + b"\0" * 50, "is damaged"),
        ("Plan.docx", make_compound("EncryptionInfo", "EncryptedPackage"), "is locked with a password"),
        ("Plan.doc", make_compound("Something"), "is of a kind that is not taken: choose one of PDF, Word"),
        ("Plan.doc", make_compound("x", embedded="WordDocument"), "is of a kind that is not taken"),
        ("Plan.doc", bytes.fromhex("d0cf11e0a1b11ae1"), "is damaged"),
        *(("Plan.doc", with_sector_shift(shift), "is damaged") for shift in (0, 1, 11, 255)),
        ("Plan.pdf", PDF + make_zip({"a.class": b"\xca\xfe\xba\xbe"}), "is two files in one"),
        ("Poster.gif", GIF + make_zip({"a.class": b"\xca\xfe\xba\xbe"}), "is two files in one"),
        ("Poster.png", PNG + make_zip({"a.exe": PROGRAM}), "is two files in one"),
        ("Plan.pdf", PDF + HTML, "is two files in one"),
        ("Notes.txt", TEXT + b"\0\1\2", "is of a kind that is not taken: choose one of PDF, Word"),
        ("Notes.txt", b"\xff\xfea\0\0\0", "is of a kind that is not taken: choose one of PDF, Word"),
        ("Film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 64, "is a video"),
        ("Scan.tiff", b"II*\0\x08\0\0\0" + b"\0" * 64, "is a picture of another kind"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_that_names_the_file(
    name: str, content: bytes, words: str
) -> None:
    sentence = refuse(name, content)
    assert sentence.startswith(f"‘{name}’ ")
    assert words in sentence
    assert sentence.endswith(".")
    assert ". " not in sentence


def test_an_archive_that_unpacks_to_gigabytes_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = make_office(WORD, **{"word/big.xml": b"\0" * (150 << 20)})
    assert len(bomb) < 1 << 20
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was opened"))
    assert "unpacks to far more than a document holds" in refuse("Plan.docx", bomb)


def test_a_list_of_members_without_end_is_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members too many, a list too long, and the format for more than four gigabytes: told by the last record alone."""
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("it was read"))

    def end(members: int, size: int, before: bytes = b"") -> bytes:
        record = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members, members, size, 0, 0)
        return b"PK\x03\x04" + b"\0" * 100 + before + record

    for content in (
        end(MOST_MEMBERS + 1, 100),
        end(1, 1 << 24),
        end(1, 100, b"PK\x06\x07" + b"\0" * 16),
    ):
        assert "unpacks to far more than a document holds" in refuse("Plan.docx", content)


def test_content_types_that_go_on_for_ever_are_read_to_a_limit() -> None:
    long = b" " * (2 << 20) + WORD.encode()
    assert "archive of other files" in refuse("Plan.docx", make_zip({"[Content_Types].xml": long}))


def test_a_chain_that_goes_in_circles_ends() -> None:
    content = bytearray(make_compound("WordDocument"))
    struct.pack_into("<I", content, 512 + 4, 1)
    assert check("Plan.doc", bytes(content)).type == TYPES["doc"]


def test_texts_in_other_encodings_are_text() -> None:
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        assert check("Notes.txt", "Café, naïve\n".encode(encoding)).type == TYPES["text"]
    assert check("Notes.txt", GOOD["eml"][1]).type == TYPES["text"]
    assert "is an E-mail" in refuse("Notes.csv", GOOD["eml"][1])


def test_the_largest_file_is_taken() -> None:
    assert check("Notes.txt", b"x" * LARGEST_FILE).size == LARGEST_FILE


def test_a_file_is_read_in_pieces() -> None:
    class Counting(io.BytesIO):
        longest = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self.longest = max(self.longest, len(data))
            return data

    content = Counting(PDF + b" " * (5 << 20))
    check_file("Plan.pdf", content)
    assert content.longest == evidence_files.PIECE


@given(st.binary(max_size=2_000), st.sampled_from(["a.pdf", "a.docx", "a.doc", "a.txt", "a.eml", "a"]))
@example(b"PK\x03\x04", "a.docx")
@example(b"PK\x05\x06", "a.docx")
def test_no_content_does_more_than_be_refused(content: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"%PDF-1.4"):
        try:
            found = check(name, start + content)
        except Refused as refusal:
            assert str(refusal).startswith(f"‘{name}’ ")  # noqa: PT017  either outcome is right
        else:
            assert name.endswith(found.type.endings)


@given(st.data())
def test_no_damage_to_a_document_does_more_than_be_refused(data: st.DataObject) -> None:
    name, content = data.draw(st.sampled_from(sorted(GOOD.values())))
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        check(name, bytes(damaged))
    except Refused as refusal:
        assert str(refusal).startswith(f"‘{name}’ ")  # noqa: PT017  either outcome is right


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Plan.pdf", "Plan.pdf"),
        ("C:\\Users\\Jo\\Desktop\\Plan.pdf", "Plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/", "unnamed"),
        ("..", "unnamed"),
        ("Pl\0an.pdf", "Plan.pdf"),
        ("Plan\u202efdp.exe", "Planfdp.exe"),
        ("Plan\r\nX-Header: 1.pdf", "Plan X-Header_ 1.pdf"),
        ('a"b<c>|?*.pdf', "a_b_c____.pdf"),
        ("  Plan .pdf. ", "Plan .pdf"),
        (".htaccess", "htaccess"),
        ("e\u0301tude.pdf", "étude.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_whatever_the_name_what_is_kept_is_safe(given_name: str) -> None:
    name = clean_name(given_name)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\<>:"|?*')
    assert not {unicodedata.category(char) for char in name} & UNSEEN
    assert name.strip(". ") == name
    assert clean_name(name) == name


def test_a_title_is_the_name_without_its_ending() -> None:
    assert check("Safer_recruitment_policy.v2.pdf", PDF).title == "Safer recruitment policy.v2"
    assert OFFICE in TYPES["docx"].content_type
