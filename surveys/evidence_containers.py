"""What is inside files that hold other files: Office and OpenDocument archives, and the older compound files.

Pure. Nothing is unpacked beyond two small members, and those only up to a limit: an archive may promise gigabytes.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from surveys.evidence_types import KINDS_IN_WORDS

ZIP_SIGNATURE: Final = b"PK\x03\x04"
COMPOUND_SIGNATURE: Final = bytes.fromhex("d0cf11e0a1b11ae1")

# An archive ends with a record of 22 bytes and a comment of at most 65,535.
END_RECORD: Final = struct.Struct("<4s4H2IH")
LONGEST_COMMENT: Final = 65_535
# Far above any real document's, and small enough to read: its list of members is held in memory.
MOST_MEMBERS: Final = 10_000
LONGEST_LIST: Final = 2 << 20
# Text packs some ten to thirty times, a bomb a thousand times.
MOST_UNPACKED: Final = 100 << 20
MOST_TIMES: Final = 100
LONGEST_MEMBER: Final = 1 << 20

# The main part of each kind of Office document, as [Content_Types].xml names it; a template is no document.
OFFICE_PARTS: Final = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"presentationml.presentation.main+xml", "pptx"),
    (b"presentationml.slideshow.main+xml", "pptx"),
)
OPEN_DOCUMENTS: Final = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
COMPOUND_STREAMS: Final = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "msg"),
)
# Where Word, Excel and whatever is embedded in either keep macros.
MACRO_STREAMS: Final = {"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"}
# A project of Office under any name for its document; modules of LibreOffice, without the lists that it always writes.
MACRO_MEMBERS: Final = re.compile(
    r"(^|/)vbaProject\.bin$|^Basic/[^/]+/(?!script-lb\.xml$)[^/]+\.xml$|^Scripts/.*[^/]$", re.IGNORECASE
)
DIRECTORY_SECTORS: Final = 64
NO_ENTRY: Final = 0xFFFFFFFF
SECTOR_SHIFTS: Final = (9, 12)  # [MS-CFB] 2.2: sectors of 512 or of 4,096 bytes
END_OF_CHAIN: Final = 0xFFFFFFFA

DAMAGED: Final = "is damaged: open it, save it again, and choose the new file"
LOCKED: Final = "is locked with a password: save it without one, for nobody else could open it"
MACROS: Final = "holds macros, which are programs: save it without them, or as a PDF"
BOMB: Final = "unpacks to far more than a document holds: save it again, or as a PDF"
ARCHIVE: Final = "is an archive of other files: take them out, and choose them one by one"


class Unfit(Exception):
    """Why a container is no evidence: the words that follow the file's name."""


# Archives -------------------------------------------------------------------------------------------------------------


def find_archive_kind(content: IO[bytes], size: int) -> str:
    """Its usual ending without the dot, such as `docx`."""
    if not is_list_of_members_small(content, size):
        raise Unfit(BOMB)
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            check_is_no_bomb(archive, size)
            return find_document_kind(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, zlib.error, EOFError, OSError):
        raise Unfit(DAMAGED) from None


def find_end_record(content: IO[bytes], size: int) -> tuple[int, tuple[int, ...]] | None:
    """Where an archive's last record lies, and its numbers; None where the file ends with no archive."""
    reach = min(size, END_RECORD.size + LONGEST_COMMENT)
    content.seek(size - reach)
    tail = content.read(reach)
    at = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - END_RECORD.size + 4))
    if at < 0:
        return None
    return size - reach + at, END_RECORD.unpack_from(tail, at)[1:]


def is_list_of_members_small(content: IO[bytes], size: int) -> bool:
    """Asked before the list is read. An archive in the format for more than four gigabytes is none of ours."""
    end = find_end_record(content, size)
    if end is None:
        return True  # damaged, which reading it says
    at, (_, _, _, members, list_size, _, _) = end
    content.seek(max(0, at - 20))
    is_huge = content.read(4) == b"PK\x06\x07"
    return not is_huge and members <= MOST_MEMBERS and list_size <= LONGEST_LIST


def has_archive_behind(content: IO[bytes], size: int) -> bool:
    """Whether a file that begins as something else can be opened as an archive too."""
    end = find_end_record(content, size)
    if end is None:
        return False
    at, (_, _, _, members, list_size, _, _) = end
    if not members or list_size > at:
        return False
    content.seek(at - list_size)
    return content.read(4) == b"PK\x01\x02"


def check_is_no_bomb(archive: zipfile.ZipFile, size: int) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MOST_UNPACKED and unpacked > MOST_TIMES * size:
        raise Unfit(BOMB)


def find_document_kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if any(MACRO_MEMBERS.search(name) for name in names):
        raise Unfit(MACROS)
    if "mimetype" in names:
        kind = OPEN_DOCUMENTS.get(read_start(archive, "mimetype").strip())
    elif "[Content_Types].xml" in names:
        parts = read_start(archive, "[Content_Types].xml")
        if b"macroEnabled" in parts or b"vbaProject" in parts:
            raise Unfit(MACROS)
        kind = next((kind for part, kind in OFFICE_PARTS if part in parts), None)
    else:
        kind = None
    if kind is None:
        raise Unfit(ARCHIVE)
    return kind


def read_start(archive: zipfile.ZipFile, name: str) -> bytes:
    """At most a limited part of a member, whatever size it claims."""
    if archive.getinfo(name).flag_bits & 1:
        raise Unfit(LOCKED)
    with archive.open(name) as member:
        return member.read(LONGEST_MEMBER)


# Compound files: documents of Office 97 to 2003, messages of Outlook, and documents with a password -------------------


def find_compound_kind(content: IO[bytes]) -> str:
    """By the streams at the top of its directory: what is embedded further down says nothing of the whole."""
    try:
        directory = read_directory(content)
        names = set(list_top_streams(directory))
    except (struct.error, IndexError, OSError, ValueError):
        raise Unfit(DAMAGED) from None
    if "EncryptedPackage" in names:
        raise Unfit(LOCKED)
    if MACRO_STREAMS & set(list_streams(directory)):
        raise Unfit(MACROS)
    for stream, kind in COMPOUND_STREAMS:
        if stream in names:
            return kind
    raise Unfit(f"is of a kind that is not taken: choose one of {KINDS_IN_WORDS}")


def read_directory(content: IO[bytes]) -> bytes:
    """The first sectors of the directory, along their chain; a chain that goes in circles ends at the limit."""
    content.seek(0)
    header = content.read(512)
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in SECTOR_SHIFTS:
        raise ValueError(f"A compound file has no sectors of 2 to the power of {shift} bytes.")
    sector_size = 1 << shift
    (sector,) = struct.unpack_from("<I", header, 48)
    tables = struct.unpack_from("<109I", header, 76)
    directory = b""
    for _ in range(DIRECTORY_SECTORS):
        if sector >= END_OF_CHAIN:
            break
        content.seek((sector + 1) * sector_size)
        directory += content.read(sector_size)
        number, position = divmod(sector, sector_size // 4)
        if number >= len(tables):
            break
        content.seek((tables[number] + 1) * sector_size + 4 * position)
        (sector,) = struct.unpack("<I", content.read(4))
    return directory


def list_streams(directory: bytes) -> Iterator[str]:
    """All names, wherever they lie: what is embedded further down may hold macros too."""
    for at in range(0, len(directory) - 127, 128):
        yield _read_name(directory[at : at + 128])


def _read_name(entry: bytes) -> str:
    length = min(struct.unpack_from("<H", entry, 64)[0], 64)
    return entry[: max(0, length - 2)].decode("utf-16-le", "replace")


def list_top_streams(directory: bytes) -> Iterator[str]:
    """Names of what lies directly under the root: a tree of entries, each with a left and a right neighbour."""
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    waiting = [struct.unpack_from("<I", entries[0], 76)[0]]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        entry = entries[number]
        yield _read_name(entry)
        waiting += struct.unpack_from("<2I", entry, 68)
