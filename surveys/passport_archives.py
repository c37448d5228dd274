"""The zip around a passport: written member by member with a list of checksums, and checked whole before it is used.

Pure. Nothing is ever unpacked under a name that the zip gives, and nothing is read beyond what the limits allow.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

from s11.web.checksums import get_sum
from surveys.evidence_containers import is_list_of_members_small
from surveys.evidence_limits import LARGEST_FILE, MEGABYTE
from surveys.passport_fields import Unreadable
from surveys.passports import EVIDENCE_FILE, Passport, read_json

JSON: Final = "passport.json"
CHECKSUMS: Final = "SHA256SUMS"
# Beside the evidence; all but the first two may be missing.
MEMBERS: Final = (
    JSON,
    CHECKSUMS,
    "README.txt",
    "audit.pdf",
    "audit.xlsx",
    "answers.csv",
    "profile.csv",
    "evidence.csv",
    "actions.csv",
    "sign-offs.csv",
    "trail.csv",
    "trail.json",
)
FOLDER: Final = "evidence/"

LARGEST_PASSPORT: Final = 400 * MEGABYTE
MOST_MEMBERS: Final = 3_000
MOST_UNPACKED: Final = 1_000 * MEGABYTE
LONGEST_JSON: Final = 16 * MEGABYTE
LONGEST_LIST: Final = MEGABYTE
LONGEST_COPY: Final = 200 * MEGABYTE

CHUNK: Final = 1 << 18
LINE: Final = re.compile(r"([0-9a-f]{64}) [ *](.+)")
WAYS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED: Final = "The zip is damaged: download the passport again."
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    LookupError,
    RuntimeError,
    struct.error,
    zlib.error,
    EOFError,
    OSError,
)


# Writing --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """A member as it stands in the zip."""

    size: int
    sha256: str


class _Counting(io.RawIOBase):
    """Passes bytes on, and keeps their number and SHA-256."""

    def __init__(self, target: IO[bytes]) -> None:
        self.target = target
        self.size = 0
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.size += len(data)
        self.sha256.update(data)
        return self.target.write(data)


class ArchiveWriter:
    """Streams members into a zip; `finish` adds the checksums of all of them.

    A member of more than 2 GiB needs the longer form of its header, which is written before its size is known; it is
    chosen with `has_large_members`, for the oldest programs cannot read it.
    """

    def __init__(self, target: IO[bytes], *, has_large_members: bool = False) -> None:
        self._has_large_members = has_large_members
        self.archive = zipfile.ZipFile(target, "w")
        self.written: dict[str, Written] = {}

    @contextmanager
    def open(self, name: str, *, is_packed: bool = True) -> Iterator[IO[bytes]]:
        """Evidence is not packed: most of it is packed already, and so it costs no time."""
        member = zipfile.ZipInfo(name, time.localtime()[:6])
        member.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        member.external_attr = 0o644 << 16
        with self.archive.open(member, "w", force_zip64=self._has_large_members) as inner:
            counting = _Counting(inner)
            with io.BufferedWriter(counting, CHUNK) as stream:
                yield stream
        self.written[name] = Written(counting.size, counting.sha256.hexdigest())

    def add(self, name: str, content: bytes) -> None:
        with self.open(name) as member:
            member.write(content)

    def add_file(self, name: str, source: IO[bytes]) -> Written:
        with self.open(name, is_packed=False) as member:
            while piece := source.read(CHUNK):
                member.write(piece)
        return self.written[name]

    def finish(self) -> None:
        lines = [f"{one.sha256}  {name}\n" for name, one in sorted(self.written.items())]
        self.add(CHECKSUMS, "".join(lines).encode())
        self.archive.close()


# Reading --------------------------------------------------------------------------------------------------------------


def check_archive(content: IO[bytes], size: int) -> Passport:
    """Everything about an uploaded zip: bounds, version, names, checksums, and what it says. Raises Unreadable."""
    if size > LARGEST_PASSPORT:
        raise refuse_large()
    with _open(content, size) as archive:
        members = check_members(archive)
        passport = read_json(_read_whole(archive, JSON, LONGEST_JSON))
        check_member_names(members)
        sums = _read_checksums(archive)
        _check_listed(members, sums)
        _check_content(archive, members, sums)
    _check_files(passport, members, sums)
    return passport


def refuse_large() -> Unreadable:
    return Unreadable(
        f"The file is larger than {LARGEST_PASSPORT // MEGABYTE} MB, which is the most that can be brought in: "
        "ask whoever runs this site to bring it in for you."
    )


def read_passport(content: IO[bytes], size: int) -> Passport:
    """Of a zip that was checked before."""
    with _open(content, size) as archive:
        return read_json(_read_whole(archive, JSON, LONGEST_JSON))


def read_sums(content: IO[bytes], size: int) -> dict[str, str]:
    """The SHA-256 of each member, by name."""
    with _open(content, size) as archive:
        return _read_checksums(archive)


@contextmanager
def open_file(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """One member of a zip that was checked before."""
    with _as_damage(), archive.open(name) as member:
        yield member


@contextmanager
def _open(content: IO[bytes], size: int) -> Iterator[zipfile.ZipFile]:
    with open_archive(content, size) as archive, _as_damage():
        yield archive


@contextmanager
def open_archive(content: IO[bytes], size: int) -> Iterator[zipfile.ZipFile]:
    """For many members: the list of them is read once. What else fails meanwhile is not the zip's damage."""
    content.seek(0)
    if content.read(4) != b"PK\x03\x04":
        raise Unreadable("That is not a zip: choose the passport as it was downloaded, without unpacking it.")
    if not is_list_of_members_small(content, size):
        raise _refuse_many()
    content.seek(0)
    with _as_damage():
        archive = zipfile.ZipFile(content)
    with archive:
        yield archive


@contextmanager
def _as_damage() -> Iterator[None]:
    try:
        yield
    except BROKEN:
        raise Unreadable(DAMAGED) from None


def _refuse_many() -> Unreadable:
    return Unreadable(
        f"The zip holds more than {MOST_MEMBERS:,} files, and no passport does: choose the zip as it was downloaded."
    )


def check_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """By name, after their number, sizes and ways of packing were looked at. Nothing is unpacked yet."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _refuse_many()
    members = {info.filename: info for info in infos if info.filename != FOLDER or info.file_size}
    if len(members) < len([info for info in infos if info.filename != FOLDER]):
        raise Unreadable("The zip holds two files of the same name: choose the zip as it was downloaded.")
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable("The zip is locked with a password: choose the zip as it was downloaded.")
    if any(info.compress_type not in WAYS for info in infos):
        raise Unreadable("The zip is packed in an unusual way: choose the zip as it was downloaded.")
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise _refuse_bomb()
    for name in (JSON, CHECKSUMS):
        if name not in members:
            raise Unreadable(
                f"The zip has no {name}, so it is no passport of an audit: "
                "choose the zip that ‘Zip of everything’ made."
            )
    return members


def _refuse_bomb() -> Unreadable:
    return Unreadable(
        "The zip unpacks to far more than a passport holds: choose the zip as it was downloaded."
    )


def check_member_names(members: Mapping[str, zipfile.ZipInfo]) -> None:
    for name, info in members.items():
        is_evidence = EVIDENCE_FILE.fullmatch(name) is not None
        if not is_evidence and name not in MEMBERS:
            shown = name if name.isprintable() and len(name) <= 80 else "one with another name"
            raise Unreadable(
                f"The zip holds a file that no passport has ({shown}): choose the zip as it was downloaded."
            )
        if info.file_size > (LARGEST_FILE if is_evidence else LONGEST_COPY):
            raise _refuse_bomb()


def _read_whole(archive: zipfile.ZipFile, name: str, longest: int) -> bytes:
    if archive.getinfo(name).file_size > longest:
        raise _refuse_bomb()
    with archive.open(name) as member:
        return member.read(longest)


def _read_checksums(archive: zipfile.ZipFile) -> dict[str, str]:
    text = _read_whole(archive, CHECKSUMS, LONGEST_LIST).decode("utf-8", "replace")
    found: dict[str, str] = {}
    for line in text.splitlines():
        parts = LINE.fullmatch(line)
        if parts is None or parts[2] in found:
            raise Unreadable(
                f"The list of checksums ({CHECKSUMS}) cannot be read: download the passport again."
            )
        found[parts[2]] = parts[1]
    return found


def _check_listed(members: Iterable[str], sums: Mapping[str, str]) -> None:
    held = set(members) - {CHECKSUMS}
    if missing := sorted(set(sums) - held):
        raise Unreadable(
            f"The zip lacks {missing[0]}, which its checksums name: download the passport again."
        )
    if unlisted := sorted(held - set(sums)):
        raise Unreadable(f"The checksums do not name {unlisted[0]}: download the passport again.")


def _check_content(archive: zipfile.ZipFile, members: Iterable[str], sums: Mapping[str, str]) -> None:
    for name in members:
        if name == CHECKSUMS:
            continue
        with archive.open(name) as member:
            found = get_sum(member)
        if found != sums[name]:
            raise Unreadable(f"{name} in the zip was changed after it was made: download the passport again.")


def _check_files(passport: Passport, members: Mapping[str, zipfile.ZipInfo], sums: Mapping[str, str]) -> None:
    """What the JSON says of its files is so, and every file of evidence is said something of."""
    versions = [version for item in passport.evidence for version in item.versions if version.file]
    for version in versions:
        info = members.get(version.file)
        if info is None or (info.file_size, sums[version.file]) != (version.size, version.sha256):
            raise Unreadable(
                f"{version.file} is not the file that passport.json speaks of: download the passport again."
            )
    named = {version.file for version in versions}
    if foreign := sorted(name for name in members if name.startswith(FOLDER) and name not in named):
        raise Unreadable(f"passport.json says nothing of {foreign[0]}: choose the zip as it was downloaded.")
