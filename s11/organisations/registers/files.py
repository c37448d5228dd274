"""A register's file as it was published: its encoding found out, and read row by row.

Memory does not grow with the file. What is no whole CSV file is refused in one sentence.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from typing import IO, Final

from s11.organisations.csv_rows import split_rows
from s11.organisations.registers.refusals import Refused, shown

CHUNK: Final = 1 << 20
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Bytes that are no character in Windows-1252.
UNDEFINED: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
NO_UTF_8: Final = re.compile("[\udc80-\udcff]")
BEYOND_ASCII: Final = re.compile("[^\x00-\x7f\udc80-\udcff]")


class RegisterFile:
    """A binary stream that is a whole text and not empty; its `encoding`, `sha256` and number of `lines`."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self.name = shown(name)
        self._look_through()

    def _look_through(self) -> None:
        """Every byte once: a checksum, the lines, and whether it is UTF-8 or Windows-1252."""
        seen = _Seen(self.name)
        self._stream.seek(0)
        while chunk := self._stream.read(CHUNK):
            seen.add(chunk)
        self.sha256 = seen.digest.hexdigest()
        self.lines = seen.lines
        self.encoding = seen.find_encoding()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The cells of each row that is not empty, the header first, with the line on which the row starts.

        All rows have as many cells as the first.
        """
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, encoding=self.encoding, newline="")
        try:
            yield from self._check_widths(split_rows(text, self._unsplittable))
        finally:
            # Else the stream, which is somebody else's, would be closed with the wrapper.
            if not self._stream.closed:
                text.detach()

    def _check_widths(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        width = 0
        for line, cells in rows:
            width = width or len(cells)
            if len(cells) != width:
                raise self._wrong_width(line, len(cells), width, is_last=next(rows, None) is None)
            yield line, cells

    def _wrong_width(self, line: int, found: int, width: int, *, is_last: bool) -> Refused:
        what = f"{self.name}: the row that starts on line {line} has {_count_cells(found)} where the first has {width}"
        if found < width and is_last:
            return Refused(f"{what}, so the file seems to be cut off: download it again.")
        if found < width:
            return Refused(f"{what}: download the file again, and change nothing in it.")
        return Refused(
            f"{what}: a text that holds a comma must stand between quotes. Download the file again."
        )

    def _unsplittable(self, error: csv.Error, line: int) -> Refused:
        """Nothing after it can be told apart any more, so it is the only fault that is named."""
        where = f"{self.name}: the row that starts on line {line}"
        if "unexpected end" in str(error):
            return Refused(
                f"{where} opens a quote that never closes: the file is cut off, download it again."
            )
        if "field limit" in str(error):
            return Refused(
                f"{where} has a cell of more than {csv.field_size_limit():,} characters; "
                "look for a quote that never closes."
            )
        return Refused(
            f"{where} has a quote in the wrong place: download the file again, and change nothing in it."
        )


class _Seen:
    """What is known of the bytes so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.digest = hashlib.sha256()
        self.lines = 1
        # A byte that no UTF-8 has becomes a lone surrogate, so both readings are judged in one pass.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._start = b""
        self._is_blank = True
        self._broken = 0
        self._whole = 0
        self._first_broken = 0
        self._first_undefined = 0

    def add(self, chunk: bytes) -> None:
        self.digest.update(chunk)
        if not self._start:
            self._check_start(chunk[:4])
        if b"\0" in chunk:
            line = self.lines + chunk.count(b"\n", 0, chunk.index(b"\0"))
            raise Refused(
                f"{self.name} holds a NUL character (line {line}), which no text has: download it again."
            )
        self._is_blank = self._is_blank and not chunk.strip()
        if not chunk.isascii() or self._decoder.getstate()[0]:
            self._judge(self._decoder.decode(chunk), chunk)
        self.lines += chunk.count(b"\n")

    def _check_start(self, start: bytes) -> None:
        self._start = start
        if start.startswith(UTF_16):
            raise Refused(f"{self.name} is UTF-16: save it as ‘CSV UTF-8’ and load it again.")
        if start.startswith(b"PK"):
            raise Refused(f"{self.name} is a zip or a workbook: unpack it, and load the CSV file in it.")

    def _judge(self, text: str, chunk: bytes) -> None:
        self._whole += len(BEYOND_ASCII.findall(text))
        broken = NO_UTF_8.search(text)
        if broken:
            self._first_broken = self._first_broken or self.lines + text.count("\n", 0, broken.start())
            self._broken += len(NO_UTF_8.findall(text))
        if undefined := UNDEFINED.search(chunk):
            self._first_undefined = self._first_undefined or self.lines + chunk.count(
                b"\n", 0, undefined.start()
            )

    def find_encoding(self) -> str:
        """UTF-8 where every byte fits; Windows-1252 where few of the letters beyond ASCII are whole in UTF-8."""
        has_mark = self._start.startswith(codecs.BOM_UTF8)
        if self._is_blank or self._start == codecs.BOM_UTF8:
            raise Refused(f"{self.name} is empty: download it again.")
        if self._decoder.getstate()[0]:
            # Half a character at the very end.
            self._broken += 1
            self._first_broken = self._first_broken or self.lines
        if not self._broken:
            return "utf-8-sig"
        # In Windows-1252 a letter beside certain signs can look like one character of UTF-8, but seldom.
        if has_mark or self._whole > self._broken:
            raise Refused(
                f"{self.name} is UTF-8, but damaged or cut off on line {self._first_broken}: download it again."
            )
        if self._first_undefined:
            raise Refused(
                f"{self.name} is neither UTF-8 nor Windows-1252 (line {self._first_undefined}): "
                "save it as ‘CSV UTF-8’ and load it again."
            )
        return "cp1252"


def _count_cells(count: int) -> str:
    return f"{count} cell" if count == 1 else f"{count} cells"
