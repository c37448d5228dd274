"""Small real files of each kind that may be evidence, and hostile ones, made here: the tests need no fixtures."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\1\0\0\5\0\1"
    b"\r\n-\xb4\0\0\0\0IEND\xaeB`\x82"
)
GIF = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
EXIF = b"Exif taken with a Phone 9 at 51.5007,-0.1246 by Jo Smith on 1 March 2027"
XMP = b"<x:xmpmeta>Jo Smith</x:xmpmeta>"


def make_jpeg(**more: Any) -> bytes:
    target = io.BytesIO()
    picture = Image.new("RGB", (16, 8), "red")
    picture.paste("blue", (0, 0, 8, 8))
    picture.save(target, "JPEG", **more)
    return target.getvalue()


def make_box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">L4s", len(body) + 8, name) + body


def make_heic(*, version: int = 0, size: tuple[int, int] = (640, 480), exif: bytes = EXIF) -> bytes:
    """As much of one as says where its parts lie: a picture, and beside it what a phone wrote, in two places."""
    head = make_box(b"ftyp", b"heic\0\0\0\0mif1heic")
    full = b"\0\0\0\0"
    entries = [(1, b"hvc1", b""), (2, b"Exif", b""), (3, b"mime", b"application/rdf+xml\0")]
    infos = [
        make_box(b"infe", b"\2\0\0\0", struct.pack(">HH4s", *pair, kind), b"\0", more)
        for *pair, kind, more in ((number, 0, kind, more) for number, kind, more in entries)
    ]
    iinf = make_box(b"iinf", full, struct.pack(">H", len(infos)), *infos)
    ispe = make_box(b"ispe", full, struct.pack(">LL", *size))
    iprp = make_box(b"iprp", make_box(b"ipco", ispe))
    picture = b"PIXELS" * 20

    def make_meta(start: int, place: int) -> bytes:
        lengths = [len(picture), len(exif), len(XMP)]
        places = [start, start + len(picture), place if version else start + len(picture) + len(exif)]
        iloc = bytes([version, 0, 0, 0, 0x44, 0]) + struct.pack(">H", 3)
        for number, (at, length) in enumerate(zip(places, lengths, strict=True), 1):
            in_idat = b"" if not version else struct.pack(">H", int(number == 3))
            iloc += struct.pack(">H", number) + in_idat + struct.pack(">HHLL", 0, 1, at, length)
        idat = make_box(b"idat", XMP) if version else b""
        return make_box(b"meta", full, iinf, make_box(b"iloc", iloc), iprp, idat)

    start = len(head) + len(make_meta(0, 0)) + 8
    return head + make_meta(start, 0) + make_box(b"mdat", picture, exif, b"" if version else XMP)


JPEG = make_jpeg()
HEIC = make_heic(exif=b"")
TEXT = "Minutes of 4 March: the café’s policy was agreed.\n".encode()
EML = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Policy\r\nDate: Mon, 1 Mar 2027 10:00\r\n\r\n<html>\n"
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = (
    b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8"
    + b"\0" * 43
    + b"\x80\0\0\0"
    + b"\0" * 64
    + b"PE\0\0d\x86"
    + b"\0" * 200
)
ELF = b"\x7fELF\2\1\1" + b"\0" * 9 + b"\2\0>\0\1" + b"\0" * 100

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
WORD = f"{OFFICE}.wordprocessingml.document.main+xml"


def make_zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def make_office(part: str, **more: bytes) -> bytes:
    types = f'<Types><Override PartName="/document.xml" ContentType="{part}"/></Types>'
    return make_zip({"[Content_Types].xml": types.encode(), "document.xml": b"<document/>"} | more)


def make_open_document(kind: str) -> bytes:
    return make_zip({"mimetype": f"{OPEN}.{kind}".encode(), "content.xml": b"<office/>"})


def make_compound(*streams: str, embedded: str = "") -> bytes:
    """A compound file with these streams under its root, and one further down."""
    sector = 512
    header = bytearray(sector)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HH", header, 30, 9, 6)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    names = ["Root Entry", *streams, *([embedded] if embedded else [])]
    count = -(-len(names) // 4)
    table = [0xFFFFFFFD, *range(2, count + 1), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (sector // 4 - len(table))
    entries = b""
    for number, name in enumerate(names):
        left = right = child = 0xFFFFFFFF
        if number == 0 and streams:
            child = 1
        elif 0 < number < len(streams):
            right = number + 1
        elif embedded and number == len(streams):
            child = number + 1
        text = name.encode("utf-16-le")
        entry = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text) + 2, 2, 1, left, right, child)
        entries += entry.ljust(128, b"\0")
    return bytes(header) + struct.pack("<128I", *table) + entries.ljust(count * sector, b"\0")


GOOD: dict[str, tuple[str, bytes]] = {
    "pdf": ("Policy.pdf", PDF),
    "docx": ("Policy.docx", make_office(WORD)),
    "doc": ("Policy.doc", make_compound("WordDocument", "1Table", "\x05SummaryInformation", "Data", "x")),
    "xlsx": ("Staff.xlsx", make_office(f"{OFFICE}.spreadsheetml.sheet.main+xml")),
    "xls": ("Staff.XLS", make_compound("Workbook", embedded="WordDocument")),
    "pptx": ("Talk.pptx", make_office(f"{OFFICE}.presentationml.presentation.main+xml")),
    "ppt": ("Talk.ppt", make_compound("Pictures", "PowerPoint Document")),
    "odt": ("Policy.odt", make_open_document("text")),
    "ods": ("Staff.ods", make_open_document("spreadsheet")),
    "odp": ("Talk.odp", make_open_document("presentation")),
    "jpeg": ("Poster.jpg", JPEG),
    "png": ("Poster.png", PNG),
    "gif": ("Poster.gif", GIF),
    "heic": ("Poster.heic", HEIC),
    "text": ("Minutes.txt", TEXT),
    "csv": ("Training.csv", b"name,date\nA,2027-03-04\n"),
    "eml": ("Thanks.eml", EML),
    "msg": ("Thanks.msg", make_compound("__nameid_version1.0", "__properties_version1.0")),
}
