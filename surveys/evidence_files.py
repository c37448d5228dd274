"""What an uploaded file is, by its content and held against its name.

Pure: a name and an open file in, a FoundFile or a refusal in one sentence out. Nothing of the file is run, and it is
read once, piece by piece.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import IO, Final

import magic

from surveys.evidence_containers import (
    COMPOUND_SIGNATURE,
    ZIP_SIGNATURE,
    Unfit,
    find_archive_kind,
    find_compound_kind,
    has_archive_behind,
)
from surveys.evidence_limits import LARGEST_FILE, MEGABYTE
from surveys.evidence_pictures import strip
from surveys.evidence_programs import find_caution
from surveys.evidence_types import KINDS_IN_WORDS, TYPES, FileType

LONGEST_NAME: Final = 150

PIECE: Final = 1 << 18
HEAD: Final = 1 << 16

# What libmagic calls the pictures and PDFs that we take. What it says of documents and texts is too coarse: they are
# looked into.
BY_MAGIC: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/heif": "heic",
}
PICTURES: Final = ("jpeg", "png", "heic")
PROGRAM: Final = f"is a program, which is never evidence: choose one of {KINDS_IN_WORDS}"
# Of what else it may be, by the beginning of libmagic's name: the words that follow the file's name.
OTHERS: Final = (
    ("text/html", "is a web page (HTML): save it as a PDF, or add a link to it"),
    ("image/svg", "is an SVG picture, which may hold programs: save it as a PNG"),
    ("text/xml", "is an XML file: save it as a PDF"),
    ("image/", "is a picture of another kind: save it as a JPEG or PNG"),
    ("video/", "is a video: add a link to where it can be seen"),
    ("audio/", "is a sound recording: add a link to where it can be heard"),
    ("text/rtf", "is a rich text file (RTF): save it as a Word document or a PDF"),
    ("application/gzip", "is an archive of other files: take them out, and choose them one by one"),
    ("application/x-tar", "is an archive of other files: take them out, and choose them one by one"),
    ("application/x-7z", "is an archive of other files: take them out, and choose them one by one"),
    ("application/x-rar", "is an archive of other files: take them out, and choose them one by one"),
    ("application/x-dosexec", PROGRAM),
    ("application/vnd.microsoft.portable-exec", PROGRAM),
    ("application/x-executable", PROGRAM),
    ("application/x-pie-executable", PROGRAM),
    ("application/x-sharedlib", PROGRAM),
    ("application/x-mach-binary", PROGRAM),
)
UNKNOWN: Final = f"is of a kind that is not taken: choose one of {KINDS_IN_WORDS}"
TWO_IN_ONE: Final = (
    "is two files in one, as a disguise would be: open it, save it again, and choose the new file"
)

# Categories of characters that cannot be seen, or that turn the ones after them round (U+202E).
UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# What Windows allows in no file name.
FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
# Bytes that no text holds, in any encoding with one byte a character or in UTF-8.
CONTROLS: Final = bytes({*range(32)} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MARKUP: Final = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE)
HEADER: Final = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:[ \t]")
SENT: Final = re.compile(
    rb"^(from|to|subject|date|message-id|mime-version):[ \t]", re.IGNORECASE | re.MULTILINE
)


class Refused(Exception):
    """A file that is not taken. Its sentence names the file, says what is wrong and what to do."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        super().__init__(f"‘{name}’ {why}.")


class Misnamed(Refused):
    """A file that could be evidence, under a name of another kind."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be evidence: its name made safe, what it is, and its checksum."""

    name: str
    type: FileType
    size: int
    sha256: str
    # Something that was written beside the picture was taken out of it.
    is_stripped: bool = False
    # What its reader should know before it is opened; a key of Caution.
    caution: str = ""

    @property
    def title(self) -> str:
        """What to call it until somebody says otherwise: its name without the ending."""
        return PurePosixPath(self.name).stem.replace("_", " ").strip() or self.name


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one pass over the file tells."""

    size: int
    sha256: str
    head: bytes
    is_text: bool


def check_file(given_name: str, content: IO[bytes]) -> FoundFile:
    """What the file is. Raises Refused."""
    name = clean_name(given_name)
    ending = PurePosixPath(name).suffix.lower()
    reading = _read(name, content)
    try:
        kind = _find_kind(content, reading, ending)
    except Unfit as unfit:
        raise Refused(name, str(unfit)) from None
    found = TYPES[kind]
    if ending not in found.endings:
        raise Misnamed(name, _say_misnamed(found, ending))
    return FoundFile(name, found, reading.size, reading.sha256)


def receive_file(given_name: str, content: IO[bytes]) -> tuple[FoundFile, IO[bytes]]:
    """What the file is, and the bytes that are kept of it, which its checksum is of. Raises Refused."""
    found = check_file(given_name, content)
    kind = next(kind for kind, one in TYPES.items() if one is found.type)
    if kind == "pdf":
        found = replace(found, caution=find_caution(_read_all(content)))
    if kind not in PICTURES:
        content.seek(0)
        return found, content
    before = _read_all(content)
    try:
        kept = strip(kind, before)
    except Unfit as unfit:
        raise Refused(found.name, str(unfit)) from None
    checksum = hashlib.sha256(kept).hexdigest()
    found = replace(found, size=len(kept), sha256=checksum, is_stripped=kept != before)
    return found, io.BytesIO(kept)


def _read_all(content: IO[bytes]) -> bytes:
    content.seek(0)
    return content.read()


def refuse_large(given_name: str) -> Refused:
    return Refused(
        clean_name(given_name),
        f"is larger than {LARGEST_FILE // MEGABYTE} MB: make it smaller, or add a link to where it is kept",
    )


def clean_name(given: str) -> str:
    """The name without folders and without what cannot be seen, short enough to keep; its ending stays."""
    name = re.split(r"[/\\]", given)[-1]
    name = "".join(" " if char.isspace() else char for char in name)
    name = "".join(char for char in name if unicodedata.category(char) not in UNSEEN)
    name = unicodedata.normalize("NFC", FORBIDDEN.sub("_", name))
    name = " ".join(name.split()).strip(". ")
    if len(name) > LONGEST_NAME:
        ending = PurePosixPath(name).suffix[:10].rstrip(". ")
        name = name[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
    return name or "unnamed"


def _read(name: str, content: IO[bytes]) -> _Reading:
    checksum = hashlib.sha256()
    size, head, is_plain = 0, b"", True
    for piece in _pieces(content):
        size += len(piece)
        if size > LARGEST_FILE:
            raise refuse_large(name)
        checksum.update(piece)
        head = head or piece[:HEAD]
        is_plain = is_plain and len(piece.translate(None, CONTROLS)) == len(piece)
    if not size:
        raise Refused(name, "is empty: open it, save it again, and choose the new file")
    is_text = is_plain or (head.startswith(UTF_16) and _is_utf_16(content))
    return _Reading(size, checksum.hexdigest(), head, is_text)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    content.seek(0)
    while piece := content.read(PIECE):
        yield piece


def _is_utf_16(content: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        texts = [decoder.decode(piece) for piece in _pieces(content)]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not any("\0" in text for text in texts)


def _find_kind(content: IO[bytes], reading: _Reading, ending: str) -> str:
    """A key of TYPES. Raises Unfit."""
    if reading.head.startswith(ZIP_SIGNATURE):
        return find_archive_kind(content, reading.size)
    if reading.head.startswith(COMPOUND_SIGNATURE):
        return find_compound_kind(content)
    named = magic.from_buffer(reading.head, mime=True)
    kind = BY_MAGIC.get(named)
    if kind is not None:
        _check_is_one_file(kind, content, reading)
        return kind
    if reading.is_text:
        return _find_text_kind(reading.head, ending)
    raise Unfit(_describe(named))


def _check_is_one_file(kind: str, content: IO[bytes], reading: _Reading) -> None:
    """Another file before or behind it would be opened by whoever is told to."""
    if kind == "pdf" and not reading.head.startswith(b"%PDF-"):
        raise Unfit(TWO_IN_ONE)
    if has_archive_behind(content, reading.size):
        raise Unfit(TWO_IN_ONE)
    content.seek(max(0, reading.size - HEAD))
    tail = content.read()
    _, end, behind = tail.rpartition(b"%%EOF") if kind == "pdf" else (b"", b"", b"")
    if end and MARKUP.search(behind):
        raise Unfit(TWO_IN_ONE)


def _find_text_kind(head: bytes, ending: str) -> str:
    """Text, CSV or an e-mail; texts are told apart by their name, for they are all alike."""
    text = head.decode("utf-16", "replace").encode() if head.startswith(UTF_16) else head
    text = text.removeprefix(codecs.BOM_UTF8).lstrip()
    if HEADER.match(text) and len(SENT.findall(text.replace(b"\r\n", b"\n").partition(b"\n\n")[0])) > 1:
        # A text may begin like an e-mail.
        return "text" if ending == ".txt" else "eml"
    if text.startswith(b"{\\rtf"):
        raise Unfit(_describe("text/rtf"))
    if MARKUP.match(text) or text.startswith(b"<!--"):
        is_picture = re.search(rb"<\s*svg", text, re.IGNORECASE) is not None
        is_page = re.search(rb"<\s*(html|head|body|script)", text, re.IGNORECASE) is not None
        raise Unfit(_describe("image/svg" if is_picture else "text/html" if is_page else "text/xml"))
    return "csv" if ending == ".csv" else "text"


def _describe(named: str) -> str:
    return next((words for start, words in OTHERS if named.startswith(start)), UNKNOWN)


def _say_misnamed(found: FileType, ending: str) -> str:
    article = "an" if found.label[0] in "AEIO" else "a"
    what = f"is {article} {found.label}" if found.label != "Text" else "is plain text"
    said = f"its name ends in {ending}" if ending else "its name has no ending"
    return f"{what}, but {said}: choose the right file, or rename it to end in {found.endings[0]}"
