"""A backup comes back in a scratch place, by the real commands in processes of their own."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from surveys.enums import AuditStatus
from tests import factories
from tests.conftest import Cast


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_rehearsed(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into SQLite, whichever database it came from; and nothing of it stays."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    factories.make_evidence(cast.organisation)
    backup, scratch, out = tmp_path / "backup.zip", tmp_path / "scratch", StringIO()
    scratch.mkdir()
    call_command("backup", str(backup), stdout=StringIO())
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "s11.settings")
    call_command("restore", "--rehearse", str(backup), stdout=out, stderr=StringIO())
    assert "came back whole" in out.getvalue()
    assert list(scratch.iterdir()) == []
