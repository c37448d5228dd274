"""A real clamd with a signature of one line finds the test file of all virus scanners. Needs Debian's clamav-daemon."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from surveys.enums import ScanProblem, ScanState
from surveys.evidence_library import add_files
from surveys.evidence_scans import queue_due_scans
from surveys.models import EvidenceVersion
from surveys.virus_scanner import ScannerDown, TooLarge, ping, scan
from tests.conftest import Cast

# In two halves: the whole of it in a file, and a scanner would take this file away.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()
LIMIT = 2 << 20
CONFIGURATION = """LocalSocket {folder}/clamd.ctl
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
User {user}
StreamMaxLength {limit}
"""


@pytest.fixture(scope="module")
def clamd() -> Iterator[str]:
    """Its socket. Its only signature is the test file's: nothing is downloaded."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    assert program, "There is no clamd to test with: apt-get install clamav-daemon"
    with tempfile.TemporaryDirectory(prefix="s11-") as name:
        folder = Path(name)
        (folder / "signatures").mkdir()
        line = f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Made.Here.EICAR\n"
        (folder / "signatures" / "test.hdb").write_text(line)
        settings = CONFIGURATION.format(folder=folder, user=folder.owner(), limit=LIMIT)
        (folder / "clamd.conf").write_text(settings)
        daemon = subprocess.Popen(
            [program, "--config-file", folder / "clamd.conf"], stdout=subprocess.DEVNULL
        )
        try:
            address = str(folder / "clamd.ctl")
            _wait_for(address, daemon)
            yield address
        finally:
            daemon.terminate()
            daemon.wait(30)


def _wait_for(address: str, daemon: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not ping(address):
        assert daemon.poll() is None, "clamd did not start"
        assert time.monotonic() < until, "clamd does not answer"
        time.sleep(0.1)


def test_it_finds_the_test_file_and_nothing_else(clamd: str) -> None:
    assert scan(clamd, io.BytesIO(EICAR)).startswith("Made.Here.EICAR")
    assert scan(clamd, io.BytesIO(b"Minutes of 4 March")) == ""
    assert scan(clamd, io.BytesIO(b"x" * (LIMIT - 10))) == ""


def test_more_than_it_takes_is_told_apart(clamd: str) -> None:
    for size in (LIMIT + 1, 20 << 20):
        with pytest.raises(TooLarge):
            scan(clamd, io.BytesIO(b"x" * size))


@pytest.mark.django_db(transaction=True)
def test_uploads_wait_for_it(cast: Cast, clamd: str, settings: Any) -> None:
    """Down first, then there: the clean file is released, the other's bytes are gone."""
    settings.CLAMD = "/nowhere/clamd.ctl"
    with pytest.raises(ScannerDown):
        scan(settings.CLAMD, io.BytesIO(EICAR))
    files = [SimpleUploadedFile("Good.txt", b"Minutes of 4 March"), SimpleUploadedFile("Bad.txt", EICAR)]
    add_files(organisation=cast.organisation, files=files, by=cast.lead)
    assert set(EvidenceVersion.objects.values_list("scan_problem", flat=True)) == {ScanProblem.UNREACHABLE}
    stored = str(EvidenceVersion.objects.get(name="Bad.txt").file.name)
    assert default_storage.exists(stored)
    settings.CLAMD = clamd
    EvidenceVersion.objects.update(scan_due=None)
    assert queue_due_scans(timezone.now()) == 2
    states = dict(EvidenceVersion.objects.values_list("name", "scan_state"))
    assert states == {"Good.txt": ScanState.CLEAN, "Bad.txt": ScanState.INFECTED}
    assert not default_storage.exists(stored)
