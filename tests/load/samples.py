"""Files as people bring them: policies and scans as PDF, minutes as Word, photographs of a notice board."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image

from surveys.evidence_files import receive_file
from tests.load.evening import Sample

KB: Final = 1024
# How many of each kind, and their sizes in kB: most are small, a scan or a photograph is a few MB.
PDFS: Final = (80, 120, 150, 200, 240, 300, 380, 450, 520, 640, 800, 1_000, 1_400, 2_200, 3_500, 6_000)
DOCUMENTS: Final = (25, 40, 60, 90, 140, 220, 350, 700)
PICTURES: Final = ((1_600, 1_200), (2_000, 1_500), (2_400, 1_800), (3_000, 2_000))
CONTENT_TYPES: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def make_samples(chance: random.Random, folder: Path) -> list[Sample]:
    """Written into the folder, each with what the site keeps of it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [make_one("pdf", size, make_pdf, chance) for size in PDFS]
    made += [make_one("docx", size, make_document, chance) for size in DOCUMENTS]
    made += [(f"notice-board-{width}.jpg", make_picture(chance, width, height)) for width, height in PICTURES]
    samples = []
    for name, content in made:
        (folder / name).write_bytes(content)
        found, _ = receive_file(name, io.BytesIO(content))
        samples.append(Sample(found.name, found.type.content_type, found.sha256))
    return samples


def make_one(
    ending: str, size: int, make: Callable[[random.Random, int], bytes], chance: random.Random
) -> tuple[str, bytes]:
    return f"paper-{size}-kB.{ending}", make(chance, size * KB)


def make_pdf(chance: random.Random, size: int) -> bytes:
    """A page, and a stream that no compression makes smaller, as of a scan."""
    scan = chance.randbytes(size)
    return b"".join(
        (
            b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
            b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
            b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>\nendobj\n",
            b"4 0 obj\n<</Length %d>>\nstream\n" % len(scan),
            scan,
            b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n",
        )
    )


def make_document(chance: random.Random, size: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("[Content_Types].xml", CONTENT_TYPES)
        file.writestr("word/document.xml", "<w:document/>")
        file.writestr("word/media/image1.png", chance.randbytes(size))
    return content.getvalue()


def make_picture(chance: random.Random, width: int, height: int) -> bytes:
    """With the place and the day, as a telephone writes them."""
    small = Image.frombytes(
        "RGB", (width // 8, height // 8), chance.randbytes(width // 8 * (height // 8) * 3)
    )
    exif = Image.Exif()
    exif[0x0132] = "2026:03:04 10:11:12"
    content = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(content, "JPEG", quality=88, exif=exif)
    return content.getvalue()
