"""A daemon that speaks as much of clamd's language as is asked of it, on a socket of its own."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

VIRUS = b"a virus is in here"
FOUND = "Made.Up.Signature"


@dataclass
class FakeClamd:
    """What it answers may be changed while it listens; what it was sent is kept."""

    address: str
    # More than so many bytes, and it hangs up as clamd does.
    limit: int = 1 << 30
    # Said instead of what it found.
    says: bytes | None = None
    received: list[bytes] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link:
                self._answer(link)

    def _answer(self, link: socket.socket) -> None:
        stream = link.makefile("rb")
        command = b"".join(iter(lambda: stream.read(1), b"\0"))
        if command == b"zPING":
            link.sendall(b"PONG\0")
            return
        assert command == b"zINSTREAM", command
        content = b""
        while length := struct.unpack("!L", stream.read(4))[0]:
            content += stream.read(length)
            if len(content) > self.limit:
                link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.received.append(content)
        found = f"stream: {FOUND} FOUND" if VIRUS in content else "stream: OK"
        link.sendall(found.encode() + b"\0" if self.says is None else self.says)


@contextmanager
def run_clamd(folder: Path) -> Iterator[FakeClamd]:
    """On a socket in this folder, until the block ends."""
    address = str(folder / "clamd.ctl")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(address)
        listener.listen()
        fake = FakeClamd(address)
        thread = threading.Thread(target=fake.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
