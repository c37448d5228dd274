"""Asks ClamAV's daemon about a file, over its socket: `INSTREAM`, as clamd(8) describes it.

Written here for what must not go wrong: every byte is sent or the scan fails, every wait has an end, and nothing but a
plain ‘OK’ counts as clean.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from typing import IO, Final

PIECE: Final = 1 << 16
LENGTH: Final = struct.Struct("!L")
# Seconds: for connecting and for each step; a daemon that has just started loads its signatures first.
PATIENCE: Final = 60.0
LONGEST_ANSWER: Final = 4_096
DEFAULT_PORT: Final = 3310
# Answered on the socket, at times before the whole file has been sent.
TOO_LARGE: Final = "size limit exceeded"


class ScannerDown(Exception):
    """Not to be reached, or it said something else than what was asked. Nothing is known of the file."""


class TooLarge(Exception):
    """More than the daemon's StreamMaxLength. Nothing is known of the file."""


def scan(address: str, content: IO[bytes]) -> str:
    """What it found, such as ‘Win.Test.EICAR_HDB-1’; empty where the file is clean. Raises ScannerDown or TooLarge."""
    try:
        with _connect(address) as link:
            answer = _ask(link, content)
    except OSError as error:
        raise ScannerDown(str(error)) from error
    return _read_answer(answer)


def ping(address: str) -> bool:
    """Whether it is there and answers."""
    try:
        with _connect(address) as link:
            link.sendall(b"zPING\0")
            return _receive(link) == "PONG"
    except OSError:
        return False


def _connect(address: str) -> socket.socket:
    """A path, or host:port; an IPv6 address stands in brackets."""
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(PATIENCE)
            link.connect(address)
        except BaseException:
            link.close()
            raise
        return link
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        host, port = address, str(DEFAULT_PORT)
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)


def _ask(link: socket.socket, content: IO[bytes]) -> str:
    # It stops listening where a file is too large; what it says of that can still be read.
    with suppress(BrokenPipeError, ConnectionResetError):
        link.sendall(b"zINSTREAM\0")
        while piece := content.read(PIECE):
            link.sendall(LENGTH.pack(len(piece)) + piece)
        link.sendall(LENGTH.pack(0))
    return _receive(link)


def _receive(link: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (piece := link.recv(LONGEST_ANSWER)):
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _read_answer(answer: str) -> str:
    if TOO_LARGE in answer:
        raise TooLarge(answer)
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerDown(answer or "It hung up without an answer.")
