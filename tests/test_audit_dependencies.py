"""What looks for known weaknesses says what it found, and never takes silence for good news."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SKIPPED = "ERROR:pip_audit._cli:six: Dependency not found on PyPI and could not be audited: six (1.17.0)"
CLEAN, FOUND, SILENT = 0, 1, 2


def write_program(path: Path, says: str, code: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nprintf '%s\\n' '{says}'\nexit {code}\n", "utf-8")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As one where pip-audit is installed in its place, so that nothing is fetched."""
    for name in (".ci/audit-dependencies", ".ci/environment", "requirements/audit.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "s11/web/frontend").mkdir(parents=True)
    write_program(tmp_path / ".venv/bin/python", str(tmp_path), 0)
    with (tmp_path / "requirements/audit.lock").open("rb") as lock:
        said = subprocess.run(["cksum"], stdin=lock, capture_output=True, text=True, check=True)
    write_program(tmp_path / "build/audit/bin/pip-audit", "No known vulnerabilities found", 0)
    (tmp_path / "build/audit/.installed").write_text(said.stdout, "utf-8")
    write_program(tmp_path / "bin/node", "found 0 vulnerabilities", 0)
    return tmp_path


@pytest.mark.parametrize(
    ("pip_audit", "npm", "result", "sentence"),
    [
        (
            (0, "No known vulnerabilities found"),
            (0, "found 0 vulnerabilities"),
            CLEAN,
            "no weakness is known",
        ),
        ((1, "Found 2 known vulnerabilities in 1 package"), (0, ""), FOUND, "Found 2 known"),
        ((1, "requests.exceptions.ConnectionError"), (0, ""), SILENT, "on a machine that is online"),
        # A mirror that answers for packages but knows no weaknesses
        ((1, SKIPPED), (0, ""), SILENT, "on a machine that is online"),
        ((0, ""), (1, "3 vulnerabilities (1 low, 2 high)"), FOUND, "2 high"),
        (
            (0, ""),
            (1, "npm error audit endpoint returned an error"),
            SILENT,
            "npm packages could not be asked",
        ),
        # Of two, what could not be asked is not hidden by what was found.
        ((1, "Found 1 known vulnerability in 1 package"), (1, "npm error"), SILENT, "Found 1 known"),
    ],
)
def test_it_says_what_is_known(
    checkout: Path, pip_audit: tuple[int, str], npm: tuple[int, str], result: int, sentence: str
) -> None:
    write_program(checkout / "build/audit/bin/pip-audit", pip_audit[1], pip_audit[0])
    write_program(checkout / "bin/node", npm[1], npm[0])
    done = subprocess.run(
        [".ci/audit-dependencies"], cwd=checkout, capture_output=True, text=True, check=False, timeout=20
    )
    assert (done.returncode, sentence in done.stdout + done.stderr) == (result, True), done
