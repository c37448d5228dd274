"""A restore is rehearsed in a scratch place: what each step is given, and what is said where one fails."""

from __future__ import annotations

import subprocess
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from s11 import rehearsing
from surveys.enums import AuditStatus
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(cast: Cast, tmp_path: Path) -> Path:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    factories.make_evidence(cast.organisation)
    path = tmp_path / "backup.zip"
    call_command("backup", str(path), stdout=StringIO())
    return path


def rehearse(path: Path) -> tuple[str, str]:
    out, progress = StringIO(), StringIO()
    call_command("restore", "--rehearse", str(path), stdout=out, stderr=progress)
    return out.getvalue(), progress.getvalue()


def test_each_step_knows_the_scratch_place_alone(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps themselves are run by tests/faults/rehearsed.py, in a minute."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    ran: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        ran.append((command, options["env"]))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    said, progress = rehearse(backup)
    assert "came back whole" in said
    assert "Holding what came back against itself" in progress
    assert [command[2] for command, _ in ran] == ["migrate", "restore", "verify"]
    for _, environment in ran:
        assert environment["DATABASE_URL"].startswith(f"sqlite:///{scratch}/")
        assert environment["DATA_DIR"].startswith(str(scratch))
        assert environment["FILES_STORE_URL"] == "", "the live store would be written into"
    assert list(scratch.iterdir()) == []


def test_the_step_that_fails_is_said(backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsing, "STEPS", (("Reading", ("no_such_command",)),))
    with pytest.raises(CommandError, match="Reading failed: "):
        rehearse(backup)
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data + b" " if name.endswith("answer.jsonl") else data)
    with pytest.raises(CommandError, match="has changed since it was written"):
        rehearse(damaged)
