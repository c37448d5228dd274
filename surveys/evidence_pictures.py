"""Pictures without what a camera, a phone or a program wrote into them: where, when, with what and by whom.

Pure. The pixels are not touched: of JPEG and PNG only the parts that make the picture are copied, in HEIC the others
are overwritten. Which way up it is stays, and so does its colour profile; what lies behind the picture goes.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image

from surveys.evidence_containers import DAMAGED, Unfit

# More than the largest cameras of phones; whoever opened such a picture would need gigabytes.
MOST_PIXELS: Final = 128_000_000
TOO_MANY: Final = "has more than 128 million pixels, which few programs could open: make it smaller"
MOVING: Final = "is a moving picture: save it as a JPEG"

ORIENTATION: Final = 274
# TIFF with one entry, the orientation.
TIFF: Final = struct.Struct(">2sHLHHHLHHL")

START_OF_FRAME: Final = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
# What follows a scan: a marker that is neither a stuffed zero nor a restart.
NEXT_MARKER: Final = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PNG_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS iCCP sRGB gAMA cHRM cICP sBIT pHYs bKGD hIST acTL fcTL fdAT".split()
)


def strip(kind: str, content: bytes) -> bytes:
    """The picture as it is kept: the same bytes where there is nothing to take out. Raises Unfit."""
    try:
        match kind:
            case "jpeg":
                return _strip_jpeg(content)
            case "png":
                return _strip_png(content)
            case "heic":
                return _strip_heic(content)
            case _:
                return content
    except (struct.error, IndexError, ValueError):
        raise Unfit(DAMAGED) from None


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Unfit(TOO_MANY)


def _read_orientation(tiff: bytes) -> int:
    """1 to 8; 1, the usual way up, where it says nothing that is understood."""
    exif = Image.Exif()
    try:
        exif.load(tiff)
        found = exif.get(ORIENTATION)
    except Exception:  # noqa: BLE001  broken in whatever way, it is thrown away
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _make_tiff(orientation: int) -> bytes:
    return TIFF.pack(b"MM", 42, 8, 1, ORIENTATION, 3, 1, orientation, 0, 0)


# JPEG -----------------------------------------------------------------------------------------------------------------


def _strip_jpeg(content: bytes) -> bytes:
    kept: list[bytes] = []
    orientation, has_frame = 1, False
    for marker, part in _list_jpeg_parts(content):
        body = part[4:]
        if marker in START_OF_FRAME:
            height, width = struct.unpack_from(">HH", body, 1)
            _check_size(width, height)
            has_frame = True
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = _read_orientation(body)
        if _makes_jpeg(marker, body):
            kept.append(part)
    if not has_frame:
        raise Unfit(DAMAGED)
    if orientation > 1:
        said = b"Exif\0\0" + _make_tiff(orientation)
        at = 1 if kept and kept[0].startswith(b"\xff\xe0") else 0
        kept.insert(at, b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said)
    return b"\xff\xd8" + b"".join(kept) + b"\xff\xd9"


def _makes_jpeg(marker: int, body: bytes) -> bool:
    """Comments and what applications wrote go, but for what says how its colours are meant."""
    if marker == 0xE0:
        return body.startswith(b"JFIF\0")
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return body.startswith(b"Adobe")
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _list_jpeg_parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Up to the end of the image; a scan comes with its data. What is behind the end is not looked at."""
    at = 2
    while at < len(content):
        if content[at] != 0xFF:
            raise Unfit(DAMAGED)
        while content[at + 1] == 0xFF:
            at += 1
        marker = content[at + 1]
        if marker == END_OF_IMAGE:
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            yield marker, content[at : at + 2]
            at += 2
            continue
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == START_OF_SCAN:
            following = NEXT_MARKER.search(content, end)
            end = following.start() if following else len(content)
        if end > len(content):
            raise Unfit(DAMAGED)
        yield marker, content[at:end]
        at = end


# PNG ------------------------------------------------------------------------------------------------------------------


def _strip_png(content: bytes) -> bytes:
    kept, orientation, at = [PNG_SIGNATURE], 1, len(PNG_SIGNATURE)
    while at < len(content):
        (length,) = struct.unpack_from(">L", content, at)
        name, chunk = content[at + 4 : at + 8], content[at : at + 12 + length]
        if len(chunk) < 12 + length:
            raise Unfit(DAMAGED)
        if name == b"IHDR":
            _check_size(*struct.unpack_from(">LL", chunk, 8))
        if name == b"eXIf":
            orientation = _read_orientation(b"Exif\0\0" + chunk[8:-4])
        if name == b"IEND" and orientation > 1:
            kept.append(_make_chunk(b"eXIf", _make_tiff(orientation)))
        if name in PNG_KEPT:
            kept.append(chunk)
        if name == b"IEND":
            return b"".join(kept)
        at += len(chunk)
    raise Unfit(DAMAGED)


def _make_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


# HEIC: boxes in boxes. What describes the picture is an item beside it, and is overwritten where it lies ---


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    start: int
    body: int
    end: int


def _list_boxes(content: bytes, start: int, end: int) -> Iterator[_Box]:
    while start + 8 <= end:
        size, name = struct.unpack_from(">L4s", content, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, body)
            body += 8
        stop = start + size if size else end
        if not body <= stop <= end:
            raise Unfit(DAMAGED)
        yield _Box(name, start, body, stop)
        start = stop


def _strip_heic(content: bytes) -> bytes:
    boxes = list(_list_boxes(content, 0, len(content)))
    meta = next((box for box in boxes if box.name == b"meta"), None)
    if any(box.name == b"moov" for box in boxes):
        raise Unfit(MOVING)
    if meta is None:
        raise Unfit(DAMAGED)
    kept = bytearray(content)
    inner = {box.name: box for box in _list_boxes(content, meta.body + 4, meta.end)}
    for box in [one for one in boxes if one.name in {b"uuid", b"free", b"skip"}]:
        kept[box.body : box.end] = bytes(box.end - box.body)
    _check_heic_size(content, inner)
    described = set(_list_described(content, inner))
    for item, start, length in _list_extents(content, inner):
        if item in described:
            if start + length > len(content):
                raise Unfit(DAMAGED)
            kept[start : start + length] = _make_blank(length)
    return bytes(kept)


def _make_blank(length: int) -> bytes:
    """Exif that says nothing, or where there is no room for it, nothing."""
    blank = b"\0\0\0\0" + struct.pack(">2sHLHL", b"MM", 42, 8, 0, 0)
    return blank.ljust(length, b"\0") if length >= len(blank) else bytes(length)


def _check_heic_size(content: bytes, inner: dict[bytes, _Box]) -> None:
    for properties in (inner[b"iprp"],) if b"iprp" in inner else ():
        for container in _list_boxes(content, properties.body, properties.end):
            if container.name != b"ipco":
                continue
            for box in _list_boxes(content, container.body, container.end):
                if box.name == b"ispe":
                    _check_size(*struct.unpack_from(">LL", content, box.body + 4))


def _list_described(content: bytes, inner: dict[bytes, _Box]) -> Iterator[int]:
    """Numbers of the items that describe the picture: Exif, and XMP, which is a file of its own inside."""
    box = inner.get(b"iinf")
    if box is None:
        return
    start = box.body + (6 if content[box.body] == 0 else 8)
    for entry in _list_boxes(content, start, box.end):
        version = content[entry.body]
        item, _, kind = struct.unpack_from(">HH4s" if version < 3 else ">LH4s", content, entry.body + 4)
        if kind in {b"Exif", b"mime", b"uri "}:
            yield item


def _list_extents(content: bytes, inner: dict[bytes, _Box]) -> Iterator[tuple[int, int, int]]:
    """Of each item, where its bytes lie: its number, the place in the file, and how many."""
    box = inner.get(b"iloc")
    if box is None:
        return
    version, at = content[box.body], box.body + 4
    sizes = content[at] >> 4, content[at] & 15, content[at + 1] >> 4, content[at + 1] & 15
    of_offset, of_length, of_base, of_index = sizes
    at += 2

    def take(size: int) -> int:
        nonlocal at
        at += size
        if at > box.end:
            raise Unfit(DAMAGED)
        return int.from_bytes(content[at - size : at])

    number = 4 if version == 2 else 2
    for _ in range(take(number)):
        item = take(number)
        method = take(2) & 15 if version else 0
        take(2)
        base = take(of_base)
        origin = inner[b"idat"].body if method == 1 and b"idat" in inner else 0
        for _ in range(take(2)):
            if version:
                take(of_index)
            yield item, origin + base + take(of_offset), take(of_length)
