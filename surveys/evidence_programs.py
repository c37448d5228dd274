"""What a PDF brings along that acts when it is opened. Forms of ministries do, so it is told and not refused.

Pure, and no proof: a file made to hide what it holds may do so. That is the virus scanner's part.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

SCRIPTS, FILES, BOTH = "scripts", "files", "both"
RUNS: Final = re.compile(rb"/(JavaScript|JS|Launch)(?![A-Za-z0-9])")
HOLDS: Final = re.compile(rb"/EmbeddedFiles?(?![A-Za-z0-9])")
STREAM: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
# A name may be written with the numbers of its letters: /J#53 is /JS.
NUMBERED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
# Far more than the objects of any document; more is a bomb, and is not unpacked.
MOST_UNPACKED: Final = 32 << 20
DICTIONARY: Final = 1 << 10


def find_caution(pdf: bytes) -> str:
    """A key of Caution; empty where nothing is to be said."""
    names = NUMBERED.sub(lambda found: bytes([int(found[1], 16)]), b"\n".join(_list_objects(pdf)))
    runs, holds = RUNS.search(names) is not None, HOLDS.search(names) is not None
    return BOTH if runs and holds else SCRIPTS if runs else FILES if holds else ""


def _list_objects(pdf: bytes) -> Iterator[bytes]:
    """What is written between the streams, and what the streams of objects hold: pictures would match by chance."""
    at, left = 0, MOST_UNPACKED
    for stream in STREAM.finditer(pdf):
        before = pdf[at : stream.start()]
        yield before
        if b"ObjStm" in before[-DICTIONARY:] and left > 0:
            objects = _unpack(stream[1], left)
            left -= len(objects)
            yield objects
        at = stream.end()
    yield pdf[at:]


def _unpack(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return packed
