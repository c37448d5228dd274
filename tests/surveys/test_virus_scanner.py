"""What is said to clamd, and what counts as an answer."""

from __future__ import annotations

import io
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from surveys import virus_scanner
from surveys.virus_scanner import ScannerDown, TooLarge, ping, scan
from tests.surveys.fake_clamd import FOUND, VIRUS, FakeClamd, run_clamd


@pytest.fixture
def clamd() -> Iterator[FakeClamd]:
    # Not pytest's folder: the path of a socket has room for some hundred characters.
    with tempfile.TemporaryDirectory() as folder, run_clamd(Path(folder)) as fake:
        yield fake


def test_clean_and_infected_files_arrive_whole(clamd: FakeClamd) -> None:
    large = bytes(range(256)) * 1_000
    assert scan(clamd.address, io.BytesIO(large)) == ""
    assert scan(clamd.address, io.BytesIO(large + VIRUS)) == FOUND
    assert clamd.received == [large, large + VIRUS]
    assert ping(clamd.address)


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"stream: ",
        b"OK then\0",
        b"stream: nothing ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"FOUND\0",
        b"\xff\xfe\0",
    ],
)
def test_nothing_but_a_plain_ok_counts_as_clean(clamd: FakeClamd, says: bytes) -> None:
    clamd.says = says
    with pytest.raises(ScannerDown):
        scan(clamd.address, io.BytesIO(b"text"))


def test_a_file_above_its_limit_is_told_apart(clamd: FakeClamd) -> None:
    """However much was on its way when it stopped listening."""
    clamd.limit = 1_000
    for size in (1_001, 5 << 20):
        with pytest.raises(TooLarge):
            scan(clamd.address, io.BytesIO(b"x" * size))


def test_one_that_is_not_there_or_says_nothing_is_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(virus_scanner, "PATIENCE", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        for address in (str(tmp_path / "none.ctl"), f"127.0.0.1:{port}"):
            assert not ping(address)
            with pytest.raises(ScannerDown):
                scan(address, io.BytesIO(b"text"))


def test_it_listens_on_a_port_too() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        fake = FakeClamd(f"127.0.0.1:{port}")
        threading.Thread(target=fake.serve, args=(listener,), daemon=True).start()
        assert scan(fake.address, io.BytesIO(b"text")) == ""
        assert fake.received == [b"text"]
        listener.shutdown(socket.SHUT_RDWR)
